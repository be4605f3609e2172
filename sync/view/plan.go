package view

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/mirror"
	"parley/sync/reconcile"
	"parley/sync/store"
)

// Kinds of a PlanWrite.
const (
	PlanField  = "field"  // a field of an issue
	PlanCreate = "create" // a twin
)

// Plan is every write that would be made now.
type Plan struct {
	Hash   string         `json:"hash"` // of the sorted writes: what is written where, from what to what
	Writes []PlanWrite    `json:"writes"`
	Counts map[string]int `json:"counts"` // per tracker and kind, and "total"
}

// PlanWrite is one write of a Plan.
type PlanWrite struct {
	Card    kanban.CardID `json:"card"`
	Tracker string        `json:"tracker"`
	Issue   string        `json:"issue"` // key; of a create that of the issue that gets a twin
	Field   kanban.Field  `json:"field"`
	From    string        `json:"from"`
	To      string        `json:"to"` // of a create the project or repository, of a comment its text
	Reason  string        `json:"reason"`
	Kind    string        `json:"kind"`           // field, create, comment
	Held    string        `json:"held,omitempty"` // why it is not sent, in words

	// What the hash is over, and what apply compares: the same, as trackers hold it.
	Exact PlanExact `json:"-"`
}

// PlanExact is a write of a plan in the trackers' own terms.
type PlanExact struct {
	Issue    string // immutable id
	Field    kanban.Field
	From, To kanban.Native
}

// Plan is every write that is decided and not sent yet, with its reason. It is for those
// who run the trackers' side of things; to others there is none.
func (v *Sight) Plan(ctx context.Context) (Plan, error) {
	p := Plan{Writes: []PlanWrite{}, Counts: map[string]int{"total": 0}}
	if !v.Viewer.inside() {
		return seal(p)
	}
	known, err := v.known(ctx)
	if err != nil {
		return p, err
	}
	fields, err := v.planFields(ctx, known)
	if err != nil {
		return p, err
	}
	creates, err := v.planCreates(ctx, known)
	if err != nil {
		return p, err
	}
	comments, err := v.planComments(ctx, known)
	if err != nil {
		return p, err
	}
	p.Writes = append(append(append(p.Writes, fields...), creates...), comments...)
	return seal(p)
}

// planFields lists the writes to fields.
func (v *Sight) planFields(ctx context.Context, known map[kanban.CardID]*store.Face) ([]PlanWrite, error) {
	ops, err := v.Source.OpenOps(ctx)
	if err != nil {
		return nil, err
	}
	ops = slices.DeleteFunc(ops, func(op reconcile.Op) bool { return op.State.Sent() })
	ids := make([]kanban.CardID, len(ops))
	for i, op := range ops {
		ids[i] = op.Card
	}
	cards, err := v.Source.Cards(ctx, ids)
	if err != nil {
		return nil, err
	}
	var out []PlanWrite
	for _, op := range ops {
		if card, ok := cards[op.Card]; ok && card.Sides[op.Side] != nil {
			out = append(out, v.of(known[op.Card]).planned(v.planField(&card, op), op.Side))
		}
	}
	return out, nil
}

func (v *Sight) planField(c *engine.Card, op reconcile.Op) PlanWrite {
	w := PlanWrite{
		Card: op.Card, Tracker: op.Tracker, Issue: c.Sides[op.Side].Issue.Key, Field: op.Field, Kind: PlanField, Reason: op.Reason,
		From: v.rules().Describe(op.Side, op.Field, op.From), To: v.rules().Describe(op.Side, op.Field, op.To), Held: v.held(op),
		Exact: PlanExact{Issue: op.Issue, Field: op.Field, From: op.From, To: op.To},
	}
	return w
}

// hideHeld says that a write waits, and not why.
func hideHeld(why string) string {
	if why == "" {
		return ""
	}
	return "it waits; why is not for you"
}

