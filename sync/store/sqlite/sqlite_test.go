package sqlite_test

import (
	"path/filepath"
	"testing"

	"parley/sync/store"
	"parley/sync/store/sqlite"
	"parley/sync/store/storetest"
)

func fresh(t testing.TB) *store.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "parley.db"))
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
