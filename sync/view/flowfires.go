package view

import (
	"slices"

	"parley/kanban/calendar"
	"parley/kanban/flow"
)

// FlowFire is one piece of unplanned work and what it cost the planned.
type FlowFire struct {
	CardName
	Days int    `json:"days"` // working days on which it burned
	Bill int    `json:"bill"` // working days on which planned cards stood still meanwhile, added up
	Held Amount `json:"held"` // those cards
}

// HeldUp is a planned card that fires held up.
type HeldUp struct {
	CardName
	Unit     string     `json:"unit"`
	Due      string     `json:"due,omitempty"`
	Days     int        `json:"days"` // working days on which it stood still while any of them burned
	Fires    []CardName `json:"fires"`
	Sentence string     `json:"sentence"` // for its ticket
}

// How many of each a workload tells; the numbers lead to all of them.
const (
	mostFires     = 15
	mostHeld      = 15
	mostForgotten = 15
)

// bills are what unplanned work cost the planned.
func (s *flowSet) bills() *flow.Bills {
	return flow.NewBills(s.recent, s.Board, s.Clock, s.Calendar, s.span)
}

// fires makes out the bills of unplanned work.
func (s *flowSet) fires(w *Workload) {
	bills := s.bills()
	w.Fires, w.Held = []FlowFire{}, []HeldUp{}
	w.HeldPart = w.HeldKnown && slices.ContainsFunc(s.items, func(i flow.Item) bool { return i.Hidden })
	for _, f := range bills.Fires[:min(len(bills.Fires), mostFires)] {
		held := amount(len(bills.HeldBy(f.Card)), FlowList{List: ListHeld, Card: string(f.Card)})
		w.Fires = append(w.Fires, FlowFire{CardName: s.Name(f.Card), Days: f.Days, Bill: f.Bill, Held: held})
	}
	w.Burned, w.HeldCards = amount(len(bills.Fires), FlowList{List: ListFires}), amount(len(bills.Held), FlowList{List: ListHeld})
	for _, h := range bills.Held[:min(len(bills.Held), mostHeld)] {
		w.Held = append(w.Held, s.heldUp(h, bills.Over(h.Card)))
	}
}

// heldUp tells what held a planned card up: a day on which several fires burned counts
// once.
func (s *flowSet) heldUp(h flow.Held, fires []flow.Fire) HeldUp {
	out := HeldUp{CardName: s.Name(h.Card), Unit: s.unit(h.Unit), Days: h.Days, Due: h.Due}
	var names []string
	for n, f := range fires {
		if n == 4 && len(fires) > 5 {
			names = append(names, "others")
			break
		}
		out.Fires = append(out.Fires, s.Name(f.Card))
		names = append(names, out.Fires[n].Called())
	}
	due := ""
	if d, err := calendar.Parse(out.Due); err == nil {
		due = d.Format("2 January 2006")
	}
	out.Sentence = flow.Sentence(due, "", out.Days, names)
	return out
}
