package runner

import (
	"context"
	"errors"
	"testing"

	"parley/connectors"
	"parley/kanban"
	"parley/sync/store"
)

// TestAPageReadBeforeItsTwinWasFoundMakesNoSecondCard holds that an issue which was on
// no card when a page was looked up, and has gone into its twin's card by the time that
// page is stored, is not put on a card of its own again.
func TestAPageReadBeforeItsTwinWasFoundMakesNoSecondCard(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key, _ := w.pair("Reconcile positions")
	card := w.card(key)
	for _, side := range kanban.Sides {
		issue := card.Sides[side].Issue
		if kanban.NewCardID(issue.Tracker, issue.ID) == card.ID {
			continue // the elder, whose card lives on
		}
		late := []observed{{Observation: connectors.Observation{Issue: issue}}}
		c, err := w.runner.steps(context.Background(), late)
		w.must(err)
		if _, err := w.store.Commit(context.Background(), c); !errors.Is(err, store.ErrStale) {
			t.Errorf("%s was put on a card of its own: %v, want ErrStale", issue.Key, err)
		}
	}
	if now := w.card(key); now.ID != card.ID || !now.Paired() {
		t.Errorf("%s is on %s now, want the pair %s", key, now.ID, card.ID)
	}
}
