package engine

import (
	"slices"
	"time"

	"parley/kanban"
	"parley/sync/mirror"
	"parley/sync/reconcile"
)

// Of one field of one card, at most brakeWrites are sent to a tracker within brakeFor.
// Something that undoes our writes, another bridge or an automation rule, would else go
// on with us for ever.
const (
	brakeWrites = 6
	brakeFor    = time.Hour
)

// archiveFor is how long after a look at an archived issue that a write waits for it is
// looked at again: coming back moves no date, so that polls do not tell.
const archiveFor = time.Hour

// gate holds a write back where nobody let it go, and lets it go otherwise.
func (t *turn) gate(op *reconcile.Op) {
	if op.Hold == reconcile.HoldArchive {
		op.NextAt = time.Time{} // the hour was one to look at the issue, not one to leave it in peace
	}
	op.State, op.Hold = reconcile.Planned, t.hold(op)
	if op.Hold != reconcile.HoldNothing {
		op.State = reconcile.Held
	}
}

// hold says why a write is not to be sent now.
func (t *turn) hold(op *reconcile.Op) reconcile.Hold {
	rule, ruled := t.rule(&t.card)
	switch side := t.card.Sides[op.Side]; {
	case side != nil && !side.Issue.Archived.IsZero():
		op.NextAt = side.SeenAt.Add(archiveFor)
		return reconcile.HoldArchive
	case op.Approved:
		return reconcile.HoldNothing
	case !t.Write:
		return reconcile.HoldPlan
	case op.Asked, op.Told, op.Hops > 0: // what has begun is not left halfway
		return reconcile.HoldNothing
	case ruled && t.Tripped[RuleKey(rule)]:
		return reconcile.HoldBreaker
	}
	if free := t.braked(op); free.After(t.now) {
		op.NextAt = free
		return reconcile.HoldBrake
	}
	return reconcile.HoldNothing
}

// braked is the moment from which a field may be written again.
func (t *turn) braked(op *reconcile.Op) time.Time {
	var sent []time.Time
	for i := range t.card.Ops {
		o := &t.card.Ops[i]
		same := o.Field == op.Field && o.Side == op.Side && o.ID != op.ID && !o.Asked
		if same && tookEffect(o) && t.now.Sub(o.SentAt) < brakeFor && !t.unborn(o.SentAt) {
			sent = append(sent, o.SentAt)
		}
	}
	if len(sent) < brakeWrites {
		return time.Time{}
	}
	slices.SortFunc(sent, time.Time.Compare)
	return sent[len(sent)-brakeWrites].Add(brakeFor)
}

// freshFor is how long after its creation a twin is told what was agreed as a part of it.
const freshFor = time.Hour

// unaware reports whether a side is a twin just created to which a field was never told:
// a breaker that let it be created does not ask again.
func (t *turn) unaware(f kanban.Field, s kanban.Side) bool {
	source, ok := t.card.source()
	return ok && s != source && t.card.made() && t.now.Sub(t.card.Mirror.Closed) < freshFor && t.card.Field(f).Sides[s].Seen == 0
}

// Doubtful reports whether an issue of a pair shows what no history has explained yet,
// and no write of ours is about: a read will tell whether that is a change to carry on.
// ends says that it would end the work.
func (e *Engine) Doubtful(c *Card) (doubtful, ends bool) {
	if !c.Paired() {
		return false, false
	}
	for _, s := range kanban.Sides {
		if c.Sides[s].Need == NeedNothing || c.Sides[s].Away != nil {
			continue
		}
		for _, f := range c.Fields() {
			native := e.Rules.Native(c.Sides[s].Issue, f)
			if op := c.openOp(f, s); native == c.Field(f).Sides[s].Native || op != nil && op.State.Sent() {
				continue
			}
			doubtful = true
			if f == kanban.FieldStatus {
				v, _ := e.lens(c).Back(s, f, native, c.Status.Agreed)
				col, _ := e.Rules.Layout().Column(kanban.ColumnKey(v))
				ends = ends || col.Category.Ended()
			}
		}
	}
	return doubtful, ends
}

// tookEffect reports whether a write may have changed the tracker.
func tookEffect(op *reconcile.Op) bool {
	return !op.SentAt.IsZero() && (op.State != reconcile.Dead && op.State != reconcile.Rejected || op.Proved)
}

// asked reports whether it was on the board that somebody made the agreed value.
func (t *turn) asked(f kanban.Field) bool {
	support := t.card.Field(f).Support
	return len(support) > 0 && support[len(support)-1].Side == reconcile.SideBoard
}

// Approved says that a person wants held writes sent.
type Approved struct {
	Ops []string
	By  string
}

func (a Approved) apply(t *turn) {
	if m := t.card.Mirror; m != nil && m.State == mirror.Held && slices.Contains(a.Ops, m.ID) {
		let := *m
		let.Approved = true
		t.card.Mirror = &let
		t.log(Activity{Kind: DidApprove, Actor: a.By, Op: m.ID, Text: letGo(m.Reason)})
	}
	for i := range t.card.Ops {
		op := &t.card.Ops[i]
		if op.State == reconcile.Held && slices.Contains(a.Ops, op.ID) {
			op.Approved = true
			t.log(Activity{Kind: DidApprove, Actor: a.By, Side: op.Side.String(), Field: op.Field, Op: op.ID, Text: letGo(op.Reason)})
		}
	}
}

// letGo says what somebody did who let a write go that was decided on for a reason.
func letGo(reason string) string { return "let the write go: " + reason }
