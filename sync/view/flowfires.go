package view

import (
	"cmp"
	"runtime"
	"slices"

	"parley/kanban"
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
	Expected string     `json:"expected,omitempty"` // date by which 85 of 100 cards that had become as old were finished
	Days     int        `json:"days"`               // working days on which it stood still while any of them burned
	Fires    []CardName `json:"fires"`
	Sentence string     `json:"sentence"` // for its ticket: it names what its unit may read
}

// How many of each a workload tells; the numbers lead to all of them.
const (
	mostFires     = 200
	mostHeld      = 200
	mostForgotten = 200
)

// bills are what unplanned work cost the planned.
func (s *flowSet) bills() *flow.Bills {
	if s.worked == nil {
		return flow.NewBills(s.recent, s.Board, s.Clock, s.Calendar, s.span)
	}
	return flow.BillsOf(s.recent, s.worked, s.span)
}

// workdays finds out on which days the recent cards were worked on. Of those at rest it is
// known from the picture before.
func (s *flowSet) workdays(k *kept) {
	diary := flow.NewDiary(s.Board, s.Clock, s.Calendar, s.span)
	var parts []func()
	size := len(s.Items)/runtime.GOMAXPROCS(0) + 1
	for from := 0; from < len(s.Items); from += size {
		parts = append(parts, func() {
			for n := from; n < min(from+size, len(s.Items)); n++ {
				if s.classes[n]&isRecent != 0 && k.worked[n] == nil {
					k.worked[n] = diary.Of(&s.Items[n])
				}
			}
		})
	}
	atOnce(parts...)
	s.worked = make([]*flow.Workdays, 0, len(s.recent))
	for n, c := range s.classes {
		if c&isRecent != 0 {
			s.worked = append(s.worked, k.worked[n])
		}
	}
}

// fires makes out the bills of unplanned work.
func (s *flowSet) fires(w *Workload) {
	bills := s.bills()
	w.Fires, w.Held = []FlowFire{}, []HeldUp{}
	w.HeldPart = w.HeldKnown && s.sums.hidden > 0
	for _, f := range bills.Fires[:min(len(bills.Fires), mostFires)] {
		held := amount(len(bills.HeldBy(f.Card)), FlowList{List: ListHeld, Card: string(f.Card)})
		w.Fires = append(w.Fires, FlowFire{CardName: s.Name(f.Card), Days: f.Days, Bill: f.Bill, Held: held})
	}
	w.Burned, w.HeldCards = amount(len(bills.Fires), FlowList{List: ListFires}), amount(len(bills.Held), FlowList{List: ListHeld})
	for _, h := range bills.Held[:min(len(bills.Held), mostHeld)] {
		w.Held = append(w.Held, s.heldUp(h, bills.Over(h.Card)))
	}
	for _, h := range bills.Held {
		w.HeldDays += h.Days
	}
}

// heldUp tells what held a planned card up: a day on which several fires burned counts
// once.
func (s *flowSet) heldUp(h flow.Held, fires []flow.Fire) HeldUp {
	out := HeldUp{CardName: s.Name(h.Card), Unit: s.unit(h.Unit), Days: h.Days, Due: h.Due, Expected: s.expected(h.Card)}
	for n, f := range fires {
		if n == mostTold && len(fires) > mostTold+1 {
			break
		}
		out.Fires = append(out.Fires, s.Name(f.Card))
	}
	var names []string
	for _, f := range out.Fires {
		if name := s.calledAlike(h.Unit, f); name != "" {
			names = append(names, name)
		}
	}
	promised, expected := out.Due, ""
	if out.Expected > out.Due {
		expected = out.Expected
	}
	if s.told(h.Unit, h.Card).Title == "" {
		promised = "" // the date is told with the title
	}
	out.Sentence = flow.Sentence(dayInWords(promised), dayInWords(expected), out.Days, names, len(fires)-len(names))
	return out
}

// expected is the date by which 85 of 100 cards that had become as old as one is were
// finished; "" where it is not under way, or there were too few of them.
func (s *flowSet) expected(card kanban.CardID) string {
	n, ok := slices.BinarySearchFunc(s.items, card, func(i flow.Item, id kanban.CardID) int { return cmp.Compare(i.Card, id) })
	if !ok || !underWay(&s.items[n]) {
		return ""
	}
	i := &s.items[n]
	rest := left(s.cycles, s.age(i))
	if rest == 0 {
		return ""
	}
	return (s.day(i.Stint().Started) + calendar.Day(rest-1)).String()
}

// mostTold is how many fires are told of a card that was held up.
const mostTold = 4

// calledAlike is what a sentence for a unit's ticket may call a card: the key or title that
// both the unit's people and whoever looks may read; "" where there is none.
func (s *flowSet) calledAlike(unit kanban.UnitKey, mine CardName) string {
	theirs := s.told(unit, mine.Card)
	switch {
	case theirs.Key != "" && theirs.Key == mine.Key:
		return mine.Key
	case theirs.Title != "" && theirs.Title == mine.Title:
		return mine.Title
	}
	return ""
}

func (s *flowSet) told(unit kanban.UnitKey, card kanban.CardID) CardName {
	if s.Told == nil {
		return CardName{Card: card}
	}
	return s.Told(unit, card)
}

// dayInWords is a date as a letter has it, "" of none.
func dayInWords(date string) string {
	d, err := calendar.Parse(date)
	if err != nil {
		return ""
	}
	return d.Format("2 January 2006")
}
