package view

import (
	"testing"

	"parley/kanban/flow"
)

func TestOnlyWholeWeeksCountAsOverload(t *testing.T) {
	t.Parallel()
	week := func(net int, whole bool) Week { return Week{Net: net, Whole: whole} }
	for name, c := range map[string]struct {
		weeks []Week
		want  int
	}{
		"nothing":                       {nil, 0},
		"a Monday morning":              {[]Week{week(0, true), week(1, true), week(1, true), week(1, false)}, 2},
		"this week less is begun":       {[]Week{week(0, true), week(1, true), week(1, true), week(-4, false)}, 2},
		"a week that is over":           {[]Week{week(1, true), week(1, true), week(1, true)}, 3},
		"one was even":                  {[]Week{week(1, true), week(0, true), week(1, true), week(1, false)}, 1},
		"the first week is a part":      {[]Week{week(1, false), week(1, true), week(1, true), week(1, false)}, 2},
		"only the week that is running": {[]Week{week(9, false)}, 0},
	} {
		if got := overload(c.weeks); got != c.want {
			t.Errorf("%s: %d", name, got)
		}
	}
}

// TestAMondayMorningIsNoThirdWeek begins a card in each of two weeks, and one this morning.
func TestAMondayMorningIsNoThirdWeek(t *testing.T) {
	t.Parallel()
	m := newMade()
	m.Clock.Now = m.Clock.Now.AddDate(0, 0, 3) // Monday, 23 November
	for _, days := range []int{0, 6, 13} {
		m.add(flow.Traits{}, days, -1)
	}
	p := NewFlowPicture(m.FlowCards, FlowQuery{})
	if last := p.Weeks[len(p.Weeks)-1]; p.Overload != 2 || last.Net != 1 || last.Whole {
		t.Errorf("%d weeks, and the last one is %+v", p.Overload, last)
	}
}
