package contract

import (
	"cmp"
	"slices"

	"parley/kanban"
)

// Pledge is that a unit pays for a card that another one would pay for. It holds once both
// have said so.
type Pledge struct {
	Card     kanban.CardID
	From, To kanban.UnitKey // who would pay, and who pays by it
	Pays     bool           // To has said that it does
	Agrees   bool           // From has said that it may
}

// Payer is who pays for a card.
type Payer struct {
	Now  kanban.UnitKey // for the present commitment
	Next kanban.UnitKey // for the next one, where both units agree on another
}

// Payers tell who pays, by card.
type Payers map[kanban.CardID]Payer

// Of is who pays for a card of a unit.
func (p Payers) Of(card kanban.CardID, unit kanban.UnitKey) Payer {
	if by, ok := p[card]; ok {
		return by
	}
	return Payer{Now: unit, Next: unit}
}

// pledge takes in what one of two units says of who pays, and reports whether both have
// said the same now. What is not a unit's to say counts for nothing.
func (c *card) pledge(e Event) bool {
	payer, owner := cmp.Or(e.With, e.Unit), c.unit()
	agrees := e.With != ""
	if payer == owner || payer == "" || agrees && e.Unit != owner {
		return false
	}
	p := c.pledges[payer]
	if p.From != owner { // the card went to another unit since, which has not agreed
		p.Agrees = false
	}
	p.Card, p.From, p.To = c.id, owner, payer
	p.Pays, p.Agrees = p.Pays || !agrees, p.Agrees || agrees
	if c.pledges == nil {
		c.pledges = map[kanban.UnitKey]Pledge{}
	}
	c.pledges[payer] = p
	return p.Pays && p.Agrees
}

// approve takes in who approves of an expedite. Another unit than the one that pays for it
// has no say in it.
func (c *card) approve(e Event) {
	if e.Unit != "" && e.Unit != c.debtor() {
		return
	}
	c.approver = e.Who
	if c.holding.open() {
		c.holding.Approver = e.Who
	}
}

// payers are those of all cards for which another unit pays than the one whose they are.
func (r *run) payers() Payers {
	out := Payers{}
	for id, c := range r.cards {
		if p := (Payer{Now: c.debtor(), Next: c.unit()}); p != (Payer{c.traits.Unit, c.traits.Unit}) {
			out[id] = p
		}
	}
	return out
}

// pledged lists what one of two units has said of who pays, and the other has not.
func (r *run) pledged(u kanban.UnitKey) (out []Pledge) {
	for _, c := range r.cards {
		for _, p := range c.pledges {
			if p.From == c.unit() && (p.From == u || p.To == u) {
				out = append(out, p)
			}
		}
	}
	slices.SortFunc(out, func(a, b Pledge) int { return cmp.Or(cmp.Compare(a.Card, b.Card), cmp.Compare(a.To, b.To)) })
	return out
}
