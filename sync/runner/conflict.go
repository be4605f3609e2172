package runner

import (
	"context"
	"encoding/json"
	"fmt"

	"parley/sync/engine"
	"parley/sync/reconcile"
	"parley/sync/store"
)

// Choice is what a person makes of a conflict.
type Choice string

// Choices.
const (
	ChoiceRestore Choice = "restore" // the value that lost becomes the card's
	ChoiceDismiss Choice = "dismiss" // it is put away; the card keeps what it shows
)

// Decision is a person's word about one conflict.
type Decision struct {
	Key      string // the asker's own id of it: the same key gets the same answer
	Conflict string // the whole id
	Choice   Choice
	By       string
}

// Restore gives a card the value that lost a conflict: a change on the board like any
// other, held in plan mode. The error is an *engine.Refusal where it cannot be done,
// store.ErrUnknown where there is no such conflict.
func (r *Runner) Restore(ctx context.Context, id, by string) (Answer, error) {
	return r.Decide(ctx, Decision{Key: r.NewID(), Conflict: id, Choice: ChoiceRestore, By: by})
}

// Dismiss puts a conflict away. Where it waits for a person the card keeps what it
// shows, and the other tracker is told. Errors are those of Restore.
func (r *Runner) Dismiss(ctx context.Context, id, by string) (Answer, error) {
	return r.Decide(ctx, Decision{Key: r.NewID(), Conflict: id, Choice: ChoiceDismiss, By: by})
}

// Decide takes a decision in. The same key gets the same answer and changes nothing
// again.
func (r *Runner) Decide(ctx context.Context, d Decision) (Answer, error) {
	return r.once(
		func() (Answer, bool, error) { return r.decided(ctx, d) },
		func() (Answer, error) { return r.decide(ctx, d) },
	)
}

// ruling is an answer as it is kept, with what it was the answer to.
type ruling struct {
	Answer
	Conflict string `json:"conflict"`
	Choice   Choice `json:"choice"`
}

// decided looks up what a decision with this key was answered before.
func (r *Runner) decided(ctx context.Context, d Decision) (Answer, bool, error) {
	var g ruling
	text, found, err := r.Store.AnswerOf(ctx, d.Key)
	if err != nil || !found {
		return Answer{}, false, err
	}
	if err := json.Unmarshal(text, &g); err != nil {
		return Answer{}, false, fmt.Errorf("read the answer to %s: %w", d.Key, err)
	}
	if g.Conflict != d.Conflict || g.Choice != d.Choice {
		return Answer{}, false, &engine.Refusal{Reason: "this op was another change; give each change an op of its own"}
	}
	return g.Answer, true, nil
}

func (r *Runner) decide(ctx context.Context, d Decision) (Answer, error) {
	lost, err := r.Store.Conflict(ctx, d.Conflict)
	if err != nil {
		return Answer{}, err
	}
	if ended := over(lost); ended != nil {
		return Answer{}, ended
	}
	card, err := r.Store.Card(ctx, lost.Card)
	if err != nil {
		return Answer{}, err
	}
	step, refusal := r.rule(card, lost, d)
	if refusal != nil {
		return Answer{}, refusal
	}
	answer := Answer{Op: d.Key, State: progress(d.Choice, lost, step.Card), Rev: step.Card.Rev}
	text, err := json.Marshal(ruling{Answer: answer, Conflict: d.Conflict, Choice: d.Choice})
	if err != nil {
		return Answer{}, fmt.Errorf("write the answer to %s: %w", d.Key, err)
	}
	err = r.admit(ctx, r.Engine(), card, step, store.Commit{Now: r.Now(), Answer: &store.Answer{Key: d.Key, JSON: text}}, nil)
	return answer, err
}

// progress tells how far what follows from a decision is. Putting away what a rule has
// decided changes nothing.
func progress(choice Choice, was reconcile.Conflict, c engine.Card) engine.IntentState {
	state := engine.IntentDone
	if choice == ChoiceDismiss && was.State == reconcile.ConflictAuto {
		return state
	}
	for i := range c.Ops {
		op := &c.Ops[i]
		switch {
		case op.Field != was.Field || !op.State.Open():
		case op.State == reconcile.Held:
			return engine.IntentHeld
		default:
			state = engine.IntentSent
		}
	}
	return state
}
