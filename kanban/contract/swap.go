package contract

import (
	"cmp"
	"fmt"
	"time"
)

// swap lets one request of a unit have the slot of another. What counts is how things stood
// when the swap began: both priorities are written by now, and neither the end of a week nor
// work that began meanwhile can make that undone. One that cannot be booked is told.
func (r *run) swap(e Event) {
	in, out := r.cards[e.Card], r.cards[e.Other]
	if why := r.unfit(in, out, e); why != "" {
		r.void(e, why)
		return
	}
	a := r.account(out.holding.Unit)
	if h := in.holding; h.open() { // of a week that began meanwhile
		a.giveBack(h, e, Release, "it has the slot of a swap that began before")
	}
	a.transfer(out.holding, in, e, "")
	a.rank(in, e.At)
	r.claim(a, out, false, e) // where somebody raised it again
	r.settle(out, e, true)    // where it was begun meanwhile
	r.serve(a, e.At)
}

// unfit says why a swap cannot be booked; "" where it can.
func (r *run) unfit(in, out *card, e Event) string {
	began := e.began()
	switch {
	case in == nil || out == nil || in == out:
		return "these are not two requests"
	case in.ended():
		return fmt.Sprintf("%s has ended", in.id)
	case !out.holding.wasSwappable(began):
		return fmt.Sprintf("%s had no slot that could pass to another", out.id)
	case in.debtor() != out.holding.Unit || r.account(out.holding.Unit) == nil:
		return "they are not requests of one unit"
	case out.holding.Period != PeriodOf(r.Calendar.Of(began)):
		return fmt.Sprintf("the slot of %s is of another week", out.id)
	case in.holding.open() && (in.holding.Taken.Before(began) || !in.holding.Delivered.IsZero()):
		return fmt.Sprintf("%s has a slot of its own", in.id)
	}
	return ""
}

// void tells of a swap that was written and is not booked.
func (r *run) void(e Event, why string) {
	a := r.account(e.Unit)
	for _, c := range []*card{r.cards[e.Other], r.cards[e.Card]} {
		if a == nil && c != nil {
			a = r.account(c.debtor())
		}
	}
	if a != nil {
		a.enter(Entry{At: e.At, Kind: Void, Card: e.Card, Other: e.Other, Who: e.Who, Cause: e.ID, Note: "the swap counts for nothing: " + why})
	}
}

// began is when a swap began, as far as that is known.
func (e *Event) began() time.Time {
	if e.Began.IsZero() || e.Began.After(e.At) {
		return e.At
	}
	return e.Began
}

// swappable reports whether a slot can pass to another card.
func swappable(h *Holding) bool { return h.open() && h.Started.IsZero() && h.Delivered.IsZero() }

// wasSwappable reports whether a slot that a card still has could pass to another one at a
// moment that may be over.
func (h *Holding) wasSwappable(at time.Time) bool {
	return h.open() && (h.Started.IsZero() || h.Started.After(at)) && (h.Delivered.IsZero() || h.Delivered.After(at))
}

// transfer gives a slot to another card. What was there to be taken is that one now.
func (a *account) transfer(h *Holding, in *card, e Event, note string) {
	h.Swapped, h.Delivered, h.ITDays = true, time.Time{}, 0
	a.hold(in, &Holding{Card: in.id, Unit: h.Unit, Period: h.Period, Taken: e.At, Committed: in.committed, Started: in.started,
		Expedited: h.Expedited, haste: h.haste, Approver: cmp.Or(in.approver, h.Approver)})
	if h.Period == a.period && a.ready[h.Card] {
		delete(a.ready, h.Card)
		a.ready[in.id] = true
	}
	a.enter(Entry{At: e.At, Kind: Swap, Card: in.id, Other: h.Card, Who: e.Who, Cause: e.ID, Note: note})
}

// rank makes a slot that was swapped what its card is: an expedite or none, by the word of
// that card's approver.
func (a *account) rank(in *card, at time.Time) {
	h := in.holding
	if h.haste && h.Period == a.period {
		a.count.Expedites--
		a.count.Taken++
	}
	h.Expedited, h.haste, h.Approver = time.Time{}, false, in.approver
	if in.traits.Expedite {
		a.urge(h, at)
	}
}
