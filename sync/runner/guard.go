package runner

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/store"
)

// setAside is how long a card that could not be worked on is left in peace.
const setAside = time.Minute

// guarded works on one card so that whatever is wrong with it stays with it: the
// others go on, and it is tried again later. Only to have lost the store ends the run.
func (r *Runner) guarded(ctx context.Context, id kanban.CardID) error {
	err := caught(func() error { return r.process(ctx, id) })
	if err == nil || ctx.Err() != nil || errors.Is(err, store.ErrFenced) || errors.Is(err, errLed) {
		return err
	}
	if errors.Is(err, store.ErrStale) {
		return nil // it is still due, and what was sent is looked up
	}
	r.Log.ErrorContext(ctx, "a card could not be worked on; trying again later", "card", id, "error", err)
	if r.hand() {
		r.tell(ctx, word{Cards: []kanban.CardID{id}, Aside: true})
		return nil
	}
	r.aside.put(string(id), r.Now().Add(setAside))
	return nil
}

// isAside reports whether a card is left in peace after a failure.
func (r *Runner) isAside(id kanban.CardID) bool { return r.aside.has(string(id), r.Now()) }

// caught turns a panic into an error.
func caught(do func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return do()
}

// stepped takes an observation into a card. An issue that breaks the step is left
// out of the page and met again when it changes; the rest of the page goes on.
func (r *Runner) stepped(eng *engine.Engine, card engine.Card, o observed, now time.Time) (w store.CardWrite, rec engine.Record, ok bool) {
	err := caught(func() error {
		step := eng.Step(card, engine.Observed{Side: sideOf(o.Issue.Kind), Observation: o.Observation}, now)
		r.quarrels.note(eng.RuleOf(&step.Card), step.Record, now)
		w, rec = r.cardWrite(eng, step.Card), step.Record
		return nil
	})
	if err != nil {
		r.Log.Error("an issue could not be taken in; it is left as it was", "issue", o.Issue.Key, "error", err)
	}
	return w, rec, err == nil
}
