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
