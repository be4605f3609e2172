package view

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"parley/kanban"
	"parley/kanban/flow"
)

// FlowPicture is how work flows: how long it takes, where it waits, how much goes in and
// comes out, and what can be promised of it.
type FlowPicture struct {
	Seq   int64     `json:"seq"` // data sequence that it was taken at
	At    time.Time `json:"at"`
	From  string    `json:"from"` // first day that is measured
	To    string    `json:"to"`   // last one: today
	Query FlowQuery `json:"query"`
	// Recorded is how many of the days are since the first card, and a week at least: what is
	// told per week is of these.
	Recorded int `json:"recorded_days"`
	Known    int `json:"known"` // cards of which anything is known, before the query

	// Reading says that the trackers are still being read for the first time: cards may be
	// missing, and one that both have may count twice.
	Reading bool `json:"reading"`

	Finished  Amount    `json:"finished"`
	Unplanned Amount    `json:"unplanned"` // of the finished
	Cycle     Spread    `json:"cycle"`     // days from start to finish
	Lead      Spread    `json:"lead"`      // days from the commitment to the finish
	Customer  Spread    `json:"customer"`  // days from the request to the finish
	Promise   Promise   `json:"promise"`
	Work      Amount    `json:"work"` // under way
	WorkDays  int       `json:"work_days"`
	Oldest    int       `json:"oldest_days"`
	Overload  int       `json:"overload_weeks"` // whole weeks running, up to the one that is not over, in which more was begun than ended
	Weeks     []Week    `json:"weeks"`
	Dots      []TimeDot `json:"dots"`

	Cumulative []CumulativeLine `json:"cumulative"`
	Aging      []AgingColumn    `json:"aging"`
	Efficiency FlowEfficiency   `json:"efficiency"`
	Courts     FlowCourts       `json:"courts"`
	Blocked    []FlowBlock      `json:"blocked"`
	Types      []TypeShare      `json:"types"`
	Forecast   FlowForecast     `json:"forecast"`
	Projects   []FlowProject    `json:"projects"`
	Clusters   []FlowCluster    `json:"clusters"`
	Solved     []SolvedProblem  `json:"solved"`

	Choices FlowChoices `json:"-"`
}

// FlowChoices is what a query can be about.
type FlowChoices struct {
	Units          []Named
	Types, Classes []string
}

// SpreadLeast is how many cards are needed before it is said how long they take: of fewer
// the numbers would tell of single cards.
const SpreadLeast = 5

// Spread is how long cards took: so many of a hundred no longer than so many days.
type Spread struct {
	N     int    `json:"n"`
	Known bool   `json:"known"` // there are at least SpreadLeast cards
	P50   int    `json:"p50"`
	P70   int    `json:"p70"`
	P85   int    `json:"p85"`
	P95   int    `json:"p95"`
	Cards string `json:"cards"`
}

func spreadOf(days []int) Spread {
	out := Spread{N: len(days), Known: len(days) >= SpreadLeast, Cards: FlowList{List: ListFinished}.String()}
	if out.Known {
		l := flow.LinesOf(days)
		out.P50, out.P70, out.P85, out.P95 = l[50], l[70], l[85], l[95]
	}
	return out
}

// Promise is a service level expectation: 85 of a hundred cards in so many days or less.
// It comes from the time before the days that are measured, so that it can be missed.
type Promise struct {
	Days    int     `json:"days"`
	Of      int     `json:"of"`      // cards that it was made of
	Met     float64 `json:"met"`     // share of the cards finished within the days, 0 to 1
	N       int     `json:"n"`       // those cards
	Refused string  `json:"refused"` // why there is none, ""
}

// What a promise is made of.
const (
	promiseOf    = 20 // cards that were finished before
	promiseLeast = 5  // cards that it is held against
)

// Week is what came and went in one week.
type Week struct {
	Monday    string `json:"monday"`
	Finished  Amount `json:"finished"`
	Fires     Amount `json:"unplanned_finished"` // of them
	Started   Amount `json:"started"`            // times that work on a card was begun
	Ended     Amount `json:"ended"`              // done or given up
	Returned  Amount `json:"returned"`
	Unplanned Amount `json:"unplanned_started"`
	Net       int    `json:"net"`   // what it added to the work under way
	Whole     bool   `json:"whole"` // all of its days are measured
	// Days under way of all cards in the week, and of the unplanned ones.
	Days          int `json:"card_days"`
	UnplannedDays int `json:"unplanned_card_days"`
}

