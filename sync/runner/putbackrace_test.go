package runner

import (
	"context"
	"testing"
	"time"

	"parley/kanban"
	"parley/kanban/contract"
	"parley/sync/store"
)

// meanwhile is a store in which somebody decides right after what was decided was read.
type meanwhile struct {
	Store

	decide func()
}

// OpenTrades is what is read last before a priority is put back.
func (m *meanwhile) OpenTrades(ctx context.Context) ([]store.Trade, error) {
	open, err := m.Store.OpenTrades(ctx)
	if decide := m.decide; decide != nil {
		m.decide = nil
		decide()
	}
	return open, err
}

// TestAChoiceInTheLastMomentIsHeard lets the unit choose between the reading of what was
// decided and the commit that puts the priority back: the priority stays.
func TestAChoiceInTheLastMomentIsHeard(t *testing.T) {
	t.Parallel()
	for name, decide := range map[string]func(w *restoring) store.Commit{
		"it waits": func(w *restoring) store.Commit {
			return store.Commit{Decisions: []contract.Event{{ID: "chosen", At: w.clock.Now(), Card: w.card(w.key).ID, Kind: contract.Chose, Choice: contract.WaitFor, Who: "mia", By: kanban.Business, Unit: "trading"}}}
		},
		"it swaps": func(w *restoring) store.Commit {
			return store.Commit{Trades: []store.Trade{{Trade: contract.Trade{ID: "s1", Phase: contract.Lowering, Down: contract.Half{Card: "other", From: "high", To: "low"},
				Up: contract.Half{Card: w.card(w.key).ID, From: "high", To: "high"}}, Unit: "trading", Who: "mia", Begun: w.clock.Now(), Version: 1, NextAt: w.clock.Now().Add(time.Hour)}}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newRestoring(t)
			chose := false
			w.runner.Store = &meanwhile{Store: w.runner.Store, decide: func() {
				chose = true
				_, err := w.store.Commit(t.Context(), decide(w))
				w.must(err)
			}}
			w.must(w.back())
			if backs, err := w.runner.backs(t.Context()); !chose || err != nil || len(backs) != 0 {
				t.Errorf("somebody chose: %v, and it is put back: %v, %v", chose, backs, err)
			}
			if got := w.card(w.key).Priority.Agreed; got != "high" {
				t.Errorf("the priority is %s", got)
			}
		})
	}
}
