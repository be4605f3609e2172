package engine

import (
	"slices"
	"time"

	"parley/connectors"
	"parley/kanban"
	"parley/mapping"
	"parley/sync/reconcile"
)

// Request is the one thing to ask of a tracker next.
type Request struct {
	Kind  RequestKind
	Side  kanban.Side
	Ref   connectors.Ref
	Since int64  // Recount: entries after this one
	Op    string // the write it is for, "" for a read of its own
	Write connectors.Write
	From  string // Route: id of the present status
	To    string // Route: id of the status wanted
	Exits bool   // Read: a Route follows unless it tells otherwise

	Source connectors.Ref    // Create: the issue to make a twin of
	Search connectors.Search // LookUp
}

// RequestKind names a Request; each is one HTTP request.
type RequestKind string

// Kinds of Request.
const (
	Read    RequestKind = "read"    // → Observed
	Recount RequestKind = "recount" // → Recounted
	Route   RequestKind = "route"   // → Routed
	Send    RequestKind = "send"    // → Answered
	Create  RequestKind = "create"  // → Created; its source is read first, so two requests
	LookUp  RequestKind = "look-up" // → LookedUp
)

// Next is a card ready for its next request.
type Next struct {
	Step
	Ask  *Request  // nil: nothing to send now
	Wake time.Time // when there will be; zero: not before something happens
}

// Next decides what to send. A write is already recorded as sent in the card it
// returns, which must be stored before the request leaves.
func (e *Engine) Next(c Card, now time.Time) Next {
	t := e.turn(c, now)
	n := Next{}
	for _, s := range kanban.Sides {
		if n.Ask = t.needed(s, &n.Wake); n.Ask != nil {
			break
		}
	}
	for i := 0; n.Ask == nil && i < len(t.card.Ops); i++ {
		n.Ask = t.advance(&t.card.Ops[i], &n.Wake)
	}
	if n.Ask == nil {
		n.Ask = t.mirror(&n.Wake)
	}
	n.Step = t.done(c)
	if n.Ask != nil {
		n.Wake = time.Time{}
	}
	return n
}

// needed asks for the read that a side waits for.
func (t *turn) needed(s kanban.Side, wake *time.Time) *Request {
	side := t.card.Sides[s]
	if side == nil || side.Need == NeedNothing || t.resting(side, wake) {
		return nil
	}
	if side.Need == NeedHistory {
		return &Request{Kind: Recount, Side: s, Ref: side.Issue.Ref, Since: t.seq(s)}
	}
	return &Request{Kind: Read, Side: s, Ref: side.Issue.Ref}
}

// resting reports whether a side is left in peace after a failure.
func (t *turn) resting(side *Side, wake *time.Time) bool {
	if side.Problem == nil || !side.Problem.Until.After(t.now) || t.unborn(side.Problem.At) {
		return false
	}
	sooner(wake, side.Problem.Until)
	return true
}

// advance asks for the next request of one write.
func (t *turn) advance(op *reconcile.Op, wake *time.Time) *Request {
	if op.State == reconcile.Held && op.Hold == reconcile.HoldArchive {
		return t.unearth(op, wake)
	}
	if !op.State.Open() || op.State == reconcile.Held {
		if op.Hold == reconcile.HoldBrake && op.State == reconcile.Held {
			sooner(wake, op.NextAt)
		}
		return nil
	}
	side := t.card.Sides[op.Side]
	if side == nil || t.resting(side, wake) {
		return nil
	}
	if op.NextAt = t.dueAt(op.NextAt, mostBackoff); op.NextAt.After(t.now) {
		sooner(wake, op.NextAt)
		return nil
	}
	if t.Counting && waits(op) {
		sooner(wake, t.now)
		return nil
	}
	if other := t.card.Sides[op.Side.Other()]; other != nil && other.Lags > 0 && waits(op) && t.resting(other, wake) {
		return nil // what is to be carried may not be what stands there
	}
	if op.State == reconcile.Planned {
		if free := side.Pace.free(t.now); free.After(t.now) {
			sooner(wake, free)
			return nil
		}
	}
	switch {
	case op.State != reconcile.Planned && op.Via != "" && op.State == reconcile.Acked && side.Need == NeedNothing:
		return t.route(op, side) // a hop was taken; look for the next one at once
	case op.State != reconcile.Planned:
		return t.look(op, side)
	case op.Checked.IsZero() || t.now.Sub(op.Checked) > time.Minute || t.now.Before(op.Checked):
		op.Route = nil
		return t.look(op, side)
	case op.Route != nil:
		return t.sendHop(op)
	case op.Side == kanban.Jira && op.Field == kanban.FieldStatus:
		return t.route(op, side)
	default:
		return t.sendStep(op)
	}
}

