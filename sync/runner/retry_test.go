package runner

import (
	"context"
	"errors"
	"testing"

	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/store"
)

func TestACardIsTriedAgainOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key, _ := w.pair("Reconcile positions")
	w.settle(2)
	card := w.card(key)
	retries := func() (n int) {
		lines, err := w.store.Activity(context.Background(), store.ActivityQuery{Card: card.ID})
		w.must(err)
		for _, l := range lines {
			if l.Kind == engine.DidRetry {
				n++
			}
		}
		return n
	}
	first, err := w.runner.Retry(context.Background(), card.ID, "once", "lea")
	w.must(err)
	again, err := w.runner.Retry(context.Background(), card.ID, "once", "lea")
	w.must(err)
	if first != again || retries() != 1 {
		t.Errorf("asked twice with one key: %+v and %+v, %d times", first, again, retries())
	}
	w.settle(2)
	if side := w.card(key).Sides[kanban.GitHub]; side.Need != engine.NeedNothing || side.Reads <= card.Sides[kanban.GitHub].Reads {
		t.Errorf("the issue was not read: %+v", side)
	}
	before := w.writes()
	_, err = w.runner.Retry(context.Background(), card.ID, "twice", "lea")
	w.must(err)
	w.settle(2)
	if w.writes() != before {
		t.Error("where all agree, trying again writes")
	}
	if _, err := w.runner.Retry(context.Background(), "nosuchcard12", "k", "lea"); !errors.Is(err, store.ErrUnknown) {
		t.Errorf("an unknown card gives %v", err)
	}
	var refused *engine.Refusal
	if _, err := w.runner.Intend(context.Background(), engine.Intent{Key: "once", Card: card.ID, Field: kanban.FieldStatus, To: "doing"}); !errors.As(err, &refused) {
		t.Errorf("the key of a retry is taken for a move: %v", err)
	}
}
