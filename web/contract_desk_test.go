package web_test

import (
	"context"
	"fmt"
	"slices"
	"time"

	"parley/kanban"
	"parley/kanban/contract"
	"parley/sync/view"
)

// Parties are none: nothing was agreed on.
func (d *desk) Parties() []view.Named { return nil }

// Contracts are none.
func (d *desk) Contracts(context.Context) ([]view.Contract, error) { return nil, nil }

// ContractWith is one of them.
func (d *desk) ContractWith(context.Context, kanban.UnitKey, view.VerdictQuery) (view.Contract, error) {
	return view.Contract{}, view.ErrUnknown
}

// Ledger is of one of them.
func (d *desk) Ledger(context.Context, kanban.UnitKey) ([]view.LedgerLine, error) {
	return nil, view.ErrUnknown
}

// LedgerSheet is of one of them.
func (d *desk) LedgerSheet(context.Context, kanban.UnitKey, string, int) (view.LedgerSheet, error) {
	return view.LedgerSheet{}, view.ErrUnknown
}

// Replenishment is of one of them.
func (d *desk) Replenishment(context.Context, kanban.UnitKey) (view.Replenishment, error) {
	return view.Replenishment{}, view.ErrUnknown
}

// Parties of an office are two units, unless nothing was agreed on yet.
func (o *office) Parties() []view.Named {
	if o.still {
		return nil
	}
	return []view.Named{{Key: "risk", Name: "Risk"}, {Key: "trading", Name: "Trading"}}
}

// Contracts of an office are told but for one.
func (o *office) Contracts(context.Context) ([]view.Contract, error) {
	return []view.Contract{settledContract(), {Unit: "risk", Name: "Risk", Line: "Risk · last 8 weeks · IT 3 of 5 kept · Risk nothing decided", Masked: true}, {Unit: "finance", Name: "Finance", Masked: true}}, nil
}

// ContractWith of an office is one with everything that can be told, of Trading, and one that is
// not for the reader.
func (o *office) ContractWith(_ context.Context, unit kanban.UnitKey, q view.VerdictQuery) (view.Contract, error) {
	switch unit {
	case "trading":
		c := settledContract()
		if q.After != "" {
			c.Verdicts, c.MoreVerdicts = c.Verdicts[len(c.Verdicts)/2:], 0
		}
		return c, nil
	case "finance":
		return view.Contract{Unit: "finance", Name: "Finance", Masked: true}, nil
	case "risk":
		return view.Contract{Unit: "risk", Name: "Risk", Versions: agreedTerms()}, nil
	}
	return view.Contract{}, view.ErrUnknown
}

// Ledger has a line of each kind, and more than there is room for.
func (o *office) Ledger(context.Context, kanban.UnitKey) ([]view.LedgerLine, error) {
	var out []view.LedgerLine
	kinds := []contract.EntryKind{contract.Grant, contract.Commit, contract.Release, contract.Swap, contract.Lend, contract.Forfeit, contract.Refund, contract.Expire, contract.Contest}
	for n := range 24 {
		out = append(out, view.LedgerLine{Unit: "trading", Seq: int64(n + 1), Period: "2026-W47", At: at(), Kind: kinds[n%len(kinds)], Amount: n%5 - 2, Card: "OPS-1", Other: "OPS-2", With: "risk", Who: "contract",
			Cause: "jira/history/" + fmt.Sprint(1000000+n), Terms: 1, Reverses: int64(n / 22)})
	}
	for n := range 23 {
		l := view.LedgerLine{Unit: "trading", Seq: int64(n + 25), Period: "2026-W47", At: at(), Kind: contract.Judged, Card: "OPS-1", Who: "contract", Cause: "jira/history/1000077", Terms: 1,
			Ref: "trading/R1/c1/1", Of: "2026-W47", Promise: contract.AnswerDuty, Clock: "Trading's clock", Outcome: contract.Kept, Note: "decided by Trading's clock", Basis: "terms/1/ab calendar/cd"}
		if n == 22 {
			l.Reverses, l.Was, l.Note = 40, contract.Broken, "decided by Trading's clock; since then the calendar changed"
		}
		out = append(out, l)
	}
	return out, nil
}

// LedgerSheet is its latest lines.
func (o *office) LedgerSheet(ctx context.Context, unit kanban.UnitKey, _ string, most int) (out view.LedgerSheet, err error) {
	lines, err := o.Ledger(ctx, unit)
	for n, l := range slices.Backward(lines) {
		rows := &out.Booked
		if l.Kind == contract.Judged && l.Reverses == 0 {
			rows = &out.Judged
		}
		if len(rows.Lines) < most {
			rows.Lines = append(rows.Lines, view.LedgerRow{LedgerLine: l, Free: n})
		} else {
			rows.More++
		}
	}
	return out, err
}

