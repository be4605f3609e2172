package open_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/sync/store/open"
)

func TestOpenSQLite(t *testing.T) {
	t.Parallel()
	for _, prefix := range []string{"sqlite:", "sqlite://"} {
		path := filepath.Join(t.TempDir(), "parley.db")
		s, err := open.Open(t.Context(), prefix+path)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(path); err != nil {
			t.Errorf("%s…: %v", prefix, err)
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	for url, says := range map[string]string{
		"":                                     "unknown kind of store",
		"parley.db":                            "unknown kind of store",
		"mysql://u:geheim@h/d":                 "unknown kind of store",
		"sqlite:":                              "no file named",
		"postgres://u:geheim@[/d":              "not a PostgreSQL address",
		"postgresql://u:geheim@127.0.0.1:1/d":  "open store postgres 127.0.0.1/d",
		"postgres://u:geheim@h/d?sslmode=what": "not a PostgreSQL address",
	} {
		_, err := open.Open(t.Context(), url)
		if err == nil || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "geheim") {
			t.Errorf("Open(%q) = %v, want %q", url, err, says)
		}
	}
}

// A store is told by a name that has no password in it, and two addresses of one store by
// the same.
func TestNamesHoldNoPassword(t *testing.T) {
	t.Parallel()
	for url, want := range map[string][2]string{
		"postgres://u:geheim@h/d":                                   {"postgres://h/d", "postgres://u@h/d"},
		"postgresql://u@h:5433/d?password=geheim&search_path=board": {"postgres://h:5433/d (board)", "postgresql://u@h:5433/d?search_path=board"},
		"postgres://u@/d?host=/run/postgresql&sslpassword=geheim":   {"postgres:///run/postgresql/d", "postgres://u@/d?host=%2Frun%2Fpostgresql"},
		"sqlite:/var/lib/parley.db":                                 {"sqlite:/var/lib/parley.db", "sqlite:/var/lib/parley.db"},
		"sqlite:///var/lib/parley.db":                               {"sqlite:/var/lib/parley.db", "sqlite:/var/lib/parley.db"},
	} {
		if !open.Known(url) {
			t.Errorf("%s is no store", want[0])
		}
		if name, plain := open.Name(url), open.Plain(url); name != want[0] || plain != want[1] {
			t.Errorf("%q is called %q and written as %q", want[0], name, plain)
		}
		if strings.HasPrefix(url, "sqlite:") != open.Embedded(url) {
			t.Errorf("%s: in a file: %t", want[0], open.Embedded(url))
		}
	}
	for _, url := range []string{"", "parley.db", "sqlite:", "mysql://u:geheim@h/d", "postgres://u:geheim@[/d"} {
		if open.Known(url) || strings.Contains(open.Name(url), "geheim") || strings.Contains(open.Plain(url), "geheim") {
			t.Errorf("%q is a store, or tells its password", url)
		}
	}
}
