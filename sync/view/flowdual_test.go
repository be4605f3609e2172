package view

import (
	"testing"

	"pgregory.net/rapid"

	"parley/kanban/calendar"
	"parley/kanban/flow"
)

// TestBothForecastsOfThePageAreOne holds by when so many cards are finished against how many
// are finished by then: that cards are done by a day is that so many of them, or more, are
// done by that day, and it is the first such day. An epic's dates are the same of its cards.
func TestBothForecastsOfThePageAreOne(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := newMade()
		for _, done := range append([]int{0, 3, 6, 9, 12, 15}, rapid.SliceOfN(rapid.IntRange(0, 29), 2, 34).Draw(t, "done")...) {
			m.add(flow.Traits{Group: "E"}, 30, done)
		}
		open := rapid.IntRange(1, 25).Draw(t, "open")
		for range open {
			m.add(flow.Traits{Group: "E"}, 30, -1)
		}
		q := FlowQuery{Days: 60, Items: open}
		p := NewFlowPicture(m.FlowCards, q)
		if p.Forecast.Refused != "" || len(p.Projects) != 1 || len(p.Forecast.When) != len(p.Projects[0].When) {
			t.Fatalf("%+v\n%+v", p.Forecast, p.Projects)
		}
		for n, w := range p.Forecast.When {
			if w != p.Projects[0].When[n] {
				t.Fatalf("%+v of the cards, %+v of the epic that they are", w, p.Projects[0].When[n])
			}
			today := m.Clock.Today()
			for _, days := range []int{w.Days, w.Days - 1} {
				if days < 1 || days > FlowAhead {
					continue
				}
				q.By = (today + calendar.Day(days)).String()
				f := NewFlowPicture(m.FlowCards, q).Forecast
				if f.Days != days || f.Refused != "" {
					t.Fatalf("%+v of %d days", f, days)
				}
				for _, s := range f.Sure {
					if s.Percent == w.Percent && (s.N >= open) != (days == w.Days) {
						t.Fatalf("%d cards are done with %d %% in %d days, and in %d days %d of them", open, w.Percent, w.Days, days, s.N)
					}
				}
				if percent, told := chanceOf(f, open); told && percent < surest && (percent >= float64(w.Percent)) != (days == w.Days) {
					t.Fatalf("%d cards are done with %d %% in %d days, and the chance of %d days is %v", open, w.Percent, w.Days, days, percent)
				}
			}
		}
	})
}

// chanceOf is the chance in percent that so many cards are done, where it is told.
func chanceOf(f FlowForecast, n int) (percent float64, told bool) {
	for _, c := range f.Chances {
		if c.N == n {
			return c.Percent, true
		}
	}
	return 0, false
}
