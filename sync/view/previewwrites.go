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
	hides := func(f kanban.Field) bool { return p.grant(was).hides(f) || p.grant(is).hides(f) }
	for _, w := range owed(p.next.Rules, after, before, hides) {
		p.out.Writes = append(p.out.Writes, w)
		p.count(w)
	}
	p.out.Dropped = append(p.out.Dropped, owed(p.old.Rules, before, after, hides)...)
	rule, source, twin := p.next.Mirrorable(after)
	if _, _, had := p.old.Mirrorable(before); !twin || had {
		return
	}
	w := PlanWrite{Card: after.ID, Issue: after.Sides[source].Issue.Key, Kind: PlanCreate, To: rule.GitHub, Reason: "the rule of " + engine.RuleKey(rule) + " asks for a twin"}
	if source == kanban.GitHub {
		w.To = rule.Jira
	}
	w.Tracker = p.trackerOf(source.Other())
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
// rules, does not.
func owed(rules *mapping.Rules, c, other *engine.Card, hides func(kanban.Field) bool) []PlanWrite {
	var out []PlanWrite
	for _, op := range c.Ops {
		if !op.State.Open() || op.State.Sent() || c.Sides[op.Side] == nil || slices.ContainsFunc(other.Ops, func(o reconcile.Op) bool {
			return o.State.Open() && o.Side == op.Side && o.Field == op.Field && o.To == op.To
		}) {
			continue
		}
		w := PlanWrite{
			Card: c.ID, Tracker: op.Tracker, Issue: c.Sides[op.Side].Issue.Key, Field: op.Field, Kind: PlanField, Reason: op.Reason,
			From: rules.Describe(op.Side, op.Field, op.From), To: rules.Describe(op.Side, op.Field, op.To),
		}
		if hides(op.Field) {
			w.Field, w.From, w.To, w.Reason = hiddenField(op.Field), hidden, hidden, hidden
		}
		out = append(out, w)
	}
	return out
}
