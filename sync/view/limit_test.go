package view_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/kanban"
	"parley/mapping"
	"parley/sync/view"
)

// limited is a board with every kind of limit.
func limited(t *testing.T) *bench {
	t.Helper()
	return newBench(t, func(c *mapping.Config) {
		c.Columns[1].WIPHard = true
		c.Units[0].WIP, c.Units[0].Hard = 1, true
		c.Limits = []mapping.LimitConfig{{Class: "standard", WIP: 9}}
		c.Persons = []mapping.PersonConfig{{Name: "Ana", GitHub: "ana", WIP: 2, Hard: true}}
	})
}

func TestLimitsCountAllCardsWhateverIsAskedFor(t *testing.T) {
	t.Parallel()
	b := limited(t)
	b.see(1, time.Hour, "one", "open", "wip", "bu:risk")
	b.see(2, time.Hour, "two", "open", "wip", "bu:risk")
	b.see(3, time.Hour, "three", "open", "wip")
	b.see(4, time.Hour, "four", "open", "bu:risk")
	b.see(5, time.Hour, "five", "closed", "bu:risk")
	want := []view.Limit{
		{Scope: kanban.ScopeUnit, Key: "risk", Name: "Risk", WIP: 1, Hard: true, Count: 2},
		{Scope: kanban.ScopeClass, Key: "standard", Name: "Standard", WIP: 9, Count: 3},
		{Scope: kanban.ScopePerson, Key: "Ana", Name: "Ana", WIP: 2, Hard: true},
	}
	board, err := b.views.Board(t.Context(), view.Query{Unit: "risk", Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, board.Limits); diff != "" {
		t.Errorf("limits (-want +got):\n%s", diff)
	}
	if c := board.Columns[1]; c.All != 3 || c.Count != 2 || c.WIP != 3 || !c.WIPHard {
		t.Errorf("column %+v, want 3 cards of which 2 are asked for, and a hard limit of 3", c)
	}
	delta, err := b.views.Since(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, delta.Limits); diff != "" {
		t.Errorf("limits of a change (-want +got):\n%s", diff)
	}
}

func TestOfAUnitsPeopleNobodyElseIsTold(t *testing.T) {
	t.Parallel()
	b := limited(t)
	card := b.see(1, time.Hour, "one", "open")
	ana := kanban.Limit{Scope: kanban.ScopePerson, Key: "Ana", Name: "Ana", WIP: 2, Hard: true}
	for audience, knows := range map[view.Audience]bool{view.AudienceOps: true, view.AudienceIT: true, view.AudienceWall: false, view.UnitAudience("risk"): false, "": false} {
		sight := b.views.As(view.Viewer{Audience: audience})
		board, err := sight.Board(t.Context(), view.Query{})
		if err != nil {
			t.Fatal(err)
		}
		told := false
		for _, l := range board.Limits {
			told = told || l.Scope == kanban.ScopePerson
		}
		full, err := sight.Full(t.Context(), card.ID, ana, 2)
		if err != nil {
			t.Fatal(err)
		}
		if said := strings.Contains(full.Reason, "Ana"); told != knows || said != knows || (full.Limit != nil) != knows {
			t.Errorf("%q: shown %v, said %v, limit %v, want %v", audience, told, said, full.Limit, knows)
		}
	}
}

func TestCardsThatNoColumnClaimsAreCounted(t *testing.T) {
	t.Parallel()
	b := limited(t)
	b.see(1, time.Hour, "one", "open", "wip")
	b.unmapped(2)
	board, err := b.views.Board(t.Context(), view.Query{})
	if err != nil {
		t.Fatal(err)
	}
	if c := board.Columns[0]; c.Key != view.ColumnUnmapped || c.All != 1 {
		t.Errorf("first column %s with %d cards, want unmapped with 1", c.Key, c.All)
	}
}
