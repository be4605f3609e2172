package view

import (
	"math"
	"slices"
	"testing"

	"parley/kanban/flow"
)

// d1 is the reference history of 2 to 20 November: seven cards done on these days ago, the
// first card known 18 days ago.
func d1() *made {
	m := newMade()
	for _, done := range []int{16, 15, 10, 8, 7, 1, 0} {
		m.add(flow.Traits{Unit: "risk"}, 18, done)
	}
	return m
}

// TestDaysWithoutABoardAreNotDaysWithoutAFinish forecasts the reference history, whatever
// longer time is asked for.
func TestDaysWithoutABoardAreNotDaysWithoutAFinish(t *testing.T) {
	t.Parallel()
	for _, days := range []int{19, FlowDays, FlowDaysMost} {
		p := NewFlowPicture(d1().FlowCards, FlowQuery{Days: days, Items: 5})
		var sure, when []int
		for _, x := range p.Forecast.Sure {
			sure = append(sure, x.N)
		}
		for _, x := range p.Forecast.When {
			when = append(when, x.Days)
		}
		if !slices.Equal(sure, []int{5, 4, 3, 2}) || !slices.Equal(when, []int{13, 15, 18, 23}) || p.Forecast.Learned != 19 || p.Recorded != 19 || p.Forecast.Days != 14 {
			t.Errorf("of %d days: %v and %v, learned from %d, recorded %d", days, sure, when, p.Forecast.Learned, p.Recorded)
		}
		if n := slices.IndexFunc(p.Forecast.Chances, func(c Chance) bool { return c.N == 5 }); n < 0 || math.Abs(p.Forecast.Chances[n].Percent-63.32) > 0.005 {
			t.Errorf("of %d days: %+v", days, p.Forecast.Chances)
		}
	}
	old := d1()
	old.add(flow.Traits{}, 60, -1)
	if p := NewFlowPicture(old.FlowCards, FlowQuery{}); p.Forecast.Learned != 61 || p.Forecast.Sure[0].N >= 5 {
		t.Errorf("with a card of 60 days ago: %+v", p.Forecast)
	}
}

// TestAYoungEpicIsForecastWithItsOwnDays is one that was begun 20 days ago, of which a card
// was done every second day, on a board that is much older.
func TestAYoungEpicIsForecastWithItsOwnDays(t *testing.T) {
	t.Parallel()
	m := newMade()
	m.add(flow.Traits{}, 300, -1)
	for n := range 15 {
		done := 2 * n
		if n >= 10 {
			done = -1
		}
		m.add(flow.Traits{Group: "E", Due: "2026-12-15"}, 19, done)
	}
	young := m.project(t, FlowQuery{})
	if young.Learned != 20 || young.Late || !young.InTime || young.When[2].Percent != 85 || young.When[2].Date > "2026-12-05" {
		t.Errorf("%+v", young)
	}
}

// TestRatesAreOfTheDaysThatThereWere is a unit whose first card came 20 days ago, and one
// that has one of today.
func TestRatesAreOfTheDaysThatThereWere(t *testing.T) {
	t.Parallel()
	m := newMade()
	for n := range 20 {
		m.add(flow.Traits{Unit: "old"}, 19, n/2)
	}
	m.add(flow.Traits{Unit: "new"}, 0, -1)
	m.add(flow.Traits{Unit: "old"}, 19, -1)
	d := NewWorkload(m.FlowCards, FlowQuery{}).Drains
	if d[0].Unit != "new" || d[0].Days != 7 || d[0].Arrivals != 1 || d[1].Days != 20 || math.Abs(d[1].Done-7) > 1e-9 || d[1].Left.N != 20 {
		t.Errorf("%+v", d)
	}
	if p := NewFlowPicture(m.FlowCards, FlowQuery{Days: 10}); p.Recorded != 10 {
		t.Errorf("of ten days %d are recorded", p.Recorded)
	}
}
