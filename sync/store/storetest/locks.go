package storetest

import (
	"context"
	"errors"
	"time"

	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/reconcile"
	"parley/sync/store"
)

func lockCases() []check {
	return []check{
		{"of two writers of one card the second is stale", twoWriters},
		{"a new card that exists is stale", newTwice},
		{"a refused commit leaves nothing", nothingLeft},
		{"a commit cut off leaves nothing", cutOff},
	}
}

func twoWriters(t fixture) {
	s := t.store
	first := stored(t, s, newCard("aaa", "a"))
	second := first
	first.Rev, second.Rev = 2, 3
	commit(t, s, store.Commit{Cards: []store.CardWrite{again(first)}})
	if _, err := s.Commit(t.Context(), store.Commit{Cards: []store.CardWrite{again(second)}}); !errors.Is(err, store.ErrStale) {
		t.Errorf("second writer: %v, want ErrStale", err)
	}
	got := must(s.Card(t.Context(), "aaa"))(t)
	if got.Rev != 2 || got.Lock != 2 {
		t.Errorf("rev %d, lock %d; want the first writer's 2, 2", got.Rev, got.Lock)
	}
}

func newTwice(t fixture) {
	s := t.store
	stored(t, s, newCard("aaa", "a"))
	if _, err := s.Commit(t.Context(), store.Commit{Cards: []store.CardWrite{newCard("aaa", "b")}}); !errors.Is(err, store.ErrStale) {
		t.Errorf("second insert: %v, want ErrStale", err)
	}
	ghost := newCard("ghost", "g")
	ghost.Card.Lock = 7
	if _, err := s.Commit(t.Context(), store.Commit{Cards: []store.CardWrite{ghost}}); !errors.Is(err, store.ErrStale) {
		t.Errorf("write of a card that is gone: %v, want ErrStale", err)
	}
}

// everything is a commit with something in every part.
func everything(id kanban.CardID) store.Commit {
	w := newCard(id, "x")
	w.Dirty = true
	w.Card.Ops = []reconcile.Op{newOp("op-"+string(id), id, reconcile.Planned, 0)}
	a, b := store.IssueID{Tracker: "jira", ID: "1"}, store.IssueID{Tracker: "github", ID: "2"}
	return store.Commit{
		Now: epoch(), Cards: []store.CardWrite{w},
		Cursor:     &store.SourceState{Tracker: "jira", FeedHead: 1},
		Issues:     []store.IssueRow{{Tracker: "jira", ID: "1", Key: "OPS-1", Card: id}},
		Mentions:   []store.MentionSet{{Tracker: "jira", IssueID: "1", Method: "m", Targets: []string{"a/b#1"}}},
		Partings:   []store.Parting{{A: a, B: b}},
		Answer:     &store.Answer{Key: "k", JSON: []byte(`{}`)},
		Edges:      []store.Edge{{Tracker: "jira", Project: "OPS", From: "1", To: "2", TransitionID: "11"}},
		Settings:   map[string]string{"window": "2m"},
		Quarantine: []store.Quarantined{{Tracker: "jira", Issue: "7", Reason: "odd"}},
		Swept:      []store.Swept{{Tracker: "jira", IDs: []string{"1"}}},
		Record: engine.Record{
			Events:    []kanban.Event{newEvent("e", "1", 0)},
			Conflicts: []reconcile.Conflict{{ID: "c", Card: id, State: reconcile.ConflictOpen}},
			Activity:  []engine.Activity{{Card: id, Kind: engine.DidPair, Text: "x"}},
		},
	}
}

// wantEmpty fails unless the store is as it was made.
func wantEmpty(t fixture) {
	t.Helper()
	s := t.store
	ctx := context.WithoutCancel(t.Context())
	if got := must(s.Counts(ctx))(t); got != (store.Tally{}) {
		t.Errorf("left behind: %+v", got)
	}
	if n := must(s.Seq(ctx))(t); n != 0 {
		t.Errorf("sequence %d, want 0", n)
	}
	if all := must(s.Sources(ctx))(t); len(all) != 0 {
		t.Errorf("cursor left behind: %+v", all)
	}
	if _, ok, err := s.AnswerOf(ctx, "k"); ok || err != nil {
		t.Errorf("answer left behind: %v, %v", ok, err)
	}
	if edges := must(s.Edges(ctx, "jira", "OPS", ""))(t); len(edges) != 0 {
		t.Errorf("edges left behind: %v", edges)
	}
	if m := must(s.Mentioned(ctx, "a/b#1"))(t); len(m) != 0 {
		t.Errorf("mentions left behind: %v", m)
	}
	if l := must(s.Activity(ctx, store.ActivityQuery{}))(t); len(l) != 0 {
		t.Errorf("activity left behind: %v", l)
	}
	if q := must(s.Quarantine(ctx))(t); len(q) != 0 {
		t.Errorf("quarantine left behind: %v", q)
	}
	if _, ok, err := s.Setting(ctx, "window"); ok || err != nil {
		t.Errorf("setting left behind: %v, %v", ok, err)
	}
	if found := must(s.Check(ctx))(t); len(found) != 0 {
		t.Errorf("a check finds %q", found)
	}
}

