package view

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"parley/kanban/flow"
)

// TestPartsOfTheCardsAreEnough holds what is counted of some cards, because the others add
// nothing to it, against the same of all of them.
func TestPartsOfTheCardsAreEnough(t *testing.T) {
	t.Parallel()
	for seed, days := range []int{7, 30, 90} {
		s := newFlowSet(crowd(500, 200, uint64(seed)), FlowQuery{Days: days})
		var unplanned []flow.Item
		for _, i := range s.items {
			if i.Unplanned {
				unplanned = append(unplanned, i)
			}
		}
		c, span := s.Clock, s.span
		wip := func(items []flow.Item) any { cards, age := flow.WIP(items, c); return []any{len(cards), age} }
		bills := func(items []flow.Item) any {
			b := flow.NewBills(items, s.Board, c, s.Calendar, span)
			return []any{b.Fires, b.Held}
		}
		for name, x := range map[string]struct {
			part, whole []flow.Item
			of          func([]flow.Item) any
		}{
			"weeks":       {s.recent, s.items, func(i []flow.Item) any { return flow.Weekly(i, c, span) }},
			"days":        {s.recent, s.items, func(i []flow.Item) any { return flow.PerDay(i, c, span) }},
			"fires' days": {s.pick(isRecent|isUnplanned, 0), unplanned, func(i []flow.Item) any { return flow.PerDay(i, c, span) }},
			"blocks":      {s.recent, s.items, func(i []flow.Item) any { return flow.Hindrances(i, c, span) }},
			"clusters":    {s.costly, s.items, func(i []flow.Item) any { return flow.Clusters(i, c, span) }},
			"bills":       {s.recent, s.items, bills},
			"work":        {s.ongoing, s.items, wip},
			"untouched":   {s.ongoing, s.items, func(i []flow.Item) any { return len(flow.Untouched(i, s.Board, c, 10)) }},
			"urgent":      {s.ongoing, s.items, func(i []flow.Item) any { return flow.Inflations(i, s.Board, s.urgent()) }},
			"finished":    {s.pick(isFinished, 0), s.items, func(i []flow.Item) any { return flow.Finished(i, c, span) }},
			"throughput":  {s.pick(isFinished, 0), s.items, func(i []flow.Item) any { return flow.Throughput(i, c, span) }},
			"shares":      {s.pick(isFinished, 0), s.items, func(i []flow.Item) any { return flow.Unplanned(i, c, span) }},
			"efficiency":  {s.pick(isFinished, 0), s.items, func(i []flow.Item) any { return flow.Efficient(i, c, span) }},
		} {
			if len(x.part) == 0 || len(x.part) == len(x.whole) {
				t.Errorf("%s: %d of %d cards show nothing", name, len(x.part), len(x.whole))
			}
			if diff := cmp.Diff(x.of(x.whole), x.of(x.part), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s over %d days: %s", name, days, diff)
			}
		}
	}
}
