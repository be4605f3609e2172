package storetest

import (
	"context"
	"errors"

	"github.com/google/go-cmp/cmp"

	"parley/kanban"
	"parley/sync/reconcile"
	"parley/sync/store"
)

func touchAll(t fixture) {
	s := t.store
	commit(t, s, store.Commit{Cards: []store.CardWrite{newCard("a", "a"), newCard("b", "b")}})
	wantMapping(t, "", false)
	for _, fingerprint := range []string{"first", "second"} {
		if n := must(s.TouchAll(t.Context(), at(1), fingerprint))(t); n != 2 {
			t.Errorf("touched %d cards, want 2", n)
		}
		wantMapping(t, fingerprint, true)
	}
	if ids := must(s.Due(t.Context(), at(1), 0))(t); len(ids) != 2 {
		t.Errorf("due: %v, want both", ids)
	}
	if _, err := s.Card(t.Context(), "c"); !errors.Is(err, store.ErrUnknown) {
		t.Errorf("a card came from nowhere: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.TouchAll(ctx, at(1), "third"); !errors.Is(err, context.Canceled) {
		t.Errorf("TouchAll when told to stop = %v, want context.Canceled", err)
	}
	wantMapping(t, "second", true)
}

func wantMapping(t fixture, want string, known bool) {
	t.Helper()
	got, ok, err := t.store.Setting(t.Context(), store.SettingMapping)
	if got != want || ok != known || err != nil {
		t.Errorf("Setting = %q, %v, %v; want %q, %v", got, ok, err, want, known)
	}
}

func touchOpen(t fixture) {
	s := t.store
	open, closed := newCard("open", "a"), newCard("closed", "b")
	open.Card.Ops = []reconcile.Op{newOp("1", "open", reconcile.Planned, 1), newOp("2", "open", reconcile.Uncertain, 1)}
	closed.Card.Ops = []reconcile.Op{newOp("3", "closed", reconcile.Finished, 1)}
	commit(t, s, store.Commit{Cards: []store.CardWrite{open, closed, newCard("none", "c")}})
	if n := must(s.TouchOpen(t.Context(), at(1)))(t); n != 1 {
		t.Errorf("touched %d cards, want 1", n)
	}
	if diff := cmp.Diff([]kanban.CardID{"open"}, must(s.Due(t.Context(), at(1), 0))(t)); diff != "" {
		t.Errorf("due (-want +got):\n%s", diff)
	}
}

// redraw has cards told again that nobody has changed: what was loaded of them can still be
// committed, and no step of theirs is asked for.
func redraw(t fixture) {
	s := t.store
	loaded := newCard("a", "a")
	first := commit(t, s, store.Commit{Cards: []store.CardWrite{loaded, newCard("b", "b")}})
	again := commit(t, s, store.Commit{Redrawn: []kanban.CardID{"a", "gone"}, Settings: map[string]string{"over": "a"}})
	if again <= first {
		t.Errorf("the sequence is %d after %d", again, first)
	}
	told := must(s.Faces(t.Context(), store.FaceQuery{SinceSeq: first}))(t)
	if len(told) != 1 || told[0].Card.ID != "a" || told[0].Seq != again {
		t.Errorf("told again: %+v", told)
	}
	if ids := must(s.Due(t.Context(), at(1), 0))(t); len(ids) != 0 {
		t.Errorf("due: %v", ids)
	}
	loaded.Card.Lock = 1
	commit(t, s, store.Commit{Cards: []store.CardWrite{loaded}})
}
