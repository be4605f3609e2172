package view

import (
	"slices"

	"parley/kanban"
	"parley/mapping"
	"parley/sync/engine"
	"parley/sync/reconcile"
)

// writes notes what would be written by one mapping and not by the other.
func (p *comparison) writes(before, after *engine.Card, was, is kanban.Card) {
	known := func(w PlanWrite, side kanban.Side) PlanWrite {
		return p.grant(is).planned(p.grant(was).planned(w, side), side)
	}
	for _, w := range owed(p.next.Rules, after, before, known) {
		p.out.Writes = append(p.out.Writes, w)
		p.count(w)
	}
	p.out.Dropped = append(p.out.Dropped, owed(p.old.Rules, before, after, known)...)
	rule, source, twin := p.next.Mirrorable(after)
	if _, _, had := p.old.Mirrorable(before); !twin || had {
		return
	}
	w := PlanWrite{Card: after.ID, Issue: after.Sides[source].Issue.Key, Kind: PlanCreate, To: rule.GitHub, Reason: "the rule of " + engine.RuleKey(rule) + " asks for a twin"}
	if source == kanban.GitHub {
		w.To = rule.Jira
	}
	w.Tracker = p.trackerOf(source.Other())
	if !p.grant(was).side(source.String()) || !p.grant(is).side(source.String()) {
		w.Issue = hidden
	}
	p.out.Writes = append(p.out.Writes, w)
	p.count(w)
}

// trackerOf names the tracker of a side; where there are several it is the first.
func (p *comparison) trackerOf(s kanban.Side) string {
	for _, t := range p.Trackers {
		if t.Kind == s.String() {
			return t.Name
		}
	}
	return s.String()
}

func (p *comparison) count(w PlanWrite) {
	p.out.Counts["total"]++
	p.out.Counts[w.Tracker]++
	switch set, _, _ := w.Field.Element(); {
	case w.Kind == PlanCreate:
		p.out.Counts["twin"]++
	default:
		p.out.Counts[string(set)]++
	}
}

// owed are the writes that one card plans and the other, which is the same one by other
// rules, does not; known takes off what the viewer may not know of one.
func owed(rules *mapping.Rules, c, other *engine.Card, known func(PlanWrite, kanban.Side) PlanWrite) []PlanWrite {
	var out []PlanWrite
	for _, op := range c.Ops {
		if !op.State.Open() || op.State.Sent() || c.Sides[op.Side] == nil || slices.ContainsFunc(other.Ops, func(o reconcile.Op) bool {
			return o.State.Open() && o.Side == op.Side && o.Field == op.Field && o.To == op.To
		}) {
			continue
		}
		out = append(out, known(PlanWrite{
			Card: c.ID, Tracker: op.Tracker, Issue: c.Sides[op.Side].Issue.Key, Field: op.Field, Kind: PlanField, Reason: op.Reason,
			From: rules.Describe(op.Side, op.Field, op.From), To: rules.Describe(op.Side, op.Field, op.To),
		}, op.Side))
	}
	return out
}
