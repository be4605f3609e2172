package engine

import (
	"slices"

	"parley/kanban"
)

// The priorities that a card was given are told by the same rule as the columns that it
// went through. They are kept because contracts between units and IT go by when a priority
// was raised, and by whom.

func (s stage) ranking() kanban.Ranking {
	return kanban.Ranking{Priority: kanban.PriorityKey(s.value), At: s.at, By: s.by, Event: s.event}
}

// appendRank adds a priority unless the card has it already.
func appendRank(ranks []kanban.Ranking, r kanban.Ranking) []kanban.Ranking {
	if n := len(ranks); n > 0 && ranks[n-1].Priority == r.Priority {
		return ranks
	}
	return append(ranks, r)
}

// ranked are the priorities by the whole record of the card's issues. Where that does not
// lead to the one that is agreed on, the last one that is known is believed; where it tells
// nothing, what was seen stays.
func (t *turn) ranked(events []kanban.Event) []kanban.Ranking {
	var out []kanban.Ranking
	for _, s := range t.stages(kanban.FieldPriority, events, false) {
		out = append(out, s.ranking())
	}
	known, present := t.card.Ranks, kanban.PriorityKey(t.card.Priority.Agreed)
	n := len(out)
	switch {
	case n == 0:
		return known
	case present == "" || out[n-1].Priority == present:
		return out
	}
	last := kanban.Ranking{Priority: present, At: out[n-1].At}
	if n := len(known); n > 0 && known[n-1].Priority == present && known[n-1].At.After(last.At) {
		last = known[n-1]
	}
	return append(out, last)
}

// ranksOf are the priorities that an issue had before Parley knew it, by its own history.
func (t *turn) ranksOf(s kanban.Side, events []kanban.Event) []kanban.Ranking {
	m, issue := t.Machine(&t.card, kanban.FieldPriority), t.card.Sides[s].Issue
	words := t.words(m, s, events)
	if m.Weak[s] { // what stands there is no part of the history
		native := t.Rules.Native(issue, kanban.FieldPriority)
		words = []word{{at: t.Rules.SetAt(issue, kanban.FieldPriority, ""), side: s, native: native}}
	}
	var out []kanban.Ranking
	for _, w := range words {
		if value, opinion := m.Lens.Back(s, kanban.FieldPriority, w.native, ""); opinion == kanban.Says {
			out = appendRank(out, stage{value, w.at, w.by, w.event}.ranking())
		}
	}
	return out
}

// rankTogether makes one row of the priorities of two cards that became one, of which own
// are those that this one had before they met: until then those of the issue in Jira, where
// it had any.
func (t *turn) rankTogether(b Card, s kanban.Side, own []kanban.Ranking) {
	met := t.card.Ranks[min(len(own), len(t.card.Ranks)):]
	before := own
	if len(own) == 0 || s == kanban.Jira && len(b.Ranks) > 0 && !t.card.made() {
		before = b.Ranks
	}
	out := slices.Clone(before)
	for _, r := range met {
		out = appendRank(out, r)
	}
	t.card.Ranks = kanban.Bounded(out, kanban.MaxRanks)
}

// firstRank is the priority that an issue had before the first of the events. An issue in
// GitHub is created without labels: those it is given at once have events of their own.
func firstRank(s kanban.Side, now kanban.Native, events []kanban.Event) kanban.Native {
	for _, e := range events {
		for _, c := range e.Changes {
			switch {
			case c.Field == kanban.ChangePriority:
				return kanban.Native(c.From)
			case s == kanban.GitHub && c.Field == kanban.ChangeLabel:
				return ""
			}
		}
	}
	return now
}
