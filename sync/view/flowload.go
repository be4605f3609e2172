package view

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"parley/kanban"
	"parley/kanban/calendar"
	"parley/kanban/flow"
)

// Workload is who carries how much, what nobody had planned of it and what that cost, and
// what nobody looks at.
type Workload struct {
	Seq   int64     `json:"seq"` // data sequence that it was taken at
	At    time.Time `json:"at"`
	From  string    `json:"from"`
	To    string    `json:"to"`
	Query FlowQuery `json:"query"`
	Known int       `json:"known"`

	Work      Amount     `json:"work"`
	Outside   Amount     `json:"outside"`   // of the work: in no column of work, see ListOutside
	Limit     int        `json:"limit"`     // of the columns in work together, 0 for none, and where a query picks some of their cards
	Unplanned Amount     `json:"unplanned"` // of the work
	Blocked   Amount     `json:"blocked"`   // of the work
	Shares    FlowShares `json:"shares"`    // of what was finished
	Weeks     []Week     `json:"weeks"`

	Units  []Load      `json:"units"`
	Teams  []Load      `json:"teams"`
	People []Load      `json:"people"`
	Named  bool        `json:"named"` // the viewer reads who works on what
	Turns  []TurnLoad  `json:"turns"`
	Types  []TypeShare `json:"types"`

	Fires     []FlowFire  `json:"fires"`
	Held      []HeldUp    `json:"held"`
	Burned    Amount      `json:"burned"`     // fires within the days
	HeldCards Amount      `json:"held_cards"` // planned cards that they held up
	HeldKnown bool        `json:"held_known"` // the viewer reads in whose hands cards are, and with that what held them up
	HeldPart  bool        `json:"held_part"`  // of some cards only: Held and HeldCards can be more
	Drains    []UnitDrain `json:"drains"`
	Inflation []Urgency   `json:"inflation"`
	Untouched Amount      `json:"untouched"`
	Forgotten []Forgotten `json:"forgotten"` // some of the untouched, the longest first
	Starved   []Starving  `json:"starved"`

	Choices FlowChoices `json:"-"`
}

// UntouchedDays is after how many days without anything an open card is told of.
const UntouchedDays = 30

// FlowShares is what part of the finished work nobody had planned, 0 to 1.
type FlowShares struct {
	ByCount  float64 `json:"by_count"`
	ByDays   float64 `json:"by_days"`
	ByActive float64 `json:"by_active_hours"`
	Finished Amount  `json:"finished"`
	Fires    Amount  `json:"unplanned"`
}

// Load is what one unit, team or person carries.
type Load struct {
	Key       string `json:"key"`
	Name      string `json:"name"`
	Work      Amount `json:"work"`
	Unplanned Amount `json:"unplanned"` // of it
	Business  Amount `json:"business"`  // of it, with the business
	Open      Amount `json:"open"`      // all that is not ended
	Limit     int    `json:"limit"`     // 0 for none
}

// TurnLoad is how much of the work under way is whose turn.
type TurnLoad struct {
	Party kanban.Party `json:"party"`
	Work  Amount       `json:"work"`
}

// NewWorkload computes who carries what of the cards of a query.
func NewWorkload(in FlowCards, q FlowQuery) Workload {
	s := newFlowSet(in, q)
	w := Workload{At: in.Clock.Now, From: s.span.From.String(), To: s.span.To.String(), Query: s.query, Known: len(in.Items), Named: in.People, HeldKnown: in.People}
	w.Choices = FlowChoices{Units: in.Units, Types: choices(in.Items, func(i *flow.Item) string { return orNone(i.Type) }), Classes: choices(in.Items, func(i *flow.Item) string { return i.Class })}
	for _, c := range s.Layout.Columns {
		if c.Category.Started() && s.query.Unit == "" && s.query.Type == "" && s.query.Class == "" {
			w.Limit += c.WIP
		}
	}
	s.carry(&w)
	w.Weeks, w.Types = s.weeks(), s.types()
	u := flow.Unplanned(s.items, s.Clock, s.span)
	w.Shares = FlowShares{ByCount: u.ByCount(), ByDays: u.ByDays(), ByActive: u.ByActive(), Finished: amount(u.ItemsAll, FlowList{List: ListFinished}), Fires: amount(u.Items, FlowList{List: ListFinished, Plan: "no"})}
	s.fires(&w)
	s.attention(&w)
	return w
}

