package view

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"time"

	"parley/kanban"
	"parley/kanban/calendar"
	"parley/kanban/flow"
)

// FlowQuery selects the cards that flow is measured of, and the days that it is measured
// over. The zero one is every card over FlowDays.
type FlowQuery struct {
	Unit  string `json:"unit,omitempty"`
	Type  string `json:"type,omitempty"`  // work type, or None
	Class string `json:"class,omitempty"` // class of service
	Days  int    `json:"days"`            // up to the last one; 0: FlowDays
	From  string `json:"from,omitempty"`  // first day, in the place of Days
	To    string `json:"to,omitempty"`    // last day, as of whose end everything is; "": today
	By    string `json:"by,omitempty"`    // forecast how many cards are finished by this date; "": in two weeks
	Items int    `json:"items,omitempty"` // forecast when so many cards are finished; 0: FlowItems
}

// What a FlowQuery can ask for.
const (
	FlowDays     = 90  // measured over, unless something else is asked for
	FlowDaysMost = 730 // measured over at most
	FlowItems    = 10  // forecast, unless something else is asked for
	FlowMost     = 500 // cards forecast at most
	FlowAhead    = 90  // days that a forecast of how many looks ahead at most
)

// FlowCards is what flow is computed from: cards as one viewer may know them.
type FlowCards struct {
	Items    []flow.Item
	Layout   kanban.Layout
	Board    flow.Board
	Clock    flow.Clock
	Calendar calendar.Calendar
	Floors   Floors
	Pace     flow.Pace // nil: nothing is known of what is usual
	Units    []Named
	// Slots are those that contracts in force give the urgent requests of units in a week, as
	// far as the viewer may know; a unit whose contract asks for a slot for any request has none.
	Slots  map[kanban.UnitKey]int
	People bool // the viewer reads who works on what
	// Name is what the viewer may call a card.
	Name func(kanban.CardID) CardName
	// Key is the key of its leading issue, "" where that is not for the viewer; it is
	// cheaper. Nil knows none.
	Key func(kanban.CardID) string
	// Told is what the people of a business unit may call a card: a key or title that they may
	// not read is "". A nil one tells them nothing.
	Told func(to kanban.UnitKey, card kanban.CardID) CardName
}

// CardName is what a card is called.
type CardName struct {
	Card  kanban.CardID `json:"card"`
	Key   string        `json:"key"` // of its leading issue, "" where that is not for the viewer
	Title string        `json:"title"`
}

// Called is the shortest name that there is.
func (n CardName) Called() string { return cmp.Or(n.Key, n.Title, string(n.Card)) }

// Amount is a number of cards and the way to them.
type Amount struct {
	N     int    `json:"n"`
	Cards string `json:"cards"` // as the address of a list asks for them, see FlowList
}

// flowSet is the cards of one query.
type flowSet struct {
	FlowCards
	query FlowQuery
	span  flow.Span
	first calendar.Day // of anything known of the items
	// People that the configuration knows, among those who work on the items or have a limit.
	persons map[string]bool
	items   []flow.Item
	// Most numbers are about some of them, and going through all again and again is dear.
	unplanned []flow.Item
	recent    []flow.Item // open, or something happened to them within the span: others add nothing to what is counted by day
	fired     []flow.Item // of recent: the unplanned ones
	ongoing   []flow.Item // neither done nor given up
	finished  []flow.Item // done within the span
	before    []flow.Item // done in as many days before it
	// Days are asked for again and again, and the zone makes them dear.
	from, to time.Time // of the span: its first moment, and the first one after it or now
}

// newFlowSet picks the cards of a query.
func newFlowSet(in FlowCards, q FlowQuery) *flowSet {
	if q.Days <= 0 {
		q.Days = FlowDays
	}
	q.Days = min(q.Days, FlowDaysMost)
	if q.Items <= 0 {
		q.Items = FlowItems
	}
	q.Items = min(q.Items, FlowMost)
	today := in.Clock.Today()
	if from, err := calendar.Parse(q.From); err == nil && from <= today {
		q.Days = min(int(today-from)+1, FlowDaysMost)
	}
	s := &flowSet{FlowCards: in, query: q, items: in.Items, span: flow.Span{From: today - calendar.Day(q.Days) + 1, To: today}}
	s.from, s.to = s.span.From.Start(in.Clock.Zone), in.Clock.Now
	if q.Unit != "" || q.Type != "" || q.Class != "" {
		s.items = nil
		for n := range in.Items {
			if s.asked(&in.Items[n]) {
				s.items = append(s.items, in.Items[n])
			}
		}
	}
	s.begin()
	s.sort()
	return s
}

// begin finds the day from which on anything is known of the items. The days before it are
// days without a board, and not days on which nothing was finished.
func (s *flowSet) begin() {
	first := s.Clock.Now
	s.persons = map[string]bool{}
	for n := range s.items {
		i := &s.items[n]
		if i.Created.Before(first) {
			first = i.Created
		}
		if i.Person != "" {
			s.persons[i.Person] = true
		}
	}
	for _, l := range s.Layout.Limits {
		if l.Scope == kanban.ScopePerson {
			s.persons[l.Key] = true
		}
	}
	s.first = s.day(first)
}

