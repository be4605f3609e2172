package view

import (
	"context"

	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/store"
)

// Target is a column that a card could be moved to, or the reason why it cannot.
type Target struct {
	Column kanban.ColumnKey `json:"column"`
	OK     bool             `json:"ok"`
	Reach  string           `json:"reach"`            // yes, no, unknown: as far as Jira's workflow is known
	Reason string           `json:"reason,omitempty"` // why not; where ok, which tracker will not follow
}

// Glance is one card without where it could be moved; else as Card.
func (v *Sight) Glance(ctx context.Context, ref string) (Card, error) {
	f, err := v.face(ctx, ref)
	if err != nil {
		return Card{}, err
	}
	return v.card(f, v.Now()), nil
}

// Card is one card, named by its id, a former id, a Jira key or owner/repo#n, and where
// its viewer could move it.
func (v *Sight) Card(ctx context.Context, ref string) (Card, error) {
	f, err := v.face(ctx, ref)
	if err != nil {
		return Card{}, err
	}
	out := v.card(f, v.Now())
	out.Targets, err = v.targets(ctx, f, out)
	return out, err
}

// targets asks, in this order, what the viewer may do, what the trackers can show and what
// the limits have room for.
func (v *Sight) targets(ctx context.Context, f *store.Face, shown Card) ([]Target, error) {
	eng := v.Engine()
	card, err := v.Source.Card(ctx, f.Card.ID)
	if err != nil {
		return nil, err
	}
	known, err := v.ways(ctx, &card)
	if err != nil {
		return nil, err
	}
	_, faces, err := v.picture.latest(ctx, v.Source)
	if err != nil {
		return nil, err
	}
	count := newCensus(eng.Rules.Layout(), faces)
	out := []Target{}
	for _, t := range eng.Targets(&card, known) {
		out = append(out, v.target(t, f.Card, shown, count, faces))
	}
	return out, nil
}

func (v *Sight) target(t engine.Target, c kanban.Card, shown Card, count census, faces []*store.Face) Target {
	if why := v.MayMove(shown, count.layout, t.Column); why != "" {
		return Target{Column: t.Column, Reach: string(engine.ReachUnknown), Reason: why}
	}
	out := Target{Column: t.Column, OK: t.OK, Reach: string(t.Reach), Reason: t.Reason}
	if limit, full := count.layout.Full(c, t.Column, count.count); full && t.OK {
		out.OK, out.Reason = false, v.full(limit, count.count(limit), faces, v.grant(c).people).Reason
	}
	return out
}

// MayMove says why the viewer may not move a card into a column, "" where they may.
func (v *Sight) MayMove(c Card, l kanban.Layout, to kanban.ColumnKey) string {
	from, _ := l.Column(kanban.ColumnKey(c.Column))
	into, _ := l.Column(to)
	return v.worded(c, v.Viewer.Role.MayMove(v.Viewer.Owns(c.Unit), from, into))
}

// MayPrioritise says why the viewer may not set a card's priority, "" where they may.
func (v *Sight) MayPrioritise(c Card) string {
	return v.worded(c, v.Viewer.Role.MayPrioritise(v.Viewer.Owns(c.Unit), c.Unit != kanban.UnitUnassigned))
}

// MayBlock says why the viewer may not block or unblock a card, "" where they may.
func (v *Sight) MayBlock(c Card) string {
	return v.worded(c, v.Viewer.Role.MayBlock(v.Viewer.Owns(c.Unit)))
}

// MaySort says why the viewer may not correct whether a card was planned, "" where they may.
func (v *Sight) MaySort(c Card) string { return v.worded(c, v.Viewer.Role.MaySort()) }

// worded adds to what a role may do that nobody but ops changes a card unread.
func (v *Sight) worded(c Card, why string) string {
	if why == "" && c.Masked && v.Viewer.Role != kanban.Ops {
		return "its words are not for you"
	}
	return why
}

// ways gives what is known of the workflow of a card's Jira issue.
func (v *Sight) ways(ctx context.Context, c *engine.Card) ([]engine.Edge, error) {
	side := c.Sides[kanban.Jira]
	if side == nil {
		return nil, nil
	}
	edges, err := v.Source.Edges(ctx, side.Issue.Tracker, side.Issue.Container, side.Issue.Type)
	var out []engine.Edge
	for _, e := range edges {
		if e.SeenAt.After(v.Now().Add(-store.EdgeLife)) {
			out = append(out, e.Way())
		}
	}
	return out, err
}
