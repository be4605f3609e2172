package view_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"parley/kanban"
	"parley/sync/store"
	"parley/sync/view"
)

// jam has two cards in progress and one that waits.
func jam() *shelf {
	s := &shelf{}
	for i, at := range []kanban.ColumnKey{"doing", "doing", "waiting", "done", "doing", "doing"} {
		c := inWork(at, 9-i)
		c.Assignee, c.Person = "Ana", "Ana"
		c.Sides = []kanban.CardSide{{Side: "jira", Key: "OPS-" + string(rune('1'+i))}, {Side: "github", Key: "acme/web#7"}}
		if i > 3 {
			c.Unit, c.Restricted, c.Person, c.Assignee = "trading", i == 4, "Ben", "Ben"
		}
		s.put(c)
	}
	return s
}

func TestWhatIsFullSaysWhichLimitAndWhatHoldsIt(t *testing.T) {
	t.Parallel()
	s := jam()
	column := kanban.Limit{Scope: kanban.ScopeColumn, Key: "doing", Name: "In progress", WIP: 4, Hard: true}
	unit := kanban.Limit{Scope: kanban.ScopeUnit, Key: "risk", Name: "Risk", WIP: 2, Hard: true}
	person := kanban.Limit{Scope: kanban.ScopePerson, Key: "Ana", Name: "Ana", WIP: 2, Hard: true}
	ben := kanban.Limit{Scope: kanban.ScopePerson, Key: "Ben", Name: "Ben", WIP: 2, Hard: true}
	ops, risk := view.Viewer{Audience: view.AudienceOps}, view.Viewer{Audience: "unit:risk"}
	for name, c := range map[string]struct {
		who   view.Viewer
		limit kanban.Limit
		count int
		want  string
	}{
		"a column": {ops, column, 4, "In progress is full: 4 of 4, its hard limit (OPS-1 Ana, OPS-2 Ana, OPS-5 and 1 more); finish or move one first"},
		"a unit":   {ops, unit, 3, "Risk has 3 of 2 cards in work, its hard limit (OPS-3 in Waiting, OPS-1 in In progress, OPS-2 in In progress); finish or move one first"},
		"a person": {ops, person, 3, "Ana has 3 of 2 cards in work, its hard limit (OPS-3 in Waiting, OPS-1 in In progress, OPS-2 in In progress); finish or move one first"},
		"a person with a card whose people are not told": {ops, ben, 2, "Ben has 2 of 2 cards in work, its hard limit (OPS-6 in In progress and 1 more); finish or move one first"},
		"a person, to others": {risk, person, 3,
			"whoever works on it has as many cards in work as their hard limit allows; one has to be finished first"},
		"a column, to a unit": {risk, column, 4, "In progress is full: 4 of 4, its hard limit (OPS-1, OPS-2 and 2 more); finish or move one first"},
		"nothing there":       {ops, kanban.Limit{Scope: kanban.ScopeColumn, Key: "verify", Name: "To accept", WIP: 1}, 1, "To accept is full: 1 of 1, its hard limit; finish or move one first"},
	} {
		full, err := s.of(shelfRules(t), c.who).Full(t.Context(), "card0000", c.limit, c.count)
		if err != nil {
			t.Fatal(err)
		}
		if full.Reason != c.want {
			t.Errorf("%s:\n got %s\nwant %s", name, full.Reason, c.want)
		}
		if told := full.Limit != nil; told == (name == "a person, to others") || !told && len(full.Holders) > 0 {
			t.Errorf("%s: limit %+v, holders %+v", name, full.Limit, full.Holders)
		}
	}
}