// sort finds out which cards add to which numbers.
func (s *flowSet) sort() {
	earlier := s.from.AddDate(0, 0, -s.query.Days)
	for _, i := range s.items {
		open := s.open(&i)
		if i.Unplanned {
			s.unplanned = append(s.unplanned, i)
		}
		if open {
			s.ongoing = append(s.ongoing, i)
		}
		if open || stuck(&i) || !i.Since.Before(s.from) {
			s.recent = append(s.recent, i)
			if i.Unplanned {
				s.fired = append(s.fired, i)
			}
		}
		st := i.Stint()
		if st == nil || st.Outcome != flow.Done || st.Ended.Before(earlier) {
			continue
		}
		if s.within(st.Ended) {
			s.finished = append(s.finished, i)
		} else if st.Ended.Before(s.from) {
			s.before = append(s.before, i)
		}
	}
}

func (s *flowSet) asked(i *flow.Item) bool {
	return matches(s.query.Unit, string(i.Unit)) && matches(s.query.Type, orNone(i.Type)) && matches(s.query.Class, i.Class)
}

// unit is what a business unit is called.
func (s *flowSet) unit(key kanban.UnitKey) string {
	for _, u := range s.Units {
		if u.Key == string(key) {
			return u.Name
		}
	}
	if key == kanban.UnitUnassigned {
		return "Unassigned"
	}
	return string(key)
}

// amount is a number of the cards of a list.
func amount(n int, l FlowList) Amount { return Amount{N: n, Cards: l.String()} }

// FlowList names the cards behind a number: those of a list that fit everything else that
// is set.
type FlowList struct {
	List   string // one of the List constants
	Week   string // Monday of the week in which it happened
	Unit   string
	Type   string // work type, or None
	Plan   string // "yes": planned, "no": not
	Person string // who works on it, or None
	Team   string // or None
	Column string
	Band   string // of its age in its column
	Party  string // who blocked it, or whose turn it is
	Reason string // why it was blocked, or None
	Card   string // the fire that held it up, or the problem after which it came back
	Group  string // epic or milestone
	In     string // the repository or project whose it is
	Trace  string // what it has in common with others
}

// Lists of cards.
const (
	ListOpen      = "open"      // neither done nor given up
	ListWork      = "work"      // under way
	ListFinished  = "finished"  // done within the days asked for
	ListStarted   = "started"   // begun within the days
	ListEnded     = "ended"     // done or given up after they were begun, within the days
	ListReturned  = "returned"  // begun and given back, within the days
	ListCreated   = "created"   // within the days
	ListLeft      = "left"      // left the board within the days
	ListBlocked   = "blocked"   // within the days, for a while
	ListStuck     = "stuck"     // under way, and they cannot go on
	ListOutside   = "outside"   // under way, and in no column of work
	ListUntouched = "untouched" // open, and nothing happened to them for UntouchedDays
	ListUrgent    = "urgent"    // open and urgent: of the two highest priorities, on a scale of two of the highest
	ListFires     = "fires"     // unplanned and under way within the days
	ListHeld      = "held"      // planned, and held up by fires
	ListCluster   = "cluster"   // what recurs
	ListBack      = "back"      // came again after the problem had been solved
	ListGroup     = "group"     // of an epic or milestone, except given up
)

// lists are all of them.
func lists() []string {
	return []string{ListOpen, ListWork, ListFinished, ListStarted, ListEnded, ListReturned, ListCreated, ListLeft, ListBlocked, ListStuck, ListOutside, ListUntouched, ListUrgent, ListFires, ListHeld, ListCluster, ListBack, ListGroup}
}

// partsOf are the parts of a list by the names that they have in an address.
func partsOf(l *FlowList) map[string]*string {
	return map[string]*string{"list": &l.List, "week": &l.Week, "of-unit": &l.Unit, "of-type": &l.Type, "planned": &l.Plan, "person": &l.Person, "team": &l.Team,
		"column": &l.Column, "band": &l.Band, "party": &l.Party, "reason": &l.Reason, "fire": &l.Card, "group": &l.Group, "group-in": &l.In, "trace": &l.Trace}
}

// String writes a list as an address asks for it.
func (l FlowList) String() string {
	v := url.Values{}
	for key, value := range partsOf(&l) {
		if *value != "" {
			v.Set(key, *value)
		}
	}
	return v.Encode()
}

// FlowListOf reads a list from the parts of an address.
func FlowListOf(v url.Values) FlowList {
	var l FlowList
	for key, value := range partsOf(&l) {
		*value = v.Get(key)
	}
	return l
}

// Values writes a query as an address asks for it, without what goes without saying.
func (q FlowQuery) Values() url.Values {
	v := url.Values{}
	set := func(key, value string, usual bool) {
		if value != "" && !usual {
			v.Set(key, value)
		}
	}
	set("unit", q.Unit, false)
	set("type", q.Type, false)
	set("class", q.Class, false)
	set("by", q.By, false)
	set("from", q.From, false)
	set("to", q.To, false)
	set("days", strconv.Itoa(q.Days), q.Days == FlowDays || q.Days == 0 || q.From != "")
	set("items", strconv.Itoa(q.Items), q.Items == FlowItems || q.Items == 0)
	return v
}

// choices are the values that some trait of the cards has, in their order.
func choices(items []flow.Item, of func(*flow.Item) string) []string {
	seen := map[string]bool{}
	for n := range items {
		seen[of(&items[n])] = true
	}
	delete(seen, "")
	out := make([]string, 0, len(seen))
	for k := range seen {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
