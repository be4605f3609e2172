package engine

import (
	"fmt"
	"slices"
	"time"

	"parley/connectors"
	"parley/kanban"
	"parley/sync/reconcile"
)

// How often a write is looked for, or tried again, before it is given up.
const (
	maxLooks    = 8
	maxAttempts = 8
	maxHops     = 5 // of one way through a workflow
)

// settle brings the journal in line with what the reconciler wants: it closes
// what is done or outdated and opens what is missing.
func (t *turn) settle() {
	for _, s := range kanban.Sides {
		if t.gone(s) {
			t.letGo(s)
		}
	}
	for i := range t.card.Ops {
		if op := &t.card.Ops[i]; op.State.Open() && op.State.Sent() {
			t.resolve(op)
		}
	}
	t.settleMirror()
	for _, f := range t.card.Fields() {
		m := t.Machine(&t.card, f)
		wants := m.Plan(t.card.Field(f))
		for _, s := range kanban.Sides {
			if !t.gone(s) {
				t.match(f, s, find(wants, s))
			}
		}
	}
}

func find(wants []reconcile.Want, s kanban.Side) *reconcile.Want {
	for i := range wants {
		if wants[i].Side == s {
			return &wants[i]
		}
	}
	return nil
}

// match brings the one open write of a field and side in line with what is wanted.
func (t *turn) match(f kanban.Field, s kanban.Side, want *reconcile.Want) {
	op, why := t.card.openOp(f, s), ""
	if want != nil {
		why = t.within(f, want)
	}
	switch {
	case op != nil && op.State.Sent():
		return // its outcome comes first
	case op != nil && want != nil && op.Follows(*want):
		t.gate(op)
		return
	case op != nil:
		t.close(op, reconcile.Cancelled)
	}
	if want == nil {
		return
	}
	if why != "" {
		t.refuse(f, s, why)
		return
	}
	if len(want.Targets) == 0 {
		t.refuse(f, s, fmt.Sprintf("%s has no %s that shows %s", placeName(s.String()), f, t.name(f, want.Value)))
		return
	}
	if why := t.barred(f, want); why != "" {
		t.refuse(f, s, why)
		return
	}
	t.open(f, want)
}

// container is where an issue lives. What is not known is taken to be public.
func (t *turn) container(i connectors.Issue) connectors.Container {
	if t.Container == nil {
		return connectors.Container{Key: i.Container, Public: true}
	}
	return t.Container(i.Tracker, i.Container)
}

// barred says why a value may not, or cannot, be written although the side could show it.
func (t *turn) barred(f kanban.Field, w *reconcile.Want) string {
	to := t.card.Sides[w.Side].Issue
	switch set, _, _ := f.Element(); {
	case f == kanban.FieldTitle || set == kanban.FieldLabels && w.Value == kanban.Present: // people's words
		if _, why := t.Rules.TextMayCross(t.card.Sides[w.Side.Other()].Issue, t.container(to), to); why != "" {
			return why
		}
	case set == kanban.FieldAssignees && w.Side == kanban.Jira && w.Value == kanban.Present && len(to.Assignees) > 0:
		return fmt.Sprintf("Jira has room for one assignee, and that is %s", person(to.Assignees[0]))
	}
	return ""
}

// open plans a new write. One that replaces a failed one waits as long as that
// one's attempts ask for.
func (t *turn) open(f kanban.Field, w *reconcile.Want) {
	side := t.card.Sides[w.Side]
	op := reconcile.Op{
		ID: t.NewID(), Card: t.card.ID, Field: f, Side: w.Side,
		Tracker: side.Issue.Tracker, Issue: side.Issue.ID,
		Value: w.Value, From: w.From, To: w.Targets[0], Version: w.Version,
		State: reconcile.Planned, Created: t.now, Reason: t.reason(f), Asked: t.asked(f),
	}
	if rule, ok := t.rule(&t.card); ok {
		op.Rule = RuleKey(rule)
	}
	op.Told = t.unaware(f, w.Side)
	if last := t.lastDead(f, w); last != nil {
		op.Lost = last.Lost + last.Looks + 1
		op.NextAt = t.now.Add(backoff(op.Lost))
		if op.Lost >= maxAttempts {
			t.refuse(f, w.Side, fmt.Sprintf("%s did not take %s after %d attempts", placeName(w.Side.String()), t.name(f, w.Value), op.Lost))
			return
		}
	}
	t.gate(&op)
	t.card.Ops = append(t.card.Ops, op)
}

