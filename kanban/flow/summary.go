package flow

import (
	"strconv"

	"parley/kanban"
)

// Summary is the numbers of all cards of a report together. Lists by week begin with the
// week of the first day, lists by day with the first day.
type Summary struct {
	From string `json:"from"` // first day, 2006-01-02
	To   string `json:"to"`   // last one

	Finished    []kanban.CardID    `json:"finished"`
	CycleDays   []int              `json:"cycle_days_sorted"`
	NearestRank map[string]int     `json:"nearest_rank"` // of the cycle times, by percent
	Linear      map[string]float64 `json:"linear"`
	FloorRank   map[string]int     `json:"lighthouse_floor"`

	Throughput      Sample `json:"throughput_daily"`
	ThroughputWeeks []int  `json:"throughput_weeks"`
	ArrivalsWeeks   []int  `json:"arrivals_weeks"`
	DeparturesWeeks []int  `json:"departures_weeks_done_plus_cancelled"`
	NetWeeks        []int  `json:"net_flow_weeks"`

	WIPByDay []int           `json:"wip_by_day"`
	WIPEnd   []kanban.CardID `json:"wip_end"`
	WIPAge   int             `json:"total_wip_age"` // days
	Stints   StintSums       `json:"stints"`
	CFD      []Line          `json:"cfd"`

	Efficiency     EfficiencySums `json:"flow_eff_portfolio"`
	PlannedDone    int            `json:"planned_done"`
	UnplannedDone  int            `json:"unplanned_done"`
	UnplannedShare ShareSums      `json:"unplanned_share"`
}

// StintSums are the days under way of all stints, by how they ended.
type StintSums struct {
	Days      int             `json:"sum_wip_days"`
	ByOutcome map[Outcome]int `json:"by_outcome"`
}

// EfficiencySums are the flow efficiency of what was finished and what it is made of.
type EfficiencySums struct {
	Active  float64 `json:"active_h"`
	Elapsed float64 `json:"elapsed_h"`
	Percent float64 `json:"pct"`
	Mean    float64 `json:"mean_of_ratios_pct"`
}

// ShareSums are what part of the finished work nobody had planned, 0 to 1.
type ShareSums struct {
	ByCount  float64 `json:"by_count"`
	ByDays   float64 `json:"by_cycle_days"`
	ByActive float64 `json:"by_active_hours"`
}

// newSummary takes the numbers of cards, in the order in which they are listed.
func newSummary(items []Item, l kanban.Layout, c Clock, span Span) Summary {
	cycles, shares := Finished(items, c, span), Unplanned(items, c, span)
	out := Summary{
		From: span.From.String(), To: span.To.String(), CycleDays: list(cycles), Finished: []kanban.CardID{}, WIPEnd: []kanban.CardID{},
		NearestRank: byPercent(func(p int) int { return kanban.Percentile(cycles, p) }), Linear: byPercent(func(p int) float64 { return Linear(cycles, p) }), FloorRank: byPercent(func(p int) int { return FloorRank(cycles, p) }),
		Throughput: Throughput(items, c, span), WIPByDay: PerDay(items, c, span), Stints: stintSums(items, c), CFD: Cumulative(items, l, c, span),
		Efficiency: efficiencySums(items, c, span), PlannedDone: shares.ItemsAll - shares.Items, UnplannedDone: shares.Items,
		UnplannedShare: ShareSums{ByCount: shares.ByCount(), ByDays: shares.ByDays(), ByActive: shares.ByActive()},
	}
	for _, i := range items {
		if i.finished(c, span) != nil {
			out.Finished = append(out.Finished, i.Card)
		}
	}
	open, age := WIP(items, c)
	for _, i := range open {
		out.WIPEnd = append(out.WIPEnd, i.Card)
	}
	out.WIPAge = age
	for _, w := range Weekly(items, c, span) {
		out.ThroughputWeeks, out.ArrivalsWeeks = append(out.ThroughputWeeks, w.Finished), append(out.ArrivalsWeeks, w.Arrived)
		out.DeparturesWeeks, out.NetWeeks = append(out.DeparturesWeeks, w.Departed), append(out.NetWeeks, w.Net())
	}
	return out
}

// efficiencySums adds up hours card by card, as those who check by hand do.
func efficiencySums(items []Item, c Clock, span Span) EfficiencySums {
	out := EfficiencySums{Mean: 100 * Efficient(items, c, span).Mean()}
	for _, i := range items {
		if s := i.finished(c, span); s != nil {
			out.Active += hours(s.Active)
			out.Elapsed += hours(s.Ended.Sub(s.Started))
		}
	}
	out.Percent = out.Active / max(out.Elapsed, 1e-9) * 100
	return out
}

func stintSums(items []Item, c Clock) StintSums {
	out := StintSums{ByOutcome: map[Outcome]int{Done: 0, Cancelled: 0, Returned: 0, Open: 0}}
	for outcome, days := range StintDays(items, c) {
		out.ByOutcome[outcome] = days
		out.Days += days
	}
	return out
}

func byPercent[T any](of func(p int) T) map[string]T {
	out := map[string]T{}
	for _, p := range Percents() {
		out[strconv.Itoa(p)] = of(p)
	}
	return out
}

// list is never null.
func list[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

// Extent is the span from the first event's day to the present one.
func Extent(items []Item, c Clock) Span {
	span := Span{From: c.Today(), To: c.Today()}
	for _, i := range items {
		span.From = min(span.From, c.Day(i.Created))
	}
	return span
}