// ByTime is the share that unplanned work had of the week's time, 0 to 1.
func (w Week) ByTime() float64 {
	if w.Days == 0 {
		return 0
	}
	return float64(w.UnplannedDays) / float64(w.Days)
}

// TimeDot is one finished card.
type TimeDot struct {
	CardName
	Day     string `json:"finished"`
	Days    int    `json:"days"`
	Planned bool   `json:"planned"`
}

// CumulativeLine is how many cards had come as far as a column by the end of each day. The
// last line is of those that left the work without delivery, which the others count too:
// the space between two lines is what stands in the upper one's column.
type CumulativeLine struct {
	Column   kanban.ColumnKey `json:"column"` // "" of the last line
	Name     string           `json:"name"`
	Category kanban.Category  `json:"category"`
	Turn     kanban.Party     `json:"turn,omitempty"`
	Before   int              `json:"before"` // by the end of the day before the first
	Cards    []int            `json:"cards"`
}

// TypeShare is what part of the finished cards was of one work type.
type TypeShare struct {
	Type     string  `json:"type"` // "" for none
	Finished Amount  `json:"finished"`
	Work     Amount  `json:"work"`
	Share    float64 `json:"share"` // of the finished, 0 to 1
}

// NewFlowPicture computes how the cards of a query flow.
func NewFlowPicture(in FlowCards, q FlowQuery) FlowPicture {
	p, _ := flowPictureAfter(in, q, nil)
	return p
}

// flowPictureAfter is the same, from what was kept of the picture before; it gives what is
// to be kept of this one.
func flowPictureAfter(in FlowCards, q FlowQuery, before *kept) (FlowPicture, *kept) {
	s, now := newPictured(in, q, false, before)
	p := FlowPicture{At: in.Clock.Now, From: s.span.From.String(), To: s.span.To.String(), Query: s.query, Recorded: s.span.Recorded(s.first).Len(), Known: len(in.Items)}
	p.Choices = now.choices(in.Units)
	atOnce(
		func() { s.times(&p, now.dots) },
		func() { s.work(&p) },
		func() { p.Weeks = s.weeks(); p.Overload = overload(p.Weeks) },
		func() { p.Cumulative = s.cumulative() },
		func() {
			p.Efficiency, p.Courts, p.Blocked, p.Types = s.efficiency(), s.courts(), s.blocked(), s.types()
		},
		func() {
			if p.Forecast, p.Projects = ahead(), []FlowProject{}; q.To == "" {
				p.Forecast, p.Projects = s.forecast(), s.projects()
			}
		},
		func() { p.Clusters, p.Solved = s.clusters(), s.solved() },
	)
	return p, now
}

// work tells of what is under way.
func (s *flowSet) work(p *FlowPicture) {
	work, days := flow.WIP(s.ongoing, s.Clock)
	p.Work, p.WorkDays = amount(len(work), FlowList{List: ListWork}), days
	for n := range work {
		p.Oldest = max(p.Oldest, s.age(&work[n]))
	}
	p.Aging = s.aging(work)
}

// times takes how long the finished cards took. Dots are those of the cards at rest.
func (s *flowSet) times(p *FlowPicture, dots []TimeDot) {
	p.Finished, p.Unplanned = amount(s.sums.shares.ItemsAll, FlowList{List: ListFinished}), amount(s.sums.shares.Items, FlowList{List: ListFinished, Plan: "no"})
	p.Cycle, p.Lead, p.Customer = spreadOf(s.cycles), spreadOf(sampleOf(s.sums.leads)), spreadOf(sampleOf(s.sums.customers))
	p.Promise = promise(sampleOf(s.sums.before), s.cycles)
	p.Dots = mergedDots(dots, s.dotsOf(s.pick(isFinished, isAtRest)))
	for n := range p.Dots[:min(len(p.Dots), namedDots)] {
		p.Dots[n].CardName = s.Name(p.Dots[n].Card)
	}
}