// unearth looks now and then whether an archived issue is back that a write waits for.
func (t *turn) unearth(op *reconcile.Op, wake *time.Time) *Request {
	side := t.card.Sides[op.Side]
	switch {
	case side == nil || t.resting(side, wake):
		return nil
	case t.dueAt(op.NextAt, archiveFor).After(t.now):
		sooner(wake, op.NextAt)
		return nil
	}
	return t.look(op, side)
}

// waits reports whether a write was not begun yet and nobody has asked for it.
func waits(op *reconcile.Op) bool {
	return (op.State == reconcile.Planned || op.State == reconcile.Held) && op.Hops == 0 && !op.Asked && !op.Told && !op.Approved
}

// look asks how a write that was sent turned out.
func (t *turn) look(op *reconcile.Op, side *Side) *Request {
	return &Request{Kind: Read, Side: op.Side, Ref: side.Issue.Ref, Op: op.ID,
		Exits: op.State == reconcile.Planned && op.Side == kanban.Jira && op.Field == kanban.FieldStatus}
}

// route asks which transitions are offered from where the issue is now.
func (t *turn) route(op *reconcile.Op, side *Side) *Request {
	to, _ := t.Rules.JiraTarget(op.To)
	return &Request{Kind: Route, Side: op.Side, Ref: side.Issue.Ref, Op: op.ID, From: present(op, side), To: to}
}

// present is the status that an issue is in as far as its write has led it.
func present(op *reconcile.Op, side *Side) string {
	if op.Via != "" {
		return op.Via
	}
	return side.Issue.Status.ID
}

// sendStep sends the next single request of a write. Where the issue is said to show
// its target already, which its history does not, a read will tell who is right.
func (t *turn) sendStep(op *reconcile.Op) *Request {
	side := t.card.Sides[op.Side]
	steps := t.Rules.Steps(op.Side, op.Field, t.Rules.Native(side.Issue, op.Field), op.To)
	if len(steps) == 0 {
		op.Checked = time.Time{} // nothing was sent: it is no write of ours that is to be looked for
		op.Attempts++
		op.NextAt = t.now.Add(backoff(op.Attempts))
		return t.look(op, side)
	}
	var twin *connectors.Issue
	if other := t.card.Sides[op.Side.Other()]; other != nil {
		twin = &other.Issue
	}
	return t.send(op, mapping.Spelled(steps[0], side.Issue, twin))
}

// sendHop takes one transition.
func (t *turn) sendHop(op *reconcile.Op) *Request {
	hop := op.Route
	op.Trail = append(slices.Clip(op.Trail), present(op, t.card.Sides[op.Side]))
	op.Route, op.Via = nil, hop.To
	op.Led = append(slices.Clip(op.Led), hop.To)
	w := connectors.Write{Transition: hop.Transition}
	if hop.Last {
		op.Via = ""
	}
	if hop.Resolution != "" {
		w.Fields = map[string]string{"resolution": hop.Resolution}
	}
	return t.send(op, w)
}

// send records a write as sent and asks for its request.
func (t *turn) send(op *reconcile.Op, w connectors.Write) *Request {
	side := t.card.Sides[op.Side]
	op.State, op.SentAt, op.Epoch, op.Reads, op.Problem = reconcile.Sending, t.now, t.Epoch, side.Reads, ""
	op.Hops++
	side.spend(t.now)
	w.Issue, w.Op = side.Issue.Ref, op.ID
	return &Request{Kind: Send, Side: op.Side, Ref: side.Issue.Ref, Op: op.ID, Write: w}
}

func sooner(wake *time.Time, at time.Time) {
	if wake.IsZero() || at.Before(*wake) {
		*wake = at
	}
}
