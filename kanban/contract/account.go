package contract

import (
	"cmp"
	"fmt"
	"time"

	"parley/kanban"
	"parley/kanban/calendar"
)

// account is one unit's contract as the fold goes along.
type account struct {
	contract Contract
	base     calendar.Calendar
	agreed   []string // what the versions of the terms are called
	hashes   []string // and in a Basis
	running  bool     // the first period has begun
	period   Period
	begins   time.Time // of the first period
	ends     time.Time // of the present one
	terms    Terms
	version  int
	cal      calendar.Calendar // with the holidays of the terms
	cutoff   time.Time
	cuts     bool // the cut-off is still to come
	count    Count
	ready    map[kanban.CardID]bool // there to be taken in this period, once the cut-off is past
	given    map[kanban.CardID]bool // back by IT in this period
	claims   []*card                // whose priority asks for a slot, in the order in which they asked
	holdings []*Holding
	duties   []*owed
	triages  map[Period]starts // replies: all, and to incomplete requests
	notes    map[string]Event
	entries  []Entry
	closed   []Statement
	verdicts []Verdict
}

// owed is a duty with the calendar that it was taken on by.
type owed struct {
	Duty

	cal     calendar.Calendar
	version int    // of the terms
	name    string // of what began it
}

func newAccount(c Contract, cal calendar.Calendar, begins Period) *account {
	a := &account{contract: c, base: cal, cal: cal, period: begins, begins: begins.begin(cal),
		triages: map[Period]starts{}, notes: map[string]Event{}}
	for n, t := range c.Versions {
		a.agreed, a.hashes = append(a.agreed, t.name(n+1, 8)), append(a.hashes, t.name(n+1, basisBytes))
	}
	return a
}

// named is what the ledger calls a version of the terms.
func (a *account) named(version int) string { return a.agreed[version-1] }

// mark is the next moment at which time alone changes it.
func (a *account) mark() mark {
	switch {
	case !a.running:
		return mark{at: a.begins}
	case a.cuts:
		return mark{a.cutoff, true}
	}
	return mark{at: a.ends}
}

// begin opens a period under the terms that hold in it.
func (a *account) begin(p Period) {
	a.running, a.period, a.ends = true, p, p.end(a.base)
	a.terms, a.version = a.contract.Version(p)
	a.cal = a.base.Without(a.terms.Holidays...)
	a.cutoff, a.cuts = a.terms.Cutoff.Moment(p, a.cal)
	last := a.last()
	a.count = Count{Slots: a.terms.Slots, CarryIn: last.CarryOut, OverdrawIn: last.Owed, Cap: a.terms.Carry, Idle: !a.cuts}
	a.ready, a.given = nil, map[kanban.CardID]bool{}
	if !a.count.Idle && a.terms.Slots > 0 {
		a.enter(Entry{At: p.begin(a.base), Kind: Grant, Amount: a.terms.Slots, Who: byContract, Cause: a.named(a.version),
			Note: fmt.Sprintf("agreed by %s and %s", a.terms.Agreed.Business, a.terms.Agreed.IT)})
	}
}

// last is what the period before left.
func (a *account) last() Slots {
	if n := len(a.closed); n > 0 {
		return a.closed[n-1].Slots
	}
	return Slots{}
}

// free is how many slots are left, below zero where some were taken in advance.
func (a *account) free() int {
	s := a.count.Reckon()
	return max(0, s.Offered-s.Charge) - s.Owed
}

// enter adds a line to the ledger.
func (a *account) enter(e Entry) {
	e.Seq, e.Unit, e.Period, e.Terms = int64(len(a.entries)+1), a.contract.Unit, a.period, a.version
	e.At = e.At.UTC().Truncate(time.Millisecond)
	e.Who, e.Cause, e.Note = readable(e.Who), readable(e.Cause), readable(e.Note)
	a.entries = append(a.entries, e)
}

// charge lets a card take a slot of this period.
func (a *account) charge(c *card, at time.Time, who, cause, note string) {
	h := &Holding{Card: c.id, Unit: a.contract.Unit, Period: a.period, Taken: at, Committed: c.committed, Started: c.started, Approver: c.approver}
	if c.traits.Expedite {
		h.Expedited, h.haste = at, true
		a.count.Expedites++
		note = cmp.Or(note, "expedite")
	} else {
		a.count.Taken++
	}
	a.hold(c, h)
	a.enter(Entry{At: at, Kind: Commit, Amount: -1, Card: c.id, Who: who, Cause: cause, Note: note})
}

// hold gives a card its slot; it waits for none any more.
func (a *account) hold(c *card, h *Holding) {
	c.holding = h
	a.holdings = append(a.holdings, h)
	a.drop(c)
}

// giveBack returns a slot to its unit, in the present period.
func (a *account) giveBack(h *Holding, e Event, kind EntryKind, note string) {
	h.GivenBack = true
	switch {
	case h.Period != a.period:
		a.count.Back++
	case h.haste:
		a.count.Expedites--
	default:
		a.count.Taken--
	}
	if kind == Release {
		delete(a.ready, h.Card)
	}
	a.enter(Entry{At: e.At, Kind: kind, Amount: 1, Card: h.Card, Who: e.Who, Cause: e.ID, Note: note})
}

// urge makes a request that has a slot an expedite. It costs no second one.
func (a *account) urge(h *Holding, at time.Time) {
	h.Expedited = at
	if h.Period == a.period {
		h.haste = true
		a.count.Taken--
		a.count.Expedites++
	}
}

// supplied are the requests to be taken in the present period: those that are there now,
// those taken on in it without haste, and those that IT gave back.
func (a *account) supplied(there []*card) map[kanban.CardID]bool {
	out := map[kanban.CardID]bool{}
	for _, c := range there {
		out[c.id] = true
	}
	for _, h := range a.holdings {
		if h.Period == a.period && !h.GivenBack && !h.Swapped && !h.haste {
			out[h.Card] = true
		}
	}
	for id := range a.given {
		out[id] = true
	}
	return out
}

// requests is how many were there to be taken.
func (a *account) requests(there []*card) int {
	if a.cuts {
		return len(a.supplied(there))
	}
	n := len(a.ready)
	for id := range a.given {
		if !a.ready[id] {
			n++
		}
	}
	return n
}
