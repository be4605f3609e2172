package runner

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"parley/connectors"
	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/remark"
	"parley/sync/store"
)

// Two issues that carry the mark of one create: the oldest is kept, the other is told so
// by a comment and closed. Nothing is ever deleted.

// doubleKeys begins the keys of the comments that point from a second twin to the first.
const doubleKeys = "double/"

// thenClose is what follows such a comment.
const thenClose = "close"

// Doubles counts the second twins that were met. There should be none.
func (r *Runner) Doubles(ctx context.Context) (int64, error) {
	return r.Store.RemarksNamed(ctx, doubleKeys)
}

// double shows a second twin, points from it to the one that counts, and has it closed.
func (r *Runner) double(ctx context.Context, source, row store.IssueRow, issue connectors.Issue) error {
	if err := r.clash(ctx, row.Card, doubled(source)); err != nil {
		return err
	}
	card, err := r.cardNow(ctx, source)
	if err != nil || r.takesComments(issue.Tracker) != nil {
		return err
	}
	own, err := r.Store.Card(ctx, row.Card)
	if err != nil || own.Paired() || r.ends(own.Status.Agreed) {
		return ignoreUnknown(err)
	}
	kept, err := r.counts(ctx, &card, issue)
	if err != nil {
		return err
	}
	_, err = r.Comment(ctx, pointer(kept, issue.Ref))
	return err
}

func doubled(source store.IssueRow) string {
	return fmt.Sprintf("a second twin of %s was created; the older one counts, this one is closed with a pointer to it", source.Key)
}

// counts is the twin that counts, as far as it is known.
func (r *Runner) counts(ctx context.Context, card *engine.Card, double connectors.Issue) (connectors.Issue, error) {
	if side := card.Sides[sideOf(double.Kind)]; side != nil && side.Issue.ID == card.Mirror.Issue {
		return side.Issue, nil
	}
	rows, err := r.Store.Index(ctx, double.Tracker, []string{card.Mirror.Issue})
	row := rows[card.Mirror.Issue]
	return connectors.Issue{Ref: connectors.Ref{Tracker: row.Tracker, ID: row.ID, Key: row.Key}}, err
}

// pointer is the comment on a second twin that names the first. Both are in one container,
// so that whoever reads the one may read of the other.
func pointer(kept connectors.Issue, double connectors.Ref) remark.Wish {
	w := remark.Wish{
		Key: doubleKeys + double.Tracker + "/" + double.ID, Issue: double, Then: thenClose, Reason: "a second twin was created; " + kept.Key + " is the one that counts",
		Body: "This issue was created twice by Parley. The one that counts is " + kept.Key + "; please go on there. This one is closed.",
	}
	if kept.URL != "" {
		w.Links = []connectors.Link{{URL: kept.URL, Title: kept.Key}}
	}
	return w
}

// secondTwin reports whether a card is joined with a later twin than the one that has come
// to light now.
func secondTwin(c *engine.Card, found connectors.Issue) bool {
	side := c.Sides[sideOf(found.Kind)]
	return side != nil && c.Mirror != nil && c.Mirror.Issue == found.ID && slices.Contains(c.Mirror.Doubles, side.Issue.ID)
}

// replace puts the oldest twin in the place of a later one: of two it is always the oldest
// that counts, so that a lost store finds the same one again.
func (r *Runner) replace(ctx context.Context, source, row store.IssueRow, oldest connectors.Issue) error {
	if err := r.makeRoom(ctx, source, oldest); err != nil {
		return err
	}
	return r.settleTwin(ctx, source, row)
}

// makeRoom takes the later twin off a card and has it closed, in one step.
func (r *Runner) makeRoom(ctx context.Context, source store.IssueRow, oldest connectors.Issue) error {
	return r.again(func() error {
		card, err := r.cardNow(ctx, source)
		if err != nil || !secondTwin(&card, oldest) {
			return err
		}
		eng, now := r.Engine(), r.Now()
		stays, leaves, err := eng.Part(card, "", now)
		if err != nil {
			return err
		}
		later := card.Sides[sideOf(oldest.Kind)].Issue
		for _, s := range []*engine.Step{&stays, &leaves} {
			if side := s.Card.Sides[sideOf(oldest.Kind)]; side != nil && side.Issue.ID == later.ID {
				s.Card.Clash = doubled(source)
			}
		}
		c := store.Commit{Now: now, Record: stays.Record, Cards: []store.CardWrite{r.cardWrite(eng, stays.Card), r.cardWrite(eng, leaves.Card)}}
		if err := r.rehome(ctx, &c, leaves.Card, card, ""); err != nil {
			return err
		}
		c.Partings = nil // nobody has parted them: the mark still tells what the later one is
		if c.Remarks, err = r.pointing(ctx, oldest, later.Ref); err != nil {
			return err
		}
		_, err = r.put(ctx, c)
		return err
	})
}

// pointing is the pointer of a second twin as a part of a commit, nothing where there is
// one already or the tracker takes none.
func (r *Runner) pointing(ctx context.Context, kept connectors.Issue, double connectors.Ref) ([]store.RemarkWrite, error) {
	w := pointer(kept, double)
	_, err := r.Store.Remark(ctx, w.Key)
	if !errors.Is(err, store.ErrUnknown) || r.takesComments(double.Tracker) != nil {
		return nil, ignoreUnknown(err)
	}
	c, err := r.remarks().New(w, r.NewID(), r.Now())
	return []store.RemarkWrite{{Remark: c, Dirty: true}}, err
}

// follow does what was to follow once a comment is there.
func (r *Runner) follow(ctx context.Context, q remark.Request) error {
	if q.Then != thenClose {
		return nil
	}
	card, err := r.cardOf(ctx, q.Issue.Tracker, q.Issue.ID)
	if err != nil || card.Paired() || r.ends(card.Status.Agreed) {
		return ignoreUnknown(err) // it is no second twin any more, or somebody was quicker
	}
	for _, to := range r.endings() {
		_, err := r.Intend(ctx, engine.Intent{
			Key: "close " + doubleKeys + q.Issue.Tracker + "/" + q.Issue.ID, Card: card.ID, Field: kanban.FieldStatus, To: to, Actor: "Parley",
		})
		refusal, refused := errors.AsType[*engine.Refusal](err)
		if !refused {
			return err
		}
		r.Log.DebugContext(ctx, "a second twin is not closed that way", "issue", q.Issue.Key, "column", to, "error", refusal)
	}
	r.Log.WarnContext(ctx, "a second twin points to the first and has to be closed by hand: no column that ends the work can be shown by it", "issue", q.Issue.Key)
	return nil
}

// endings are the columns that end the work, those that cancel it first.
func (r *Runner) endings() (out []kanban.Value) {
	for _, category := range []kanban.Category{kanban.Cancelled, kanban.Done} {
		for _, c := range r.Rules().Layout().Columns {
			if c.Category == category {
				out = append(out, kanban.Value(c.Key))
			}
		}
	}
	return out
}
