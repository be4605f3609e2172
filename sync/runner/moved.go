package runner

import (
	"context"
	"errors"
	"slices"

	"parley/connectors"
	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/store"
)

// resettle follows an issue that was transferred and is another one now: its twin is
// paired with that, where Parley reads the place it went to. Otherwise the two stay as
// they are, and the card says where it went.
func (r *Runner) resettle(ctx context.Context, ev engine.Failed) error {
	t, ok := r.tracker(ev.Now.Tracker)
	if !ok || !slices.Contains(t.Sources(), ev.Now.Container) && t.Kind == connectors.GitHub {
		return nil
	}
	if err := r.arrive(ctx, *ev.Now); err != nil {
		return err
	}
	return r.again(func() error {
		card, err := r.cardOf(ctx, ev.Now.Tracker, ev.Was)
		if err != nil || !card.Paired() {
			return ignoreUnknown(err)
		}
		twin := card.Sides[ev.Side.Other()].Issue
		if err := r.partFor(ctx, card); err != nil {
			return err
		}
		return r.rejoin(ctx, twin, *ev.Now, card.Pairing.How)
	})
}

// partFor takes a card apart because one of its issues went elsewhere.
func (r *Runner) partFor(ctx context.Context, card engine.Card) error {
	eng := r.Engine()
	stays, leaves, err := eng.Part(card, "", r.Now())
	if err != nil {
		return err
	}
	c := store.Commit{Epoch: r.epoch.Load(), Now: r.Now(), Record: stays.Record}
	add(&c.Record, leaves.Record)
	for _, s := range []engine.Step{stays, leaves} {
		c.Cards = append(c.Cards, r.cardWrite(eng, s.Card))
	}
	for _, s := range kanban.Sides {
		if leaves.Card.Sides[s] == nil {
			continue
		}
		i := leaves.Card.Sides[s].Issue
		rows, err := r.Store.Index(ctx, i.Tracker, []string{i.ID})
		if err != nil {
			return err
		}
		row := rows[i.ID]
		row.Card = leaves.Card.ID
		c.Issues = append(c.Issues, row)
	}
	_, err = r.Store.Commit(ctx, c)
	return err
}

// rejoin pairs a twin with its partner's new issue.
func (r *Runner) rejoin(ctx context.Context, twin, now connectors.Issue, how string) error {
	a, errA := r.Store.Index(ctx, twin.Tracker, []string{twin.ID})
	b, errB := r.Store.Index(ctx, now.Tracker, []string{now.ID})
	if errA != nil || errB != nil || b[now.ID].Card == "" {
		return errors.Join(errA, errB)
	}
	return r.join(ctx, a[twin.ID], b[now.ID], engine.Pairing{How: how, At: r.Now(), By: "moved"}, nil)
}
