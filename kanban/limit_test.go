package kanban_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/kanban"
)

func limited() kanban.Layout {
	return kanban.Layout{
		Columns: []kanban.Column{
			{Key: "ready", Name: "Ready", Category: kanban.Queue, WIP: 5},
			{Key: "doing", Name: "In progress", Category: kanban.Active, WIP: 2, WIPHard: true},
			{Key: "waiting", Name: "Waiting", Category: kanban.Wait},
			{Key: "done", Name: "Done", Category: kanban.Done},
		},
		Limits: []kanban.Limit{
			{Scope: kanban.ScopeUnit, Key: "risk", Name: "Risk", WIP: 3, Hard: true},
			{Scope: kanban.ScopeClass, Key: "expedite", Name: "Expedite", WIP: 1, Hard: true},
			{Scope: kanban.ScopePerson, Key: "Ana", Name: "Ana", WIP: 2},
		},
	}
}

func TestWhatACardEnters(t *testing.T) {
	t.Parallel()
	urgent := kanban.Card{Unit: "risk", Class: "expedite", Person: "Ana"}
	for _, c := range []struct {
		from, to kanban.ColumnKey
		card     kanban.Card
		want     string
	}{
		{"ready", "doing", urgent, "column doing, unit risk, class expedite"},
		{"ready", "waiting", urgent, "unit risk, class expedite"},
		{"", "doing", urgent, "column doing, unit risk, class expedite"},
		{"done", "doing", kanban.Card{Unit: "trading", Class: "standard"}, "column doing"},
		{"waiting", "doing", urgent, "column doing"}, // it was in work already
		{"doing", "waiting", urgent, ""},
		{"doing", "doing", urgent, ""},
		{"doing", "done", urgent, ""},
		{"doing", "ready", urgent, ""}, // its limit is soft
		{"doing", "nowhere", urgent, ""},
	} {
		before, after := c.card, c.card
		before.Column, after.Column = c.from, c.to
		var got []string
		for _, l := range limited().Enters(before, after) {
			got = append(got, l.ID())
		}
		if diff := cmp.Diff(c.want, strings.Join(got, ", ")); diff != "" {
			t.Errorf("%s → %s (-want +got):\n%s", c.from, c.to, diff)
		}
	}
}

func TestFullAndWhy(t *testing.T) {
	t.Parallel()
	counts := map[string]int{"column doing": 2, "unit risk": 2, "class expedite": 1}
	count := func(l kanban.Limit) int { return counts[l.ID()] }
	for _, c := range []struct {
		card kanban.Card
		to   kanban.ColumnKey
		why  string
	}{
		{kanban.Card{Column: "ready"}, "doing", "In progress is full: 2 of 2; finish or move one first"},
		{kanban.Card{Column: "ready", Class: "expedite"}, "waiting", "Expedite has 1 of 1 cards in work; finish or move one first"},
		{kanban.Card{Column: "ready", Unit: "risk"}, "waiting", ""},
		{kanban.Card{Column: "doing", Class: "expedite"}, "waiting", ""},
	} {
		limit, full := limited().Full(c.card, c.to, count)
		why := ""
		if full {
			why = limit.Reason(count(limit))
		}
		if why != c.why {
			t.Errorf("%+v to %s: %q, want %q", c.card, c.to, why, c.why)
		}
	}
}

func TestLimitsInTheirOrder(t *testing.T) {
	t.Parallel()
	var got []string
	for _, l := range limited().WIPLimits() {
		got = append(got, l.ID())
	}
	if diff := cmp.Diff([]string{"column ready", "column doing", "unit risk", "class expedite", "person Ana"}, got); diff != "" {
		t.Errorf("limits (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]kanban.ColumnKey{"doing", "waiting"}, limited().Started()); diff != "" {
		t.Errorf("columns in work (-want +got):\n%s", diff)
	}
}
