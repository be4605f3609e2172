package view

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"parley/kanban"
	"parley/mapping"
	"parley/sync/engine"
	"parley/sync/mirror"
	"parley/sync/reconcile"
	"parley/sync/remark"
	"parley/sync/store"
)

// Source is what the views read from. *store.Store is one.
type Source interface {
	planSource
	trackerSource
	Faces(ctx context.Context, q store.FaceQuery) ([]store.Face, error)
	Gone(ctx context.Context, sinceSeq int64) ([]store.Alias, error)
	Seq(ctx context.Context) (int64, error)
	Resolve(ctx context.Context, text string) (kanban.CardID, error)
	Card(ctx context.Context, id kanban.CardID) (engine.Card, error)
	Conflicts(ctx context.Context, q store.ConflictQuery) ([]reconcile.Conflict, error)
	Activity(ctx context.Context, q store.ActivityQuery) ([]engine.Activity, error)
	Setting(ctx context.Context, key string) (string, bool, error)
}

// trackerSource is what is known of the trackers themselves.
type trackerSource interface {
	Sources(ctx context.Context) ([]store.SourceState, error)
	Edges(ctx context.Context, tracker, project, typ string) ([]store.Edge, error)
}

// planSource is what a plan is made of.
type planSource interface {
	OpenOps(ctx context.Context) ([]reconcile.Op, error)
	Cards(ctx context.Context, ids []kanban.CardID) (map[kanban.CardID]engine.Card, error)
	Creating(ctx context.Context) ([]mirror.Saga, error)
	OpenRemarks(ctx context.Context) ([]remark.Remark, error)
	Index(ctx context.Context, tracker string, issueIDs []string) (map[string]store.IssueRow, error)
}

// Options is what Views needs to know besides the store.
type Options struct {
	Source Source
	// Engine gives the machine by the rules of the moment.
	Engine   func() *engine.Engine
	Trackers []TrackerName // in the order of the configuration
	Units    []Named
	Poll     time.Duration
	Zone     *time.Location // of dates and ages
	Now      func() time.Time
	// Policy says what each audience reads; the zero one hides every card's words from
	// everybody.
	Policy Policy
}

// TrackerName is a configured tracker and its sources.
type TrackerName struct {
	Name    string
	Kind    string
	Sources []string
	// Expires is when the credential ends, zero where nobody knows of an end; nil is the
	// same.
	Expires func() time.Time
	// Hooks counts its webhooks; nil: none are taken.
	Hooks func() Hooks
}

// Views makes the read models. It is safe for concurrent use.
type Views struct {
	Options
	picture picture
}

// New makes the views.
func New(o Options) *Views { return &Views{Options: o} }

// ColumnUnmapped is the pseudo-column of cards whose status no column claims.
const ColumnUnmapped = "unmapped"

// perColumn is how many cards a column shows at first.
const perColumn = 50

// Board is the board that a query selects.
func (v *Sight) Board(ctx context.Context, q Query) (Board, error) {
	seq, faces, err := v.picture.latest(ctx, v.Source)
	if err != nil {
		return Board{}, err
	}
	fresh, err := v.fresh(ctx)
	if err != nil {
		return Board{}, err
	}
	eng, now := v.Engine(), v.Now()
	board := Board{Seq: seq, At: now, Write: writeMode(eng.Write), Units: v.units(), Priorities: []Named{}, Freshness: fresh}
	for _, p := range eng.Rules.Layout().Priorities {
		board.Priorities = append(board.Priorities, Named{Key: string(p.Key), Name: p.Name})
	}
	count := newCensus(eng.Rules.Layout(), faces)
	board.Pulse, board.Limits = v.pulse(faces, eng.Rules.Layout(), now), v.limits(count)
	board.Columns = v.columns(faces, q, count, now)
	return board, nil
}

func writeMode(on bool) string {
	if on {
		return "on"
	}
	return "plan"
}

func (v *Views) units() []Named {
	return append(slices.Clone(v.Units), Named{Key: string(kanban.UnitUnassigned), Name: "Unassigned"})
}

// columns sorts the cards that a query selects into the columns of the layout.
func (v *Sight) columns(faces []*store.Face, q Query, count census, now time.Time) []Column {
	l := count.layout
	cols := make([]Column, 0, len(l.Columns)+1)
	at := map[kanban.ColumnKey]int{}
	for _, c := range l.Columns {
		at[c.Key] = len(cols)
		cols = append(cols, Column{Key: c.Key, Name: c.Name, Category: c.Category, Turn: c.Turn, WIP: c.WIP, WIPHard: c.WIPHard, Total: count.columns[c.Key], Cards: []Card{}})
	}
	unmapped := Column{Key: ColumnUnmapped, Name: "Unmapped", Cards: []Card{}}
	piles := make([][]*store.Face, len(cols)+1) // the last one is of unmapped cards
	for _, f := range faces {
		if !q.selects(f.Card, v.grant(f.Card)) {
			continue
		}
		i, ok := at[f.Card.Column]
		if !ok {
			i = len(cols)
		}
		piles[i] = append(piles[i], f)
	}
	for i := range cols {
		v.fill(&cols[i], piles[i], q.room(cols[i].Key), now)
	}
	v.fill(&unmapped, piles[len(cols)], q.room(ColumnUnmapped), now)
	unmapped.Total = len(faces)
	for _, c := range cols {
		unmapped.Total -= c.Total
	}
	if unmapped.Count > 0 {
		cols = append([]Column{unmapped}, cols...)
	}
	return cols
}

