package contract

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"parley/kanban"
)

// Dispute is what both sides said of a verdict that one of them did not accept.
type Dispute struct {
	Verdict string  // id
	Open    bool    // they have not agreed on an outcome
	Said    []Event // contested and settled, in the order in which it was said
}

// Words are what a side said since the verdict was contested while nobody contested it.
func (d Dispute) Words(side kanban.Party) (out []Event) {
	for _, e := range slices.Backward(d.Said) {
		if e.By == side {
			out = append(out, e)
		}
		if e.Kind == Contested {
			break
		}
	}
	slices.Reverse(out)
	return out
}

// disputed lists the disputes over the verdicts of a unit.
func (r *run) disputed(u kanban.UnitKey) (out []Dispute) {
	for _, id := range slices.Sorted(maps.Keys(r.disputes)) {
		if mine(id, u) {
			verdict := id
			if d := r.accounts[u].called(id); d != nil {
				verdict = d.id(u)
			}
			out = append(out, Dispute{Verdict: verdict, Open: r.disputes[id].open, Said: r.disputes[id].said})
		}
	}
	return out
}

// Loan is slots that pass from one unit to another once both name it. One that both named
// was not booked because they named different numbers, or because too few were free.
type Loan struct {
	Ref      string
	From, To kanban.UnitKey
	Amount   int       // as the one who named it first said
	Lends    bool      // the lender named it
	Borrows  bool      // the borrower named it
	At       time.Time // when it was named for the last time
}

// unlent lists the loans of a unit that were not booked.
func (r *run) unlent(u kanban.UnitKey) (out []Loan) {
	found := map[Loan]*Loan{}
	for key, e := range r.loans {
		from, to := key.unit, e.With
		if key.kind == Borrows {
			from, to = to, from
		}
		if from != u && to != u || r.lent[key.ref+"\x00"+string(from)] {
			continue
		}
		l := found[Loan{Ref: key.ref, From: from, To: to}]
		if l == nil {
			l = &Loan{Ref: key.ref, From: from, To: to, Amount: e.Amount, At: e.At}
			found[Loan{Ref: key.ref, From: from, To: to}] = l
		}
		if e.At.Before(l.At) || e.At.Equal(l.At) && key.kind == Lends {
			l.Amount = e.Amount
		}
		if e.At.After(l.At) {
			l.At = e.At
		}
		l.Lends, l.Borrows = l.Lends || key.kind == Lends, l.Borrows || key.kind == Borrows
	}
	for _, l := range found {
		out = append(out, *l)
	}
	slices.SortFunc(out, func(a, b Loan) int {
		return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.Ref, b.Ref), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
	return out
}

// Spare are the slots of the present period that could pass to another request: nobody has
// begun to work on those that hold them.
func (a Account) Spare() (out []Holding) {
	for _, h := range a.Holders {
		if swappable(&h) {
			out = append(out, h)
		}
	}
	return out
}

// Unexplained are the verdicts on unplanned work that would be broken as things stand, and
// that a cause noted now would keep.
func (a Account) Unexplained() (out []Verdict) {
	for _, v := range a.Verdicts {
		if v.Promise == Shield && v.Outcome == Pending && v.Facts.Failing {
			out = append(out, v)
		}
	}
	return out
}

// StepsDown is the priority that a request of priority own gets when it gives its slot to one
// that was of priority before until it was raised: that one's, where it asks for no slot,
// else the next lower one that asks for none; its own where it asks for none any more. ""
// means that the scale, highest first, has none.
func (t Terms) StepsDown(own, before kanban.PriorityKey, scale []kanban.Priority) kanban.PriorityKey {
	if !t.asksNamed(own) {
		return own
	}
	at := func(key kanban.PriorityKey) int {
		return slices.IndexFunc(scale, func(p kanban.Priority) bool { return p.Key == key })
	}
	if at(before) >= 0 && !t.asksNamed(before) {
		return before
	}
	for _, p := range scale[max(at(own), 0):] {
		if !t.asksNamed(p.Key) {
			return p.Key
		}
	}
	return ""
}

// asksNamed reports whether the terms name a priority as one that asks for a slot.
func (t Terms) asksNamed(p kanban.PriorityKey) bool { return slices.Contains(t.Priorities, p) }
