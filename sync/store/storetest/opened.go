package storetest

import (
	"testing"

	"golang.org/x/sync/errgroup"

	"parley/sync/store"
)

// Opened is the store at an address, closed when the test ends.
func Opened(tb testing.TB, connect Connect, address string) *store.Store {
	tb.Helper()
	s, err := connect(tb.Context(), address)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Errorf("close: %v", err)
		}
	})
	return s
}

// OpenAtOnce opens a store that is not there yet several times in the same
// moment: each has to find it whole.
func OpenAtOnce(t *testing.T, connect Connect, address string) {
	t.Helper()
	group, ctx := errgroup.WithContext(t.Context())
	for range 6 {
		group.Go(func() error {
			s, err := connect(ctx, address)
			if err != nil {
				return err
			}
			return s.Close()
		})
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
}
