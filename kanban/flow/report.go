package flow

import (
	"slices"
	"strings"
	"time"

	"parley/kanban"
)

// Report is the numbers of a set of cards over a span, under names that other programs
// read. Hours and shares are floating point, shares in percent where the name says so.
type Report struct {
	Cards   map[kanban.CardID]CardReport `json:"cards"`
	Summary Summary                      `json:"summary"`
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
	for _, v := range i.Visits() {
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
	out := Report{Cards: map[kanban.CardID]CardReport{}, Summary: newSummary(items, l, c, span)}
	for _, i := range items {
		out.Cards[i.Card] = NewCardReport(i, c)
	}
	return out
}
