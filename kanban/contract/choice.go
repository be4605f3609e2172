package contract

import (
	"slices"

	"parley/kanban"
)

// Choice is what a unit may do about a priority that it raised without a free slot.
type Choice string

// The three choices.
const (
	SwapOne Choice = "swap"   // one of its own requests steps down
	Borrow  Choice = "borrow" // a slot is taken in advance, out of the next period
	WaitFor Choice = "wait"   // it has its turn when a slot is free
)

// Choices lists them in the order in which they are offered.
func Choices() []Choice { return []Choice{SwapOne, Borrow, WaitFor} }

// respond takes in what was done about a raised priority.
func (r *run) respond(c *card, e Event) {
	asks := !c.raised.at.IsZero()
	switch {
	case e.Kind == PutBack:
		c.raised.back++ // also where the tracker told first that it is low again
	case e.Kind == Told && asks && c.raised.told.IsZero():
		c.raised.told, c.raised.mute = e.At, e.Note
	case e.Kind == Chose && asks && slices.Contains(Choices(), e.Choice):
		c.raised.choice = e.Choice
		r.settle(c, e, false)
	}
}

// loanKey is one side of a loan.
type loanKey struct {
	ref  string
	unit kanban.UnitKey
	kind Kind
}

// decide takes in a decision that is about no single card.
func (r *run) decide(e Event) {
	a := r.account(e.Unit)
	if a == nil {
		return
	}
	switch e.Kind {
	case Lends, Borrows:
		r.lend(e)
	case Noted:
		if _, before := a.notes[e.Ref]; !before && e.Note != "" {
			a.notes[e.Ref] = e
		}
	case Contested, Settled:
		r.contest(a, e)
	}
}

// lend books a loan once both units named it with the same number of slots. A unit lends
// what it has free.
func (r *run) lend(e Event) {
	if e.Ref == "" || e.Amount <= 0 || e.With == e.Unit {
		return
	}
	key := loanKey{e.Ref, e.Unit, e.Kind}
	if _, before := r.loans[key]; before {
		return
	}
	r.loans[key] = e
	other := loanKey{e.Ref, e.With, Lends}
	if e.Kind == Lends {
		other.kind = Borrows
	}
	o, agreed := r.loans[other]
	if !agreed || o.With != e.Unit || o.Amount != e.Amount {
		return
	}
	from, to := r.account(e.Unit), r.account(e.With)
	if e.Kind == Borrows {
		from, to = to, from
	}
	if from == nil || to == nil || from.free() < e.Amount {
		return
	}
	r.lent[e.Ref+"\x00"+string(from.contract.Unit)] = true
	from.loan(e, to.contract.Unit, -e.Amount)
	to.loan(e, from.contract.Unit, e.Amount)
	r.serve(to, e.At)
}

func (a *account) loan(e Event, with kanban.UnitKey, amount int) {
	a.count.Borrowed += max(0, amount)
	a.count.Lent += max(0, -amount)
	a.enter(Entry{At: e.At, Kind: Lend, Amount: amount, With: with, Who: e.Who, Cause: e.ID, Note: "loan " + e.Ref})
}

// dispute is what the sides say of a verdict.
type dispute struct {
	open    bool
	settled map[kanban.Party]Outcome
	agreed  Outcome // "" until they agree
	said    []Event // in the order in which it was said
}

// contest takes in that a side does not accept a verdict, or on what it agrees.
func (r *run) contest(a *account, e Event) {
	if e.By != kanban.Business && e.By != kanban.IT || !mine(e.Ref, e.Unit) {
		return
	}
	ref := r.disputedAs(a, e.Ref)
	d := r.disputes[ref]
	switch {
	case e.Kind == Contested && (d == nil || !d.open):
		var before []Event
		if d != nil {
			before = d.said
		}
		d = &dispute{open: true, settled: map[kanban.Party]Outcome{}, said: before}
		r.disputes[ref] = d
	case e.Kind == Settled && d != nil && d.open && settles(e.Outcome):
		d.settled[e.By] = e.Outcome
		if d.settled[kanban.Business] == d.settled[kanban.IT] {
			d.open, d.agreed = false, e.Outcome
		}
	case e.Kind == Settled:
		return
	}
	d.said = append(d.said, e)
	what := e.Ref
	if e.Kind == Settled {
		what += " is " + string(e.Outcome)
	}
	what += map[kanban.Party]string{kanban.Business: ", for the unit", kanban.IT: ", for IT"}[e.By]
	if e.Note != "" {
		what += ": " + e.Note
	}
	a.enter(Entry{At: e.At, Kind: Contest, Who: e.Who, Cause: e.ID, Note: what})
}

// mine reports whether a verdict is one of a unit's.
func mine(ref string, unit kanban.UnitKey) bool {
	return len(ref) > len(unit) && ref[:len(unit)+1] == string(unit)+"/"
}

// settles reports whether people can agree on an outcome.
func settles(o Outcome) bool { return o == Kept || o == Broken || o == NotApplicable }

// disputedAs is under which id a verdict is contested that a decision names: decisions of
// earlier versions named those on duties by numbers.
func (r *run) disputedAs(a *account, ref string) string {
	d := a.called(ref)
	if d == nil {
		return ref
	}
	if former := d.former(a.contract.Unit); r.disputes[former] != nil {
		return former // contested before it was known what began it
	}
	return d.id(a.contract.Unit)
}
