package view_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"parley/kanban/calendar"
	"parley/sync/view"
)

// TestFiltersThatCannotBe: a value that nothing can have is refused with those that can be,
// wherever cards are chosen. What only some may know of is never refused.
func TestFiltersThatCannotBe(t *testing.T) {
	t.Parallel()
	v := (&shelf{}).of(shelfRules(t), view.Somebody())
	ways := map[string]func(context.Context, view.Query) error{
		"board":  func(ctx context.Context, q view.Query) error { _, err := v.Board(ctx, q); return err },
		"cards":  func(ctx context.Context, q view.Query) error { _, _, err := v.Cards(ctx, q); return err },
		"file":   func(ctx context.Context, q view.Query) error { _, err := v.CardTable(ctx, q); return err },
		"events": func(ctx context.Context, q view.Query) error { _, err := v.EventTable(ctx, q); return err },
		"people": func(ctx context.Context, q view.Query) error { _, err := v.People(ctx, q, ""); return err },
	}
	for way, ask := range ways {
		for key, c := range map[string]struct {
			bad   view.Query
			names string // among those that can be
		}{
			"unit":     {view.Query{Unit: "nope"}, "trading"},
			"turn":     {view.Query{Turn: "vendor"}, "business"},
			"priority": {view.Query{Priority: "hot"}, view.None},
			"class":    {view.Query{Class: "first"}, "expedite"},
			"age":      {view.Query{Age: "ancient"}, view.AgeOlder},
			"planned":  {view.Query{Planned: "maybe"}, "yes"},
			"stage":    {view.Query{Stage: "play"}, view.StageWork},
			"state":    {view.Query{State: "odd"}, view.StateLook},
			"column":   {view.Query{Column: "attic"}, "doing"},
			"group":    {view.Query{Lanes: strings.Repeat("colour", 50)}, view.LanesAssignee},
		} {
			err := ask(t.Context(), c.bad)
			bad, ok := errors.AsType[*view.FilterError](err)
			if !ok || bad.Key != key || !strings.Contains(err.Error(), c.names) || len(err.Error()) > 300 {
				t.Errorf("%s: %s: %v", way, key, err)
			}
		}
		for _, q := range []view.Query{
			{Unit: "trading", Turn: "third", Priority: view.None, Class: "standard", Age: "late", Planned: "no", Stage: view.StageWork, State: view.StateSaving, Column: view.ColumnUnmapped, Lanes: view.LanesEpic},
			{Unit: "unassigned", Assignee: "Nobody", Epic: "no such", Project: "no such", Search: "no such"},
		} {
			if err := ask(t.Context(), q); err != nil {
				t.Errorf("%s: %v", way, err)
			}
		}
	}
}

func TestFlowOfWhatCannotBe(t *testing.T) {
	t.Parallel()
	s := &shelf{}
	v := s.of(shelfRules(t), view.Somebody())
	today := calendar.Of(v.Now(), v.Zone)
	for _, c := range []struct {
		q   view.FlowQuery
		bad string
	}{
		{view.FlowQuery{To: "soon"}, "to"}, {view.FlowQuery{To: (today + 1).String()}, "to"}, {view.FlowQuery{From: "x"}, "from"}, {view.FlowQuery{From: (today + 1).String()}, "from"},
		{view.FlowQuery{From: "2025-01-02", To: "2025-01-01"}, "from"}, {view.FlowQuery{From: (today - view.FlowDaysMost).String()}, "from"}, {view.FlowQuery{From: (today - view.FlowDaysMost + 1).String(), To: today.String()}, ""}, {view.FlowQuery{To: "2001-01-01"}, ""},
		{view.FlowQuery{Unit: "nope"}, "unit"}, {view.FlowQuery{Class: "first"}, "class"},
		{view.FlowQuery{By: "2020-01-01"}, "by"}, {view.FlowQuery{By: today.String()}, "by"}, {view.FlowQuery{By: (today + view.FlowAhead + 1).String()}, "by"}, {view.FlowQuery{By: "soon"}, "by"},
		{view.FlowQuery{Unit: "trading", Class: "expedite", Type: view.None, By: (today + 1).String()}, ""}, {view.FlowQuery{Type: "no such"}, "type"}, {view.FlowQuery{By: (today + view.FlowAhead).String()}, ""},
	} {
		_, picture := v.FlowPicture(t.Context(), c.q)
		_, load := v.Workload(t.Context(), c.q)
		_, list := v.FlowCards(t.Context(), c.q, view.FlowList{List: view.ListOpen})
		for _, err := range []error{picture, load, list} {
			bad, _ := errors.AsType[*view.FilterError](err)
			if (bad == nil) != (c.bad == "") || bad != nil && bad.Key != c.bad {
				t.Errorf("%+v: %v", c.q, err)
			}
		}
	}
}