// planned is a write of a plan as it may be known.
func (g grant) planned(w PlanWrite, side kanban.Side) PlanWrite {
	if !g.side(side.String()) {
		w.Issue = hidden
	}
	if !g.native(side.String()) || g.hides(w.Field) {
		w.From, w.To = hidden, hidden
	}
	if !g.whole() {
		w.Reason = hidden
	}
	if g.hides(w.Field) {
		w.Field = hiddenField(w.Field)
	}
	return w
}

// held says why a write waits, "" where it does not.
func (v *Views) held(op reconcile.Op) string {
	if op.State != reconcile.Held {
		return ""
	}
	switch op.Hold {
	case reconcile.HoldBreaker:
		return "more would be written at once than max_change, max_close or max_create allow; parley apply lets it go"
	case reconcile.HoldArchive:
		return "the issue is archived; it is sent once the issue is restored"
	case reconcile.HoldBrake:
		return fmt.Sprintf("held until %s: the field was written too often within the hour, something undoes it", kanban.Moment(op.NextAt, v.Zone))
	default:
		return `plan mode: sync.write is "plan"; parley apply lets it go`
	}
}

// planCreates lists the twins that are to be created.
func (v *Sight) planCreates(ctx context.Context, known map[kanban.CardID]*store.Face) ([]PlanWrite, error) {
	sagas, err := v.Source.Creating(ctx)
	if err != nil {
		return nil, err
	}
	var out []PlanWrite
	for _, s := range sagas {
		if s.State != mirror.Planned && s.State != mirror.Held {
			continue
		}
		rows, err := v.Source.Index(ctx, s.Source, []string{s.SourceID})
		if err != nil {
			return nil, err
		}
		row, ok := rows[s.SourceID]
		if !ok {
			continue
		}
		w := planCreate(s, row)
		if !v.of(known[row.Card]).whole() {
			w.Issue, w.Reason, w.To, w.Held = hidden, hidden, hidden, hideHeld(w.Held)
		}
		out = append(out, w)
	}
	return out, nil
}

func planCreate(s mirror.Saga, row store.IssueRow) PlanWrite {
	w := PlanWrite{
		Card: row.Card, Tracker: s.Tracker, Issue: row.Key, Kind: PlanCreate, From: "", To: s.Container, Reason: s.Reason,
		Exact: PlanExact{Issue: s.SourceID, To: kanban.Native(s.Container)},
	}
	if s.State == mirror.Held {
		w.Held = `it waits for permission; parley apply lets it go`
		if s.Suspended() {
			w.Held = s.Problem
		}
	}
	return w
}

// seal sorts the writes, counts them and takes their hash: the same writes give
// the same hash on every machine, whoever caused them and whenever.
func seal(p Plan) (Plan, error) {
	slices.SortFunc(p.Writes, func(a, b PlanWrite) int {
		return cmp.Or(cmp.Compare(a.Tracker, b.Tracker), cmp.Compare(a.Issue, b.Issue), cmp.Compare(a.Exact.Field, b.Exact.Field),
			cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Exact.To, b.Exact.To), cmp.Compare(a.Exact.From, b.Exact.From), cmp.Compare(a.Card, b.Card))
	})
	lines := make([][]string, len(p.Writes))
	for i, w := range p.Writes {
		lines[i] = []string{string(w.Card), w.Tracker, w.Exact.Issue, string(w.Exact.Field), string(w.Exact.From), string(w.Exact.To), w.Kind}
	}
	slices.SortFunc(lines, slices.Compare) // not as they are shown: some are shown without their issues
	text, err := json.Marshal(lines)
	if err != nil {
		return p, fmt.Errorf("hash plan: %w", err)
	}
	sum := sha256.Sum256(text)
	p.Hash = hex.EncodeToString(sum[:])
	for _, w := range p.Writes {
		p.Counts["total"]++
		p.Counts[w.Kind]++
		p.Counts[w.Tracker]++
	}
	return p, nil
}
