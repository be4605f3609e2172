// Package open opens a store by the URL that the configuration names.
package open

import (
	"context"
	"errors"
	"net"
	neturl "net/url"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"parley/sync/store"
	"parley/sync/store/postgres"
	"parley/sync/store/sqlite"
)

// Open opens the store at url: "sqlite:FILE", "postgres://…" or "postgresql://…".
// Errors never show a password.
func Open(ctx context.Context, url string) (*store.Store, error) {
	return At(ctx, url, store.Newest)
}

// At is Open for tables of a version that may be an older one, or with store.AsItIs for
// those that are there: then store.ErrNothing says that there are none.
func At(ctx context.Context, url string, version int64) (*store.Store, error) {
	if path, ok := embedded(url); ok {
		return sqlite.OpenAt(ctx, path, version)
	}
	if server(url) {
		return postgres.OpenAt(ctx, url, version)
	}
	return nil, errors.New("open store: unknown kind of store; write sqlite:parley.db or postgres://user@host/database")
}

// Known reports whether a URL is one of a store.
func Known(url string) bool {
	path, ok := embedded(url)
	if ok {
		return path != ""
	}
	_, err := pgx.ParseConfig(url)
	return err == nil && server(url)
}

// Embedded reports whether a URL is that of a store in a file.
func Embedded(url string) bool {
	_, ok := embedded(url)
	return ok
}

func server(url string) bool {
	scheme, _, ok := strings.Cut(url, ":")
	return ok && (scheme == "postgres" || scheme == "postgresql")
}

// embedded is the path in a SQLite URL, which may also be written with an empty
// host: sqlite:///var/lib/parley.db.
func embedded(url string) (path string, ok bool) {
	rest, ok := strings.CutPrefix(url, "sqlite:")
	if path, is := strings.CutPrefix(rest, "//"); is && strings.HasPrefix(path, "/") {
		return path, ok
	}
	return rest, ok
}

// Name tells which store a URL means, without user and password: two URLs of one store
// have one name.
func Name(url string) string {
	if path, ok := embedded(url); ok {
		if whole, err := filepath.Abs(path); err == nil {
			path = whole
		}
		if target, err := filepath.EvalSymlinks(path); err == nil {
			path = target
		}
		return "sqlite:" + path
	}
	config, err := pgx.ParseConfig(url)
	if err != nil || !server(url) {
		return "a store of an unknown kind"
	}
	name := "postgres://" + config.Host + "/" + config.Database
	if config.Port != 5432 {
		name = "postgres://" + net.JoinHostPort(config.Host, strconv.Itoa(int(config.Port))) + "/" + config.Database
	}
	if schema := config.RuntimeParams["search_path"]; schema != "" {
		name += " (" + schema + ")"
	}
	return name
}

// Plain is a URL without its password, to be written down: with the whole path of a file.
func Plain(url string) string {
	if _, ok := embedded(url); ok {
		return Name(url)
	}
	u, err := neturl.Parse(url)
	if err != nil || !server(url) {
		return Name(url)
	}
	if u.User != nil {
		u.User = neturl.User(u.User.Username())
	}
	q := u.Query()
	for _, secret := range []string{"password", "sslpassword"} {
		q.Del(secret)
	}
	u.RawQuery = q.Encode()
	return u.String()
}