// lastDead finds the write of the same version that this one replaces.
func (t *turn) lastDead(f kanban.Field, w *reconcile.Want) *reconcile.Op {
	for i := range slices.Backward(t.card.Ops) {
		op := &t.card.Ops[i]
		if op.Field == f && op.Side == w.Side && op.State == reconcile.Dead && op.Version == w.Version {
			return op
		}
	}
	return nil
}

// reason says in words which edit a write carries on.
func (t *turn) reason(f kanban.Field) string {
	support := t.card.Field(f).Support
	if len(support) == 0 {
		return fmt.Sprintf("the agreed %s", f)
	}
	e := support[len(support)-1]
	who := PersonName(t.Rules, e.Side, e.Actor)
	if who == "" {
		who = "somebody"
	}
	where := "in " + placeName(e.Side)
	if e.Side == reconcile.SideBoard {
		where = "on the board"
	}
	return fmt.Sprintf("%s set %s to %s %s", who, f, t.name(f, e.Value), where)
}

// resolve decides what became of a write that was sent, as far as what was read
// since then tells. Its own history entry would have closed it already.
func (t *turn) resolve(op *reconcile.Op) {
	side := t.card.Sides[op.Side]
	if side == nil {
		t.close(op, reconcile.Dead)
		return
	}
	if side.Need != NeedNothing || !side.Strong || side.Reads <= op.Reads {
		return // nothing was learned yet
	}
	native := t.card.Field(op.Field).Sides[op.Side].Native
	status, _ := t.Rules.JiraTarget(native)
	switch {
	case t.Machine(&t.card, op.Field).Reached(*op, native):
		t.confirm(op, native)
	case t.overtaken(side, op, native):
		t.surpass(side, op)
		t.correct(op.Side, []kanban.Field{op.Field})
	case op.Via != "" && status == op.Via: // one hop further on a path of several
		op.State, op.Via, op.Checked = reconcile.Planned, "", t.now
	case op.State == reconcile.Sending, op.State == reconcile.Uncertain:
		op.Problem = "the request had no effect"
		t.close(op, reconcile.Dead)
	case op.Looks >= maxLooks:
		op.Problem = "the tracker said yes and does not show it"
		t.close(op, reconcile.Dead)
	default: // said yes, does not show it yet
		op.Looks++
		op.Reads, op.NextAt = side.Reads, t.now.Add(backoff(op.Looks))
	}
}

// confirm closes a write whose target is there although no entry proves whose it is.
func (t *turn) confirm(op *reconcile.Op, native kanban.Native) {
	state, out := t.Machine(&t.card, op.Field).Correct(t.card.Field(op.Field), op.Side, native, t.now, []reconcile.Op{*op})
	t.card.put(op.Field, state)
	t.take(op.Field, out)
	t.close(op, reconcile.Finished)
}

func (t *turn) close(op *reconcile.Op, state reconcile.OpState) {
	op.State, op.Closed = state, t.now
	if state == reconcile.Finished {
		op.Problem = ""
	}
}

// refuse records that a side cannot be given the agreed value, and tells so once.
func (t *turn) refuse(f kanban.Field, s kanban.Side, reason string) {
	t.card.put(f, reconcile.Refuse(t.card.Field(f), s, reason, t.now))
	t.log(Activity{Kind: DidRefuse, Side: s.String(), Field: f, Text: reason})
	t.withdraw(f)
}

// withdraw takes back a change made on the board that no tracker would take, so
// that the card visibly returns to where the trackers have it.
func (t *turn) withdraw(f kanban.Field) {
	m := t.Machine(&t.card, f)
	state, out, ok := m.Withdraw(t.card.Field(f), t.now)
	if !ok {
		return
	}
	t.card.put(f, state)
	t.take(f, out)
}

// mostBackoff is the longest pause between two attempts.
const mostBackoff = time.Minute

// backoff is the pause before attempt n: 1, 2, 4, … seconds, mostBackoff at most.
func backoff(n int) time.Duration {
	if n > 6 {
		return mostBackoff
	}
	return time.Second << max(n-1, 0)
}

// within leaves of what would show a value what the issue's project can be given, and
// says why where that is nothing.
func (t *turn) within(f kanban.Field, w *reconcile.Want) (why string) {
	w.Targets, why = t.Rules.Within(t.card.Sides[w.Side].Issue, f, w.Targets)
	if why != "" {
		why = fmt.Sprintf("%s cannot become %s: %s. List one of these there, or add it to the scheme", FieldName(f), t.name(f, w.Value), why)
	}
	return why
}
