package runner

import (
	"fmt"
	"testing"
	"time"

	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/reconcile"
	"parley/sync/store"
)

func TestCardsSetAsideStarveNoOthers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var c store.Commit
	for i := range 2 * workBatch {
		id := kanban.CardID(fmt.Sprintf("aside-%04d", i))
		c.Cards = append(c.Cards, store.CardWrite{Card: engine.Card{ID: id}, Face: kanban.Card{ID: id}, Dirty: true, NextAt: w.clock.Now()})
		w.runner.aside.put(string(id), w.clock.Now().Add(setAside))
	}
	last := kanban.CardID("free")
	c.Cards = append(c.Cards, store.CardWrite{Card: engine.Card{ID: last}, Face: kanban.Card{ID: last}, Dirty: true, NextAt: w.clock.Now().Add(time.Second)})
	_, err := w.store.Commit(t.Context(), c)
	w.must(err)
	w.clock.Advance(time.Second)
	if n, err := w.runner.WorkDue(t.Context()); n != 1 || err != nil {
		t.Errorf("worked on %d cards, %v; want the free one", n, err)
	}
	w.clock.Advance(setAside)
	if n := w.runner.aside.count(w.clock.Now()); n != 0 {
		t.Errorf("%d cards are still set aside", n)
	}
}

func TestAStartTakesUpWhatTheLastProcessLeft(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.store.TouchAll(t.Context(), w.clock.Now(), w.runner.Engine().Telling())
	w.must(err)
	left := store.CardWrite{Card: engine.Card{ID: "left", Ops: []reconcile.Op{{ID: "op", Card: "left", State: reconcile.Sending}}}}
	_, err = w.store.Commit(t.Context(), store.Commit{Cards: []store.CardWrite{left, {Card: engine.Card{ID: "done"}}}})
	w.must(err)
	w.must(w.runner.takeUp(t.Context()))
	due, err := w.store.Due(t.Context(), w.clock.Now(), 0)
	w.must(err)
	if len(due) != 1 || due[0] != "left" {
		t.Errorf("due after the start: %v, want the card with an open write", due)
	}
}
