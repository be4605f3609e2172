package engine

import (
	"fmt"
	"time"

	"parley/kanban"
	"parley/sync/reconcile"
)

// Pair makes one card of two one-sided ones. The card of the issue that was
// created first lives on, so that the same pair has the same id after a lost
// store; the other one's id stays an alias of it. Of a twin that Parley has made the
// source came first, whatever the trackers' clocks say.
func (e *Engine) Pair(a, b Card, p Pairing, now time.Time) (keep Step, gone Card, err error) {
	side, other := a.only(), b.only()
	if side == nil || other == nil || *side == *other {
		return Step{}, Card{}, fmt.Errorf("pair %s and %s: each must have exactly one side, of different trackers", a.ID, b.ID)
	}
	_, made := b.source()
	if elder := older(b.Sides[*other], a.Sides[*side], *other); p.How == HowMirror && made || p.How != HowMirror && elder {
		a, b, other = b, a, side
	}
	t := e.turn(a, now)
	t.remap()
	t.join(e.Step(b, Resumed{}, now).Card, *other, p) // by the same rules as a
	t.settle()
	return t.done(a), b, nil
}

// only gives the side of a one-sided card.
func (c *Card) only() *kanban.Side {
	if c.Paired() {
		return nil
	}
	for _, s := range kanban.Sides {
		if c.Sides[s] != nil {
			return &s
		}
	}
	return nil
}

// older decides which issue came first; of two of the same second it is Jira's.
func older(a, b *Side, aside kanban.Side) bool {
	if !a.Issue.Created.Equal(b.Issue.Created) {
		return a.Issue.Created.Before(b.Issue.Created)
	}
	return aside == kanban.Jira
}

// join brings the other card's side over and lets the two meet.
func (t *turn) join(b Card, s kanban.Side, p Pairing) {
	side := *b.Sides[s]
	t.card.Sides[s] = &side
	t.card.Pairing, t.card.Clash, t.card.Deeds = &p, "", nil
	if t.card.Block == nil {
		t.card.Block = b.Block
	}
	if t.card.Await == nil {
		t.card.Await = b.Await
	}
	if t.card.Sorted == nil {
		t.card.Sorted = b.Sorted
	}
	if m := t.card.Mirror; b.Mirror != nil && (m == nil || b.Mirror.State.Unresolved() && !m.State.Unresolved()) {
		t.card.Mirror = b.Mirror // what it may have made is still looked for
	}
	for _, op := range b.Ops {
		op.Card, op.Version = t.card.ID, 0 // of another count: nobody has seen anything because of it
		if op.State == reconcile.Planned || op.State == reconcile.Held {
			op.State, op.Closed = reconcile.Cancelled, t.now
		}
		t.card.Ops = append(t.card.Ops, op)
	}
	own, ranks := t.card.Steps, t.card.Ranks
	if p.How == HowMirror && t.card.made() {
		t.adopt(s)
	} else {
		t.marry(b, s)
	}
	t.together(b, s, own)
	t.rankTogether(b, s, ranks)
	t.profileTogether(b, s)
	t.widen()
	t.log(Activity{Kind: DidPair, Actor: p.By, Text: fmt.Sprintf("%s and %s are one card (%s)",
		t.card.Sides[kanban.Jira].Issue.Key, t.card.Sides[kanban.GitHub].Issue.Key, p.How)})
}

// marry brings the other card's side in. Where that card still owes its tracker a change
// from the board, the change is what meets this card.
func (t *turn) marry(b Card, s kanban.Side) {
	issue := t.card.Sides[s].Issue
	for _, f := range t.card.Fields() {
		m, theirs := t.Machine(&t.card, f), b.Field(f)
		var state reconcile.State
		var out []reconcile.Outcome
		if find(t.Machine(&b, f).Plan(theirs), s) != nil {
			state, out = m.Marry(t.card.Field(f), s, theirs)
		} else {
			state, out = m.Meet(t.card.Field(f), s, t.held(&b, f, s), b.Status.Sides[s].Seq, issue.Updated)
		}
		t.card.put(f, state)
		t.take(f, out)
	}
}

// adopt brings a side in whose issue Parley has created: it is told what was agreed. Its
// history is read from its beginning, for people may have been quick.
func (t *turn) adopt(s kanban.Side) {
	side := t.card.Sides[s]
	side.Strong = false
	side.skipped()
	t.born = side
	for _, f := range t.card.Fields() {
		t.card.put(f, t.Machine(&t.card, f).Adopt(t.card.Field(f), s, t.Rules.Native(side.Issue, f), side.Issue.Updated))
	}
}

// Part takes a card apart again: the issue created first keeps the card, the other
// one gets its own back.
func (e *Engine) Part(c Card, by string, now time.Time) (keep, own Step, err error) {
	if !c.Paired() {
		return Step{}, Step{}, fmt.Errorf("part %s: the card has one side only", c.ID)
	}
	leaves := kanban.GitHub
	if older(c.Sides[kanban.GitHub], c.Sides[kanban.Jira], kanban.GitHub) {
		leaves = kanban.Jira
	}
	stays := leaves.Other()
	issue := c.Sides[leaves].Issue
	lone := e.turn(Card{ID: kanban.NewCardID(issue.Tracker, issue.ID)}, now)
	lone.restart(c, leaves)
	t := e.turn(c, now)
	t.card.Sides[leaves], t.card.Pairing = nil, nil
	t.card.Ops, t.card.Deeds = nil, nil
	if from, ok := c.source(); ok && from == leaves { // it has had its twin
		lone.card.Mirror, t.card.Mirror = c.Mirror, nil
	}
	t.restart(c, stays)
	t.log(Activity{Kind: DidPart, Actor: by, Text: fmt.Sprintf("%s and %s are two cards again", c.Sides[stays].Issue.Key, issue.Key)})
	return t.done(c), lone.done(Card{}), nil
}

// restart begins a one-sided card from what a paired one knew of that side.
func (t *turn) restart(from Card, s kanban.Side) {
	// Versions are counted on, for writes of the old count may still be seen.
	t.card.Status = reconcile.State{Version: from.Status.Version}
	t.card.Priority = reconcile.State{Version: from.Priority.Version}
	t.card.More = nil
	side := *from.Sides[s]
	t.card.Sides[s] = &side
	t.card.Steps, t.card.Ranks, t.card.Blocks, t.card.Touched, t.card.Sorted = from.Steps, from.Ranks, from.Blocks, from.Touched, from.Sorted
	t.card.Profiles = from.Profiles
	for _, op := range from.Ops {
		if op.Side != s {
			continue
		}
		op.Card = t.card.ID
		if op.State.Open() && !op.State.Sent() {
			op.State, op.Closed = reconcile.Cancelled, t.now
		}
		t.card.Ops = append(t.card.Ops, op)
	}
	t.acquaint(&from, s, from.Status.Sides[s].Seq)
}
