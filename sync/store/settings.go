package store

import (
	"context"
	"fmt"
	"strings"

	"parley/sync/store/internal/stored"
)

// Settings gives all that is remembered under keys that begin with prefix, by key.
func (s *Store) Settings(ctx context.Context, prefix string) (map[string]string, error) {
	pattern := strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(stored.Clean(prefix)) + "%"
	pairs, err := collect(ctx, s.db.Reader, func(row scanner) ([2]string, error) {
		var p [2]string
		err := row.Scan(&p[0], &p[1])
		return p, err
	}, `SELECT name, value FROM setting WHERE name LIKE $1 ESCAPE '\'`, pattern)
	if err != nil {
		return nil, fmt.Errorf("read settings %.80q: %w", prefix, err)
	}
	out := map[string]string{}
	for _, p := range pairs {
		if strings.HasPrefix(p[0], prefix) { // to SQLite's LIKE a is A
			out[p[0]] = p[1]
		}
	}
	return out, nil
}
