package web_test

import (
	"context"

	"parley/kanban"
	"parley/kanban/contract"
	"parley/sync/view"
	"parley/web"
)

// Deciding is of a contract that was made.
func (d *desk) Deciding(context.Context, kanban.UnitKey) (view.Deciding, error) {
	return view.Deciding{}, view.ErrUnknown
}

// Verdict is of one.
func (d *desk) Verdict(context.Context, kanban.UnitKey, string) (view.VerdictCase, error) {
	return view.VerdictCase{}, view.ErrUnknown
}

// Swap is of one.
func (d *desk) Swap(context.Context, kanban.UnitKey, string) (view.Swap, error) {
	return view.Swap{}, view.ErrUnknown
}

// Deciding of an office is everything that can be decided, of Trading alone.
func (o *office) Deciding(_ context.Context, unit kanban.UnitKey) (view.Deciding, error) {
	if unit != "trading" {
		return view.Deciding{Unit: unit}, nil
	}
	card := func(id, key, title string) view.NamedCard {
		return view.NamedCard{Card: kanban.CardID(id), Called: key, Title: title}
	}
	risk, trading := view.Named{Key: "risk", Name: "Risk"}, view.Named{Key: "trading", Name: "Trading"}
	return view.Deciding{
		Unit: "trading", Name: "Trading", Free: 1,
		Choices: []view.Choosing{{NamedCard: card("c2", "OPS-2", "Fees"), Place: 1, Down: []view.StepDown{
			{NamedCard: card("c1", "OPS-1", "Nightly reconciliation of what every desk has traded"), From: "High", To: "Low"}, {NamedCard: card("c4", "OPS-4", "Refunds"), From: "Highest", To: "Low"},
		}}},
		Swaps: []view.Swap{openSwap()}, Contested: []view.VerdictCase{contestedCase()},
		Loans: []view.SlotLoan{
			{Ref: "spring", From: risk, To: trading, Slots: 1, At: at()}, {Ref: "autumn", From: trading, To: risk, Slots: 2, Ours: true, At: at()}, {Ref: "winter", From: trading, To: risk, Slots: 9, Both: true, At: at()},
		},
		Pledges: []view.Pledge{
			{NamedCard: card("c1", "OPS-1", "Nightly reconciliation of what every desk has traded"), From: trading, To: risk}, {NamedCard: card("c6", "OPS-6", "Cut-off"), From: risk, To: trading, Ours: true},
			{NamedCard: card("c7", "OPS-7", "Desks"), From: risk, To: trading},
		},
		Expedites: []view.NamedCard{card("c8", "OPS-8", "The vendor’s feed is silent since this morning")}, Weeks: []string{"2026-W47"}, Others: []view.Named{risk},
	}, nil
}

// openSwap is one of which the first half is done.
func openSwap() view.Swap {
	return view.Swap{
		Up: view.NamedCard{Card: "c6", Called: "OPS-6", Title: "Cut-off"}, Down: view.NamedCard{Card: "c7", Called: "OPS-7", Title: "Desks"}, Phase: contract.Raising,
		Steps: []view.SwapStep{{Text: "OPS-7 steps down: High to Low", State: view.StepDone}, {Text: "OPS-6 has the slot: High stays", State: view.StepNow, Detail: "Jira has it; being saved to GitHub"}, {Text: "The ledger books it", State: view.StepNext}},
	}
}

// contestedCase is a verdict about which both sides have said something.
func contestedCase() view.VerdictCase {
	return view.VerdictCase{
		Promised: view.Promised{ID: "trading/R1/c1/1", Promise: contract.AnswerDuty, By: kanban.Business, Period: "2026-W46", Card: "c1", Called: "OPS-1", Title: "Nightly reconciliation", Outcome: contract.Broken, Contested: true,
			Clock: "Trading’s clock", Sentence: "Broken by Trading’s clock: it was answered after 3 working days of 2. It is contested and counts for nobody until both sides agree."},
		Unit: "trading", Name: "Trading", From: at().AddDate(0, 0, -5), To: at().AddDate(0, 0, -1),
		Words: [2]view.SideWords{
			{By: kanban.IT, Name: "IT", Said: []view.Word{{At: at(), Who: "Sam", Outcome: contract.Broken, Note: "no call came to us"}}},
			{By: kanban.Business, Name: "Trading", Said: []view.Word{{At: at(), Who: "Mia", Note: "we answered by phone on Thursday, Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen"}}},
		},
	}
}

// Verdict of an office is contested, counts, or is open.
func (o *office) Verdict(_ context.Context, unit kanban.UnitKey, id string) (view.VerdictCase, error) {
	c := contestedCase()
	switch {
	case unit != "trading" || id == "":
		return view.VerdictCase{}, view.ErrUnknown
	case id == "masked":
		return view.VerdictCase{Unit: unit, Masked: true}, nil
	case id != c.ID:
		c.ID, c.Promise, c.By, c.Card, c.Contested, c.Outcome, c.From, c.Words = id, contract.TakeOn, kanban.IT, "", false, contract.Broken, c.To.AddDate(1, 0, 0), [2]view.SideWords{}
		c.Cards = []view.NamedCard{{Card: "c4", Called: "OPS-4"}}
	}
	return c, nil
}

// Swap of an office is done, or did not come about.
func (o *office) Swap(context.Context, kanban.UnitKey, string) (view.Swap, error) {
	return openSwap(), nil
}

// Deal remembers what was decided, unless it is refused.
func (o *office) Deal(_ context.Context, d web.Deal) (web.Answer, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if r := o.refusals["deal"]; r != nil {
		return web.Answer{}, r
	}
	o.dealt = append(o.dealt, d)
	return web.Answer{Op: d.Op, State: "done"}, nil
}
