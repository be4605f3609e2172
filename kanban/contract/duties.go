package contract

import (
	"fmt"
	"strconv"
	"strings"

	"parley/kanban"
)

// duties begins and ends what the sides owe each other for a card, as it stands now.
func (r *run) duties(c *card, e Event) {
	a := r.account(c.debtor())
	news := c.column.Category == kanban.Option && !c.triaged && !c.traits.Internal && a != nil && !c.taken && !c.created.Before(a.begins)
	if news && !c.debt(Reply).owed {
		c.fresh = true
	}
	if !news && c.debt(Reply).owed {
		r.replied(c, e)
	}
	r.owe(a, c, Reply, news, e)
	r.owe(a, c, AnswerDuty, c.questioned(), e)
	r.owe(a, c, Accept, c.accepting(), e)
}

// replied counts the first reply to a request, and whether it was complete by then. One
// that was withdrawn before had none.
func (r *run) replied(c *card, e Event) {
	c.triaged = true
	a := r.account(c.debtor())
	if a == nil || !c.fresh || c.column.Category == kanban.Cancelled {
		return
	}
	p := PeriodOf(a.base.Of(e.At))
	s := a.triages[p]
	s.all++
	if !a.complete(c) {
		s.unplanned++
	}
	a.triages[p] = s
	c.fresh = false
}

// owe begins a duty when a card comes into a state that asks for it, and ends it when the
// card leaves that state: there is one for each time, however often the card is touched.
func (r *run) owe(a *account, c *card, p Promise, owes bool, e Event) {
	debt := c.debt(p)
	if owes == debt.owed {
		return
	}
	debt.owed = owes
	if d := debt.open; d != nil {
		d.To, d.Answer, d.Left, d.Dropped = e.At, e.ID, c.column.Category, c.column.Category == kanban.Cancelled || e.Kind == Concluded
		debt.open = nil
	}
	if !owes || a == nil {
		return
	}
	days := a.terms.AnswerDays
	if p == Accept {
		days = a.terms.AcceptDays
	}
	if days == 0 {
		return // not agreed on
	}
	debt.count++
	if debt.nth++; debt.cause != e.ID {
		debt.cause, debt.nth = e.ID, 1
	}
	d := &owed{Duty{Promise: p, Card: c.id, N: debt.count, From: e.At, Allowed: days, Cause: e.ID}, a.cal, a.version, causeName(c.id, e.ID, debt.nth)}
	debt.open = &d.Duty
	a.duties = append(a.duties, d)
}

// dutyBegins is what the name of an event is hashed behind.
const dutyBegins = "parley contract duty 1"

// causeName names the event that began a duty of a card, in few letters. It never moves,
// whatever comes to be known or is forgotten of the card's other days, or whatever card this
// one becomes a part of. nth is which of the duties it is that the event began: an event that
// tells several things can begin and end one more than once.
func causeName(card kanban.CardID, event string, nth int) string {
	var b coder
	b.text(dutyBegins)
	b.text(bare(event, card))
	sum := b.sum()
	name := fmt.Sprintf("e%x", sum[:6]) // a letter first: no number of an earlier version reads so
	if nth > 1 {
		name += "." + strconv.Itoa(nth)
	}
	return name
}

// bare is the id of an event without the card's, which begins those that no tracker named.
func bare(event string, card kanban.CardID) string {
	return strings.TrimPrefix(event, string(card)+"/")
}

// id is that of the verdict on the duty.
func (d *owed) id(unit kanban.UnitKey) string {
	return verdictID(unit, d.Promise, string(d.Card), d.name)
}

// former is what earlier versions called it.
func (d *owed) former(unit kanban.UnitKey) string {
	return verdictID(unit, d.Promise, string(d.Card), strconv.Itoa(d.N))
}

// called finds the duty that a verdict is about, by whichever of its ids; nil: there is none.
// Of each verdict that is contested it looks at all duties: so it makes no id of any.
func (a *account) called(verdict string) *owed {
	rest, ours := strings.CutPrefix(verdict, string(a.contract.Unit)+"/")
	parts := strings.Split(rest, "/")
	if !ours || len(parts) != 3 {
		return nil
	}
	number, err := strconv.Atoi(parts[2])
	if err != nil || strconv.Itoa(number) != parts[2] {
		number = 0 // of none
	}
	for _, d := range a.duties {
		if string(d.Card) == parts[1] && string(d.Promise) == parts[0] && (d.N == number || d.name == parts[2]) {
			return d
		}
	}
	return nil
}
