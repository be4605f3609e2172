package view

import (
	"cmp"
	"slices"
	"time"

	"parley/kanban"
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

	Reading bool `json:"reading"` // see FlowPicture

	Work      Amount     `json:"work"`
	Outside   Amount     `json:"outside"`   // of the work: in no column of work, see ListOutside
	Limit     int        `json:"limit"`     // of the columns in work together: 0 unless each of them has one, and where a query picks some of their cards
	Over      []Over     `json:"over"`      // columns in work beyond their limit, where no query picks some of their cards
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
	HeldDays  int         `json:"held_days"`  // working days that these stood still, added up: a day of a card counts once, however many fires burned
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
	Limit     int    `json:"limit"`     // 0 for none, and where a query picks some of the cards
	Counted   int    `json:"counted"`   // cards that count against the limit: those in columns of work
}

// TurnLoad is how much of the work under way is whose turn.
type TurnLoad struct {
	Party kanban.Party `json:"party"`
	Work  Amount       `json:"work"`
}

// NewWorkload computes who carries what of the cards of a query.
func NewWorkload(in FlowCards, q FlowQuery) Workload {
	w, _ := workloadAfter(in, q, nil)
	return w
}

// workloadAfter is the same, from what was kept of the picture before; it gives what is to
// be kept of this one.
func workloadAfter(in FlowCards, q FlowQuery, before *kept) (Workload, *kept) {
	s, now := newPictured(in, q, true, before)
	w := Workload{At: in.Clock.Now, From: s.span.From.String(), To: s.span.To.String(), Query: s.query, Known: len(in.Items), Named: in.People, HeldKnown: in.People}
	w.Choices = now.choices(in.Units)
	s.limits(&w)
	atOnce(
		func() { s.carry(&w) },
		func() { w.Weeks, w.Types = s.weeks(), s.types() },
		func() { w.Shares = s.shares() },
		func() { s.fires(&w) },
		func() { s.attention(&w) },
	)
	return w, now
}

// whole reports whether the query picks all cards.
func (s *flowSet) whole() bool {
	return s.query.Unit == "" && s.query.Type == "" && s.query.Class == ""
}

// limits holds the columns of work against their limits, which are of all cards in them.
func (s *flowSet) limits(w *Workload) {
	if w.Over = []Over{}; !s.whole() {
		return
	}
	in := map[kanban.ColumnKey]int{}
	for n := range s.ongoing {
		if i := &s.ongoing[n]; s.inWork(i) {
			in[i.Column]++
		}
	}
	w.Limit, w.Over = workLimit(s.Layout), beyond(s.Layout.Columns, in)
}

// shares are what part of the finished work nobody had planned.
func (s *flowSet) shares() FlowShares {
	u := s.sums.shares
	return FlowShares{ByCount: u.ByCount(), ByDays: u.ByDays(), ByActive: u.ByActive(), Finished: amount(u.ItemsAll, FlowList{List: ListFinished}), Fires: amount(u.Items, FlowList{List: ListFinished, Plan: "no"})}
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
	for n := range s.ongoing {
		i := &s.ongoing[n]
		has := []*Load{units.of(string(i.Unit), s.unit(i.Unit)), teams.of(carrier(i, i.Team), carrierName(i, i.Team, "No team")), people.of(carrier(i, s.worker(i)), carrierName(i, s.workerName(i), "Nobody yet"))}
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
	s.limited(units.by, people.by)
	w.Units, w.Teams, w.People = units.sorted(), teams.sorted(), people.sorted()
	parties := []kanban.Party{kanban.Business, kanban.IT, kanban.Third}
	if turns[kanban.Nobody] > 0 { // only where the columns say so
		parties = append(parties, kanban.Nobody)
	}
	for _, p := range parties {
		w.Turns = append(w.Turns, TurnLoad{Party: p, Work: amount(turns[p], FlowList{List: ListWork, Party: string(p)})})
	}
	if !s.People {
		w.People, w.Teams = []Load{}, []Load{}
	}
}

// limited holds units and people against their limits, as the board does: of all cards that
// stand in columns of work.
func (s *flowSet) limited(units, people map[string]*Load) {
	if !s.whole() {
		return
	}
	in := map[string]int{}
	count := func(scope kanban.Scope, key string) { in[kanban.Limit{Scope: scope, Key: key}.ID()]++ }
	for n := range s.ongoing {
		if i := &s.ongoing[n]; s.inWork(i) {
			count(kanban.ScopeUnit, string(i.Unit))
			count(kanban.ScopePerson, i.Person)
		}
	}
	for _, l := range s.Layout.Limits {
		of := units[l.Key]
		if l.Scope == kanban.ScopePerson {
			of = people[l.Key]
		}
		if of != nil && (l.Scope == kanban.ScopeUnit || l.Scope == kanban.ScopePerson) {
			of.Limit, of.Counted = l.WIP, in[l.ID()]
		}
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
