package runner

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/store"
)

// fieldUndo marks the kept answer of an undo among those of other intents.
const fieldUndo kanban.Field = "undo"

// Undo takes a change made on the board back, for as long as that is possible. It may be
// asked for again: the same change gets the same answer. The error is an *engine.Refusal
// where it cannot be done.
func (r *Runner) Undo(ctx context.Context, u engine.Undo) (Answer, error) {
	asked := engine.Intent{Key: "undo " + u.Key, Card: u.Card, Field: fieldUndo, To: kanban.Value(u.Key)}
	return r.once(
		func() (Answer, bool, error) { return r.answered(ctx, asked) },
		func() (Answer, error) { return r.undo(ctx, u, asked) },
	)
}

func (r *Runner) undo(ctx context.Context, u engine.Undo, asked engine.Intent) (Answer, error) {
	card, err := r.Store.Card(ctx, u.Card)
	if err != nil {
		return Answer{}, err
	}
	eng := r.Engine()
	u.At = r.Now()
	step, state, refusal := eng.Undo(card, u)
	if refusal != nil {
		return Answer{}, refusal
	}
	answer := Answer{Op: u.Key, State: state, Rev: step.Card.Rev}
	kept, err := keep(answer, asked, u.At)
	if err != nil {
		return Answer{}, err
	}
	return answer, r.admit(ctx, eng, card, step, kept, crowds(card.Deeds, u.Key))
}

// crowds tells how many cards there were, where a change let its card out of a full place.
func crowds(deeds []engine.Deed, key string) map[string]int {
	for _, d := range deeds {
		if d.Key == key {
			return d.Counts
		}
	}
	return nil
}

// keep is the commit that keeps the answer to an intent.
func keep(a Answer, in engine.Intent, now time.Time) (store.Commit, error) {
	text, err := json.Marshal(given{Answer: a, Card: in.Card, Field: in.Field, To: in.To, Reason: in.Reason})
	if err != nil {
		return store.Commit{}, fmt.Errorf("write the answer to %s: %w", in.Key, err)
	}
	return store.Commit{Now: now, Answer: &store.Answer{Key: in.Key, JSON: text}}, nil
}
