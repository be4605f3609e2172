package view

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"parley/kanban"
	"parley/kanban/calendar"
	"parley/kanban/contract"
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
	storySource
	trackerSource
	contractSource
	Faces(ctx context.Context, q store.FaceQuery) ([]store.Face, error)
	Gone(ctx context.Context, sinceSeq int64) ([]store.Alias, error)
	Seq(ctx context.Context) (int64, error)
	Resolve(ctx context.Context, text string) (kanban.CardID, error)
	Card(ctx context.Context, id kanban.CardID) (engine.Card, error)
	Setting(ctx context.Context, key string) (string, bool, error)
}

// trackerSource is what is known of the trackers themselves.
type trackerSource interface {
	Sources(ctx context.Context) ([]store.SourceState, error)
	Edges(ctx context.Context, tracker, project, typ string) ([]store.Edge, error)
	Unrecorded(ctx context.Context, tracker string, containers []string, after string, limit int) ([]store.IssueRow, error)
	Refused(ctx context.Context, tracker, after string, limit int) ([]store.IssueRow, error)
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
	Zone     *time.Location    // of dates and ages
	Calendar calendar.Calendar // working days, in the same zone
	Floors   Floors            // below which a work type is put off
	Now      func() time.Time
	// Policy says what each audience reads; the zero one hides every card's words from
	// everybody.
	Policy Policy
	// Agreements are the contracts with units; none where nothing was agreed on.
	Agreements []contract.Contract
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
	// Quotas tells what is left of what may be asked of it; nil: nothing is known.
	Quotas func() []Quota
}

// Views makes the read models. It is safe for concurrent use.
type Views struct {
	Options
	picture  picture
	tracks   ways
	flows    flowPictures
	accounts accounts
	ledgers  ledgers
}

// New makes the views.
func New(o Options) *Views {
	v := &Views{Options: o, flows: newFlowPictures()}
	v.picture.told = v.toldByContracts
	return v
}

// Cards is a page of the list of cards, by ascending id, and the id to go on after.
func (v *Sight) Cards(ctx context.Context, q Query) ([]Card, string, error) {
	if err := v.vet(q); err != nil {
		return nil, "", err
	}
	limit := q.Limit
	if limit <= 0 {
		limit = 100
	}
	limit = min(limit, 1000)
	_, faces, err := v.picture.latest(ctx, v.Source)
	if err != nil {
		return nil, "", err
	}
	found, sift := []*store.Face(nil), v.sift(q, v.Now())
	for _, f := range faces { // of the picture: who asks for one card a page costs the store nothing
		if string(f.Card.ID) > q.After && sift.selects(f) && matches(q.Column, columnKey(f.Card)) {
			found = append(found, f)
		}
	}
	slices.SortFunc(found, func(a, b *store.Face) int { return cmp.Compare(a.Card.ID, b.Card.ID) })
	next := ""
	if len(found) > limit {
		found = found[:limit]
		next = string(found[limit-1].Card.ID)
	}
	out := make([]Card, len(found))
	for i, f := range found {
		out[i] = v.card(f, v.Now())
	}
	return out, next, nil
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
	var changed []*store.Face
	for _, f := range faces {
		if f.Seq > seq {
			changed = append(changed, f)
		}
	}
	if len(changed) > maxDelta {
		return d, ErrTooFar
	}
	stamp := v.Now()
	for _, f := range changed {
		d.Cards = append(d.Cards, v.card(f, stamp))
	}
	d.Pulse = v.pulse(faces, v.rules().Layout(), stamp)
	d.Columns = v.heads(faces, v.rules().Layout(), stamp)
	for _, c := range d.Columns {
		d.Counts[string(c.Key)] = c.All
	}
	d.Limits = v.limits(newCensus(v.rules().Layout(), faces))
	gone, err := v.Source.Gone(ctx, seq)
	for _, a := range gone {
		d.Gone = append(d.Gone, a.Old)
	}
	return d, err
}

// rules is a short way to the words of native values.
func (v *Views) rules() *mapping.Rules { return v.Engine().Rules }
