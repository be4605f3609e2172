package view

import (
	"testing"

	"parley/kanban"
	"parley/kanban/flow"
)

// TestUrgencyIsHeldAgainstTheContract has eight open cards of the first, second and third
// rank, which came within four weeks: two a week.
func TestUrgencyIsHeldAgainstTheContract(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		priorities, slots int // of the scale, and of the contract
		query             FlowQuery
		top               int
		bound, agreed     float64
		high              bool
	}{
		"no contract, more than half":      {4, 0, FlowQuery{Days: 28}, 5, 0.5, 0, true},
		"no contract, on a scale of two":   {2, 0, FlowQuery{Days: 28}, 2, 0.5, 0, false},
		"no contract, on a scale of three": {3, 0, FlowQuery{Days: 28}, 5, 0.5, 0, true},
		"of two requests one has a slot":   {4, 1, FlowQuery{Days: 28}, 5, 1, 0.5, false},
		"as many slots as requests":        {4, 9, FlowQuery{Days: 28}, 5, 1, 1, false},
		"some of the unit's cards":         {4, 1, FlowQuery{Days: 28, Class: "standard"}, 5, 0.5, 0, true},
	} {
		m := newMade()
		l := m.Layout
		for n := range c.priorities {
			l.Priorities = append(l.Priorities, kanban.Priority{Rank: n + 1})
		}
		m.Layout, m.Slots = l, map[kanban.UnitKey]int{"u": c.slots}
		for n, rank := range []int{1, 1, 2, 2, 2, 3, 3, 3} {
			m.add(flow.Traits{Unit: "u", Class: "standard", Rank: rank}, 27-3*n, -1)
		}
		w := NewWorkload(m.FlowCards, c.query)
		u := w.Inflation[0]
		if u.Top.N != c.top || u.Bound != c.bound || u.Agreed != c.agreed || u.High != c.high {
			t.Errorf("%s: %+v", name, u)
		}
		if cards := CardsBehind(m.FlowCards, c.query, FlowList{List: ListUrgent, Unit: "u"}); len(cards) != c.top {
			t.Errorf("%s: %d cards behind %d", name, len(cards), c.top)
		}
	}
	var few Urgency
	few.Share = 0.3
	if few.bounded(1, 10); !few.High || few.Bound != 0.2 {
		t.Errorf("three of ten are urgent, and one of ten requests has a slot: %+v", few)
	}
}
