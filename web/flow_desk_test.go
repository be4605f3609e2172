package web_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"parley/kanban"
	"parley/kanban/calendar"
	"parley/kanban/flow"
	"parley/sync/view"
)

// FlowPicture is of a made-up company.
func (d *desk) FlowPicture(_ context.Context, q view.FlowQuery) (view.FlowPicture, error) {
	return view.NewFlowPicture(company(), q), nil
}

// Workload is of the same.
func (d *desk) Workload(_ context.Context, q view.FlowQuery) (view.Workload, error) {
	return view.NewWorkload(company(), q), nil
}

// FlowCards are of the same.
func (d *desk) FlowCards(_ context.Context, q view.FlowQuery, l view.FlowList) ([]view.FlowEntry, error) {
	return view.CardsBehind(company(), q, l), nil
}

// FlowPart are some of them.
func (d *desk) FlowPart(_ context.Context, q view.FlowQuery, l view.FlowList, after string, limit int) (view.FlowPart, error) {
	return view.PartBehind(company(), q, l, after, limit)
}

// company is a third of a year of three units and two teams.
func company() view.FlowCards { return companyOf(200) }

// companyOf is the same with so many cards.
func companyOf(cards int) view.FlowCards {
	r := rand.New(rand.NewPCG(7, 7))
	l := kanban.Layout{Columns: []kanban.Column{
		{Key: "request", Name: "Requests", Category: kanban.Option, Turn: kanban.Business}, {Key: "committed", Name: "Committed", Category: kanban.Queue, Turn: kanban.IT},
		{Key: "build", Name: "In progress", Category: kanban.Active, Turn: kanban.IT, WIP: 12}, {Key: "review", Name: "Review", Category: kanban.Active, Turn: kanban.IT, WIP: 6},
		{Key: "waiting", Name: "Waiting for requester", Category: kanban.Wait, Turn: kanban.Business}, {Key: "accept", Name: "To accept", Category: kanban.Active, Turn: kanban.Business}, {Key: "done", Name: "Done", Category: kanban.Done},
	}}
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	in := view.FlowCards{Layout: l, Board: flow.NewBoard(l), Clock: flow.Clock{Now: now, Zone: time.UTC}, Calendar: calendar.New(time.UTC), People: true, Units: []view.Named{{Key: "trading", Name: "Trading"}, {Key: "risk", Name: "Risk"}, {Key: "finance", Name: "Finance"}}}
	in.Name = func(id kanban.CardID) view.CardName {
		return view.CardName{Card: id, Key: string(id), Title: "What " + string(id) + " is about"}
	}
	ages, cycles := flow.Ages{}, []int(nil)
	for n := range cards {
		i := made(in.Board, r, n, now.Add(-time.Duration(float64(cards-n)/float64(cards)*133*24)*time.Hour), now)
		if cards > 1000 { // in the hands of as many more
			i.Assignee = fmt.Sprint(i.Assignee, " ", n%(cards/200))
			i.Team = fmt.Sprint(i.Team, " ", n%(cards/1000))
		}
		in.Items = append(in.Items, i)
		if s := i.Stint(); s != nil && s.Outcome == flow.Done {
			ages.ExitAges(i.Track, time.UTC)
			cycles = append(cycles, kanban.Days(s.Started, s.Ended, time.UTC))
		}
	}
	in.Pace = flow.NewPace(l.Started(), ages, cycles)
	return in
}

// made is the n-th card of the company, asked for at a moment.
func made(b flow.Board, r *rand.Rand, n int, at, now time.Time) flow.Item {
	id := kanban.CardID(fmt.Sprintf("%s-%d", []string{"TRD", "RSK", "FIN"}[n%3], 200+n))
	at = at.Add(-time.Duration(1+r.IntN(30)) * time.Hour)
	t := flow.Traits{Unit: []kanban.UnitKey{"trading", "risk", "finance"}[n%3], Class: "standard", Type: []string{"change", "project", "internal"}[r.IntN(3)], Rank: 1 + r.IntN(4), Assignee: []string{"Ana", "Ben", "Chloé", "Dev", "Eva"}[r.IntN(5)], Title: "Price feed stops", Traces: flow.NewTraces("Price feed stops", fmt.Sprintf("component %d", r.IntN(12)))}
	t.Team = map[bool]string{true: "Payments", false: "Data"}[t.Assignee < "C"]
	if t.Unplanned = r.IntN(4) == 0; t.Unplanned {
		t.Type, t.Class = "incident", "expedite"
	}
	if n%5 == 0 {
		t.Group, t.Due = []string{"Cloud move", "Month-end close", "New limits"}[r.IntN(3)], "2026-12-11"
	}
	track := &flow.Track{}
	for step, column := range []kanban.ColumnKey{"request", "committed", "build", "review", "waiting", "build", "accept", "done"} {
		kind := flow.Moved
		if step == 0 {
			kind = flow.Created
		}
		if t.Unplanned && (step == 1 || step == 4) || step == 4 && r.IntN(3) > 0 || at.After(now) {
			continue
		}
		track.Apply(b, flow.Event{Card: id, At: at, Kind: kind, To: column})
		t.Touched = append(t.Touched, calendar.Of(at, time.UTC))
		if r.IntN(15) == 0 {
			track.Apply(b, flow.Event{Card: id, At: at.Add(time.Hour), Kind: flow.Blocked, Party: kanban.Third, Reason: "the vendor's test system"})
			track.Apply(b, flow.Event{Card: id, At: at.Add(20 * time.Hour), Kind: flow.Unblocked})
		}
		at = at.Add(time.Duration(4+r.IntN(70)) * time.Hour)
	}
	return flow.Item{Track: track.At(b, now), Traits: &t}
}
