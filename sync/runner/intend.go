package runner

import (
	"context"
	"encoding/json"
	"fmt"

	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/store"
)

// given is an answer as it is kept, with what it was the answer to.
type given struct {
	Answer
	Card  kanban.CardID `json:"card"`
	Field kanban.Field  `json:"field"`
	To    kanban.Value  `json:"to"`
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
	if g.Card != in.Card || g.Field != in.Field || g.To != in.To {
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
	answer := Answer{Op: in.Key, State: state, Rev: step.Card.Rev}
	text, err := json.Marshal(given{Answer: answer, Card: in.Card, Field: in.Field, To: in.To})
	if err != nil {
		return Answer{}, fmt.Errorf("write the answer to %s: %w", in.Key, err)
	}
	err = r.admit(ctx, eng, card, step, store.Commit{Now: in.At, Answer: &store.Answer{Key: in.Key, JSON: text}}, nil)
	return answer, err
}