// TestListsOfWhatCannotBe: an empty list is no answer to a word that means nothing.
func TestListsOfWhatCannotBe(t *testing.T) {
	t.Parallel()
	v := (&shelf{}).of(shelfRules(t), view.Somebody())
	for _, c := range []struct {
		l          view.FlowList
		bad, names string
	}{
		{view.FlowList{List: "foo"}, "list", "finished, started"}, {view.FlowList{Week: "abc"}, "week", "write the Monday"}, {view.FlowList{Week: "2026-11-18"}, "week", "that of its week is 2026-11-16"}, {view.FlowList{Plan: "maybe"}, "planned", "yes, no"},
		{view.FlowList{Column: "attic"}, "column", "doing"}, {view.FlowList{Band: "old"}, "band", "late"}, {view.FlowList{Party: "vendor"}, "party", "third"}, {view.FlowList{Unit: "nope"}, "of-unit", "trading"},
		{view.FlowList{List: view.ListStarted, Week: "2026-11-16", Unit: "trading", Type: "any", Plan: "no", Person: "Who", Team: "none", Column: view.None, Band: view.None, Party: "it", Reason: "r", Card: "c", Group: "g", Trace: "t"}, "", ""}, {view.FlowList{}, "", ""},
	} {
		_, err := v.FlowCards(t.Context(), view.FlowQuery{}, c.l)
		bad, _ := errors.AsType[*view.FilterError](err)
		if (bad == nil) != (c.bad == "") || bad != nil && (bad.Key != c.bad || !strings.Contains(err.Error(), c.names)) {
			t.Errorf("%+v: %v", c.l, err)
		}
	}
}

func TestConflictsOfNoSuchField(t *testing.T) {
	t.Parallel()
	for pair, bad := range map[[2]string]bool{{"", ""}: false, {"labels", "any"}: false, {"status", "board"}: false, {"colour", ""}: true, {"", "foo"}: true, {"labels:audit", ""}: true} {
		if err := view.VetGroup(pair[0], pair[1]); (err != nil) != bad {
			t.Errorf("%q: %v", pair, err)
		}
	}
}

// TestFlowOfDaysThatAreOver: what was done within them is counted as it was by the end of
// the last one, and nothing is forecast of them.
func TestFlowOfDaysThatAreOver(t *testing.T) {
	t.Parallel()
	s := &shelf{}
	s.put(finished(3, 40), finished(4, 20), finished(2, 1), inWork("doing", 30), inWork("doing", 3))
	v := s.of(shelfRules(t), view.Somebody())
	day := func(before int) string { return ago(before).Format(time.DateOnly) }
	for name, c := range map[string]struct {
		q              view.FlowQuery
		days           int
		finished, work int
		from, to       string
		forecast       bool
	}{
		"up to now":   {view.FlowQuery{}, view.FlowDays, 3, 2, day(view.FlowDays - 1), day(0), true},
		"from a day":  {view.FlowQuery{From: day(25)}, 26, 2, 2, day(25), day(0), true},
		"up to today": {view.FlowQuery{From: day(25), To: day(0)}, 26, 2, 2, day(25), day(0), true},
		"a month":     {view.FlowQuery{From: day(45), To: day(15)}, 31, 2, 1, day(45), day(15), false},
		"before one":  {view.FlowQuery{To: day(30)}, view.FlowDays, 1, 1, day(30 + view.FlowDays - 1), day(30), false},
		"before all":  {view.FlowQuery{To: day(400)}, view.FlowDays, 0, 0, day(400 + view.FlowDays - 1), day(400), false},
	} {
		p, err := v.FlowPicture(t.Context(), c.q)
		l, other := v.Workload(t.Context(), c.q)
		cards, third := v.FlowCards(t.Context(), c.q, view.FlowList{List: view.ListFinished})
		if err := errors.Join(err, other, third); err != nil {
			t.Fatal(name, err)
		}
		over := strings.Contains(p.Forecast.Refused, "are over")
		if p.Query.Days != c.days || p.Finished.N != c.finished || p.Work.N != c.work || l.Work.N != c.work || len(cards) != c.finished || p.From != c.from || p.To != c.to || l.To != c.to || over == c.forecast {
			t.Errorf("%s: %d days, %d finished (%d listed), %d and %d in work, %s to %s, forecast %+v", name, p.Query.Days, p.Finished.N, len(cards), p.Work.N, l.Work.N, p.From, p.To, p.Forecast)
		}
	}
}
