package flow

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"parley/kanban"
)

// Report is the numbers of a set of cards over a span, under names that other programs
// read. Hours and shares are floating point, shares in percent where the name says so.
type Report struct {
	Cards   map[kanban.CardID]CardReport `json:"cards"`
	Summary map[string]any               `json:"summary"`
	Sums    Sums                         `json:"-"` // of Summary: what a person reads first
}

// Sums are the numbers of a span that people ask for first.
type Sums struct {
	Finished, Planned int             // cards that were done, and how many of them were planned
	Usual             kanban.Baseline // of their cycle times
	Efficiency        float64         // of their time under way the share that they were worked on, in percent
	Work, WorkDays    int             // cards under way at the end of the span, and their ages added up
}

// CardReport is the numbers of one card. What does not apply is null.
type CardReport struct {
	State        kanban.ColumnKey             `json:"state"`
	Created      time.Time                    `json:"created"`
	Committed    *time.Time                   `json:"committed"`
	Started      *time.Time                   `json:"started"`
	Done         *time.Time                   `json:"done"`
	Cancelled    *time.Time                   `json:"cancelled"`
	CycleDays    *int                         `json:"cycle_days"`
	CycleHours   *float64                     `json:"cycle_hours"`
	LeadDays     *int                         `json:"lead_days"`
	CustomerLead *int                         `json:"customer_lead_days"`
	AgeDays      *int                         `json:"age_days"`
	CommittedAge *int                         `json:"committed_age_days"`
	ActiveHours  *float64                     `json:"active_h"`
	WaitHours    *float64                     `json:"wait_h"`
	BlockedHours *float64                     `json:"blocked_h"`
	InHours      map[kanban.ColumnKey]float64 `json:"time_in_state_h"`
	Reopened     int                          `json:"reopened"`
	Backflow     int                          `json:"backflow"`
	Planned      bool                         `json:"planned"`
	Unit         kanban.UnitKey               `json:"bu"`
}

func hours(d time.Duration) float64 { return d.Hours() }

// NewCardReport takes a card's numbers.
func NewCardReport(i Item, c Clock) CardReport {
	t := i.Times(c)
	out := CardReport{
		State: i.Column, Created: t.Created, Committed: t.Committed, Started: t.Started, Done: t.Done, Cancelled: t.Cancelled,
		CycleDays: t.CycleDays, LeadDays: t.LeadDays, CustomerLead: t.CustomerLead, AgeDays: t.AgeDays, CommittedAge: t.CommittedAge,
		InHours: map[kanban.ColumnKey]float64{}, Reopened: t.Reopened, Backflow: t.Backflow, Planned: !i.Unplanned, Unit: i.Unit,
	}
	for _, v := range i.Visits {
		if v.In > 0 {
			out.InHours[v.Column] = hours(v.In)
		}
	}
	if t.Cycle != nil {
		h := hours(*t.Cycle)
		out.CycleHours = &h
	}
	if t.Worked {
		a, w, b := hours(t.Active), hours(t.Wait), hours(t.Blocked)
		out.ActiveHours, out.WaitHours, out.BlockedHours = &a, &w, &b
	}
	return out
}

// NewReport takes the numbers of cards over a span that ends with the present day.
func NewReport(items []Item, l kanban.Layout, c Clock, span Span) Report {
	items = slices.SortedFunc(slices.Values(items), func(a, b Item) int { return strings.Compare(string(a.Card), string(b.Card)) })
	out := Report{Cards: map[kanban.CardID]CardReport{}, Summary: map[string]any{}}
	for _, i := range items {
		out.Cards[i.Card] = NewCardReport(i, c)
	}
	out.sums(items, c, span)
	out.Summary["stints"] = stintReport(items, c)
	out.Summary["cfd"] = Cumulative(items, l, c, span)
	return out
}

func (r *Report) sums(items []Item, c Clock, span Span) {
	var finished, wip []kanban.CardID
	cycles := Finished(items, c, span)
	for _, i := range items {
		if i.finished(c, span) != nil {
			finished = append(finished, i.Card)
		}
	}
	open, age := WIP(items, c)
	for _, i := range open {
		wip = append(wip, i.Card)
	}
	weeks := Weekly(items, c, span)
	week := func(take func(WeekFlow) int) []int {
		out := make([]int, len(weeks))
		for n, w := range weeks {
			out[n] = take(w)
		}
		return out
	}
	shares, eff := Unplanned(items, c, span), Efficient(items, c, span)
	var active, elapsed float64 // added up card by card, as those who check by hand do
	for _, i := range items {
		if s := i.finished(c, span); s != nil {
			active += hours(s.Active)
			elapsed += hours(s.Ended.Sub(s.Started))
		}
	}
	efficiency := active / max(elapsed, 1e-9) * 100
	r.Sums = Sums{Finished: len(finished), Planned: shares.ItemsAll - shares.Items, Usual: kanban.NewBaseline(cycles), Efficiency: efficiency, Work: len(wip), WorkDays: age}
	perDay := PerDay(items, c, span)
	name := func(what, to string) string {
		return strings.ToLower(what + span.From.Format("Jan02") + to + span.To.Format("Jan02"))
	}
	maps.Copy(r.Summary, map[string]any{
		"finished": list(finished), "cycle_days_sorted": list(cycles),
		"nearest_rank": percentiles(func(p int) any { return kanban.Percentile(cycles, p) }),
		"linear":       percentiles(func(p int) any { return Linear(cycles, p) }), "lighthouse_floor": percentiles(func(p int) any { return FloorRank(cycles, p) }),
		"throughput_weeks": week(func(w WeekFlow) int { return w.Finished }), name("throughput_daily_", "_"): Throughput(items, c, span),
		"arrivals_weeks": week(func(w WeekFlow) int { return w.Arrived }), "departures_weeks_done_plus_cancelled": week(func(w WeekFlow) int { return w.Departed }),
		"net_flow_weeks": week(WeekFlow.Net), "wip_end": list(wip), "total_wip_age": age,
		"flow_eff_portfolio": map[string]float64{"active_h": active, "elapsed_h": elapsed, "pct": efficiency, "mean_of_ratios_pct": 100 * eff.Mean},
		"planned_done":       shares.ItemsAll - shares.Items, "unplanned_done": shares.Items,
		"unplanned_share":           map[string]float64{"by_count": shares.ByCount(), "by_cycle_days": shares.ByDays(), "by_active_hours": shares.ByActive()},
		name("wip_by_day_", "_to_"): perDay,
	})
}

func stintReport(items []Item, c Clock) map[string]any {
	by, sum := map[Outcome]int{Done: 0, Cancelled: 0, Returned: 0, Open: 0}, 0
	for outcome, days := range StintDays(items, c) {
		by[outcome] = days
		sum += days
	}
	return map[string]any{"sum_wip_days": sum, "by_outcome": by}
}

func percentiles(of func(p int) any) map[string]any {
	out := map[string]any{}
	for _, p := range Percents() {
		out[fmt.Sprint(p)] = of(p)
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
