package engine

import (
	"fmt"
	"slices"

	"parley/kanban"
	"parley/sync/mirror"
	"parley/sync/reconcile"
)

// Fsck tells, in plain words, what cannot be true of a card however it came about: no
// step leads there, so the store was damaged, edited by hand, or written by a Parley
// with a fault. A sound card gives nil. It asks nobody and costs no more than a walk
// over the card.
func Fsck(c Card) []string {
	f := &fsck{card: &c}
	f.shape()
	for _, field := range c.Fields() {
		f.field(field)
	}
	f.questions()
	f.journal()
	f.create()
	return f.found
}

// fsck is one card being looked over.
type fsck struct {
	card  *Card
	found []string
}

func (f *fsck) sayf(format string, args ...any) {
	f.found = append(f.found, fmt.Sprintf(format, args...))
}

// shape looks at the issues of the card and how they came to be one.
func (f *fsck) shape() {
	c := f.card
	if c.ID == "" {
		f.sayf("the card has no id")
	}
	if c.Rev < 1 {
		f.sayf("the card is in revision %d; the first is 1", c.Rev)
	}
	issues := c.issues()
	if len(issues) == 0 {
		f.sayf("the card has no issue in any tracker")
	}
	for _, i := range issues {
		if i.ID == "" || i.Tracker == "" {
			f.sayf("issue %q of tracker %q has no id", i.Key, i.Tracker)
		}
	}
	if c.Paired() != (c.Pairing != nil) {
		f.sayf("the card has %d issues, and it is %sknown how they were paired", len(issues), map[bool]string{false: "not "}[c.Pairing != nil])
	}
	if !c.Paired() && len(c.More) > 0 {
		f.sayf("the card has one issue and keeps %d fields in agreement with a twin", len(c.More))
	}
}

// field looks at what is remembered of one field.
func (f *fsck) field(name kanban.Field) {
	s := f.card.Field(name)
	if s.Version < 0 || s.Changed < 0 || s.Changed > s.Version {
		f.sayf("%s: the agreed value last changed in version %d of %d", name, s.Changed, s.Version)
	}
	for _, e := range s.Support {
		if e.Side == "" {
			f.sayf("%s: an edit behind the agreed value was made nowhere", name)
		}
	}
	asked := slices.ContainsFunc(f.card.Asking, func(q Question) bool { return q.Field == name })
	if waits := s.Frozen == reconcile.FrozenAsk; waits && !asked {
		f.sayf("%s: it waits for a person, and no conflict asks one", name)
	} else if asked && !waits {
		f.sayf("%s: a conflict asks a person, and nothing waits for the answer", name)
	}
	for _, side := range kanban.Sides {
		f.side(name, side, s)
	}
}

// side looks at one side's past of a field.
func (f *fsck) side(name kanban.Field, side kanban.Side, s reconcile.State) {
	sd, there := s.Sides[side], f.card.Sides[side] != nil
	where := placeName(side.String())
	switch {
	case sd.Known != there && there:
		f.sayf("%s: what %s shows was never taken in", name, where)
	case sd.Known != there:
		f.sayf("%s: something is remembered of %s, where the card has no issue", name, where)
	}
	if sd.Seen > s.Version {
		f.sayf("%s: people in %s have seen version %d of %d", name, where, sd.Seen, s.Version)
	}
	if sd.Refused != nil && sd.Refused.Version > s.Version {
		f.sayf("%s: %s refused version %d of %d", name, where, sd.Refused.Version, s.Version)
	}
	if seq := f.card.Status.Sides[side].Seq; there && sd.Seq != seq {
		f.sayf("%s: the history of %s is folded up to entry %d, that of the status up to %d", name, where, sd.Seq, seq)
	}
}

// questions looks at the conflicts that wait for a person.
func (f *fsck) questions() {
	seen := map[string]bool{}
	for _, q := range f.card.Asking {
		if q.Conflict == "" || seen[q.Conflict] {
			f.sayf("%s: conflict %q is asked about twice or has no id", q.Field, q.Conflict)
		}
		seen[q.Conflict] = true
		if !slices.Contains(f.card.Fields(), q.Field) {
			f.sayf("%s: conflict %s is about a field that the card does not keep", q.Field, q.Conflict)
		}
	}
}

// journal looks at the writes.
func (f *fsck) journal() {
	type place struct {
		kanban.Field
		kanban.Side
	}
	open, ids := map[place]bool{}, map[string]bool{}
	for i := range f.card.Ops {
		op := &f.card.Ops[i]
		if op.ID == "" || ids[op.ID] {
			f.sayf("write %q: its id is used twice or missing", op.ID)
		}
		ids[op.ID] = true
		f.write(op)
		if !op.State.Open() {
			continue
		}
		if at := (place{op.Field, op.Side}); open[at] {
			f.sayf("write %s: a second write of %s to %s is open", op.ID, op.Field, placeName(op.Side.String()))
		} else {
			open[at] = true
		}
		f.openWrite(op)
	}
}

// write looks at one write, open or closed.
func (f *fsck) write(op *reconcile.Op) {
	if op.Card != f.card.ID {
		f.sayf("write %s: it belongs to card %s", op.ID, op.Card)
	}
	if op.State.Open() != op.Closed.IsZero() {
		f.sayf("write %s: it is %s, and closed at %q", op.ID, op.State, clock(op))
	}
	if op.State.Sent() && op.SentAt.IsZero() {
		f.sayf("write %s: it is %s and was sent at no time", op.ID, op.State)
	}
}

func clock(op *reconcile.Op) string {
	if op.Closed.IsZero() {
		return ""
	}
	return kanban.Moment(op.Closed, nil) + " UTC"
}

// openWrite looks at a write that may still change a tracker.
func (f *fsck) openWrite(op *reconcile.Op) {
	where := placeName(op.Side.String())
	switch side := f.card.Sides[op.Side]; {
	case side == nil:
		f.sayf("write %s: it goes to %s, where the card has no issue", op.ID, where)
	case side.Issue.ID != op.Issue:
		f.sayf("write %s: it goes to issue %s of %s, and the card's is %s", op.ID, op.Issue, where, side.Issue.ID)
	}
	kept := slices.Contains(f.card.Fields(), op.Field)
	if !kept && !op.State.Sent() {
		f.sayf("write %s: it is about %s, which the card does not keep in agreement", op.ID, op.Field)
	}
	if version := f.card.Field(op.Field).Version; kept && op.Version > version {
		f.sayf("write %s: it carries version %d of %s, of which there are %d", op.ID, op.Version, op.Field, version)
	}
	if op.State != reconcile.Held && op.Hold != reconcile.HoldNothing {
		f.sayf("write %s: it is %s although it is held (%s)", op.ID, op.State, op.Hold)
	}
	if op.State == reconcile.Held && op.Approved {
		f.sayf("write %s: a person let it go, and it is held", op.ID)
	}
}

// create looks at the twin that Parley creates or has created.
func (f *fsck) create() {
	saga := f.card.Mirror
	if saga == nil {
		return
	}
	switch {
	case !saga.State.Open() && !saga.State.Linked() && saga.State != mirror.Rejected && saga.State != mirror.Cancelled:
		f.sayf("the creation of a twin is in a state that does not exist: %q", saga.State)
	case saga.State.Linked() != (saga.Issue != ""):
		f.sayf("the creation of a twin is %s, and its issue is %q", saga.State, saga.Issue)
	case saga.State.Unresolved() && saga.SentAt.IsZero():
		f.sayf("the creation of a twin is %s and was sent at no time", saga.State)
	}
}
