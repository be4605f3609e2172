package runner

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/store"
)

// Answer is what an intent came to.
type Answer struct {
	Op    string             `json:"op"`
	State engine.IntentState `json:"state"`
	Rev   int64              `json:"rev"`
}

// Intend takes in a change made on the board. The same key gets the same answer
// and changes nothing again. The error is an *engine.Refusal where the card cannot
// take it.
func (r *Runner) Intend(ctx context.Context, in engine.Intent) (Answer, error) {
	return r.once(
		func() (Answer, bool, error) { return r.answered(ctx, in) },
		func() (Answer, error) { return r.intend(ctx, in) },
	)
}

// once takes in what a person asks for, unless it was answered before: then that answer
// is given again.
func (r *Runner) once(before func() (Answer, bool, error), take func() (Answer, error)) (Answer, error) {
	var answer Answer
	if r.Rules() == nil {
		return answer, &engine.Refusal{Stale: true, Reason: "Parley has just been started and does not know the trackers yet; try again in a moment"}
	}
	err := r.again(func() error {
		given, found, err := before()
		if err != nil || found {
			answer = given
			return err
		}
		answer, err = take()
		if errors.Is(err, store.ErrAnswered) {
			err = store.ErrStale // a twin of this request was quicker; give its answer
		}
		return err
	})
	if err == nil {
		r.wake()
	}
	return answer, err
}

// given is an answer as it is kept, with what it was the answer to.
type given struct {
	Answer
	Card  kanban.CardID `json:"card"`
	Field kanban.Field  `json:"field"`
	To    kanban.Value  `json:"to"`

	Reason string `json:"reason,omitempty"`
}

// answered looks up what an intent with this key was answered before. The key of
// another change is refused: its asker would take the old answer for this one.
func (r *Runner) answered(ctx context.Context, in engine.Intent) (Answer, bool, error) {
	var g given
	text, found, err := r.Store.AnswerOf(ctx, in.Key)
	if err != nil || !found {
		return Answer{}, false, err
	}
	if err := json.Unmarshal(text, &g); err != nil {
		return Answer{}, false, fmt.Errorf("read the answer to %s: %w", in.Key, err)
	}
	if g.Card != in.Card || g.Field != in.Field || g.To != in.To || g.Reason != in.Reason {
		return Answer{}, false, &engine.Refusal{Reason: "this op was another change; give each change an op of its own"}
	}
	return g.Answer, true, nil
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
	if err := r.leaves(ctx, eng, card, &step.Card, in.Key); err != nil {
		return Answer{}, err
	}
	answer := Answer{Op: in.Key, State: state, Rev: step.Card.Rev}
	kept, err := keep(answer, in, in.At)
	if err != nil {
		return Answer{}, err
	}
	return answer, r.admit(ctx, eng, card, step, kept, nil)
}

// leaves notes with a change how full the places were that the card leaves by it, so that
// taking it back finds room there although they were over their limit.
func (r *Runner) leaves(ctx context.Context, eng *engine.Engine, was engine.Card, now *engine.Card, key string) (err error) {
	if n := len(now.Deeds); n > 0 && now.Deeds[n-1].Key == key {
		now.Deeds[n-1].Counts, err = r.counted(ctx, eng, eng.Leaves(&was, now))
	}
	return err
}