// fill puts the cards of a column into order, and as many on show as there is room.
func (v *Sight) fill(c *Column, pile []*store.Face, room int, now time.Time) {
	slices.SortFunc(pile, longestHere)
	c.Count = len(pile)
	for i, f := range pile {
		if !c.Category.Ended() {
			c.Oldest = max(c.Oldest, f.Card.Journey.AgeDays(now, v.Zone))
		}
		if i < room {
			c.Cards = append(c.Cards, v.card(f, now))
		}
	}
}

// longestHere puts the cards that entered their column first on top; of ended
// ones the latest.
func longestHere(a, b *store.Face) int {
	if a.Card.Journey.Finished != nil && b.Card.Journey.Finished != nil {
		return b.Card.Journey.Finished.Compare(*a.Card.Journey.Finished)
	}
	return cmp.Or(a.Card.Journey.Entered.Compare(b.Card.Journey.Entered), cmp.Compare(a.Card.ID, b.Card.ID))
}

func (q Query) room(c kanban.ColumnKey) int {
	limit := q.Limit
	if limit <= 0 {
		limit = perColumn
	}
	if q.Column == string(c) {
		limit *= 20
	}
	return limit
}

// Cards is a page of the list of cards, by ascending id, and the id to go on after.
func (v *Sight) Cards(ctx context.Context, q Query) ([]Card, string, error) {
	limit := q.Limit
	if limit <= 0 {
		limit = 100
	}
	limit = min(limit, 1000)
	out := []Card{}
	after := kanban.CardID(q.After)
	for {
		faces, err := v.Source.Faces(ctx, store.FaceQuery{After: after, Limit: limit + 1})
		if err != nil {
			return nil, "", err
		}
		for _, f := range faces {
			if len(out) == limit {
				return out, string(out[limit-1].ID), nil
			}
			if after = f.Card.ID; q.selects(f.Card, v.grant(f.Card)) && matches(q.Column, columnKey(f.Card)) {
				out = append(out, v.card(&f, v.Now()))
			}
		}
		if len(faces) <= limit {
			return out, "", nil
		}
	}
}

func columnKey(c kanban.Card) string {
	if c.Column == "" {
		return ColumnUnmapped
	}
	return string(c.Column)
}

// maxDelta is how many changed cards a delta carries; beyond that a fresh picture
// is cheaper.
const maxDelta = 500

// ErrUnknown says that there is no such card.
var ErrUnknown = errors.New("unknown card")

// ErrTooFar says that too much has changed since: take a fresh picture.
var ErrTooFar = errors.New("too much has changed since; load the board again")

// Since is what changed on the board after a data sequence.
func (v *Sight) Since(ctx context.Context, seq int64) (Delta, error) {
	d := Delta{Cards: []Card{}, Gone: []kanban.CardID{}, Counts: map[string]int{}, Limits: []Limit{}}
	now, faces, err := v.picture.latest(ctx, v.Source)
	d.Seq = now
	if err != nil {
		return d, err
	}
	if d.Freshness, err = v.fresh(ctx); err != nil || d.Seq <= seq {
		return d, err
	}
	for _, f := range faces {
		d.Counts[columnKey(f.Card)]++
		if f.Seq > seq {
			d.Cards = append(d.Cards, v.card(f, v.Now()))
		}
	}
	if len(d.Cards) > maxDelta {
		return d, ErrTooFar
	}
	layout := v.Engine().Rules.Layout()
	d.Pulse, d.Limits = v.pulse(faces, layout, v.Now()), v.limits(newCensus(layout, faces))
	gone, err := v.Source.Gone(ctx, seq)
	for _, a := range gone {
		d.Gone = append(d.Gone, a.Old)
	}
	return d, err
}

func (v *Sight) pulse(faces []*store.Face, l kanban.Layout, now time.Time) Pulse {
	var p Pulse
	started := map[kanban.ColumnKey]kanban.Column{}
	for _, c := range l.Columns {
		if c.Category.Started() {
			started[c.Key] = c
			p.Limit += c.WIP
		}
	}
	for _, f := range faces {
		c := f.Card
		p.Pending += len(c.Pending)
		if len(c.Badges) > 0 {
			p.Mismatch++
		}
		if _, ok := started[c.Column]; ok {
			p.InWork++
			if !c.Planned {
				p.Unplanned++
			}
		}
		switch c.Turn {
		case kanban.Business:
			p.Business++
			p.OldestDays = max(p.OldestDays, kanban.Days(c.Journey.Entered, now, v.Zone))
		case kanban.IT:
			p.IT++
		}
	}
	return p
}

// rules is a short way to the words of native values.
func (v *Views) rules() *mapping.Rules { return v.Engine().Rules }
