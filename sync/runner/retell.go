package runner

import (
	"context"

	"parley/kanban"
	"parley/sync/engine"
)

// retell tells a card's past anew where other rules told it: the record is read once, by
// the step that every card makes after the rules have changed. fresh is what the step adds
// to it.
func (r *Runner) retell(ctx context.Context, eng *engine.Engine, card *engine.Card, fresh []kanban.Event) error {
	if !eng.Untold(card) {
		return nil
	}
	stored, err := r.Store.Events(ctx, card.ID)
	if err != nil {
		return err
	}
	*card = eng.Retell(*card, joined(stored, fresh))
	return nil
}
