package view

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/kanban"
	"parley/kanban/flow"
)

// TestEachColumnIsHeldAgainstItsOwnLimit has a column with a limit of 4, and one to wait in
// with none, one of 3, or one of 20.
func TestEachColumnIsHeldAgainstItsOwnLimit(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		build, answer, wip int // cards in each, and the limit of the second
		limit              int
		over               []Over
	}{
		"many wait where no limit is":       {3, 16, 0, 0, []Over{}},
		"one is over though the sum is not": {6, 1, 20, 24, []Over{{"build", "Build", 2}}},
		"each is over":                      {5, 5, 3, 7, []Over{{"build", "Build", 1}, {"answer", "To answer", 2}}},
		"over, and another without any":     {5, 0, 0, 0, []Over{{"build", "Build", 1}}},
		"as many as there may be":           {4, 3, 3, 7, []Over{}},
	} {
		m := newMade()
		l := m.Layout
		l.Columns = slices.Clone(l.Columns)
		l.Columns[3].WIP = c.wip
		m.Layout = l
		for n := range c.build + c.answer {
			i := m.add(flow.Traits{Unit: "u"}, 3, -1)
			if n >= c.build {
				i.Apply(m.Board, flow.Event{Card: i.Card, At: m.Clock.Now, Kind: flow.Moved, To: "answer"})
			}
		}
		w := NewWorkload(m.FlowCards, FlowQuery{})
		if diff := cmp.Diff(c.over, w.Over); diff != "" || w.Limit != c.limit {
			t.Errorf("%s: of %d, %s", name, w.Limit, diff)
		}
		if w := NewWorkload(m.FlowCards, FlowQuery{Unit: "u"}); w.Limit != 0 || len(w.Over) > 0 {
			t.Errorf("%s: some cards are held against all cards' limit: %+v", name, w.Over)
		}
		board := beyond(l.Columns, map[kanban.ColumnKey]int{"build": c.build, "answer": c.answer})
		if diff := cmp.Diff(w.Over, board); diff != "" || workLimit(l) != w.Limit {
			t.Errorf("%s: the board says otherwise: %s", name, diff)
		}
	}
}

// TestPeopleAreHeldAgainstWhatTheBoardCounts has a limit of 2 for Bob and for a unit.
func TestPeopleAreHeldAgainstWhatTheBoardCounts(t *testing.T) {
	t.Parallel()
	m := newMade()
	m.Layout.Limits = []kanban.Limit{{Scope: kanban.ScopePerson, Key: "Bob", WIP: 2}, {Scope: kanban.ScopeUnit, Key: "sales", WIP: 1}}
	bob := flow.Traits{Unit: "sales", Assignee: "Bob", Person: "Bob", Type: "bug"}
	for range 3 { // begun, and moved back to where nobody works on them
		i := m.add(bob, 3, -1)
		i.Apply(m.Board, flow.Event{Card: i.Card, At: m.Clock.Now, Kind: flow.Moved, To: "agreed"})
	}
	m.add(bob, 3, -1)
	m.add(flow.Traits{Assignee: "Bob"}, 3, -1) // somebody who calls themselves so
	w := NewWorkload(m.FlowCards, FlowQuery{})
	if len(w.People) != 2 || w.People[0].Key != "Bob" || w.People[0].Work.N != 4 || w.People[0].Limit != 2 || w.People[0].Counted != 1 || w.People[1].Name != "Bob (another account)" || w.People[1].Limit != 0 {
		t.Errorf("%+v", w.People)
	}
	if u := w.Units[slices.IndexFunc(w.Units, func(l Load) bool { return l.Key == "sales" })]; u.Limit != 1 || u.Counted != 1 {
		t.Errorf("%+v", u)
	}
	for _, p := range w.People {
		if cards := CardsBehind(m.FlowCards, FlowQuery{}, FlowList{List: ListWork, Person: p.Key}); len(cards) != p.Work.N {
			t.Errorf("%d cards are %s's, of %d", len(cards), p.Key, p.Work.N)
		}
	}
	for _, l := range slices.Concat(NewWorkload(m.FlowCards, FlowQuery{Type: "bug"}).People, NewWorkload(m.FlowCards, FlowQuery{Type: "bug"}).Units) {
		if l.Limit != 0 {
			t.Errorf("some cards of %s are held against the limit of all", l.Key)
		}
	}
}
