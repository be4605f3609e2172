package web

import (
	"context"

	"parley/kanban"
	"parley/kanban/flow"
	"parley/sync/view"
)

// FlowPicture is Flows'.
func (w *world) FlowPicture(_ context.Context, q view.FlowQuery) (view.FlowPicture, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	p := view.FlowPicture{Query: q}
	if w.flow != nil {
		p = *w.flow
		p.Query = q
	}
	p.Seq, p.At, p.From, p.To = w.seq, noon, "2026-08-25", "2026-11-22"
	return p, w.broken()
}

// Workload is Flows'.
func (w *world) Workload(_ context.Context, q view.FlowQuery) (view.Workload, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	l := view.Workload{Query: q}
	if w.load != nil {
		l = *w.load
		l.Query = q
	}
	l.Seq, l.At, l.From, l.To = w.seq, noon, "2026-08-25", "2026-11-22"
	return l, w.broken()
}

// FlowCards is Flows'.
func (w *world) FlowCards(context.Context, view.FlowQuery, view.FlowList) ([]view.FlowEntry, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]view.FlowEntry{}, w.entries...), w.broken()
}

// FlowPart is Flows'.
func (w *world) FlowPart(_ context.Context, _ view.FlowQuery, _ view.FlowList, after string, limit int) (view.FlowPart, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := view.FlowPart{All: len(w.entries), Cards: append([]view.FlowEntry{}, w.entries[:min(limit, len(w.entries))]...)}
	if len(out.Cards) < out.All {
		out.Next = "on from " + after
	}
	return out, w.broken()
}

