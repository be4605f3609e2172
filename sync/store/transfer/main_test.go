package transfer

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/sync/store"
	"parley/sync/store/open"
	"parley/sync/store/storetest/pgtest"
)

// server is shared by the tests of this program; TestMain ends it.
var server pgtest.Server

// victim, when set, makes this program another process that moves the store at the first
// of two addresses into the one at the second.
const victim = "PARLEY_TEST_MOVE"

func TestMain(m *testing.M) {
	if from, to, is := strings.Cut(os.Getenv(victim), "\n"); is {
		if _, err := move(from, to).Run(context.Background()); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		return
	}
	code := m.Run()
	if err := server.Stop(); err != nil {
		fmt.Fprintln(os.Stderr, "stop PostgreSQL:", err)
		code = 1
	}
	os.Exit(code)
}

// engines gives the address of an empty store of each engine.
func engines() map[string]func(t *testing.T) string {
	return map[string]func(t *testing.T) string{
		"sqlite":   func(t *testing.T) string { t.Helper(); return "sqlite:" + filepath.Join(t.TempDir(), "parley.db") },
		"postgres": func(t *testing.T) string { t.Helper(); return server.Schema(t) },
	}
}

// at is the store at an address as it is, closed when the test ends.
func at(t *testing.T, url string) *store.Store {
	t.Helper()
	s, err := open.At(t.Context(), url, store.AsItIs)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// newest is the fixture of the tables as they are now.
func newest(t *testing.T) string {
	t.Helper()
	all := fixtures(t)
	return all[len(all)-1].file
}

// filled gives the address of a store with rows in all tables.
func filled(t *testing.T, empty func(*testing.T) string) string {
	t.Helper()
	url := empty(t)
	if err := restore(t, newest(t), url, nil); err != nil {
		t.Fatal(err)
	}
	return url
}

func restore(t *testing.T, file, url string, step func(string) error) error {
	t.Helper()
	_, err := Restore{File: file, To: url, Now: now, Tell: func(string, int64) {}, step: step}.Run(t.Context())
	return err
}

func now() time.Time { return time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC) }

// held counts everything in a store, but for the settings that tell of the store itself.
func held(t *testing.T, url string) []Count {
	t.Helper()
	var counts []Count
	err := at(t, url).Picture(t.Context(), func(r store.Rows) error {
		tables, err := r.Tables(t.Context())
		if err == nil {
			counts, err = census(t.Context(), r, tables, func(string, int64) {})
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return counts
}
