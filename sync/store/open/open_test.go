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
