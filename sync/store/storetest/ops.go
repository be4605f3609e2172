package storetest

import (
	"github.com/google/go-cmp/cmp"

	"parley/kanban"
	"parley/sync/reconcile"
	"parley/sync/store"
)

func opCases() []check {
	return []check{
		{"writes are kept and replaced by id", opUpsert},
		{"closed writes are pruned, open ones never", pruneOps},
	}
}

// newOp is a write made some seconds after epoch; a final one was closed then.
func newOp(id string, card kanban.CardID, state reconcile.OpState, second int) reconcile.Op {
	op := reconcile.Op{
		ID: id, Card: card, Field: kanban.FieldStatus, Side: kanban.GitHub, Tracker: "github", Issue: "9", Value: "doing",
		From: "open", To: "open + label:doing", Version: 2, State: state, Reason: "Jira moved", Created: at(second),
	}
	if !state.Open() {
		op.Closed = at(second)
	}
	return op
}

func opIDs(ops []reconcile.Op) []string {
	ids := []string{}
	for _, op := range ops {
		ids = append(ids, op.ID)
	}
	return ids
}

func opUpsert(t fixture) {
	s := t.store
	w := newCard("aaa", "a")
	w.Card.Ops = []reconcile.Op{newOp("2", "aaa", reconcile.Planned, 2), newOp("1", "aaa", reconcile.Planned, 1)}
	card := stored(t, s, w)
	if diff := cmp.Diff([]string{"1", "2"}, opIDs(card.Ops)); diff != "" {
		t.Fatalf("writes of the card (-want +got):\n%s", diff)
	}
	if oldest := must(s.OldestOpen(t.Context()))(t); !oldest.Equal(at(1)) {
		t.Errorf("OldestOpen is %s, want that of write 1", oldest)
	}
	card.Ops = []reconcile.Op{newOp("1", "aaa", reconcile.Finished, 1), newOp("3", "aaa", reconcile.Held, 0)}
	commit(t, s, store.Commit{Cards: []store.CardWrite{again(card)}})
	want := []reconcile.Op{card.Ops[1], card.Ops[0], newOp("2", "aaa", reconcile.Planned, 2)}
	if diff := cmp.Diff(want, must(s.OpsOf(t.Context(), "aaa"))(t)); diff != "" {
		t.Errorf("OpsOf (-want +got):\n%s", diff)
	}
	states := map[reconcile.OpState]int64{reconcile.Planned: 1, reconcile.Held: 1}
	if diff := cmp.Diff(states, must(s.OpenStates(t.Context()))(t)); diff != "" {
		t.Errorf("OpenStates (-want +got):\n%s", diff)
	}
	if oldest := must(s.OldestOpen(t.Context()))(t); !oldest.Equal(at(2)) { // what is held waits for a person
		t.Errorf("OldestOpen is %s, want that of write 2", oldest)
	}
	if diff := cmp.Diff([]string{"3", "2"}, opIDs(must(s.OpenOps(t.Context()))(t))); diff != "" {
		t.Errorf("OpenOps (-want +got):\n%s", diff)
	}
}

func pruneOps(t fixture) {
	s := t.store
	w := newCard("aaa", "a")
	w.Card.Ops = []reconcile.Op{
		newOp("old-done", "aaa", reconcile.Finished, 1), newOp("new-done", "aaa", reconcile.Dead, 100),
		newOp("old-open", "aaa", reconcile.Uncertain, 1),
	}
	stored(t, s, w)
	if n := must(s.PruneOps(t.Context(), at(50)))(t); n != 1 {
		t.Errorf("pruned %d writes, want 1", n)
	}
	if diff := cmp.Diff([]string{"old-open", "new-done"}, opIDs(must(s.OpsOf(t.Context(), "aaa"))(t))); diff != "" {
		t.Errorf("left (-want +got):\n%s", diff)
	}
}
