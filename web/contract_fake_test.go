package web

import (
	"context"
	"fmt"
	"slices"

	"parley/kanban"
	"parley/kanban/contract"
	"parley/sync/view"
)

// Contracts is Contracts'.
func (w *world) Contracts(context.Context) ([]view.Contract, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.contracts, w.broken()
}

// ContractWith is Contracts', with as many verdicts as are asked for behind one of them.
func (w *world) ContractWith(_ context.Context, unit kanban.UnitKey, q view.VerdictQuery) (view.Contract, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	i := slices.IndexFunc(w.contracts, func(c view.Contract) bool { return c.Unit == unit })
	if err := w.broken(); err != nil || i < 0 {
		return view.Contract{}, fmt.Errorf("contract of %s: %w", unit, orErr(err, view.ErrUnknown))
	}
	c := w.contracts[i]
	from := 1 + slices.IndexFunc(c.Verdicts, func(v view.Promised) bool { return v.ID == q.After })
	if q.After != "" && from == 0 {
		return view.Contract{}, view.ErrUnknown
	}
	c.AllVerdicts, c.Verdicts = len(c.Verdicts), c.Verdicts[from:]
	if q.Limit > 0 && len(c.Verdicts) > q.Limit {
		c.MoreVerdicts, c.NextVerdicts, c.Verdicts = len(c.Verdicts)-q.Limit, c.Verdicts[q.Limit-1].ID, c.Verdicts[:q.Limit]
	}
	return c, nil
}

// Parties are those of contracts that are told.
func (w *world) Parties() []view.Named {
	out := []view.Named{}
	for _, c := range w.contracts {
		if !c.Masked {
			out = append(out, view.Named{Key: string(c.Unit), Name: c.Name})
		}
	}
	return out
}

// Ledger is Contracts'.
func (w *world) Ledger(context.Context, kanban.UnitKey) ([]view.LedgerLine, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.booked, w.broken()
}

// LedgerSheet is Contracts'.
func (w *world) LedgerSheet(_ context.Context, _ kanban.UnitKey, period string, most int) (view.LedgerSheet, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out view.LedgerSheet
	free := 0
	for _, l := range w.booked {
		free += l.Amount
	}
	for _, l := range slices.Backward(w.booked) {
		row := view.LedgerRow{LedgerLine: l, Free: free}
		free -= l.Amount
		switch {
		case period != "" && l.Period != period:
		case len(out.Booked.Lines) == most:
			out.Booked.More++
		default:
			out.Booked.Lines = append(out.Booked.Lines, row)
		}
	}
	return out, w.broken()
}

// Deciding is Contracts'.
func (w *world) Deciding(_ context.Context, unit kanban.UnitKey) (view.Deciding, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	d := w.deciding
	d.Unit = unit
	return d, w.broken()
}

// Verdict is Contracts'.
func (w *world) Verdict(_ context.Context, unit kanban.UnitKey, id string) (view.VerdictCase, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.broken(); err != nil || w.verdict.ID != id || w.verdict.Unit != unit {
		return view.VerdictCase{}, orErr(err, view.ErrUnknown)
	}
	return w.verdict, nil
}

// Swap is Contracts'.
func (w *world) Swap(_ context.Context, _ kanban.UnitKey, op string) (view.Swap, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if s, ok := w.swaps[op]; ok {
		return s, nil
	}
	return view.Swap{}, view.ErrUnknown
}

// Replenishment is Contracts'.
func (w *world) Replenishment(_ context.Context, unit kanban.UnitKey) (view.Replenishment, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.broken(); err != nil || w.sheet.Unit != unit {
		return view.Replenishment{}, orErr(err, view.ErrUnknown)
	}
	return w.sheet, nil
}

func orErr(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

// agreed gives the world a contract in which everything is told that can be, and one that is
// not for the reader.
func agreed(w *world) {
	broken := view.Promised{ID: "sales/R1/one/1", Promise: contract.AnswerDuty, By: kanban.Business, Period: "2026-W47", Card: "one", Called: "PAY-1", Title: "Refunds", Outcome: contract.Broken,
		Failing: true, Contested: true, Due: noon, Clock: "the clock of sales", Sentence: "Broken by the clock of sales."}
	week := view.ContractPeriod{Period: "2026-W47", From: "2026-11-16", To: "2026-11-22", Cutoff: noon, Slots: 3, Offered: 3, Due: 2, Taken: 1, Used: 1, Borrowed: 2, Lent: 1, Back: 1, Facts: "1 agreed on · 0 owed by IT from before · 2 borrowed · 1 lent · 1 given back", Closed: true}
	w.contracts = []view.Contract{
		{Unit: "sales", Name: "Sales", Seq: 7, At: noon, Line: "Sales · last 8 weeks · IT 5 of 6 kept · Sales two kept", AtRisk: []view.Promised{broken}, Period: &week,
			Past: []view.ContractPeriod{week}, Free: 2, Verdicts: []view.Promised{broken},
			Holders: []view.SlotHolder{{Card: "one", Called: "PAY-1", Title: "Refunds", Column: "build", Taken: noon, Started: true, Expedite: true, Delivered: noon, Days: 3}},
			Over:    []view.OverCard{{Card: "two", Called: "PAY-2", Title: "Fees", Raised: noon, From: "low", Place: 1, Choice: contract.WaitFor, Sentence: "PAY-2 waits."}},
			Scores:  []view.SideScore{{By: kanban.IT, Name: "IT", Kept: 5, Decided: 6, Text: "5 of 6 kept"}, {By: kanban.Business, Name: "Sales", Kept: 2, Decided: 2, Text: "two kept", Missed: []view.Promised{broken}, More: 7}},
			Tally:   []view.PromiseTally{{Promise: contract.AnswerDuty, Period: "2026-W47", Contested: 1}},
			Clock:   []view.ClockShare{{Party: kanban.IT, Hours: 30, Percent: 75}, {Party: kanban.Business, Hours: 10, Percent: 25}},
			Terms: &view.ContractTerms{Version: 1, From: "2026-11-16", Slots: 3, Carry: 3, Cutoff: "tue 12:00", CutoffWords: "Tue 12:00", Expedites: 2, SLEDays: 8, SLEShare: 85, AnswerDays: 2, AcceptDays: 3, Unplanned: 25,
				Priorities: []kanban.PriorityKey{"high"}, Over: contract.Ask, Business: "Mia", IT: "Ana"},
			Versions: []view.ContractTerms{{Version: 1, From: "2026-11-16", Slots: 3, Cutoff: "tue 12:00", CutoffWords: "Tue 12:00", Over: contract.Ask, Business: "Mia", IT: "Ana"}},
			Ledger:   &view.LedgerState{Entries: 1, Head: "parley-ledger-1:sales:1:abc", Problem: "entry 1 is not the one that was written"}},
		{Unit: "ops", Name: "Operations", At: noon, Masked: true},
	}
}
