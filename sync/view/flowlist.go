package view

import (
	"cmp"
	"slices"
	"time"

	"parley/kanban"
	"parley/kanban/calendar"
	"parley/kanban/flow"
)

// FlowEntry is a card of a list: what it is called and the numbers that put it there.
type FlowEntry struct {
	CardName
	Unit     string `json:"unit"`
	Type     string `json:"type,omitempty"`
	Planned  bool   `json:"planned"`
	Column   string `json:"column"` // as people call it
	Started  string `json:"started,omitempty"`
	Finished string `json:"finished,omitempty"` // date
	Days     int    `json:"days"`               // from start to finish or now
	// Blocked is how long it could not go on: of cards that were blocked, for what the list
	// asks and within the days; else since it was committed to.
	Blocked float64 `json:"blocked_hours"`
	Held    int     `json:"held_days,omitempty"` // working days that fires held it up, in ListHeld
}

// heldOf are the cards that a fire held up, or any where none is named.
func (s *flowSet) heldOf(l FlowList) []flow.Held {
	if l.Card != "" {
		return s.bills().HeldBy(kanban.CardID(l.Card))
	}
	return s.bills().Held
}

// entry is a card with one of its passages over the board, nil where it had none.
func (s *flowSet) entry(i *flow.Item, st *flow.Stint) FlowEntry {
	out := FlowEntry{CardName: s.Name(i.Card), Unit: s.unit(i.Unit), Type: i.Type, Planned: !i.Unplanned, Column: s.column(i.Column)}
	if st != nil && !st.Started.IsZero() {
		out.Started = s.day(st.Started).String()
		c, _ := st.Courts(s.Layout)
		out.Blocked = c.Blocked.Hours()
		if st.Outcome == flow.Done {
			out.Finished = s.day(st.Ended).String()
		}
	}
	return out
}

func (s *flowSet) column(key kanban.ColumnKey) string {
	if c, ok := s.Layout.Column(key); ok {
		return cmp.Or(c.Name, string(key))
	}
	return "Unmapped"
}

func (s *flowSet) day(t time.Time) calendar.Day { return s.Clock.Day(t) }

// within reports whether a moment lies in the days that are asked for.
func (s *flowSet) within(t time.Time) bool { return !t.Before(s.from) && s.span.Has(s.day(t)) }

// done is the stint that ended with delivery within the days, nil where there is none.
func (s *flowSet) done(i *flow.Item) *flow.Stint {
	if st := i.Stint(); st != nil && st.Outcome == flow.Done && s.within(st.Ended) {
		return st
	}
	return nil
}

// underWay reports whether a card is begun and not ended.
func underWay(i *flow.Item) bool { return i.UnderWay() != nil }

// inWork reports whether a card stands in a column of work: those of the board, and the
// ones that their limits are about. A card that was moved back to wait, or that no column
// claims, can be under way and in none of them.
func (s *flowSet) inWork(i *flow.Item) bool { return s.Board.Category(i.Column).Started() }

// band is that of the age of a card under way, in a column of work.
func (s *flowSet) band(i *flow.Item) kanban.Band {
	if !s.inWork(i) {
		return kanban.BandNone
	}
	return s.Pace.Band(i.Column, s.age(i))
}

// stuck reports whether a card cannot go on at present.
func stuck(i *flow.Item) bool {
	n := len(i.Blocks)
	return n > 0 && i.Blocks[n-1].To.IsZero()
}

// open reports whether a card is neither done nor given up.
func (s *flowSet) open(i *flow.Item) bool { return !s.Board.Category(i.Column).Ended() }

// age is how many days a card has been under way.
func (s *flowSet) age(i *flow.Item) int {
	return s.Clock.Days(i.Stint().Started, s.Clock.Now)
}

// turn is who has to do something about a card that is under way.
func (s *flowSet) turn(i *flow.Item) kanban.Party {
	if stuck(i) && i.Blocks[len(i.Blocks)-1].Party != "" {
		return i.Blocks[len(i.Blocks)-1].Party
	}
	return s.Layout.Turn(i.Column)
}

// carrier is by which key a card is found among those of a person or a team.
func carrier(i *flow.Item, who string) string {
	if i.Hidden {
		return Hidden
	}
	return orNone(who)
}

// namesake begins the key of an account that the configuration does not know, and that
// calls itself as somebody whom it does.
const namesake = "/namesake:"

// worker is by which key a card's person is found.
func (s *flowSet) worker(i *flow.Item) string {
	if i.Person == "" && s.persons[i.Assignee] {
		return namesake + i.Assignee
	}
	return i.Assignee
}

// workerName is what a card's person is called.
func (s *flowSet) workerName(i *flow.Item) string {
	if i.Person == "" && s.persons[i.Assignee] {
		return i.Assignee + " (another account)"
	}
	return i.Assignee
}

