package engine

import (
	"maps"
	"slices"

	"parley/connectors"
	"parley/kanban"
	"parley/sync/reconcile"
)

// widen sees to it that the card keeps what the rule of its pair carries beyond status
// and priority, and nothing else: texts, and every element that either issue shows.
func (t *turn) widen() {
	if !t.card.Paired() {
		t.card.More = nil
		return
	}
	for _, f := range slices.Sorted(maps.Keys(t.card.More)) {
		if !t.carried(f) || t.forgettable(f) {
			t.forget(f)
		}
	}
	for _, f := range kanban.Texts {
		if t.carried(f) {
			t.introduce(f)
		}
	}
	for _, s := range kanban.Sides {
		t.elements(t.card.Sides[s].Issue)
	}
}

// carried reports whether the rule of the card's pair names a field, or its set.
func (t *turn) carried(f kanban.Field) bool {
	return t.Policy(&t.card, f).Carry != reconcile.CarryOff
}

// elements introduces the elements of the carried sets that an issue shows.
func (t *turn) elements(i connectors.Issue) {
	for _, set := range kanban.Sets {
		if !t.carried(set) {
			continue
		}
		for _, f := range t.Rules.Elements(set, i) {
			t.introduce(f)
		}
	}
}

// introduce begins to keep a field: both sides meet over it as over a first contact.
// History that is still to be read is part of what a side shows.
func (t *turn) introduce(f kanban.Field) {
	if _, kept := t.card.More[f]; kept {
		return
	}
	var state reconcile.State
	for _, s := range kanban.Sides {
		side := t.card.Sides[s]
		if side == t.born { // it is told what its source says
			t.card.put(f, t.Machine(&t.card, f).Adopt(state, s, t.Rules.Native(side.Issue, f), side.Issue.Updated))
			state = t.card.Field(f)
			continue
		}
		met, out := t.Machine(&t.card, f).Meet(state, s, t.Rules.Native(side.Issue, f), t.seq(s), side.Issue.Updated)
		if state = met; side.Need != NeedNothing {
			state.Sides[s].Ahead = side.Issue.Updated
		}
		t.card.put(f, state)
		t.take(f, out)
	}
}

// keep begins to keep a field that somebody asks to be changed: an element that is on
// no side was forgotten, or never met.
func (t *turn) keep(f kanban.Field) {
	if t.card.Paired() && f != kanban.FieldStatus && f != kanban.FieldPriority {
		t.introduce(f)
	}
}

// touched introduces the elements that history entries are about to change. They are not
// shown yet, so that the sides agree on their absence and the change is an edit.
func (t *turn) touched(s kanban.Side, events []kanban.Event) {
	if !t.card.Paired() {
		return
	}
	tracker := t.card.Sides[s].Issue.Tracker
	for _, set := range kanban.Sets {
		if !t.carried(set) {
			continue
		}
		for _, e := range events {
			for _, f := range t.Rules.Touched(set, tracker, e.Changes) {
				t.introduce(f)
			}
		}
	}
}

// forgettable reports whether an element is on no side any more, everybody knows that,
// and no write of ours can still bring it back.
func (t *turn) forgettable(f kanban.Field) bool {
	if _, _, element := f.Element(); !element || t.card.Field(f).Agreed != kanban.Absent {
		return false
	}
	state, m := t.card.Field(f), t.Machine(&t.card, f)
	for _, s := range kanban.Sides {
		if !m.Shows(state, s) || state.Sides[s].Alone != nil || t.card.Sides[s].Need != NeedNothing {
			return false
		}
	}
	return !slices.ContainsFunc(t.card.Ops, func(op reconcile.Op) bool {
		return op.Field == f && (op.State.Open() || op.State == reconcile.Dead)
	})
}

// forget stops keeping a field. What was not sent of it is not sent any more.
func (t *turn) forget(f kanban.Field) {
	for i := range t.card.Ops {
		if op := &t.card.Ops[i]; op.Field == f && op.State.Open() && !op.State.Sent() {
			t.close(op, reconcile.Cancelled)
		}
	}
	delete(t.card.More, f)
}

// replace puts a newer picture in the place of a side's. What it shows and no history
// has told of yet is introduced by the picture before it: then it is an edit, and not a
// difference from of old.
func (t *turn) replace(s kanban.Side, newer connectors.Issue) {
	t.vacated(s, newer)
	if t.card.Paired() {
		t.elements(newer)
	}
	t.card.Sides[s].Issue = newer
}

// vacated lets assignees be tried again at Jira, which has room for one, once it changed.
func (t *turn) vacated(s kanban.Side, newer connectors.Issue) {
	if s != kanban.Jira || slices.Equal(newer.Assignees, t.card.Sides[s].Issue.Assignees) {
		return
	}
	for f, state := range t.card.More {
		if set, _, _ := f.Element(); set == kanban.FieldAssignees && state.Sides[s].Refused != nil {
			state.Sides[s].Refused = nil
			t.card.put(f, state)
		}
	}
}
