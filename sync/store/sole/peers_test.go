package sole_test

import (
	"testing"
	"time"

	"parley/sync/store/sole"
)

func TestPeersKnowWhoLives(t *testing.T) {
	t.Parallel()
	url := server.Schema(t)
	one, two := sole.NewPeers(url, "one"), sole.NewPeers(url, "two")
	t.Cleanup(func() { _ = two.Close() })
	gone := func(owner string, want bool) {
		t.Helper()
		deadline := time.After(5 * time.Second) // the server takes its time to end a connection
		tick := time.NewTicker(10 * time.Millisecond)
		defer tick.Stop()
		for {
			is, err := two.Gone(t.Context(), owner)
			if err != nil {
				t.Fatal(err)
			}
			if is == want {
				return
			}
			select {
			case <-tick.C:
			case <-deadline:
				t.Fatalf("%s is gone: %v, want %v", owner, is, want)
			}
		}
	}
	gone("one", true)
	for range 2 { // the second time it is held already
		if err := one.Here(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	gone("one", false)
	gone("another", true)
	if elsewhere := sole.NewPeers(server.Schema(t), "two"); elsewhere != nil {
		if is, err := elsewhere.Gone(t.Context(), "one"); err != nil || !is {
			t.Errorf("on another store: %v, %v; want gone", is, err)
		}
		_ = elsewhere.Close()
	}
	if now, err := one.Now(t.Context()); err != nil || time.Since(now).Abs() > time.Minute {
		t.Errorf("now %v, %v", now, err)
	}
	if err := one.Close(); err != nil {
		t.Fatal(err)
	}
	gone("one", true)
	if err := one.Here(t.Context()); err != nil {
		t.Fatal(err)
	}
	gone("one", false) // it is there again
	_ = one.Close()
}

func TestPeersOfNoServer(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"postgres://u:geheim@127.0.0.1:1/d", "postgres://u:geheim@[/d"} {
		p := sole.NewPeers(url, "one")
		if gone, err := p.Gone(t.Context(), "two"); err == nil || gone {
			t.Errorf("%v, %v; want that nobody can tell", gone, err)
		}
	}
}
