package contract

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"parley/kanban"
)

// chargeable reports whether a request is one that takes a slot when it is taken on, as
// things stand. Whatever asks who may be charged asks here: the row of those that wait,
// the requests that are there to be taken, and the ledger have to agree on it.
func (r *run) chargeable(c *card, at time.Time) bool {
	return !c.traits.Internal && !c.excused && !r.keeps(c, at) && !r.shares(c)
}

// keeps reports whether a card has a slot that it goes on with: its own, also when it comes
// back so soon after its delivery that it needs no other.
func (r *run) keeps(c *card, at time.Time) bool {
	h := c.holding
	return h.open() && (h.Delivered.IsZero() || c.underWay() || r.recent(c, at))
}

// shares reports whether it goes by the slot of the card that it comes from.
func (r *run) shares(c *card) bool {
	p := r.cards[c.traits.Parent]
	return p != nil && p.holding != nil && !p.holding.GivenBack
}

// asking reports whether a card's priority asks for a slot that it has not.
func (r *run) asking(a *account, c *card, at time.Time) bool {
	return a.terms.asks(c.traits.Priority) && !c.ended() && r.chargeable(c, at)
}

// there are the requests of a unit that could be taken on now: complete, and asking for a
// slot. They come by id.
func (r *run) there(a *account, at time.Time) []*card {
	var out []*card
	for _, c := range r.waiting {
		if c.unit() == a.contract.Unit && a.complete(c) && r.asking(a, c, at) {
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(x, y *card) int { return cmp.Compare(x.id, y.id) })
	return out
}

// slotted are the requests of a unit that wait and take no slot when they are taken on: they
// have one, by a swap or since they came back so soon, or go by that of the one they are a part
// of. They come by id.
func (r *run) slotted(a *account) []kanban.CardID {
	var out []kanban.CardID
	for _, c := range r.waiting {
		if c.unit() == a.contract.Unit && !c.traits.Internal && (r.keeps(c, r.now) || r.shares(c)) {
			out = append(out, c.id)
		}
	}
	slices.Sort(out)
	return out
}

// complete reports whether a request has all that the terms in force ask of a ready one.
func (a *account) complete(c *card) bool {
	has := strings.Split(c.traits.Has, ",")
	return !slices.ContainsFunc(a.terms.Ready, func(field string) bool { return !slices.Contains(has, field) })
}

// claim notes a priority that now asks for a slot, or no longer does. asked tells whether
// it did so before. Where every request asks for a slot none is raised.
func (r *run) claim(a *account, c *card, asked bool, e Event) {
	if !a.terms.asks(c.traits.Priority) {
		c.low = c.traits.Priority
	}
	switch {
	case !r.asking(a, c, e.At):
		a.drop(c)
	case !asked && len(a.terms.Priorities) > 0:
		a.raise(c, e)
	}
}

// raise lets a card ask for a slot: it stands in the row by when it did.
func (a *account) raise(c *card, e Event) {
	a.drop(c)
	c.raised = raise{at: e.At, from: c.low, cause: e.ID, who: e.Who, back: c.raised.back}
	n, _ := a.place(c)
	a.claims = slices.Insert(a.claims, n, c)
}

// drop lets it ask no longer.
func (a *account) drop(c *card) {
	if n, waits := a.place(c); waits {
		a.claims = slices.Delete(a.claims, n, n+1)
	}
	c.raised = raise{back: c.raised.back}
}

// place is where a card stands in the row of those that ask, or would stand.
func (a *account) place(c *card) (int, bool) {
	return slices.BinarySearchFunc(a.claims, c, func(x, y *card) int {
		return cmp.Or(x.raised.at.Compare(y.raised.at), cmp.Compare(x.id, y.id))
	})
}