// namedDots is how many cards a picture of finished cards names: the ones that took
// longest. Of the others it tells the keys.
const namedDots = 200

func promise(before, now []int) Promise {
	p := Promise{Of: len(before), N: len(now)}
	switch {
	case len(before) < promiseOf:
		p.Refused = fmt.Sprintf("%d cards were finished in the time before, and a promise needs %d", len(before), promiseOf)
	case len(now) < promiseLeast:
		p.Refused = fmt.Sprintf("%d cards were finished, too few to hold against a promise", len(now))
	default:
		p.Days = flow.LinesOf(before)[85]
		p.Met = flow.MetShare(now, p.Days)
	}
	return p
}

// weeks counts what came and went.
func (s *flowSet) weeks() []Week {
	all := s.sums.weeks
	out := make([]Week, len(all))
	days, unplanned := s.sums.days, s.sums.fired
	for n, w := range all {
		monday := w.Monday.String()
		list := func(count int, name, plan string) Amount {
			return amount(count, FlowList{List: name, Week: monday, Plan: plan})
		}
		out[n] = Week{
			Monday: monday, Finished: list(w.Finished, ListFinished, ""), Fires: list(w.Fires, ListFinished, "no"), Started: list(w.Started, ListStarted, ""),
			Ended: list(w.Departed, ListEnded, ""), Returned: list(w.Returned, ListReturned, ""), Unplanned: list(w.Unplanned, ListStarted, "no"), Net: w.Net(),
			Whole: s.span.Has(w.Monday) && s.span.Has(w.Monday+6),
		}
		for d := range days {
			if (s.span.From + dayOffset(d)).Monday() == w.Monday {
				out[n].Days += days[d]
				out[n].UnplannedDays += unplanned[d]
			}
		}
	}
	return out
}

// overload counts the whole weeks in a row, up to the one that is not over, in which more
// was begun than ended. A week of which a part is measured says nothing yet.
func overload(weeks []Week) (n int) {
	if k := len(weeks) - 1; k >= 0 && !weeks[k].Whole {
		weeks = weeks[:k]
	}
	for _, w := range slices.Backward(weeks) {
		if !w.Whole || w.Net <= 0 {
			break
		}
		n++
	}
	return n
}

func (s *flowSet) cumulative() []CumulativeLine {
	out := []CumulativeLine{}
	for _, l := range s.sums.lines {
		c, known := s.Layout.Column(l.Column)
		line := CumulativeLine{Column: l.Column, Name: s.column(l.Column), Category: c.Category, Turn: c.Turn, Before: l.Cards[0], Cards: l.Cards[1:]}
		if !known {
			line.Name, line.Category = "Given up or back", kanban.Cancelled
		}
		if c.Category != kanban.Option { // requests are no work yet, and dwarf it
			out = append(out, line)
		}
	}
	return out
}

// types are the shares of the work types, the largest first.
func (s *flowSet) types() []TypeShare {
	sums := map[string]*TypeShare{}
	of := func(name string) *TypeShare {
		t := sums[name]
		if t == nil {
			t = &TypeShare{Type: name, Finished: Amount{Cards: FlowList{List: ListFinished, Type: orNone(name)}.String()}, Work: Amount{Cards: FlowList{List: ListWork, Type: orNone(name)}.String()}}
			sums[name] = t
		}
		return t
	}
	for name, n := range s.sums.types {
		of(name).Finished.N = n
	}
	for n := range s.ongoing {
		if i := &s.ongoing[n]; underWay(i) {
			of(i.Type).Work.N++
		}
	}
	whole := s.sums.shares.ItemsAll
	out := make([]TypeShare, 0, len(sums))
	for _, t := range sums {
		t.Share = float64(t.Finished.N) / float64(max(whole, 1))
		out = append(out, *t)
	}
	slices.SortFunc(out, func(a, b TypeShare) int {
		return cmp.Or(cmp.Compare(b.Finished.N, a.Finished.N), cmp.Compare(b.Work.N, a.Work.N), cmp.Compare(a.Type, b.Type))
	})
	return out
}
