package view

import (
	"parley/kanban"
	"parley/kanban/calendar"
	"parley/kanban/flow"
)

// class says which numbers a card adds to. Most numbers are about some of the cards, and
// going through all again and again is dear.
type class uint16

const (
	isAsked     class = 1 << iota // the query picks it
	isUnplanned                   // nobody planned it
	isOpen                        // neither done nor given up
	isRecent                      // open, or something happened to it within the span: others add nothing to what is counted by day
	isFinished                    // done within the span
	isBefore                      // done in as many days before it
	isGrouped                     // of an epic or milestone, and not given up
	isCostly                      // recent, and it was blocked or nobody planned it
	isSolved                      // a problem that was done
	isAtRest                      // it has left the board, and nothing of it changes as time passes
)

// class finds out which numbers a card adds to.
func (s *flowSet) class(i *flow.Item) class {
	if !s.asked(i) {
		return 0
	}
	out, category := isAsked, s.Board.Category(i.Column)
	set := func(bit class, on bool) {
		if on {
			out |= bit
		}
	}
	set(isUnplanned, i.Unplanned)
	set(isOpen, !category.Ended())
	set(isRecent, !category.Ended() || stuck(i) || !i.Since.Before(s.from))
	set(isGrouped, i.Group != "" && category != kanban.Cancelled)
	set(isCostly, out&isRecent != 0 && (i.Unplanned || len(i.Blocks) > 0))
	set(isSolved, isProblem(i))
	set(isAtRest, category.Ended() && !stuck(i) && !i.Since.After(s.Clock.Now))
	if st := i.Stint(); st != nil && st.Outcome == flow.Done && !st.Ended.Before(s.earlier) {
		within := s.within(st.Ended)
		set(isFinished, within)
		set(isBefore, !within && st.Ended.Before(s.from))
	}
	return out
}

// classify finds it out for all cards.
func (s *flowSet) classify() {
	s.classes = make([]class, len(s.Items))
	for n := range s.Items {
		s.classes[n] = s.class(&s.Items[n])
	}
}

// pick are the cards that have all of some bits and none of others.
func (s *flowSet) pick(with, without class) []flow.Item {
	n := 0
	for _, c := range s.classes {
		if c&(with|without) == with {
			n++
		}
	}
	out := make([]flow.Item, 0, n)
	for n, c := range s.classes {
		if c&(with|without) == with {
			out = append(out, s.Items[n])
		}
	}
	return out
}

// sort lists the cards that numbers are about.
func (s *flowSet) sort() {
	if s.items = s.Items; !s.whole() {
		s.items = s.pick(isAsked, 0)
	}
	s.unplanned = s.pick(isAsked|isUnplanned, 0)
	s.recent = s.pick(isRecent, 0)
	s.costly = s.pick(isCostly, 0)
	s.ongoing = s.pick(isOpen, 0)
	s.grouped = s.pick(isGrouped, 0)
	s.solvers = s.pick(isSolved, 0)
}

// unitDay is a day of a unit.
type unitDay struct {
	unit kanban.UnitKey
	day  calendar.Day
}
