package runner

import (
	"context"
	"errors"
	"maps"

	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/reconcile"
	"parley/sync/store"
)

// Forecast is what would come of decisions that are not taken yet.
type Forecast struct {
	Writes  map[string]int    // to be sent or held, by tracker
	Refused map[string]string // conflicts that could not be ended so, and why
}

// Total is the number of all writes.
func (f Forecast) Total() (n int) {
	for w := range maps.Values(f.Writes) {
		n += w
	}
	return n
}

// Foresee tells what would come of decisions, one after the other, and takes none.
func (r *Runner) Foresee(ctx context.Context, ds []Decision) (Forecast, error) {
	eng := r.Engine()
	counts, err := r.counted(ctx, eng, eng.Rules.Layout().WIPLimits())
	if err != nil {
		return Forecast{}, err
	}
	f := foresight{runner: r, eng: eng, counts: counts, was: map[kanban.CardID]engine.Card{}, now: map[kanban.CardID]engine.Card{}, refused: map[string]string{}}
	for _, d := range ds {
		why, err := f.take(ctx, d)
		if err != nil {
			return Forecast{}, err
		}
		if why != "" {
			f.refused[d.Conflict] = why
		}
	}
	return Forecast{Writes: f.writes(), Refused: f.refused}, nil
}

// foresight is the cards as they would be.
type foresight struct {
	runner   *Runner
	eng      *engine.Engine
	counts   map[string]int // that limits count, by Limit.ID
	was, now map[kanban.CardID]engine.Card
	refused  map[string]string
}

// take tells why a decision would be refused, "" where it would not be.
func (f *foresight) take(ctx context.Context, d Decision) (string, error) {
	lost, err := f.runner.Store.Conflict(ctx, d.Conflict)
	if errors.Is(err, store.ErrUnknown) {
		return "there is no such conflict", nil
	}
	if err != nil {
		return "", err
	}
	if ended := over(lost); ended != nil {
		return ended.Reason, nil //nolint:nilerr // a refusal is what was asked for
	}
	card, err := f.card(ctx, lost.Card)
	if errors.Is(err, store.ErrUnknown) {
		return "the card of this conflict is gone", nil
	}
	if err != nil {
		return "", err
	}
	step, refusal := f.runner.rule(card, lost, d)
	if refusal != nil {
		return refusal.Reason, nil //nolint:nilerr // as above
	}
	return f.enter(card, step.Card), nil
}

// card is a card as the decisions so far have left it.
func (f *foresight) card(ctx context.Context, id kanban.CardID) (engine.Card, error) {
	if c, ok := f.now[id]; ok {
		return c, nil
	}
	c, err := f.runner.Store.Card(ctx, id)
	if err == nil {
		f.was[id], f.now[id] = c, c
	}
	return c, err
}

// enter puts a card where a decision would, unless a hard limit keeps it out.
func (f *foresight) enter(was, now engine.Card) string {
	into := f.eng.Enters(&was, &now)
	for _, l := range into {
		if n := f.counts[l.ID()]; n >= l.WIP {
			return l.Reason(n)
		}
	}
	for _, l := range into {
		f.counts[l.ID()]++
	}
	for _, l := range f.eng.Leaves(&was, &now) {
		f.counts[l.ID()]--
	}
	f.now[was.ID] = now
	return ""
}

// writes counts what is to be written that was not before.
func (f *foresight) writes() map[string]int {
	out := map[string]int{}
	for id, c := range f.now {
		before := map[string]bool{}
		was := f.was[id]
		for i := range was.Ops {
			before[was.Ops[i].ID] = was.Ops[i].State.Open()
		}
		for i := range c.Ops {
			if op := &c.Ops[i]; op.State.Open() && !before[op.ID] {
				out[op.Tracker]++
			}
		}
	}
	return out
}

// over is the refusal of a decision about a conflict that has ended, nil while it has not.
func over(c reconcile.Conflict) *engine.Refusal {
	if c.State == reconcile.ConflictRestored || c.State == reconcile.ConflictDismissed {
		return &engine.Refusal{Stale: true, Reason: "this conflict was " + c.State + " already"}
	}
	return nil
}

// rule applies a decision to a card.
func (r *Runner) rule(card engine.Card, lost reconcile.Conflict, d Decision) (engine.Step, *engine.Refusal) {
	if d.Choice == ChoiceDismiss {
		return r.Engine().Dismiss(card, lost, d.By, r.Now())
	}
	return r.Engine().Restore(card, lost, d.By, r.Now())
}
