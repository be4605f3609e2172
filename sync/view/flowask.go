package view

import (
	"cmp"
	"net/url"
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
	load    bool    // it is for a Workload
	sums    sums    // of the items, where it is for a picture
	cycles  []int   // of what was finished, in ascending order; the same
	classes []class // of FlowCards.Items
	items   []flow.Item
	worked  []*flow.Workdays // of recent, as far as they are known; nil where none are
	// Those of the items that numbers are about, see class.
	unplanned, recent, costly, ongoing, grouped, solvers []flow.Item
	// Days are asked for again and again, and the zone makes them dear.
	from, to time.Time // of the span: its first moment, and the first one after it or now
	earlier  time.Time // so long before it as it lasts
}

// newFlowSet picks the cards of a query.
func newFlowSet(in FlowCards, q FlowQuery) *flowSet {
	s := flowSetOf(in, q)
	s.classify()
	s.sort()
	s.people()
	return s
}

// newPictured picks the cards of a query and folds them, from what was kept of the picture
// before: nil of none.
func newPictured(in FlowCards, q FlowQuery, load bool, before *kept) (*flowSet, *kept) {
	s := flowSetOf(in, q)
	s.load = load
	now := s.follow(before)
	s.sort()
	s.sums = s.sumsOf(s.pick(isAsked, isAtRest))
	s.sums.plus(&now.rest, 1)
	s.cycles, s.first = sampleOf(s.sums.cycles), s.sums.first(in.Clock.Today())
	s.persons = map[string]bool{}
	for name := range s.sums.persons {
		s.persons[name] = true
	}
	s.limitedPersons()
	if load {
		s.workdays(now)
	}
	return s, now
}

// flowSetOf is the cards and days of a query.
func flowSetOf(in FlowCards, q FlowQuery) *flowSet {
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
	s := &flowSet{FlowCards: in, query: q, span: flow.Span{From: today - calendar.Day(q.Days) + 1, To: today}}
	s.from, s.to = s.span.From.Start(in.Clock.Zone), in.Clock.Now
	s.earlier = s.from.AddDate(0, 0, -q.Days)
	return s
}

// people finds those that the configuration knows.
func (s *flowSet) people() {
	s.persons = map[string]bool{}
	for n := range s.items {
		if i := &s.items[n]; i.Person != "" {
			s.persons[i.Person] = true
		}
	}
	s.limitedPersons()
}

func (s *flowSet) limitedPersons() {
	for _, l := range s.Layout.Limits {
		if l.Scope == kanban.ScopePerson {
			s.persons[l.Key] = true
		}
	}
}

func (s *flowSet) asked(i *flow.Item) bool {
	return matches(s.query.Unit, string(i.Unit)) && matches(s.query.Type, orNone(i.Type)) && matches(s.query.Class, i.Class)
}

// unit is what a business unit is called.
func (s *flowSet) unit(key kanban.UnitKey) string { return unitName(s.Units, key) }

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