func nothingLeft(t fixture) {
	s := t.store
	c := everything("aaa")
	c.Moved = []store.Alias{{Old: "bbb", New: "ccc"}} // fails after most has been written
	if _, err := s.Commit(t.Context(), c); !errors.Is(err, store.ErrUnknown) {
		t.Fatalf("commit = %v, want ErrUnknown", err)
	}
	wantEmpty(t)
	c.Moved = nil
	commit(t, s, c) // and the same without the mistake works
}

func cutOff(t fixture) {
	s := t.store
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Commit(ctx, everything("aaa")); !errors.Is(err, context.Canceled) {
		t.Fatalf("commit = %v, want context.Canceled", err)
	}
	wantEmpty(t)
}

func leaseCases() []check {
	return []check{
		{"one owner holds a lease at a time", leaseHeld},
		{"commits of a former holder are refused", fenced},
		{"a released lease is worth nothing", released},
	}
}

func leaseHeld(t fixture) {
	s := t.store
	ctx := t.Context()
	first := must(s.Acquire(ctx, "runner", "a", time.Minute, at(0)))(t)
	_, err := s.Acquire(ctx, "runner", "b", time.Minute, at(59))
	var held store.ErrHeld
	if !errors.As(err, &held) || held.Owner != "a" || !held.Until.Equal(at(60)) {
		t.Fatalf("Acquire by b = %v, want ErrHeld by a until %v", err, at(60))
	}
	if err := s.Renew(ctx, "runner", first, time.Minute, at(59)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Acquire(ctx, "runner", "b", time.Minute, at(60)); !errors.As(err, &held) {
		t.Fatalf("Acquire of a renewed lease = %v, want ErrHeld", err)
	}
	second := must(s.Acquire(ctx, "runner", "b", time.Minute, at(119)))(t)
	if second <= first {
		t.Errorf("epoch %d after %d, want a higher one", second, first)
	}
	if err := s.Renew(ctx, "runner", first, time.Minute, at(119)); !errors.Is(err, store.ErrFenced) {
		t.Errorf("Renew by the former holder = %v, want ErrFenced", err)
	}
	third := must(s.Acquire(ctx, "runner", "b", time.Minute, at(119)))(t)
	if third <= second {
		t.Errorf("epoch %d of the owner's second start, want above %d", third, second)
	}
	must(s.Acquire(ctx, "poller", "a", time.Minute, at(119)))(t) // another lease is free
}

func fenced(t fixture) {
	s := t.store
	ctx := t.Context()
	first := must(s.Acquire(ctx, store.LeaseRunner, "a", time.Minute, at(0)))(t)
	commit(t, s, store.Commit{Epoch: first, Cards: []store.CardWrite{newCard("aaa", "a")}})
	second := must(s.Acquire(ctx, store.LeaseRunner, "b", time.Minute, at(61)))(t)
	_, err := s.Commit(ctx, store.Commit{Epoch: first, Cards: []store.CardWrite{newCard("bbb", "b")}})
	if !errors.Is(err, store.ErrFenced) {
		t.Errorf("commit by the former holder = %v, want ErrFenced", err)
	}
	if _, err := s.Card(ctx, "bbb"); !errors.Is(err, store.ErrUnknown) {
		t.Errorf("the fenced commit left its card: %v", err)
	}
	commit(t, s, store.Commit{Epoch: second, Cards: []store.CardWrite{newCard("ccc", "c")}})
	if _, err := s.Commit(ctx, store.Commit{Epoch: second, Lease: "poller"}); !errors.Is(err, store.ErrFenced) {
		t.Errorf("commit under a lease nobody has = %v, want ErrFenced", err)
	}
}

func released(t fixture) {
	s := t.store
	ctx := t.Context()
	first := must(s.Acquire(ctx, store.LeaseRunner, "a", time.Minute, at(0)))(t)
	for range 2 { // the second does nothing
		if err := s.Release(ctx, store.LeaseRunner, first); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Commit(ctx, store.Commit{Epoch: first}); !errors.Is(err, store.ErrFenced) {
		t.Errorf("commit after the release = %v, want ErrFenced", err)
	}
	if second := must(s.Acquire(ctx, store.LeaseRunner, "b", time.Minute, at(1)))(t); second <= first {
		t.Errorf("epoch %d after %d, want a higher one", second, first)
	}
}