// fits is what decides whether a card is in a list.
func (s *flowSet) fits(l FlowList) func(*flow.Item) bool {
	in := s.inList(l)
	return func(i *flow.Item) bool {
		return matches(l.Unit, string(i.Unit)) && matches(l.Type, orNone(i.Type)) && matches(l.Plan, YesNo(!i.Unplanned)) &&
			matches(l.Person, carrier(i, s.worker(i))) && matches(l.Team, carrier(i, i.Team)) && matches(l.Column, orNone(string(i.Column))) &&
			(l.Band == "" || underWay(i) && l.Band == cmp.Or(string(s.band(i)), None)) &&
			(l.Party == "" || l.List == ListBlocked || underWay(i) && l.Party == string(s.turn(i))) && in(i)
	}
}

// inList is what decides whether a card is in a list by what the list is called.
func (s *flowSet) inList(l FlowList) func(*flow.Item) bool {
	when := s.when(l.Week)
	switch l.List {
	case ListOpen:
		return s.open
	case ListWork:
		return underWay
	case ListFinished:
		return func(i *flow.Item) bool { st := s.done(i); return st != nil && when(st.Ended) }
	case ListStarted, ListEnded, ListReturned:
		passage := s.passage(l)
		return func(i *flow.Item) bool {
			return slices.ContainsFunc(i.Stints, func(st flow.Stint) bool { return passage(&st) })
		}
	case ListCreated:
		return func(i *flow.Item) bool { return when(i.Created) }
	case ListLeft:
		return func(i *flow.Item) bool { return !s.open(i) && when(i.Since) }
	case ListBlocked:
		return func(i *flow.Item) bool { return s.stopped(i, l) > 0 }
	case ListStuck:
		return func(i *flow.Item) bool { return underWay(i) && stuck(i) }
	case ListOutside:
		return func(i *flow.Item) bool { return underWay(i) && !s.inWork(i) }
	case ListUrgent:
		return func(i *flow.Item) bool { return s.open(i) && i.Urgent(s.urgent()) }
	case ListGroup:
		return func(i *flow.Item) bool {
			return i.Group != "" && i.Group == l.Group && i.GroupIn == l.In && s.Board.Category(i.Column) != kanban.Cancelled
		}
	}
	return s.named(l)
}

// named are the lists whose cards have to be looked for together.
func (s *flowSet) named(l FlowList) func(*flow.Item) bool {
	ids := map[kanban.CardID]bool{}
	switch l.List {
	case ListUntouched:
		for _, i := range flow.Untouched(s.ongoing, s.Board, s.Clock, UntouchedDays) {
			ids[i.Card] = true
		}
	case ListFires:
		for _, f := range s.bills().Fires {
			ids[f.Card] = true
		}
	case ListHeld:
		for _, h := range s.heldOf(l) {
			ids[h.Card] = true
		}
	case ListCluster:
		for _, x := range flow.Clusters(s.costly, s.Clock, s.span) {
			for _, id := range x.Cards {
				ids[id] = ids[id] || x.Trace == l.Trace
			}
		}
	case ListBack:
		if problem := s.problemOf(l); problem != nil {
			ids = s.cameBack(l.Trace, problem)
		}
	}
	return func(i *flow.Item) bool { return ids[i.Card] }
}

// when decides whether a moment lies within the days, and in a week of them where one is
// named.
func (s *flowSet) when(week string) func(time.Time) bool {
	monday, err := calendar.Parse(week)
	return func(t time.Time) bool {
		return !t.IsZero() && s.within(t) && (week == "" || err == nil && s.day(t).Monday() == monday)
	}
}

// passage decides over the stints of cards that were begun, in lists of what happened to
// them; nil for lists of cards.
func (s *flowSet) passage(l FlowList) func(*flow.Stint) bool {
	when := s.when(l.Week)
	switch l.List {
	case ListStarted:
		return func(st *flow.Stint) bool { return when(st.Started) }
	case ListEnded:
		return func(st *flow.Stint) bool {
			return !st.Started.IsZero() && st.Outcome != flow.Returned && when(st.Ended)
		}
	case ListReturned:
		return func(st *flow.Stint) bool {
			return !st.Started.IsZero() && st.Outcome == flow.Returned && when(st.Ended)
		}
	}
	return nil
}

// stopped is how long a card was blocked within the days, by a party and for a reason where
// the list names them.
func (s *flowSet) stopped(i *flow.Item, l FlowList) (d time.Duration) {
	for _, b := range i.Blocks {
		if matches(l.Party, string(b.Party)) && matches(l.Reason, orNone(b.Reason)) {
			d += max(b.During(i.Track, s.from, s.to), 0)
		}
	}
	return d
}
