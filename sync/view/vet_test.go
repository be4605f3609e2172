package view_test

import (
	"context"
	"errors"
	"strings"
	"testing"

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
		{view.FlowQuery{Unit: "nope"}, "unit"}, {view.FlowQuery{Class: "first"}, "class"},
		{view.FlowQuery{By: "2020-01-01"}, "by"}, {view.FlowQuery{By: today.String()}, "by"}, {view.FlowQuery{By: (today + view.FlowAhead + 1).String()}, "by"}, {view.FlowQuery{By: "soon"}, "by"},
		{view.FlowQuery{Unit: "trading", Class: "expedite", Type: "no such", By: (today + 1).String()}, ""}, {view.FlowQuery{By: (today + view.FlowAhead).String()}, ""},
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

func TestConflictsOfNoSuchField(t *testing.T) {
	t.Parallel()
	for pair, bad := range map[[2]string]bool{{"", ""}: false, {"labels", "any"}: false, {"status", "board"}: false, {"colour", ""}: true, {"", "foo"}: true, {"labels:audit", ""}: true} {
		if err := view.VetGroup(pair[0], pair[1]); (err != nil) != bad {
			t.Errorf("%q: %v", pair, err)
		}
	}
}
