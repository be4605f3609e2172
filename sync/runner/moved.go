package runner

import (
	"context"
	"slices"

	"parley/connectors"
	"parley/sync/engine"
	"parley/sync/store"
)

// resettle follows an issue that was transferred and is another one now: that takes its
// place on the card, where Parley reads the place it went to. Otherwise the card says
// where it went.
func (r *Runner) resettle(ctx context.Context, ev engine.Failed) error {
	t, ok := r.tracker(ev.Now.Tracker)
	if !ok || t.Kind != connectors.GitHub || !slices.Contains(t.Sources(), ev.Now.Container) {
		return nil
	}
	if err := r.arrive(ctx, *ev.Now); err != nil {
		return err
	}
	uncounted := false
	err := r.again(func() (err error) {
		uncounted, err = r.takePlace(ctx, ev)
		return err
	})
	if err == nil && uncounted {
		err = r.judge(ctx)
	}
	return err
}

// takePlace puts the new issue in the place of the old one. uncounted says that this has
// brought a write that no judgement knows of.
func (r *Runner) takePlace(ctx context.Context, ev engine.Failed) (uncounted bool, err error) {
	card, err := r.cardOf(ctx, ev.Now.Tracker, ev.Was)
	if err != nil || card.Sides[ev.Side] == nil || card.Sides[ev.Side].Issue.ID != ev.Was {
		return false, ignoreUnknown(err)
	}
	arrived, err := r.cardOf(ctx, ev.Now.Tracker, ev.Now.ID)
	if err != nil || !card.Settles(&arrived) {
		return false, ignoreUnknown(err)
	}
	eng := r.Engine()
	step, gone, err := eng.Resettle(card, arrived, r.Now())
	if err != nil {
		return false, err
	}
	_, err = r.put(ctx, store.Commit{
		Now: r.Now(), Record: step.Record,
		Cards: []store.CardWrite{r.cardWrite(eng, step.Card)},
		Moved: []store.Alias{{Old: gone.ID, New: step.Card.ID, Lock: gone.Lock}},
	})
	return r.uncounted(&card, &step.Card), err
}
