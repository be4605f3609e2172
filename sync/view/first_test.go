package view_test

import (
	"context"
	"testing"
	"time"

	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/reconcile"
	"parley/sync/store"
)

// What stood there when an issue was first seen was set by nobody knows whom, at a time that
// nobody knows: the last update says nothing of it.
func TestWhatWasFirstSeenIsNobodysEdit(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	card := b.see(1, 30*24*time.Hour, "one", "open")
	ex, err := b.views.Explain(context.Background(), string(card.ID))
	if err != nil {
		t.Fatal(err)
	}
	if f := ex.Fields[0]; !f.First || f.By != "first seen in GitHub" || !f.Since.Equal(now.Add(-30*24*time.Hour)) {
		t.Errorf("of the first contact: %+v", f)
	}
	card, err = b.store.Card(context.Background(), card.ID)
	if err != nil {
		t.Fatal(err)
	}
	step, _, refusal := b.eng.Ask(card, engine.Intent{Key: "k", Card: card.ID, Field: kanban.FieldStatus, To: "doing", Actor: "ana", At: now})
	if refusal != nil {
		t.Fatal(refusal)
	}
	if _, err = b.store.Commit(context.Background(), store.Commit{Now: now, Cards: []store.CardWrite{{Card: step.Card, Face: b.eng.Face(&step.Card)}}}); err != nil {
		t.Fatal(err)
	}
	if ex, err = b.views.Explain(context.Background(), string(card.ID)); err != nil {
		t.Fatal(err)
	}
	if f := ex.Fields[0]; f.First || f.By != "ana on the board" {
		t.Errorf("of an edit since: %+v", f)
	}
}

func TestAFirstConflictSaysThatNobodyMadeIt(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	card := b.see(1, time.Hour, "one", "open")
	c := reconcile.Conflict{
		ID: "0199-open", Card: card.ID, Field: "status", At: now, Policy: reconcile.Ask, State: reconcile.ConflictOpen,
		Loser:   reconcile.Edit{Side: "github", Value: "done", Native: "closed:completed", At: now, Met: true},
		Support: []reconcile.Edit{{Side: "jira", Value: "doing", At: now, Met: true}},
	}
	later := c
	later.ID, later.Loser.Met = "0198-open", false
	b.record(c, later)
	for id, want := range map[string][2]string{
		"0199-open": {"first seen in GitHub", "the two issues differed when they were first paired; a person decides"},
		"0198-open": {"somebody in GitHub", "a person decides a conflict"},
	} {
		got, err := b.views.Conflict(context.Background(), id)
		if err != nil || got.Loser.By() != want[0] || got.Rule != want[1] {
			t.Errorf("%s: %v, %q, %q; want %q", id, err, got.Loser.By(), got.Rule, want)
		}
	}
}