// loads adds up what each of some carriers has.
type loads struct {
	by   map[string]*Load
	list func(key string) FlowList
}

func newLoads(list func(key string) FlowList) *loads { return &loads{map[string]*Load{}, list} }

func (l *loads) of(key, name string) *Load {
	if out := l.by[key]; out != nil {
		return out
	}
	with := func(change func(*FlowList)) Amount {
		f := l.list(key)
		f.List = ListWork
		change(&f)
		return Amount{Cards: f.String()}
	}
	l.by[key] = &Load{Key: key, Name: name, Work: with(func(*FlowList) {}), Unplanned: with(func(f *FlowList) { f.Plan = "no" }),
		Business: with(func(f *FlowList) { f.Party = string(kanban.Business) }), Open: with(func(f *FlowList) { f.List = ListOpen })}
	return l.by[key]
}

// sorted gives those that carry most first; those that are nobody's come last.
func (l *loads) sorted() []Load {
	out := make([]Load, 0, len(l.by))
	for _, load := range l.by {
		out = append(out, *load)
	}
	slices.SortFunc(out, func(a, b Load) int {
		return cmp.Or(cmp.Compare(lastOnes(a.Key), lastOnes(b.Key)), cmp.Compare(b.Work.N, a.Work.N), cmp.Compare(b.Open.N, a.Open.N), cmp.Compare(a.Name, b.Name))
	})
	return out
}

// carry counts what is under way and open, by who has it.
func (s *flowSet) carry(w *Workload) {
	w.Outside = amount(0, FlowList{List: ListOutside})
	w.Work, w.Unplanned, w.Blocked = amount(0, FlowList{List: ListWork}), amount(0, FlowList{List: ListWork, Plan: "no"}), amount(0, FlowList{List: ListStuck})
	units := newLoads(func(key string) FlowList { return FlowList{Unit: key} })
	teams := newLoads(func(key string) FlowList { return FlowList{Team: key} })
	people := newLoads(func(key string) FlowList { return FlowList{Person: key} })
	turns := map[kanban.Party]int{}
	for n := range s.items {
		i := &s.items[n]
		if !s.open(i) {
			continue
		}
		has := []*Load{units.of(string(i.Unit), s.unit(i.Unit)), teams.of(carrier(i, i.Team), carrierName(i, i.Team, "No team")), people.of(carrier(i, i.Assignee), carrierName(i, i.Assignee, "Nobody yet"))}
		for _, l := range has {
			l.Open.N++
		}
		if !underWay(i) {
			continue
		}
		w.Work.N++
		w.Outside.N += one(!s.inWork(i))
		turn := s.turn(i)
		turns[turn]++
		for _, l := range has {
			l.Work.N++
			l.Unplanned.N += one(i.Unplanned)
			l.Business.N += one(turn == kanban.Business)
		}
		w.Unplanned.N += one(i.Unplanned)
		w.Blocked.N += one(stuck(i))
	}
	for _, l := range s.Layout.Limits {
		if l.Scope == kanban.ScopeUnit && units.by[l.Key] != nil {
			units.by[l.Key].Limit = l.WIP
		}
		if l.Scope == kanban.ScopePerson && people.by[l.Key] != nil {
			people.by[l.Key].Limit = l.WIP
		}
	}
	w.Units, w.Teams, w.People = units.sorted(), teams.sorted(), people.sorted()
	for _, p := range []kanban.Party{kanban.Business, kanban.IT, kanban.Third} {
		w.Turns = append(w.Turns, TurnLoad{Party: p, Work: amount(turns[p], FlowList{List: ListWork, Party: string(p)})})
	}
	if !s.People {
		w.People, w.Teams = []Load{}, []Load{}
	}
}