// TestWhoWorksOnACardIsNotToldByTheirLimit: whose limit keeps a card out is told with who
// works on that card only, however well the viewer knows everybody else's.
func TestWhoWorksOnACardIsNotToldByTheirLimit(t *testing.T) {
	t.Parallel()
	b := limited(t)
	b.assigned(1, "Ana")
	b.assigned(2, "Ana")
	face := func(number int, labels ...string) kanban.CardID {
		c, err := b.store.Card(t.Context(), b.see(number, 0, "theirs", "open", labels...).ID)
		if err != nil {
			t.Fatal(err)
		}
		face := b.eng.Face(&c)
		face.Assignee, face.Person = "Ana", "Ana"
		if _, err := b.store.Commit(t.Context(), store.Commit{Now: now, Cards: []store.CardWrite{{Card: c, Face: face}}}); err != nil {
			t.Fatal(err)
		}
		return c.ID
	}
	ana := kanban.Limit{Scope: kanban.ScopePerson, Key: "Ana", Name: "Ana", WIP: 2, Hard: true}
	for id, restricted := range map[kanban.CardID]bool{face(3): false, face(4, "confidential"): true} {
		for _, who := range []view.Viewer{view.Somebody(), {Audience: view.AudienceIT, Role: kanban.Ops, Proved: true}, {Audience: view.AudienceOps, Role: kanban.Ops, Proved: true}} {
			sight := b.views.As(who)
			want := !restricted || who.Audience == view.AudienceOps && who.Proved
			full, err := sight.Full(t.Context(), id, ana, 2)
			if err != nil {
				t.Fatal(err)
			}
			card, err := sight.Card(t.Context(), string(id))
			if err != nil {
				t.Fatal(err)
			}
			into := card.Targets[slices.IndexFunc(card.Targets, func(t view.Target) bool { return t.Column == "doing" })]
			if into.OK || strings.Contains(full.Reason, "Ana") != want || strings.Contains(into.Reason, "Ana") != want || (full.Limit != nil) != want {
				t.Errorf("%s to %s, proved %v: %q and %q; names Ana, want %v", id, who.Audience, who.Proved, full.Reason, into.Reason, want)
			}
		}
	}
}

func TestLanesAndRowsHaveTheirLimits(t *testing.T) {
	t.Parallel()
	b := limited(t)
	b.see(1, 0, "one", "open", "wip", "bu:risk")
	b.see(2, 0, "two", "open", "wip", "bu:risk")
	b.see(3, 0, "three", "open", "wip")
	ops := view.Viewer{Audience: view.AudienceOps}
	for by, want := range map[string][]int{view.LanesUnit: {2, -1}, view.LanesClass: {3}, view.LanesAssignee: {-1}, view.LanesEpic: {-1}, "": nil} {
		board, err := b.views.As(ops).Board(t.Context(), view.Query{Lanes: by})
		if err != nil {
			t.Fatal(err)
		}
		var got []int
		for _, l := range board.Lanes {
			got = append(got, placed(l.Limit))
		}
		if !slices.Equal(got, want) {
			t.Errorf("lanes by %q: %v, want %v", by, got, want)
		}
	}
	for audience, want := range map[view.Audience][]int{view.AudienceOps: {-1}, view.AudienceWall: {2, -1}} {
		people, err := b.views.As(view.Viewer{Audience: audience}).People(t.Context(), view.Query{}, view.PeopleProject)
		if err != nil {
			t.Fatal(err)
		}
		var got []int
		for _, r := range people.Rows {
			got = append(got, placed(r.Limit))
		}
		if !slices.Equal(got, want) {
			t.Errorf("rows for %s: %v, want %v", audience, got, want)
		}
	}
}

// placed is how many cards count against a limit, -1 where there is none.
func placed(l *view.Limit) int {
	if l == nil {
		return -1
	}
	return l.Count
}

// assigned stores a card in work that somebody works on.
func (b *bench) assigned(number int, who string) {
	b.t.Helper()
	c := b.see(number, 0, "theirs", "open", "wip")
	c, err := b.store.Card(context.Background(), c.ID)
	if err != nil {
		b.t.Fatal(err)
	}
	face := b.eng.Face(&c)
	face.Assignee, face.Person = who, who
	if _, err := b.store.Commit(context.Background(), store.Commit{Now: now, Cards: []store.CardWrite{{Card: c, Face: face}}}); err != nil {
		b.t.Fatal(err)
	}
}

func TestAPersonsLaneAndRowHaveTheirLimit(t *testing.T) {
	t.Parallel()
	b := limited(t)
	b.assigned(1, "Ana")
	ops := b.views.As(view.Viewer{Audience: view.AudienceOps})
	board, err := ops.Board(t.Context(), view.Query{Lanes: view.LanesAssignee})
	if err != nil || len(board.Lanes) != 1 || placed(board.Lanes[0].Limit) != 1 {
		t.Errorf("lanes %+v, %v, want one with a limit that one card counts against", board.Lanes, err)
	}
	people, err := ops.People(t.Context(), view.Query{}, view.PeopleProject)
	if err != nil || len(people.Rows) != 1 || placed(people.Rows[0].Limit) != 1 {
		t.Errorf("rows %+v, %v, want one with a limit that one card counts against", people.Rows, err)
	}
}
