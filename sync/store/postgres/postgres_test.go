package postgres_test

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"parley/sync/store"
	"parley/sync/store/postgres"
	"parley/sync/store/storetest"
	"parley/sync/store/storetest/pgtest"
)

// server is shared by the tests of this program; TestMain ends it.
var server pgtest.Server

func TestMain(m *testing.M) {
	if storetest.Victim(postgres.Open) {
		return
	}
	code := m.Run()
	if err := server.Stop(); err != nil {
		fmt.Fprintln(os.Stderr, "stop PostgreSQL:", err)
		code = 1
	}
	os.Exit(code)
}

func fresh(tb testing.TB) *store.Store {
	tb.Helper()
	return reopened(tb, server.Schema(tb))
}

func reopened(tb testing.TB, url string) *store.Store {
	tb.Helper()
	return storetest.Opened(tb, postgres.Open, url)
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
	storetest.Crash(t, postgres.Open, server.Schema(t))
}

func TestOpenAtOnce(t *testing.T) {
	t.Parallel()
	url := server.Schema(t)
	storetest.OpenAtOnce(t, postgres.Open, url)
}

func TestOpenRefusesNewerSchema(t *testing.T) {
	t.Parallel()
	url := server.Schema(t)
	if err := reopened(t, url).Close(); err != nil {
		t.Fatal(err)
	}
	execute(t, url, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, true)`)
	if _, err := postgres.Open(t.Context(), url); !errors.Is(err, store.ErrNewer) {
		t.Errorf("Open = %v, want ErrNewer", err)
	}
}

func TestOpenRefusesForeignTables(t *testing.T) {
	t.Parallel()
	url := server.Schema(t)
	execute(t, url, `CREATE TABLE issue (id text)`)
	if _, err := postgres.Open(t.Context(), url); !errors.Is(err, store.ErrForeign) {
		t.Errorf("Open = %v, want ErrForeign", err)
	}
}

func TestOpenWithoutSchema(t *testing.T) {
	t.Parallel()
	url := server.Schema(t)
	_, err := postgres.Open(t.Context(), strings.Replace(url, "search_path=", "search_path=no_such_", 1))
	if err == nil || !strings.Contains(err.Error(), "no schema to work in") {
		t.Errorf("Open = %v, want that there is no schema", err)
	}
}

func TestOpenNeverShowsPassword(t *testing.T) {
	t.Parallel()
	for _, url := range []string{
		"postgres://user:geheim@127.0.0.1:1/parley?connect_timeout=2",
		"postgres://user:geheim@[::1/parley",
		"postgres://user:geheim@host/parley?sslmode=geheim",
		"postgres://user:%zzgeheim@host/parley",
	} {
		_, err := postgres.Open(t.Context(), url)
		if err == nil || strings.Contains(err.Error(), "geheim") {
			t.Errorf("Open(%s) = %v; want an error without the password", url, err)
		}
	}
}

// execute runs a statement behind the store's back.
func execute(t *testing.T, url, query string) {
	t.Helper()
	db, err := sql.Open("pgx", url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if _, err := db.ExecContext(t.Context(), query); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
}
