package postgres_test

import (
	"context"
	"testing"
	"time"

	"parley/sync/store"
	"parley/sync/store/postgres"
	"parley/sync/store/storetest"
)

// TestCommitsRingForAllWhoListen holds that a commit by one process is heard by another one
// on the same schema, and by nobody on another schema.
func TestCommitsRingForAllWhoListen(t *testing.T) {
	t.Parallel()
	url, other := server.Schema(t), server.Schema(t)
	s := storetest.Opened(t, postgres.Open, url)
	storetest.Opened(t, postgres.Open, other)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	rung, strange := make(chan struct{}, 8), make(chan struct{}, 8)
	failed := func(err error) { t.Error(err) }
	go postgres.Listen(ctx, url, func() { rung <- struct{}{} }, failed)
	go postgres.Listen(ctx, other, func() { strange <- struct{}{} }, failed)
	heard := func(what string, c <-chan struct{}) {
		t.Helper()
		select {
		case <-c:
		case <-time.After(10 * time.Second):
			t.Fatalf("%s is not heard", what)
		}
	}
	heard("the beginning", rung)
	heard("the beginning elsewhere", strange)
	if _, err := s.Commit(t.Context(), store.Commit{Now: time.Now(), Notices: []store.Notice{{Doc: "{}"}}}); err != nil {
		t.Fatal(err)
	}
	heard("a commit", rung)
	select {
	case <-strange:
		t.Error("another store's commit is heard")
	default:
	}
}
