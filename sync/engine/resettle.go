package engine

import (
	"fmt"
	"time"

	"parley/kanban"
	"parley/sync/reconcile"
)

// Resettle puts the issue of a one-sided card in the place of one that was transferred
// and is another issue now. What was agreed stays, and so does what is owed: nobody
// edited anything by moving it. The card of the new issue ends in the old one.
func (e *Engine) Resettle(c, arrived Card, now time.Time) (keep Step, gone Card, err error) {
	s := arrived.only()
	if s == nil || c.Sides[*s] == nil {
		return Step{}, Card{}, fmt.Errorf("resettle %s to %s: the one must have the side, the other that side alone", c.ID, arrived.ID)
	}
	t := e.turn(c, now)
	if !c.Paired() {
		t.card.Mirror = nil // nothing has left; what is asked for anew names the new issue
	}
	t.remap()
	t.moveTo(*s, e.Step(arrived, Resumed{}, now).Card)
	t.rejoin(&c)
	t.settle()
	return t.done(c), arrived, nil
}

// Settles reports whether a transferred issue may take the place that it had on its old
// card. One without a twin goes too, so that what the board asked of it is not left
// behind; but not where a twin was asked for by the name of the old or the new issue.
func (c *Card) Settles(arrived *Card) bool {
	if arrived.ID == c.ID || arrived.Paired() {
		return false
	}
	return c.Paired() || c.untwinned() && arrived.untwinned()
}

// untwinned reports whether no create of a twin ever left for the card's issue.
func (c *Card) untwinned() bool {
	return c.Mirror == nil || c.Mirror.FirstSent.IsZero() && !c.Mirror.State.Linked()
}

// moveTo replaces a side. The history goes along, so that it is read on from where the
// old issue's was folded: an edit that nobody had read yet is not lost with the place it
// was made in. A tracker that counts it anew tells again what was folded by then.
func (t *turn) moveTo(s kanban.Side, arrived Card) {
	t.letGo(s)
	was := t.card.Sides[s]
	side := *arrived.Sides[s]
	side.Strong, side.Reads, side.Folded = false, was.Reads, was.Folded
	side.skipped()
	t.card.Sides[s] = &side
	for _, f := range t.card.Fields() {
		state := t.card.Field(f)
		sd := &state.Sides[s]
		sd.Ahead, sd.Refused, sd.Half = latest(sd.Ahead, was.Folded), nil, false
		state, out := t.Machine(&t.card, f).Inherit(state, s, arrived.Field(f))
		t.card.put(f, state)
		t.take(f, out)
	}
	t.inherit(arrived)
	if t.card.Deeds = nil; t.card.Block == nil {
		t.card.Block = arrived.Block
	}
	if t.card.Await == nil {
		t.card.Await = arrived.Await
	}
	t.log(Activity{Kind: DidPair, Side: s.String(), Text: fmt.Sprintf("%s was moved and is %s now", was.Issue.Key, side.Issue.Key)})
}

// inherit takes over the writes to an issue that were planned or sent while it had a card
// of its own.
func (t *turn) inherit(arrived Card) {
	for _, op := range arrived.Ops {
		op.Card, op.Version = t.card.ID, 0 // of another count: nobody has seen anything because of it
		if op.State.Open() && !op.State.Sent() {
			op.State, op.Closed = reconcile.Cancelled, t.now
		}
		t.card.Ops = append(t.card.Ops, op)
	}
}
