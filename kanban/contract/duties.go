package contract

import "parley/kanban"

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
	d := &owed{Duty{Promise: p, Card: c.id, N: debt.count, From: e.At, Allowed: days, Cause: e.ID}, a.cal, a.version}
	debt.open = &d.Duty
	a.duties = append(a.duties, d)
}
