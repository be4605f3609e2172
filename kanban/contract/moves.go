package contract

import (
	"time"

	"parley/kanban"
)

// warranty is how many working days after its delivery a request may come back without a
// new slot.
const warranty = 5

// move brings a card into a column.
func (r *run) move(c *card, e Event) {
	to, known := r.Layout.Column(e.To)
	if !known {
		to = kanban.Column{Key: e.To}
	}
	if to.Key == c.column.Key {
		return
	}
	was, turn := c.column, c.turn()
	refused := c.refusable()
	c.column = to
	if delete(r.waiting, c.id); to.Category == kanban.Option {
		r.waiting[c.id] = c
	}
	switch to.Category {
	case "": // nobody knows what it means
	case kanban.Option:
		r.giveUp(c, e, partyOr(e.By, turn), refused)
	case kanban.Cancelled:
		r.cancel(c, e)
	default:
		r.proceed(c, was, e)
	}
}

// giveUp ends the commitment: the card is an option again. Where nobody knows who sent it
// back it was the side that had the turn. A delivery that is refused in this way was none,
// and the request keeps its slot; one that IT takes back is given back.
func (r *run) giveUp(c *card, e Event, by kanban.Party, refused bool) {
	if refused {
		c.holding.Delivered, c.holding.ITDays = time.Time{}, 0
	}
	if !refused || by == kanban.IT {
		r.release(c, e, by)
	}
	whose, was := c.debtor(), c.committed
	c.committed, c.started, c.payer, c.excused = time.Time{}, time.Time{}, "", false
	r.leave(c, whose)
	if a := r.account(c.debtor()); a != nil && !was.IsZero() {
		r.claim(a, c, false, e)
	}
}

// cancel takes the card off the board. Where nobody knows who did, it was the requester.
func (r *run) cancel(c *card, e Event) {
	c.asked = false
	if a := r.account(c.debtor()); a != nil {
		a.drop(c)
		if e.By != kanban.IT && !c.holding.open() {
			delete(a.ready, c.id) // there is nothing to be taken
		}
	}
	r.release(c, e, e.By)
}

// release settles what becomes of the slot of a card that goes without delivery.
func (r *run) release(c *card, e Event, by kanban.Party) {
	h := c.holding
	if !h.open() || !h.Delivered.IsZero() {
		return
	}
	a := r.accounts[h.Unit]
	switch into := r.cards[c.traits.Parent]; {
	case c.ended() && into != nil && !into.ended() && !into.holding.open():
		a.transfer(h, into, e, "merged")
		return
	case by == kanban.IT:
		a.given[c.id] = true
		a.giveBack(h, e, Refund, "IT gave it back")
	case h.Started.IsZero():
		a.giveBack(h, e, Release, "withdrawn before the start")
	default:
		h.Consumed = true
		return
	}
	r.serve(a, e.At)
}

// proceed brings the card into a column that means a commitment.
func (r *run) proceed(c *card, was kanban.Column, e Event) {
	fresh := c.committed.IsZero()
	switch {
	case fresh:
		r.commit(c, e)
	case was.Category == kanban.Cancelled:
		fresh = r.revive(c, e)
	case was.Category == kanban.Done && !r.recent(c, e.At):
		fresh = true
		r.commit(c, e)
	}
	if c.started.IsZero() && c.column.Category != kanban.Queue {
		c.started, fresh = e.At, true
		r.begun(c, e.At)
	}
	r.settle(c, e, fresh)
	r.deliver(c, was, e)
}

// commit begins a stint. Who pays for it is settled now, and what is no part of the
// contract now never becomes one.
func (r *run) commit(c *card, e Event) {
	again := r.recent(c, e.At) && c.holding != nil && !c.holding.GivenBack
	c.committed, c.started, c.payer, c.taken = e.At, time.Time{}, c.unit(), true
	if h := c.holding; h.open() && h.Delivered.IsZero() {
		if h.Started.IsZero() { // what was refused takes as long as it took since the first time
			h.Committed = e.At
		}
	} else if !again {
		c.holding, c.finished = nil, time.Time{}
	}
	c.excused = r.account(c.payer) == nil
}

