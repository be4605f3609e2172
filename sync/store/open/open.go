// Package open opens a store by the URL that the configuration names.
package open

import (
	"context"
	"errors"
	"strings"

	"parley/sync/store"
	"parley/sync/store/postgres"
	"parley/sync/store/sqlite"
)

// Open opens the store at url: "sqlite:FILE", "postgres://…" or "postgresql://…".
// Errors never show a password.
func Open(ctx context.Context, url string) (*store.Store, error) {
	scheme, rest, ok := strings.Cut(url, ":")
	switch {
	case ok && scheme == "sqlite":
		return sqlite.Open(ctx, file(rest))
	case ok && (scheme == "postgres" || scheme == "postgresql"):
		return postgres.Open(ctx, url)
	}
	return nil, errors.New("open store: unknown kind of store; write sqlite:parley.db or postgres://user@host/database")
}

// file is the path in a SQLite URL, which may also be written with an empty
// host: sqlite:///var/lib/parley.db.
func file(rest string) string {
	if path, ok := strings.CutPrefix(rest, "//"); ok && strings.HasPrefix(path, "/") {
		return path
	}
	return rest
}
