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
	if s == nil || !c.Paired() {
		return Step{}, Card{}, fmt.Errorf("resettle %s to %s: one must be paired, the other have one side", c.ID, arrived.ID)
	}
	t := e.turn(c, now)
	t.remap()
	t.moveTo(*s, e.Step(arrived, Resumed{}, now).Card)
	t.settle()
	return t.done(c), arrived, nil
}

// moveTo replaces a side. What the new issue shows is compared with what the old one
// held once it was read; its own history is part of that.
func (t *turn) moveTo(s kanban.Side, arrived Card) {
	for i := range t.card.Ops {
		switch op := &t.card.Ops[i]; {
		case op.Side != s || !op.State.Open():
		case op.State.Sent():
			t.close(op, reconcile.Dead)
		default:
			t.close(op, reconcile.Cancelled)
		}
	}
	was := t.card.Sides[s].Issue.Key
	side := *arrived.Sides[s]
	side.Need, side.Reads = NeedRead, t.card.Sides[s].Reads
	t.card.Sides[s] = &side
	for _, f := range t.card.Fields() {
		state := t.card.Field(f)
		sd := &state.Sides[s]
		sd.Seq, sd.Ahead, sd.Refused, sd.Half = arrived.Status.Sides[s].Seq, side.Issue.Updated, nil, false
		t.card.put(f, state)
	}
	t.log(Activity{Kind: DidPair, Side: s.String(), Text: fmt.Sprintf("%s was moved and is %s now", was, side.Issue.Key)})
}
