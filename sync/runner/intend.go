package runner

import (
	"context"
	"encoding/json"
	"fmt"

	"parley/sync/engine"
	"parley/sync/store"
)

// answered looks up what an intent with this key was answered before.
func (r *Runner) answered(ctx context.Context, key string) (Answer, bool, error) {
	var a Answer
	text, found, err := r.Store.AnswerOf(ctx, key)
	if err != nil || !found {
		return a, false, err
	}
	if err := json.Unmarshal(text, &a); err != nil {
		return a, false, fmt.Errorf("read the answer to %s: %w", key, err)
	}
	return a, true, nil
}

func (r *Runner) intend(ctx context.Context, in engine.Intent) (Answer, error) {
	card, err := r.Store.Card(ctx, in.Card)
	if err != nil {
		return Answer{}, err
	}
	eng := r.Engine()
	in.At = r.Now()
	step, state, refusal := eng.Ask(card, in)
	if refusal != nil {
		return Answer{}, refusal
	}
	answer := Answer{Op: in.Key, State: state, Rev: step.Card.Rev}
	text, err := json.Marshal(answer)
	if err != nil {
		return Answer{}, fmt.Errorf("write the answer to %s: %w", in.Key, err)
	}
	_, err = r.Store.Commit(ctx, store.Commit{
		Epoch: r.epoch.Load(), Now: in.At, Record: step.Record,
		Cards:  []store.CardWrite{r.cardWrite(eng, step.Card)},
		Answer: &store.Answer{Key: in.Key, JSON: text},
	})
	return answer, err
}
