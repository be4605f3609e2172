package contract

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"parley/kanban"
	"parley/kanban/calendar"
)

// Setting is what everything is judged by.
type Setting struct {
	Layout    kanban.Layout
	Calendar  calendar.Calendar
	Contracts []Contract
	Rules     string // fingerprint of what tells the meaning of what the trackers say; "": nobody knows
}

// Fold tells how all contracts stand at a moment: by what happened until then, in whatever
// order it is told, and by the times in which a tracker was not read. Later events change
// no verdict that was decided before them, except one that people contest. Units come by
// their keys.
func Fold(s Setting, events []Event, gaps []Gap, now time.Time) []Account {
	return FoldRow(s, RowOf(events), gaps, now)
}

// FoldRow is Fold of events that are in their order already.
func FoldRow(s Setting, row Row, gaps []Gap, now time.Time) []Account {
	r := newRun(s)
	r.gaps, r.now = sortedGaps(gaps), now
	for _, e := range row {
		if e.At.After(now) {
			break
		}
		r.passTo(e.At)
		r.take(*e)
	}
	r.passTo(now)
	return r.picture()
}

func newRun(s Setting) *run {
	r := &run{Setting: s, accounts: map[kanban.UnitKey]*account{},
		cards: map[kanban.CardID]*card{}, waiting: map[kanban.CardID]*card{}, starts: map[Period]starts{}, loans: map[loanKey]Event{}, lent: map[string]bool{}, disputes: map[string]*dispute{}}
	for _, c := range s.Contracts {
		if begins, ok := c.Begins(); ok {
			r.accounts[c.Unit] = newAccount(c, s.Calendar, begins)
		}
	}
	r.units = slices.Sorted(maps.Keys(r.accounts))
	return r
}

// run is a fold under way.
type run struct {
	Setting
	gaps     []Gap
	now      time.Time
	units    []kanban.UnitKey // that have a contract
	accounts map[kanban.UnitKey]*account
	cards    map[kanban.CardID]*card
	waiting  map[kanban.CardID]*card // of them, those in a column of options
	starts   map[Period]starts
	loans    map[loanKey]Event
	lent     map[string]bool // loans that were booked, by their name and lender
	disputes map[string]*dispute
}

// starts counts the work that was begun in a period, by all units and by IT itself.
type starts struct{ all, unplanned int }

// passTo lets periods begin and end, and cut-offs pass, up to a moment. A period begins
// before what happens in its first moment; a cut-off is behind what happens in its own.
func (r *run) passTo(at time.Time) {
	for {
		var next *account
		for _, u := range r.units {
			if a := r.accounts[u]; next == nil || a.mark().before(next.mark()) {
				next = a
			}
		}
		if next == nil || !next.mark().passed(at) {
			return
		}
		r.pass(next)
	}
}

// mark is the next moment at which time alone changes an account.
type mark struct {
	at     time.Time
	cutoff bool
}

func (m mark) before(o mark) bool { return m.at.Before(o.at) }

func (m mark) passed(at time.Time) bool {
	if m.cutoff {
		return m.at.Before(at)
	}
	return !m.at.After(at)
}

func (r *run) pass(a *account) {
	switch m := a.mark(); {
	case m.cutoff:
		a.cut(r.there(a, a.cutoff), r.gaps)
	case !a.running:
		a.begin(a.period)
		r.serve(a, m.at)
	default:
		a.close(r.gaps)
		a.begin(a.period.Next())
		r.serve(a, m.at)
	}
}

// account is the contract in force with a unit, nil where there is none (yet).
func (r *run) account(u kanban.UnitKey) *account {
	if a := r.accounts[u]; a != nil && a.running {
		return a
	}
	return nil
}

// serve gives free slots to those whose priority asks for one, in the order in which they
// asked. One that is not committed to keeps its place and takes the slot when it is.
func (r *run) serve(a *account, at time.Time) {
	for n, free := 0, a.free(); n < len(a.claims) && free > 0; free-- {
		c := a.claims[n]
		if !r.chargeable(c, at) { // since then it came to share the slot of another one
			a.drop(c)
			free++
			continue
		}
		if !c.underWay() {
			n++
			continue
		}
		a.charge(c, at, cmp.Or(c.raised.who, byContract), c.raised.cause, "raised "+kanban.Moment(c.raised.at, a.base.Zone()))
	}
}

// take takes in one event.
func (r *run) take(e Event) {
	switch e.Kind {
	case Lends, Borrows, Noted, Contested, Settled:
		r.decide(e)
		return
	case Swapped:
		r.swap(e)
		return
	}
	c := r.cards[e.Card]
	if c == nil {
		c = newCard(e.Card, e.At)
		r.cards[e.Card] = c
	}
	r.change(c, e)
	c.pass(e.At)
	r.duties(c, e)
}

// change applies what happened to a card.
func (r *run) change(c *card, e Event) {
	switch e.Kind {
	case Created:
		r.describe(c, e)
		r.move(c, e)
	case Moved:
		r.move(c, e)
	case Blocked:
		c.blocker = partyOr(e.By, mover(c.column))
	case Unblocked:
		c.blocker = ""
	case Described:
		r.describe(c, e)
	case Triaged:
		c.triaged = true
	case Asked:
		c.asked, c.question, c.triaged = true, e.Ref, true
	case Answered, Concluded:
		c.asked = c.asked && e.Ref != "" && e.Ref != c.question // of an earlier question it says nothing
	case Approved:
		c.approve(e)
	case Sponsored:
		r.sponsor(c, e)
	case Told, Chose, PutBack:
		r.respond(c, e)
	}
}

// partyOr is a party that can have the turn, or else another one.
func partyOr(p, otherwise kanban.Party) kanban.Party {
	switch p {
	case kanban.Business, kanban.IT, kanban.Third:
		return p
	}
	return otherwise
}
