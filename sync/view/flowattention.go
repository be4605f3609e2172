package view

import (
	"parley/kanban"
	"parley/kanban/calendar"
	"parley/kanban/contract"
	"parley/kanban/flow"
)

// UnitDrain is how the work of a unit comes in and goes out, and how long what is open
// will take.
type UnitDrain struct {
	Unit     string  `json:"unit"`
	Name     string  `json:"name"`
	Open     Amount  `json:"open"`
	Created  Amount  `json:"created"` // within the days
	Left     Amount  `json:"left"`    // done or given up within the days
	Arrivals float64 `json:"arrivals_per_week"`
	Done     float64 `json:"done_per_week"`
	Days     int     `json:"recorded_days"` // that the rates are of: those measured since the unit's first card, and a week at least
	Never    bool    `json:"never"`         // as much or more comes in as goes out
	Weeks    float64 `json:"weeks"`         // 0 where it is never
}

// Urgency is how much of a unit's open work claims to be urgent.
type Urgency struct {
	Unit  string  `json:"unit"`
	Name  string  `json:"name"`
	Top   Amount  `json:"top"` // urgent open cards, see ListUrgent
	Open  Amount  `json:"open"`
	Share float64 `json:"share"`
	High  bool    `json:"high"`  // more than Bound: when all is urgent nothing is
	Bound float64 `json:"bound"` // 0 to 1
	// Agreed is what part of the requests that come in has a slot by the unit's contract, 0 to
	// 1: Bound is twice that. It is 0 where no contract says so, and Bound is a half.
	Agreed float64 `json:"agreed"`
}

// urgentHalf is the share from which on urgency says nothing any more, where no contract
// says what part may be urgent.
const urgentHalf = 0.5

// inflated is how many times the agreed share may be urgent.
const inflated = 2

// bounded fills in how much of a unit's work may be urgent. In is how many requests come
// to it in a week.
func (u *Urgency) bounded(slots int, in float64) {
	u.Bound = urgentHalf
	if slots > 0 && in > 0 {
		u.Agreed = min(1, float64(slots)/in)
		u.Bound = min(1, inflated*u.Agreed)
	}
	u.High = u.Share > u.Bound
}

// urgent is the lowest rank of a priority that is urgent.
func (s *flowSet) urgent() int { return flow.UrgentRank(len(s.Layout.Priorities)) }

// slots are those of contracts in force on a day that go by priority, as far as the viewer
// reads these.
func (v *Sight) slots(on calendar.Day) map[kanban.UnitKey]int {
	out := map[kanban.UnitKey]int{}
	for _, c := range v.Agreements {
		if terms, version := c.Version(contract.PeriodOf(on)); version > 0 && len(terms.Priorities) > 0 && v.whole(c.Unit) {
			out[c.Unit] = terms.Slots
		}
	}
	return out
}

// Forgotten is an open card that nothing happened to.
type Forgotten struct {
	CardName
	Unit   string `json:"unit"`
	Column string `json:"column"`
	Days   int    `json:"days"` // since anything happened
}

// attention fills in what somebody should look at.
func (s *flowSet) attention(w *Workload) {
	w.Drains, w.Inflation, w.Forgotten = []UnitDrain{}, []Urgency{}, []Forgotten{}
	in := map[kanban.UnitKey]float64{}
	for _, d := range s.sums.drained(s.span) {
		key := string(d.Unit)
		in[d.Unit] = d.Arrivals()
		u := UnitDrain{Unit: key, Name: s.unit(d.Unit), Arrivals: d.Arrivals(), Done: d.Done(), Days: d.Days, Open: amount(d.Open, FlowList{List: ListOpen, Unit: key}),
			Created: amount(d.Came, FlowList{List: ListCreated, Unit: key}), Left: amount(d.Left, FlowList{List: ListLeft, Unit: key})}
		if n, ok := d.Weeks(); ok {
			u.Weeks = n
		} else {
			u.Never = true
		}
		w.Drains = append(w.Drains, u)
	}
	for _, i := range flow.Inflations(s.ongoing, s.Board, s.urgent()) {
		key := string(i.Unit)
		u := Urgency{Unit: key, Name: s.unit(i.Unit), Share: i.Share(), Top: amount(i.Top, FlowList{List: ListUrgent, Unit: key}), Open: amount(i.Open, FlowList{List: ListOpen, Unit: key})}
		slots := s.Slots[i.Unit]
		if !s.whole() {
			slots = 0 // a contract is about all requests of the unit
		}
		u.bounded(slots, in[i.Unit])
		w.Inflation = append(w.Inflation, u)
	}
	untouched := flow.Untouched(s.ongoing, s.Board, s.Clock, UntouchedDays)
	w.Untouched = amount(len(untouched), FlowList{List: ListUntouched})
	for n := range untouched[:min(len(untouched), mostForgotten)] {
		i := &untouched[n]
		w.Forgotten = append(w.Forgotten, Forgotten{CardName: s.Name(i.Card), Unit: s.unit(i.Unit), Column: s.column(i.Column), Days: int(s.Clock.Today() - i.LastTouch(s.Clock))})
	}
	w.Starved = s.starved()
}
