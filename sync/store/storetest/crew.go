package storetest

import (
	"errors"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/kanban"
	"parley/sync/store"
)

func crewCases() []check {
	return []check{
		{"each lease has its own fence", ownFence},
		{"leases that were not given back are listed, and take-overs counted", takeOvers},
		{"a notice stands until it was heard, and goes with its commit", notices},
		{"one card is due or not", isDue},
	}
}

func ownFence(t fixture) {
	s, ctx := t.store, t.Context()
	desk := must(s.Acquire(ctx, store.LeaseRunner, "a", time.Minute, at(0)))(t)
	card := must(s.Acquire(ctx, "card/aaa", "b", time.Minute, at(0)))(t)
	other := must(s.Acquire(ctx, "card/bbb", "b", time.Minute, at(0)))(t)
	commit(t, s, store.Commit{Lease: "card/aaa", Epoch: card, Cards: []store.CardWrite{newCard("aaa", "a")}})
	card2 := must(s.Acquire(ctx, "card/aaa", "c", time.Minute, at(61)))(t)
	loaded := must(s.Card(ctx, "aaa"))(t)
	if _, err := s.Commit(ctx, store.Commit{Lease: "card/aaa", Epoch: card, Cards: []store.CardWrite{again(loaded)}}); !errors.Is(err, store.ErrFenced) {
		t.Errorf("commit by the former holder of a card = %v, want ErrFenced", err)
	}
	commit(t, s, store.Commit{Lease: "card/aaa", Epoch: card2, Cards: []store.CardWrite{again(loaded)}})
	commit(t, s, store.Commit{Lease: "card/bbb", Epoch: other, Cards: []store.CardWrite{newCard("bbb", "b")}})
	commit(t, s, store.Commit{Epoch: desk, Cards: []store.CardWrite{newCard("ccc", "c")}}) // another lease's end is none of its business
}

func takeOvers(t fixture) {
	s, ctx := t.store, t.Context()
	first := must(s.Acquire(ctx, "card/a", "one", time.Minute, at(0)))(t)
	must(s.Acquire(ctx, "card/a", "one", time.Minute, at(1)))(t) // its own
	must(s.Acquire(ctx, "process/x", "one", time.Minute, at(0)))(t)
	if n := must(s.Takeovers(ctx))(t); n != 0 {
		t.Errorf("%d take-overs before any", n)
	}
	epoch := must(s.Acquire(ctx, "card/a", "two", time.Minute, at(62)))(t)
	want := []store.Lease{{Name: "card/a", Owner: "two", Epoch: epoch, Until: at(122)}}
	if diff := cmp.Diff(want, must(s.Leases(ctx, "card/"))(t)); diff != "" {
		t.Errorf("leases (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want[0], must(s.LeaseOf(ctx, "card/a"))(t)); diff != "" {
		t.Errorf("the lease (-want +got):\n%s", diff)
	}
	if err := s.Release(ctx, "card/a", epoch); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"card/a", "card/none"} {
		if l, err := s.LeaseOf(ctx, name); !errors.Is(err, store.ErrUnknown) {
			t.Errorf("nobody has %s: %+v, %v; want ErrUnknown", name, l, err)
		}
	}
	if left := must(s.Leases(ctx, "card/"))(t); len(left) != 0 {
		t.Errorf("given back and still listed: %v", left)
	}
	if again := must(s.Acquire(ctx, "card/a", "one", time.Minute, at(63)))(t); again <= first {
		t.Errorf("epoch %d after %d", again, first)
	}
	if n := must(s.Takeovers(ctx))(t); n != 1 {
		t.Errorf("%d take-overs, want 1: what was given back is not taken", n)
	}
	if err := s.ForgetLeases(ctx, "process/", at(60)); err != nil { // it lasts until then
		t.Fatal(err)
	}
	if left := must(s.Leases(ctx, ""))(t); len(left) != 2 {
		t.Errorf("left: %v, want both", left)
	}
	if err := s.ForgetLeases(ctx, "process/", at(61)); err != nil {
		t.Fatal(err)
	}
	if left := must(s.Leases(ctx, "process/"))(t); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
}

func notices(t fixture) {
	s, ctx := t.store, t.Context()
	epoch := must(s.Acquire(ctx, "card/a", "one", time.Minute, at(0)))(t)
	commit(t, s, store.Commit{Settings: map[string]string{"tripped": "x", "other": "y"}, Notices: []store.Notice{
		{Hold: store.HoldWrites, Doc: "first"}, {Doc: "second"}, {Hold: store.HoldTwins, Doc: "third"},
	}})
	if _, err := s.Commit(ctx, store.Commit{Lease: "card/a", Epoch: epoch + 1, Notices: []store.Notice{{Doc: "refused"}}}); !errors.Is(err, store.ErrFenced) {
		t.Fatalf("commit under a lease nobody has = %v, want ErrFenced", err)
	}
	all := must(s.Notices(ctx, 10))(t)
	if len(all) != 3 || all[0].Doc != "first" || all[2].Doc != "third" || all[0].ID >= all[1].ID || all[1].ID >= all[2].ID {
		t.Fatalf("notices: %+v", all)
	}
	if some := must(s.Notices(ctx, 2))(t); len(some) != 2 {
		t.Errorf("%d notices, want no more than asked for", len(some))
	}
	want := store.Bearing{Settings: map[string]string{"tripped": "x"}, Holds: map[store.Hold]bool{store.HoldWrites: true, store.HoldTwins: true}}
	if diff := cmp.Diff(want, must(s.Bearing(ctx, "tripped", "nothing"))(t)); diff != "" {
		t.Errorf("bearing (-want +got):\n%s", diff)
	}
	commit(t, s, store.Commit{Heard: []int64{all[0].ID, all[1].ID}})
	commit(t, s, store.Commit{Heard: []int64{all[0].ID}}) // again does nothing
	want = store.Bearing{Settings: map[string]string{}, Holds: map[store.Hold]bool{store.HoldTwins: true}}
	if diff := cmp.Diff(want, must(s.Bearing(ctx))(t)); diff != "" {
		t.Errorf("bearing of the rest (-want +got):\n%s", diff)
	}
	commit(t, s, store.Commit{Notices: []store.Notice{{Doc: "fourth"}}})
	if rest := must(s.Notices(ctx, 10))(t); len(rest) != 2 || rest[1].Doc != "fourth" || rest[1].ID <= all[2].ID {
		t.Errorf("the rest: %+v", rest)
	}
}

func isDue(t fixture) {
	s, ctx := t.store, t.Context()
	w := newCard("aaa", "a")
	w.Dirty, w.NextAt = true, at(5)
	commit(t, s, store.Commit{Cards: []store.CardWrite{w, newCard("bbb", "b")}})
	for _, c := range []struct {
		id   string
		at   int
		want bool
	}{{"aaa", 4, false}, {"aaa", 5, true}, {"bbb", 9, false}, {"none", 9, false}} {
		if is := must(s.IsDue(ctx, kanban.CardID(c.id), at(c.at)))(t); is != c.want {
			t.Errorf("card %s after %d s: due %v, want %v", c.id, c.at, is, c.want)
		}
	}
}