// Replenishment has requests of every sort.
func (o *office) Replenishment(_ context.Context, unit kanban.UnitKey) (view.Replenishment, error) {
	if unit != "trading" {
		return view.Replenishment{}, view.ErrUnknown
	}
	ready := view.ReadyRequest{Card: "c2", Called: "OPS-2", Title: "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen of every desk", Priority: "High", Days: 12, Over: 1}
	lacks := view.ReadyRequest{Card: "c3", Called: "OPS-3", Title: "Cut-off for euro payments", Days: 3, Lacks: []string{"due", "a priority that asks for a slot: Urgent or High"}}
	return view.Replenishment{
		Unit: "trading", Name: "Trading", At: at(), Began: true, Period: *settledContract().Period, Free: 1, ToTake: 1, Ready: []view.ReadyRequest{ready, {Card: "c4", Called: "OPS-4", Title: "Refunds", Days: 30}}, Unready: []view.ReadyRequest{lacks},
		Forecast: view.KeepForecast{Held: 4, Late: 1, More: 1, Met: 20, Of: 24, Days: 8, Share: 85, Chance: 0.4, Words: "40 %"}, Proposed: &view.ProposedUnit{Unit: "trading", Slots: 2, Agreed: 3}, Carried: 5, Spared: 1, Unsure: true,
	}, nil
}

func agreedTerms() []view.ContractTerms {
	one := view.ContractTerms{Version: 1, From: "2026-09-28", Slots: 3, Carry: 2, Cutoff: "tue 12:00", CutoffWords: "Tue 12:00", Expedites: 2, SLEDays: 8, SLEShare: 85, AnswerDays: 2, AcceptDays: 3, Unplanned: 25, Over: contract.Ask, Business: "J. Moreau", IT: "S. Okafor"}
	two := one
	two.Version, two.From, two.Slots = 2, "2026-11-30", 4
	return []view.ContractTerms{two, one}
}

// settledContract is one with a verdict of each sort.
func settledContract() view.Contract {
	terms := agreedTerms()
	c := view.Contract{
		Unit: "trading", Name: "Trading", Seq: 7, At: at(), Line: "Trading · last 8 weeks · IT 13 of 14 kept · Trading 9 of 11 kept", Free: 1, Terms: &terms[1], Versions: terms,
		Scores:  []view.SideScore{{By: kanban.IT, Name: "IT", Kept: 13, Decided: 14, Text: "13 of 14 kept"}, {By: kanban.Business, Name: "Trading", Kept: 9, Decided: 11, Text: "9 of 11 kept"}},
		Clock:   []view.ClockShare{{Party: kanban.IT, Hours: 610, Percent: 61}, {Party: kanban.Business, Hours: 310, Percent: 31}, {Party: kanban.Third, Hours: 80, Percent: 8}},
		Holders: []view.SlotHolder{{Card: "c1", Called: "OPS-1", Title: "Nightly reconciliation", Column: "doing", Taken: at(), Started: true}, {Card: "c4", Called: "OPS-4", Column: "done", Expedite: true, Delivered: at(), Days: 3}},
		Over:    []view.OverCard{{Card: "c2", Called: "OPS-2", Title: "Fees", Raised: at(), From: "low", Place: 1, Sentence: "OPS-2 waits for a slot: OPS-1 and OPS-4 hold them. Trading can swap, borrow or wait."}},
		Ledger:  &view.LedgerState{Entries: 47, Verdicts: 23, Head: "parley-ledger-1:trading:24:z2p4b5dbsmm7674jlmwlkw7jbbtiss6answfd32rtb764226vj7a", Problem: "entry 3 is not the one that was written"},
	}
	for n := range 9 {
		c.Past = append(c.Past, view.ContractPeriod{Period: fmt.Sprintf("2026-W%d", 47-n), From: "2026-11-16", To: "2026-11-22", Cutoff: at(), Slots: 3, Offered: 3, Due: 3, Taken: 2, Used: 3, Expedites: 1, Missed: n % 2, Borrowed: n % 2, Lent: n % 3, Back: n % 4, Facts: "3 agreed on · 0 owed by IT from before", Closed: n > 0})
	}
	c.Period, c.Past = &c.Past[0], c.Past[1:]
	outcomes := []contract.Outcome{contract.Pending, contract.Broken, contract.Kept, contract.Unknown, contract.Kept}
	for n, p := range contract.Promises() {
		for week := range 8 {
			v := view.Promised{ID: fmt.Sprint(p, week), Promise: p, By: p.By(), Period: fmt.Sprintf("2026-W%d", 47-week), Outcome: outcomes[(n+week)%5], Contested: n+week == 7, Failing: week == 0 && n == 0,
				Due: at().Add(time.Hour), Clock: "IT's clock", Sentence: "Broken by IT's clock: OPS-1 was handed in on Mon 2026-11-16 and was due by the end of Wed 2026-11-18."}
			if n%2 == 0 {
				v.Card, v.Called, v.Title = "c1", "OPS-1", "Nightly reconciliation of what every desk has traded"
			}
			c.Verdicts = append(c.Verdicts, v)
			if tally := (view.PromiseTally{Promise: p, Period: v.Period}); v.Contested {
				tally.Contested++
				c.Tally = append(c.Tally, tally)
			} else {
				*map[contract.Outcome]*int{contract.Pending: &tally.Open, contract.Broken: &tally.Broken, contract.Kept: &tally.Kept, contract.Unknown: &tally.Unknown}[v.Outcome] += 2
				c.Tally = append(c.Tally, tally)
			}
			if s := &c.Scores[slices.Index([]kanban.Party{kanban.IT, kanban.Business}, v.By)]; v.Outcome == contract.Broken && len(s.Missed) < 6 {
				s.Missed, s.More = append(s.Missed, v), 3
			}
			if week == 0 && v.Outcome == contract.Pending {
				c.AtRisk = append(c.AtRisk, v)
			}
		}
	}
	c.AllVerdicts, c.MoreVerdicts, c.NextVerdicts = 950, 850, c.Verdicts[len(c.Verdicts)-1].ID
	return c
}
