package contract

import (
	"cmp"
	"slices"
	"time"

	"parley/kanban"
)

// Statement is what came of the slots of one period.
type Statement struct {
	Unit    kanban.UnitKey
	Period  Period
	Version int // of the terms
	Count   Count
	Slots   Slots
	Cutoff  time.Time // zero where nobody works
	Closed  bool      // it is over; before that, figures are as of now
}

// Account is how a contract stands with one unit.
type Account struct {
	Unit       kanban.UnitKey
	Name       string
	Terms      Terms // in force
	Version    int
	Entries    []Entry
	Statements []Statement     // by period; the last one is the present
	Verdicts   []Verdict       // by period, promise and id
	Holders    []Holding       // of the slots of the present period, in the order in which they were taken
	Free       int             // slots; below zero: taken in advance
	Slotted    []kanban.CardID // requests that wait and take no slot once they are taken on: they have one, or share one
	Kept       []kanban.CardID // raised, and not taken on: the free slots are kept for them, in this order
	Over       []Over          // raised beyond them, in the order in which they were raised
	AtRisk     []Verdict       // what the next three days decide, the first due first
	Clocks     []Clock         // of the cards that were begun, by card
	Disputes   []Dispute       // verdicts that a side did not accept, by their ids
	Pledges    []Pledge        // of units to pay for another one's card, to which only one of them agreed, by card
	Payers     Payers          // of all cards for which another unit pays than the one whose they are
	Loans      []Loan          // that are named by one side only, or could not be booked, the latest first
	Basis      Basis           // what verdicts go by besides the record
	// As tells what cards are called now by what they were called before they became a part of
	// another one: lines of a ledger keep the names of their time. Whoever folds does not know it.
	As   map[kanban.CardID]kanban.CardID
	Pace Pace // of what was delivered and is in work
}

// picture is how things stand now.
func (r *run) picture() []Account {
	out := make([]Account, 0, len(r.units))
	clocks, payers, basis := r.clocks(), r.payers(), r.basis()
	for _, u := range r.units {
		a := r.accounts[u]
		p := Account{Unit: u, Name: a.contract.Name, Terms: a.terms, Version: a.version, Entries: a.entries, Clocks: clocks[u], Payers: payers, Pledges: r.pledged(u), Basis: basis}
		p.Basis.Terms = a.hashes
		if a.running {
			p.Statements = append(slices.Clone(a.closed), a.statement(r.there(a, r.now)))
			p.Free, p.Holders, p.Slotted = a.free(), a.holders(), r.slotted(a)
			p.Kept, p.Over = r.over(a)
			p.Verdicts = r.verdicts(a, p.Statements)
			p.AtRisk = r.risks(a, p.Verdicts)
			p.Pace = r.pace(a)
			p.Disputes, p.Loans = r.disputed(u), r.unlent(u)
		}
		out = append(out, p)
	}
	return out
}

// statement is what the present period comes to so far.
func (a *account) statement(there []*card) Statement {
	s := Statement{Unit: a.contract.Unit, Period: a.period, Version: a.version, Count: a.count, Cutoff: a.cutoff}
	s.Count.Ready = a.requests(there)
	s.Slots = s.Count.Reckon()
	return s
}

func (a *account) holders() []Holding {
	var out []Holding
	for _, h := range a.holdings {
		if h.Period == a.period && !h.GivenBack && !h.Swapped {
			out = append(out, *h)
		}
	}
	return out
}

// verdicts lists all of an account, with what people said of them.
func (r *run) verdicts(a *account, statements []Statement) []Verdict {
	out := make([]Verdict, 0, len(a.verdicts)+len(statements)+len(a.duties)+5)
	out = append(append(out, a.verdicts...), r.pending(a)...)
	for _, s := range statements {
		out = append(out, a.shielded(s, r.starts[s.Period], r.gaps, r.now))
	}
	for _, d := range a.duties {
		out = append(out, d.judged(a.contract.Unit, r.gaps, r.now))
	}
	for n := range out {
		v := &out[n]
		v.Found = v.Outcome
		d := r.disputes[v.ID]
		if d == nil && v.Former != "" {
			d = r.disputes[v.Former]
		}
		switch {
		case d == nil || v.Outcome == Pending: // what is not decided cannot be contested
		case d.open:
			v.Contested = true
		case d.agreed != "":
			v.Outcome, v.Settled = d.agreed, true
		}
	}
	return ordered(out)
}

// ordered is verdicts by period, promise and id. They are large and many: not they are
// moved about, but their places.
func ordered(verdicts []Verdict) []Verdict {
	row := make([]int, len(verdicts))
	for n := range row {
		row[n] = n
	}
	slices.SortFunc(row, func(i, k int) int {
		x, y := &verdicts[i], &verdicts[k]
		if c := cmp.Or(cmp.Compare(x.Period, y.Period), cmp.Compare(x.Promise, y.Promise)); c != 0 {
			return c
		}
		return cmp.Or(cmp.Compare(x.ID, y.ID), cmp.Compare(i, k))
	})
	out := make([]Verdict, len(row))
	for n, i := range row {
		out[n] = verdicts[i]
	}
	return out
}

// pending are the verdicts on the present period, as things stand.
func (r *run) pending(a *account) []Verdict {
	there := r.there(a, r.now)
	s := a.statement(there)
	out := []Verdict{a.takenOn(s), a.delivered(), a.restrained(), a.prepared()}
	if a.cuts {
		out = append(out, a.order(there))
	}
	for n := range out {
		if !a.count.Idle {
			out[n].Outcome, out[n].Facts.Failing = Pending, out[n].Outcome == Broken
		}
	}
	return out
}
