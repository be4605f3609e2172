package sqlite_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/sync/store"
	"parley/sync/store/sqlite"
	"parley/sync/store/storetest"
)

func TestMain(m *testing.M) {
	if !storetest.Victim(sqlite.Open) {
		os.Exit(m.Run())
	}
}

func fresh(tb testing.TB) *store.Store {
	tb.Helper()
	return opened(tb, filepath.Join(tb.TempDir(), "parley.db"))
}

func opened(tb testing.TB, path string) *store.Store {
	tb.Helper()
	return storetest.Opened(tb, sqlite.Open, path)
}

// empty is fresh for the suite that all engines of the store pass.
func empty(tb testing.TB) storetest.Store {
	tb.Helper()
	return fresh(tb)
}

func TestStore(t *testing.T) {
	t.Parallel()
	storetest.Run(t, empty)
}

func BenchmarkStore(b *testing.B) { storetest.Benchmark(b, empty) }

func TestKilledWriter(t *testing.T) {
	t.Parallel()
	storetest.Crash(t, sqlite.Open, filepath.Join(t.TempDir(), "parley.db"))
}

func TestOpenMakesFileForItsOwnerAlone(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a b%20?c#d'é.db") // nothing in a path may mean anything
	s, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	for _, suffix := range []string{"", "-wal", "-shm"} {
		info, err := os.Stat(path + suffix)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v, want 0600", info.Name(), info.Mode().Perm())
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	left, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(left) != 1 {
		t.Errorf("left after closing: %v, %v; want the file alone", left, err)
	}
}

func TestOpenTwice(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "parley.db")
	daemon, command := opened(t, path), opened(t, path)
	if _, err := command.Commit(t.Context(), store.Commit{Partings: []store.Parting{{By: "ana"}}}); err != nil {
		t.Fatal(err)
	}
	if n, err := daemon.Seq(t.Context()); n != 1 || err != nil {
		t.Errorf("the other process sees sequence %d, %v; want 1", n, err)
	}
}

func TestOpenAtOnce(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "parley.db")
	storetest.OpenAtOnce(t, sqlite.Open, path)
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		make func(t *testing.T, path string)
		is   error
		says string
	}{
		"a text file": {
			make: func(t *testing.T, path string) {
				t.Helper()
				write(t, path, strings.Repeat("This is not a database.\n", 100))
			},
			says: "not a database; move it away",
		},
		"a folder": {
			make: func(t *testing.T, path string) {
				t.Helper()
				if err := os.Mkdir(path, 0o700); err != nil {
					t.Fatal(err)
				}
			},
			says: "is a folder",
		},
		"another program's database": {
			make: func(t *testing.T, path string) {
				t.Helper()
				execute(t, path, `CREATE TABLE issue (id TEXT)`)
			},
			is: store.ErrForeign, says: "another program",
		},
		"a newer schema": {
			make: func(t *testing.T, path string) {
				t.Helper()
				if err := opened(t, path).Close(); err != nil {
					t.Fatal(err)
				}
				execute(t, path, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, 1)`)
			},
			is: store.ErrNewer, says: "schema version 999",
		},
		"a damaged file": {
			make: func(t *testing.T, path string) {
				t.Helper()
				execute(t, path, `CREATE TABLE goose_db_version (id INTEGER)`)
				text, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				write(t, path, string(text[:100])+strings.Repeat("x", len(text)-100))
			},
			says: "damaged; restore a backup",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "parley.db")
			c.make(t, path)
			_, err := sqlite.Open(t.Context(), path)
			if err == nil || !strings.Contains(err.Error(), c.says) || c.is != nil && !errors.Is(err, c.is) {
				t.Errorf("Open = %v; want %q, %v", err, c.says, c.is)
			}
		})
	}
}

func TestOpenWithoutFolder(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "missing", "parley.db")
	_, err := sqlite.Open(t.Context(), path)
	if !errors.Is(err, fs.ErrNotExist) || strings.Count(err.Error(), path) != 1 {
		t.Errorf("Open = %v; want one mention of the path and that its folder is missing", err)
	}
	if _, err := sqlite.Open(t.Context(), ""); err == nil {
		t.Error("no path was accepted")
	}
}

func TestOpenReadOnly(t *testing.T) {
	t.Parallel()
	if os.Geteuid() == 0 {
		t.Skip("root may write everything; run as another user")
	}
	path := filepath.Join(t.TempDir(), "parley.db")
	write(t, path, "")
	if err := os.Chmod(path, 0o400); err != nil {
		t.Fatal(err)
	}
	if _, err := sqlite.Open(t.Context(), path); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("Open = %v, want fs.ErrPermission", err)
	}
}

func TestOpenCancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := sqlite.Open(ctx, filepath.Join(t.TempDir(), "parley.db")); !errors.Is(err, context.Canceled) {
		t.Errorf("Open = %v, want context.Canceled", err)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// execute runs a statement on a file behind the store's back.
func execute(t *testing.T, path, query string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err == nil {
		_, err = db.ExecContext(t.Context(), query)
	}
	if err = errors.Join(err, db.Close()); err != nil {
		t.Fatal(fmt.Errorf("%s: %w", query, err))
	}
}
