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
	Never    bool    `json:"never"` // as much or more comes in as goes out
	Weeks    float64 `json:"weeks"` // 0 where it is never
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

// Starving is a work type of which cards are open and of which nothing, or nearly
// nothing, was finished.
type Starving struct {
	Type  string  `json:"type"`
	Open  Amount  `json:"open"`
	Share float64 `json:"share"`      // of what was finished, 0 to 1
	Part  float64 `json:"open_share"` // of what is open, 0 to 1
}

// starvedBelow is how much less of the finished work than of the open work a type has
// before it counts as put off: a quarter.
const starvedBelow = 0.25

// attention fills in what somebody should look at.
func (s *flowSet) attention(w *Workload) {
	w.Drains, w.Inflation, w.Forgotten = []UnitDrain{}, []Urgency{}, []Forgotten{}
	weeks := float64(s.span.Len()) / 7
	for _, d := range flow.Drains(s.items, s.Board, s.Clock, s.span) {
		key := string(d.Unit)
		u := UnitDrain{Unit: key, Name: s.unit(d.Unit), Arrivals: d.Arrivals, Done: d.Done, Open: amount(d.Open, FlowList{List: ListOpen, Unit: key}),
			Created: amount(int(d.Arrivals*weeks+0.5), FlowList{List: ListCreated, Unit: key}), Left: amount(int(d.Done*weeks+0.5), FlowList{List: ListLeft, Unit: key})}
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

// starved are the work types that are always put off: what was finished of them is less
// than a quarter of what their part of the open work would let one expect.
func (s *flowSet) starved() []Starving {
	open, all := map[string]int{}, 0
	for n := range s.items {
		if i := &s.items[n]; s.open(i) {
			open[i.Type]++
			all++
		}
	}
	floors := map[string]float64{}
	for kind, n := range open {
		floors[kind] = starvedBelow * float64(n) / float64(all)
	}
	out := []Starving{}
	for _, x := range flow.Starving(s.recent, s.Board, s.Clock, s.span, floors) {
		out = append(out, Starving{Type: x.Type, Open: amount(x.Open, FlowList{List: ListOpen, Type: orNone(x.Type)}), Share: x.Share, Part: x.Floor / starvedBelow})
	}
	return out
}
