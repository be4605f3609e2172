package runner

import (
	"context"
	"fmt"
	"strings"

	"parley/connectors"
	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/store"
)

// Link pairs two issues by hand, named by key, card id or owner/repo#n. It gives
// the card they share from now on.
func (r *Runner) Link(ctx context.Context, a, b, by string) (engine.Card, error) {
	ra, err := r.issue(ctx, a)
	if err != nil {
		return engine.Card{}, err
	}
	rb, err := r.issue(ctx, b)
	if err != nil {
		return engine.Card{}, err
	}
	if ra.Tracker == rb.Tracker && ra.ID == rb.ID {
		return engine.Card{}, &PairError{fmt.Sprintf("%s is one issue; name two, one of each tracker", a)}
	}
	lift := []store.Parting{{A: store.IssueID{Tracker: ra.Tracker, ID: ra.ID}, B: store.IssueID{Tracker: rb.Tracker, ID: rb.ID}}}
	if err := r.join(ctx, ra, rb, engine.Pairing{How: engine.HowHand, At: r.Now(), By: by}, lift); err != nil {
		return engine.Card{}, fmt.Errorf("link %s and %s: %w", a, b, err)
	}
	r.wake()
	return r.resolve(ctx, a)
}

// Unlink parts a card by hand; no rule pairs its issues again.
func (r *Runner) Unlink(ctx context.Context, a, by string) (keep, own engine.Card, err error) {
	err = r.again(func() error {
		card, err := r.resolve(ctx, a)
		if err != nil {
			return err
		}
		eng := r.Engine()
		stays, leaves, err := eng.Part(card, by, r.Now())
		if err != nil {
			return &PairError{err.Error()}
		}
		c := store.Commit{Now: r.Now(), Record: stays.Record}
		for _, s := range []engine.Step{stays, leaves} {
			c.Cards = append(c.Cards, r.cardWrite(eng, s.Card))
		}
		if err := r.rehome(ctx, &c, leaves.Card, card, by); err != nil {
			return err
		}
		keep, own = stays.Card, leaves.Card
		_, err = r.put(ctx, c)
		return err
	})
	return keep, own, err
}

// rehome points the index row of the issue that leaves at its own card.
func (r *Runner) rehome(ctx context.Context, c *store.Commit, own, from engine.Card, by string) error {
	var ids [2]store.IssueID
	for _, s := range kanban.Sides {
		i := from.Sides[s].Issue
		ids[s] = store.IssueID{Tracker: i.Tracker, ID: i.ID}
		if own.Sides[s] == nil {
			continue
		}
		rows, err := r.Store.Index(ctx, i.Tracker, []string{i.ID})
		if err != nil {
			return err
		}
		row := rows[i.ID]
		row.Card = own.ID
		c.Issues = append(c.Issues, row)
	}
	c.Partings = append(c.Partings, store.Parting{A: ids[0], B: ids[1], By: by})
	return nil
}

// issue finds the one issue that a text names.
func (r *Runner) issue(ctx context.Context, text string) (store.IssueRow, error) {
	id, err := r.Store.Resolve(ctx, text)
	if err != nil {
		return store.IssueRow{}, err
	}
	rows, err := r.Store.IssuesOf(ctx, id)
	if err != nil {
		return store.IssueRow{}, err
	}
	for _, row := range rows {
		if len(rows) == 1 || strings.EqualFold(row.Key, strings.TrimSpace(text)) {
			return row, nil
		}
	}
	return store.IssueRow{}, fmt.Errorf("card %s has two issues; name one of them by its key", id)
}

func (r *Runner) resolve(ctx context.Context, text string) (engine.Card, error) {
	id, err := r.Store.Resolve(ctx, text)
	if err != nil {
		return engine.Card{}, err
	}
	return r.Store.Card(ctx, id)
}

// RemoteLink makes a pairing visible in Jira: a remote link to the GitHub issue,
// created or updated by its global id, so that repeating it is harmless.
func (r *Runner) RemoteLink(ctx context.Context, c engine.Card) error {
	jira, github := c.Sides[kanban.Jira].Issue, c.Sides[kanban.GitHub].Issue
	t, ok := r.tracker(jira.Tracker)
	if !ok {
		return fmt.Errorf("tracker %s is not configured", jira.Tracker)
	}
	if wait := r.waits(t.Name, announcing()); wait != nil {
		return wait
	}
	_, err := t.Send(announcing().on(ctx), connectors.Write{Issue: jira.Ref, Op: r.NewID(), Link: &connectors.Link{
		GlobalID: "parley:" + github.Tracker + ":" + github.ID, URL: github.URL, Title: github.Key,
	}})
	if err != nil {
		r.refused(ctx, err, t.Name, announcing())
		return err
	}
	r.heard(ctx, t.Name, announcing())
	return nil
}
