package runner

import (
	"context"

	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/store"
)

// Retry has a card tried again now: its issues are read, and what was refused or failed
// is planned anew by what they show. The same key does so once. The error is a
// store.ErrUnknown where there is no such card.
func (r *Runner) Retry(ctx context.Context, id kanban.CardID, key, by string) (Answer, error) {
	return r.once(
		func() (Answer, bool, error) {
			return r.answered(ctx, engine.Intent{Key: key, Card: id, Field: retryField})
		},
		func() (Answer, error) { return r.retry(ctx, id, key, by) },
	)
}

// retryField marks the answer to a retry among those to changes of fields.
const retryField kanban.Field = "retry"

func (r *Runner) retry(ctx context.Context, id kanban.CardID, key, by string) (Answer, error) {
	card, err := r.Store.Card(ctx, id)
	if err != nil {
		return Answer{}, err
	}
	eng, now := r.Engine(), r.Now()
	step := eng.Step(card, engine.Retried{By: by}, now)
	answer := Answer{Op: key, State: engine.IntentSent, Rev: step.Card.Rev}
	c, err := keep(answer, engine.Intent{Key: key, Card: id, Field: retryField}, now)
	if err != nil {
		return Answer{}, err
	}
	c.Record, c.Cards = step.Record, []store.CardWrite{r.cardWrite(eng, step.Card)}
	_, err = r.put(ctx, c)
	return answer, err
}
