package postgres_test

import (
	"fmt"
	"os"
	"testing"

	"parley/sync/store"
	"parley/sync/store/postgres"
	"parley/sync/store/storetest"
	"parley/sync/store/storetest/pgtest"
)

// server is shared by the tests of this program; TestMain ends it.
var server pgtest.Server //nolint:gochecknoglobals // testing offers no other way to share it

func TestMain(m *testing.M) {
	code := m.Run()
	if err := server.Stop(); err != nil {
		fmt.Fprintln(os.Stderr, "stop PostgreSQL:", err)
		code = 1
	}
	os.Exit(code)
}

func fresh(t testing.TB) *store.Store {
	t.Helper()
	return reopened(t, server.Schema(t))
}

func reopened(t testing.TB, url string) *store.Store {
	t.Helper()
	s, err := postgres.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

func TestStore(t *testing.T) {
	t.Parallel()
	storetest.Run(t, fresh)
}
