package contract

import (
	"maps"
	"slices"

	"parley/kanban"
)

// clone is a run that can go on while this one stays as it is. What is only added to is
// shared; what is changed in place is copied: cards, holdings, and the duties that are open.
func (r *run) clone() *run {
	out := *r
	out.starts, out.loans, out.lent = maps.Clone(r.starts), maps.Clone(r.loans), maps.Clone(r.lent)
	out.disputes = make(map[string]*dispute, len(r.disputes))
	for ref, d := range r.disputes {
		said := *d
		said.settled, said.said = maps.Clone(d.settled), slices.Clip(d.said)
		out.disputes[ref] = &said
	}
	holdings, duties := map[*Holding]*Holding{}, map[*Duty]*Duty{}
	out.accounts = make(map[kanban.UnitKey]*account, len(r.accounts))
	for unit, a := range r.accounts {
		out.accounts[unit] = a.clone(holdings, duties)
	}
	out.cards = r.cloneCards(holdings, duties)
	out.waiting = among(out.cards, r.waiting)
	for unit, a := range out.accounts {
		a.claims = make([]*card, 0, len(r.accounts[unit].claims))
		for _, c := range r.accounts[unit].claims {
			a.claims = append(a.claims, out.cards[c.id])
		}
	}
	return &out
}

// cloneCards copies the cards, which have the copies of what they hold and owe.
func (r *run) cloneCards(holdings map[*Holding]*Holding, duties map[*Duty]*Duty) map[kanban.CardID]*card {
	out, room := make(map[kanban.CardID]*card, len(r.cards)), make([]card, 0, len(r.cards))
	for id, c := range r.cards {
		room = append(room, *c)
		now := &room[len(room)-1]
		now.turns, now.pledges, now.holding = slices.Clip(c.turns), maps.Clone(c.pledges), holdings[c.holding]
		for n := range now.debts {
			now.debts[n].open = duties[c.debts[n].open]
		}
		out[id] = now
	}
	return out
}

// among are the copies of some cards.
func among(copies, some map[kanban.CardID]*card) map[kanban.CardID]*card {
	out := make(map[kanban.CardID]*card, len(some))
	for id := range some {
		out[id] = copies[id]
	}
	return out
}

// clone copies an account but for its claims, and notes the copies of holdings and of open
// duties.
func (a *account) clone(holdings map[*Holding]*Holding, duties map[*Duty]*Duty) *account {
	out := *a
	out.ready, out.given = maps.Clone(a.ready), maps.Clone(a.given)
	out.triages, out.notes = maps.Clone(a.triages), maps.Clone(a.notes)
	out.entries, out.closed, out.verdicts = slices.Clip(a.entries), slices.Clip(a.closed), slices.Clip(a.verdicts)
	room := make([]Holding, len(a.holdings))
	out.holdings = make([]*Holding, len(a.holdings))
	for n, h := range a.holdings {
		room[n] = *h
		out.holdings[n], holdings[h] = &room[n], &room[n]
	}
	out.duties = slices.Clone(a.duties)
	for n, d := range a.duties {
		if d.To.IsZero() { // the others never change
			open := *d
			out.duties[n], duties[&d.Duty] = &open, &open.Duty
		}
	}
	return &out
}