// revive takes up a stint that was cancelled. A slot that was given back has to be taken
// again.
func (r *run) revive(c *card, e Event) (fresh bool) {
	if h := c.holding; h != nil && h.Consumed {
		h.Consumed = false
		return false
	}
	r.commit(c, e)
	return true
}

// recent reports whether the card was delivered so lately that its return goes on with what
// was delivered.
func (r *run) recent(c *card, at time.Time) bool {
	cal := r.Calendar
	if a := r.accounts[c.debtor()]; a != nil {
		cal = a.cal
	}
	return !c.finished.IsZero() && cal.Of(at) <= cal.After(cal.Of(c.finished), warranty)
}

// begun counts work that begins. Work of IT's own has no slot, but it takes capacity.
func (r *run) begun(c *card, at time.Time) {
	if h := c.holding; h.open() && h.Started.IsZero() {
		h.Started = at
	}
	p := PeriodOf(r.Calendar.Of(at))
	s := r.starts[p]
	s.all++
	if c.traits.Unplanned || c.traits.Expedite {
		s.unplanned++
	}
	r.starts[p] = s
}

// deliver notes the first delivery. A delivery that is refused was none; one that comes
// back after it was accepted stays one.
func (r *run) deliver(c *card, was kanban.Column, e Event) {
	h, done := c.holding, c.column.Category == kanban.Done
	accepted := !c.finished.IsZero()
	if done {
		c.finished = e.At
	}
	if !h.open() {
		return
	}
	refused := was.Category == kanban.Active && was.Turn == kanban.Business && !done && !c.accepting()
	switch {
	case (done || c.accepting()) && h.Delivered.IsZero():
		h.Delivered, h.ITDays = e.At, c.itDays(h.Committed, e.At, r.Calendar)
	case refused && !accepted:
		h.Delivered, h.ITDays = time.Time{}, 0
	}
}

// settle lets a card that is committed to take its slot. anyway is true where people
// decided on it just now: then it takes one also where none is free.
func (r *run) settle(c *card, e Event, anyway bool) {
	a := r.account(c.debtor())
	if a == nil || !c.underWay() || c.holding.open() {
		return
	}
	if h := c.holding; h != nil && h.Swapped && c.started.IsZero() {
		return // it stepped down, and takes another slot when it is begun
	}
	if !r.chargeable(c, e.At) {
		c.excused = c.excused || r.shares(c) // for the whole stint
		return
	}
	if !c.traits.Expedite && !a.terms.asks(c.traits.Priority) {
		return
	}
	if anyway || c.traits.Expedite || c.raised.choice == Borrow {
		a.charge(c, e.At, e.Who, e.ID, "")
		return
	}
	r.serve(a, e.At)
}

// describe takes in what is known of a card now.
func (r *run) describe(c *card, e Event) {
	whose := c.debtor()
	was := r.account(whose)
	asked := was != nil && r.asking(was, c, e.At)
	c.traits = e.Traits
	if p := r.cards[e.Traits.Parent]; p != nil {
		c.traits.Expedite = c.traits.Expedite || p.traits.Expedite // its class is its parent's
	}
	r.leave(c, whose)
	a := r.account(c.debtor())
	if a == nil {
		return
	}
	r.claim(a, c, asked && a == was, e)
	if h := c.holding; h.open() && h.Expedited.IsZero() && c.traits.Expedite {
		r.accounts[h.Unit].urge(h, e.At)
	}
	r.settle(c, e, false)
}

// sponsor lets another unit pay. What is committed to has its payer already.
func (r *run) sponsor(c *card, e Event) {
	whose := c.debtor()
	c.sponsor = e.Unit
	raised := c.raised
	r.leave(c, whose)
	if a := r.account(c.debtor()); a != nil && !raised.at.IsZero() && c.raised.at.IsZero() {
		r.claim(a, c, false, e)
	}
}

// leave takes a card off the claims of a unit that it is not of any more.
func (r *run) leave(c *card, whose kanban.UnitKey) {
	if a := r.accounts[whose]; a != nil && whose != c.debtor() {
		a.drop(c)
	}
}
