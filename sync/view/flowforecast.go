package view

import (
	"fmt"
	"math"

	"parley/kanban/calendar"
	"parley/kanban/flow"
)

// FlowForecast is what can be promised, computed exactly from the days that are measured.
type FlowForecast struct {
	Refused string   `json:"refused,omitempty"`      // why nothing can be promised
	Learned int      `json:"learned_days,omitempty"` // days of the past that it is learned from: those measured since the first card, today among them
	By      string   `json:"by"`                     // the date asked for
	Days    int      `json:"days"`                   // until then
	Chances []Chance `json:"chances"`                // how many by then
	Sure    []Sure   `json:"sure"`                   // the same, by how sure one wants to be
	Items   int      `json:"items"`                  // cards asked for
	When    []When   `json:"when"`                   // by when they are finished
	Never   string   `json:"never,omitempty"`        // why that cannot be said
	Beyond  string   `json:"beyond,omitempty"`       // why the surer of these dates are missing
}

// Chance is how likely so many cards or more are finished.
type Chance struct {
	N       int     `json:"n"`
	Percent float64 `json:"percent"` // never more than 95
	Words   string  `json:"words"`   // never more than >95 %
}

// Sure is how many cards are finished with so many percent of certainty.
type Sure struct {
	Percent int `json:"percent"`
	N       int `json:"n"`
}

// When is the date by which cards are finished with so many percent of certainty.
type When struct {
	Percent int    `json:"percent"`
	Days    int    `json:"days"`
	Date    string `json:"date"`
}

// ahead is the forecast of days that are over: none.
func ahead() FlowForecast {
	return FlowForecast{Refused: "the days that are asked for are over, and a forecast is made of days up to today", Chances: []Chance{}, Sure: []Sure{}, When: []When{}}
}

// forecast says how many cards are finished by a date, and when so many are.
func (s *flowSet) forecast() FlowForecast {
	today := s.Clock.Today()
	by := today + 14
	out := FlowForecast{Items: s.query.Items, Chances: []Chance{}, Sure: []Sure{}, When: []When{}}
	if asked, err := calendar.Parse(s.query.By); err == nil && asked > today {
		by = min(asked, today+FlowAhead)
	}
	out.By, out.Days = by.String(), int(by-today)
	sample := s.sums.done[s.span.Since(s.first).From-s.span.From:]
	out.Learned = len(sample)
	if err := sample.Check(); err != nil {
		out.Refused = err.Error()
		return out
	}
	if work(sample, out.Days) > mostWork {
		out.Refused = fmt.Sprintf("so many cards are finished a day that %d days are too far to count exactly; ask for an earlier date", out.Days)
	} else {
		out.howMany(sample)
	}
	at := s.outlook(sample, out.Items)
	out.When, out.Never, out.Beyond = at.when, at.refused, at.beyond
	return out
}

// howMany fills in the chances: those that tell something, and the last sure one.
func (f *FlowForecast) howMany(sample flow.Sample) {
	for _, p := range flow.Percents() {
		f.Sure = append(f.Sure, Sure{Percent: p, N: sample.Sure(f.Days, p)})
	}
	for n, share := range sample.Odds(f.Days).AtLeast() {
		if n > 0 && share < 0.01 {
			break
		}
		if n > 0 {
			f.Chances = append(f.Chances, Chance{N: n, Percent: min(100*share, surest), Words: flow.Words(share)})
		}
	}
	for len(f.Chances) > 1 && f.Chances[1].Percent >= surest {
		f.Chances = f.Chances[1:]
	}
	if step := (len(f.Chances) + mostChances - 1) / mostChances; step > 1 {
		var some []Chance
		for n := 0; n < len(f.Chances); n += step {
			some = append(some, f.Chances[n])
		}
		f.Chances = some
	}
}

// surest is the highest chance in percent that is told: history repeats itself no more
// surely than that.
const surest = 95

// How much is counted and shown for a forecast.
const (
	mostChances = 16
	mostWork    = 4_000_000 // multiplications
)

// tooDear is why a date is not counted.
const tooDear = "there is too much left to count it exactly here"

// work is about how many multiplications it takes to look so many days ahead.
func work(sample flow.Sample, days int) int {
	kinds, most := kindsOf(sample)
	return days * days / 2 * max(most, 1) * kinds
}

// kindsOf is how many kinds of days there are, and the most of one day.
func kindsOf(sample flow.Sample) (kinds, most int) {
	seen := map[int]bool{}
	for _, n := range sample {
		seen[n] = true
		most = max(most, n)
	}
	return len(seen), most
}

// cost is how many multiplications it takes at most to say by when so many cards are
// finished.
func cost(sample flow.Sample, items int) int {
	kinds, _ := kindsOf(sample)
	return reach(sample, items) * items * kinds
}

// reach is a number of days within which 95 of 100 times so many cards are finished, or
// the horizon. By Cantelli's inequality n days do where the square of their mean beyond
// items is no less than 19 times their variance: a quadratic equation in the root of n.
func reach(sample flow.Sample, items int) int {
	mean, square := 0.0, 0.0
	for _, n := range sample {
		mean += float64(n) / float64(len(sample))
		square += float64(n) * float64(n) / float64(len(sample))
	}
	if mean == 0 {
		return flow.Horizon
	}
	s := math.Sqrt(19 * max(square-mean*mean, 0))
	x := (s + math.Sqrt(s*s+4*mean*float64(items))) / (2 * mean)
	return int(math.Ceil(min(x*x, flow.Horizon)))
}
