package app

import (
	"context"
	"slices"

	"parley/kanban"
	"parley/kanban/contract"
	"parley/web"
)

// What would have no effect is refused with the reason, and so is what is decided already:
// all decisions are kept for ever.

// chooses vets what becomes of a request that waits for a slot.
func (t *dealer) chooses() error {
	o, ok := over(t.account, t.card.ID)
	switch {
	case !ok:
		return unprocessable("%s does not wait for a slot of %s", t.deal.Card, t.account.Name)
	case o.Choice == contract.WaitFor && t.deal.What == web.DealWait:
		return conflicting("that it waits was chosen already")
	}
	return nil
}

// approves vets who approves of an expedite: the unit that pays for it, once.
func (t *dealer) approves(ctx context.Context) error {
	switch pays := t.payer().Now; {
	case t.card.Class != kanban.ClassExpedite:
		return unprocessable("%s is no expedite; only those need somebody who approves", t.deal.Card)
	case pays != t.account.Unit:
		return unprocessable("%s pays for %s, and approves of its expedites", t.name(pays), t.deal.Card)
	}
	all, err := t.Store.Decisions(ctx)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(all, func(e contract.Event) bool {
		return e.Kind == contract.Approved && e.Card == t.card.ID && e.Unit == t.account.Unit
	}) {
		return conflicting("it was approved already")
	}
	return nil
}

// sponsors vets a word of one of the two units that say who pays for a card. With a unit in
// With it is the word of the one that would pay otherwise.
func (t *dealer) sponsors() error {
	pays, to := t.payer().Next, t.account.Unit
	if t.deal.With != "" {
		to = kanban.UnitKey(t.deal.With)
	}
	switch {
	case t.deal.With != "" && pays != t.account.Unit:
		return unprocessable("%s pays for %s, and says who else may", t.name(pays), t.deal.Card)
	case t.deal.With != "" && !t.agreeing(to):
		return unprocessable("there is no contract with %.60q", t.deal.With)
	case t.taken():
		return unprocessable("%s was taken on; whose slot it took then pays for it", t.deal.Card)
	case pays == to:
		return unprocessable("%s pays for %s already", t.name(to), t.deal.Card)
	}
	for _, p := range t.account.Pledges {
		if p.Card == t.card.ID && p.To == to && (t.deal.With != "" && p.Agrees || t.deal.With == "" && p.Pays) {
			return conflicting("this was said already; it holds once the other unit says it, too")
		}
	}
	return nil
}

// taken reports whether the card is committed to: from then on its payer stays.
func (t *dealer) taken() bool {
	column, known := t.engine().Rules.Layout().Column(kanban.ColumnKey(t.card.Column))
	return known && column.Category != kanban.Option
}

// agreeing reports whether there is a contract with a unit.
func (t *dealer) agreeing(unit kanban.UnitKey) bool {
	return slices.ContainsFunc(t.accounts, func(a contract.Account) bool { return a.Unit == unit })
}

// of is the account of a unit that has a contract.
func (t *dealer) of(unit kanban.UnitKey) contract.Account {
	for _, a := range t.accounts {
		if a.Unit == unit {
			return a
		}
	}
	return contract.Account{Unit: unit, Name: string(unit)}
}

// name is what people call a unit.
func (t *dealer) name(unit kanban.UnitKey) string { return t.of(unit).Name }

// lends vets one side of a loan.
func (t *dealer) lends(ctx context.Context) error {
	with := kanban.UnitKey(t.deal.With)
	switch {
	case with == t.account.Unit:
		return unprocessable("a unit lends nothing to itself")
	case !t.agreeing(with):
		return unprocessable("there is no contract with %.60q", t.deal.With)
	case t.deal.What == web.DealLend && t.account.Free < t.deal.Slots:
		return unlent(t.account, t.deal.Slots)
	}
	all, err := t.Store.Decisions(ctx)
	if err != nil {
		return err
	}
	kind := t.event().Kind
	for _, e := range all {
		switch {
		case e.Ref != t.deal.Ref || e.Kind != contract.Lends && e.Kind != contract.Borrows:
		case e.Kind == kind && e.Unit == t.account.Unit:
			return conflicting("this loan was named before; name each loan differently")
		case e.Kind != kind && e.Unit == with && e.With == t.account.Unit:
			return t.meets(e)
		}
	}
	return nil
}

// meets vets the second word on a loan by the first one: it would come about now.
func (t *dealer) meets(first contract.Event) error {
	lender := t.of(first.Unit)
	switch {
	case first.Amount != t.deal.Slots:
		return unprocessable("%s named %d slots for this loan, not %d; name as many, or both name another loan", lender.Name, first.Amount, t.deal.Slots)
	case first.Kind == contract.Lends && lender.Free < t.deal.Slots:
		return unlent(lender, t.deal.Slots)
	}
	return nil
}

// unlent says that a unit has too few slots to lend any.
func unlent(lender contract.Account, slots int) error {
	return unprocessable("%s has %d free slots, not %d", lender.Name, max(lender.Free, 0), slots)
}
