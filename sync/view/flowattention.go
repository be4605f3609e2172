package view

import (
	"parley/kanban/calendar"
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
	Top   Amount  `json:"top"` // open cards of the two highest priorities
	Open  Amount  `json:"open"`
	Share float64 `json:"share"`
	High  bool    `json:"high"` // more than half of it: when all is urgent nothing is
}

// urgentHalf is the share from which on urgency says nothing any more.
const urgentHalf = 0.5

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
	for _, d := range flow.Drains(s.items, s.Board, s.Clock, s.span) {
		key := string(d.Unit)
		u := UnitDrain{Unit: key, Name: s.unit(d.Unit), Arrivals: d.Arrivals(), Done: d.Done(), Days: d.Days, Open: amount(d.Open, FlowList{List: ListOpen, Unit: key}),
			Created: amount(d.Came, FlowList{List: ListCreated, Unit: key}), Left: amount(d.Left, FlowList{List: ListLeft, Unit: key})}
		if n, ok := d.Weeks(); ok {
			u.Weeks = n
		} else {
			u.Never = true
		}
		w.Drains = append(w.Drains, u)
	}
	for _, i := range flow.Inflations(s.ongoing, s.Board) {
		key := string(i.Unit)
		w.Inflation = append(w.Inflation, Urgency{Unit: key, Name: s.unit(i.Unit), Share: i.Share(), High: i.Share() > urgentHalf,
			Top: amount(i.Top, FlowList{List: ListUrgent, Unit: key}), Open: amount(i.Open, FlowList{List: ListOpen, Unit: key})})
	}
	untouched := flow.Untouched(s.ongoing, s.Board, s.Clock, UntouchedDays)
	w.Untouched = amount(len(untouched), FlowList{List: ListUntouched})
	for n := range untouched[:min(len(untouched), mostForgotten)] {
		i := &untouched[n]
		w.Forgotten = append(w.Forgotten, Forgotten{CardName: s.Name(i.Card), Unit: s.unit(i.Unit), Column: s.column(i.Column), Days: int(s.Clock.Today() - s.touched(i))})
	}
	w.Starved = s.starved()
}

// touched is the day on which anything happened to a card for the last time.
func (s *flowSet) touched(i *flow.Item) calendar.Day {
	if n := len(i.Touched); n > 0 {
		return i.Touched[n-1]
	}
	return s.day(i.Created)
}