// flowing has one of everything that is told of flow; every text in it is text.
func flowing(w *world, text string) {
	card := view.CardName{Card: kanban.CardID(text), Key: text, Title: text}
	some := func(n int) view.Amount { return view.Amount{N: n, Cards: "list=finished"} }
	spread := view.Spread{N: 9, Known: true, P50: 3, P70: 5, P85: 8, P95: 13, Cards: "list=finished"}
	week := view.Week{Monday: "2026-11-16", Finished: some(4), Fires: some(1), Started: some(6), Ended: some(4), Returned: some(1), Unplanned: some(2), Net: 1, Whole: false, Days: 30, UnplannedDays: 10}
	types := []view.TypeShare{{Type: text, Finished: some(3), Work: some(2), Share: 0.75}, {Finished: some(1), Work: some(0), Share: 0.25}}
	choices := view.FlowChoices{Units: []view.Named{{Key: text, Name: text}}, Types: []string{text}, Classes: []string{text}}
	w.flow = &view.FlowPicture{
		Known: 40, Finished: some(9), Unplanned: some(2), Cycle: spread, Lead: spread, Customer: view.Spread{N: 2, Cards: "list=finished"}, Promise: view.Promise{Days: 8, Of: 30, Met: 0.86, N: 9},
		Work: some(5), WorkDays: 40, Oldest: 17, Overload: 3, Weeks: []view.Week{week, week, week}, Dots: []view.TimeDot{{CardName: card, Day: "2026-11-20", Days: 8, Planned: true}, {Day: "2026-11-02", Days: 2}},
		Cumulative: []view.CumulativeLine{{Column: "build", Name: text, Category: kanban.Active, Turn: kanban.IT, Cards: make([]int, 90)}, {Column: "review", Name: text, Category: kanban.Wait, Turn: kanban.Business, Cards: make([]int, 90)}, {Column: "done", Name: text, Category: kanban.Done, Cards: make([]int, 90)}},
		Aging:      []view.AgingColumn{{Column: "build", Name: text, Lines: flow.Lines{50: 3, 70: 4, 85: 6, 95: 9}, Work: some(2), Older: some(1), Cards: []view.AgingCard{{CardName: card, Age: 17, Band: kanban.BandLate, By: "2026-12-01"}, {CardName: card, Age: 2, Band: kanban.BandCalm, Planned: true}}}},
		Efficiency: view.FlowEfficiency{Known: true, Ratio: 0.38, Mean: 0.5, Active: 100, Elapsed: 263, Cards: "list=finished"}, Courts: view.FlowCourts{IT: 100, Queue: 50, Business: 90, Third: 10, Blocked: 20, Cards: some(9)},
		Blocked: []view.FlowBlock{{Party: kanban.Third, Reason: text, Hours: 96, Times: 2, Cards: "list=blocked"}, {Party: kanban.Business, Hours: 3, Times: 1, Cards: "list=blocked"}}, Types: types,
		Forecast: view.FlowForecast{By: "2026-12-06", Days: 14, Items: 10, Chances: []view.Chance{{N: 3, Percent: 95, Words: ">95 %"}, {N: 4, Percent: 60, Words: "60 %"}}, Sure: []view.Sure{{Percent: 85, N: 3}}, When: []view.When{{Percent: 50, Days: 20, Date: "2026-12-12"}, {Percent: 85, Days: 30, Date: "2026-12-22"}}},
		Projects: []view.FlowProject{{Name: text, Done: 3, All: some(8), Due: "2026-12-01", When: []view.When{{Percent: 85, Days: 30, Date: "2026-12-22"}}, Late: true}, {Name: text, All: some(4), When: []view.When{}, Refused: "not enough data yet"}},
		Clusters: []view.FlowCluster{{Trace: text, Cards: some(3), Blocked: 5, Worked: 40, First: []view.CardName{card}, Problem: &card, Solved: "2026-10-01", Back: some(1)}, {Trace: text, Cards: some(3), First: []view.CardName{card}, Draft: &view.ProblemDraft{Title: text, Cards: []string{text}, Days: 2, Text: text}}}, Solved: []view.SolvedProblem{{CardName: card, Trace: text, Solved: "2026-10-01", Before: 4, Back: some(0), Settled: true}, {CardName: card, Trace: text, Solved: "2026-10-01", Before: 4, Back: some(2)}, {CardName: card, Trace: text, Solved: "2026-11-01", Before: 3, Back: some(0)}}, Choices: choices,
	}
	load := view.Load{Key: text, Name: text, Work: some(4), Unplanned: some(1), Business: some(2), Open: some(9), Limit: 3, Counted: 4}
	w.load = &view.Workload{
		Known: 40, Work: some(8), Limit: 7, Over: []view.Over{{Key: "build", Name: text, By: 1}}, Unplanned: some(2), Blocked: some(1), Shares: view.FlowShares{ByCount: 0.3, ByDays: 0.25, ByActive: 0.2, Finished: some(9), Fires: some(3)}, Weeks: []view.Week{week, {Monday: "2026-11-09", Whole: true}},
		Units: []view.Load{load}, Teams: []view.Load{load}, People: []view.Load{load}, Named: true, Turns: []view.TurnLoad{{Party: kanban.Business, Work: some(2)}, {Party: kanban.IT, Work: some(6)}, {Party: kanban.Third, Work: some(0)}}, Types: types,
		Fires: []view.FlowFire{{CardName: card, Days: 3, Bill: 7, Held: some(2)}}, Held: []view.HeldUp{{CardName: card, Unit: text, Due: "2026-12-01", Days: 4, Fires: []view.CardName{card}, Sentence: text}}, Burned: some(3), HeldCards: some(2), HeldDays: 9, HeldKnown: true, Reading: true,
		Drains:    []view.UnitDrain{{Unit: text, Name: text, Open: some(9), Created: some(5), Left: some(2), Arrivals: 1.5, Done: 0.5, Never: true}, {Name: "Sales", Open: some(3), Created: some(1), Left: some(4), Arrivals: 1, Done: 2, Weeks: 3}},
		Inflation: []view.Urgency{{Unit: text, Name: text, Top: some(6), Open: some(9), Share: 0.67, High: true, Bound: 0.5}, {Unit: "sales", Name: "Sales", Top: some(2), Open: some(4), Share: 0.5, High: true, Agreed: 0.2, Bound: 0.4}}, Untouched: some(1), Forgotten: []view.Forgotten{{CardName: card, Unit: text, Column: text, Days: 81}},
		Starved: []view.Starving{{Type: text, Open: some(5), Share: 0, Part: 0.4}}, Choices: choices,
	}
	w.entries = []view.FlowEntry{{CardName: card, Unit: text, Type: text, Planned: true, Column: text, Started: "2026-11-02", Finished: "2026-11-20", Days: 19, Blocked: 4}}
}