// carrierName is what the people of a card, or its team, are called.
func carrierName(i *flow.Item, who, none string) string {
	if i.Hidden {
		return "Not shown to you"
	}
	return cmp.Or(who, none)
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

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

// fires makes out the bills of unplanned work.
func (s *flowSet) fires(w *Workload) {
	all := flow.Fires(s.items, s.Clock, s.Calendar, s.span)
	most := map[kanban.CardID]int{} // days that one fire held a card up
	w.Fires, w.Held = []FlowFire{}, []HeldUp{}
	w.HeldPart = w.HeldKnown && slices.ContainsFunc(s.items, func(i flow.Item) bool { return i.Hidden })
	for n, f := range all {
		for _, h := range f.Held {
			most[h.Card] = max(most[h.Card], h.Days)
		}
		if n < mostFires {
			w.Fires = append(w.Fires, FlowFire{CardName: s.Name(f.Card), Days: f.Days, Bill: f.Bill(), Held: amount(len(f.Held), FlowList{List: ListHeld, Card: string(f.Card)})})
		}
	}
	w.Burned, w.HeldCards = amount(len(all), FlowList{List: ListFires}), amount(len(most), FlowList{List: ListHeld})
	held := slices.SortedFunc(maps.Keys(most), func(a, b kanban.CardID) int { return cmp.Or(cmp.Compare(most[b], most[a]), cmp.Compare(a, b)) })
	held = held[:min(len(held), mostHeld)]
	by := blame(all, held)
	items := s.find(held, by)
	for _, id := range held {
		w.Held = append(w.Held, s.heldUp(items[id], by[id], items))
	}
	slices.SortStableFunc(w.Held, func(a, b HeldUp) int { return cmp.Compare(b.Days, a.Days) })
}

// blame finds the fires that held some cards up, the dearest first.
func blame(fires []flow.Fire, held []kanban.CardID) map[kanban.CardID][]kanban.CardID {
	by := map[kanban.CardID][]kanban.CardID{}
	for _, f := range fires {
		for _, h := range f.Held {
			if slices.Contains(held, h.Card) {
				by[h.Card] = append(by[h.Card], f.Card)
			}
		}
	}
	return by
}

// find gives some cards and the fires that held them up.
func (s *flowSet) find(held []kanban.CardID, by map[kanban.CardID][]kanban.CardID) map[kanban.CardID]*flow.Item {
	out := map[kanban.CardID]*flow.Item{}
	for _, id := range held {
		out[id] = nil
		for _, f := range by[id] {
			out[f] = nil
		}
	}
	for n := range s.items {
		if _, wanted := out[s.items[n].Card]; wanted {
			out[s.items[n].Card] = &s.items[n]
		}
	}
	return out
}

// heldUp tells what held a planned card up: a day on which several fires burned counts
// once.
func (s *flowSet) heldUp(i *flow.Item, fires []kanban.CardID, items map[kanban.CardID]*flow.Item) HeldUp {
	out := HeldUp{CardName: s.Name(i.Card), Unit: s.unit(i.Unit), Due: i.Due}
	for d := s.span.From; d <= s.span.To; d++ {
		_, touched := slices.BinarySearch(i.Touched, d)
		if !touched && s.Calendar.Works(d) && s.underWayOn(i, d) && slices.ContainsFunc(fires, func(f kanban.CardID) bool { return s.underWayOn(items[f], d) }) {
			out.Days++
		}
	}
	var names []string
	for n, f := range fires {
		if n == 4 && len(fires) > 5 {
			names = append(names, "others")
			break
		}
		out.Fires = append(out.Fires, s.Name(f))
		names = append(names, out.Fires[n].Called())
	}
	due := ""
	if d, err := calendar.Parse(i.Due); err == nil {
		due = d.Format("2 January 2006")
	}
	out.Sentence = flow.Sentence(due, "", out.Days, names)
	return out
}

func (s *flowSet) underWayOn(i *flow.Item, d calendar.Day) bool {
	return slices.ContainsFunc(i.Stints, func(st flow.Stint) bool {
		return !st.Started.IsZero() && s.day(st.Started) <= d && d <= s.day(cmp.Or(st.Ended, s.Clock.Now))
	})
}
