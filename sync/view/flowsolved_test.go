package view

import (
	"net/url"
	"testing"

	"parley/kanban/flow"
)

// TestWhatDidNotComeBackIsTold solves a problem after four incidents, with one or none
// after it.
func TestWhatDidNotComeBackIsTold(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		solved, back int // days ago; a negative second one is none
		told         bool
		settled      bool
		n            int
	}{
		"none since":                  {100, -1, true, true, 0},
		"none so far":                 {60, -1, true, false, 0},
		"one came":                    {100, 30, true, true, 1},
		"one came after 90 days":      {100, 5, true, true, 0},
		"on the last day of its tell": {180, -1, true, true, 0},
		"it was long ago":             {181, -1, false, false, 0},
	} {
		m := newMade()
		fire := flow.Traits{Unplanned: true, Type: "incident", Traces: []string{"component queue", "label x"}}
		for n := range 4 {
			m.add(fire, c.solved+5+n, c.solved+4)
		}
		m.add(flow.Traits{Unplanned: true, Traces: []string{"label y"}}, c.solved-1, -1)
		if c.back >= 0 {
			m.add(fire, c.back, 0)
		}
		problem := m.add(flow.Traits{Type: "problem", Traces: []string{"component queue"}}, c.solved+3, c.solved).Card
		p := NewFlowPicture(m.FlowCards, FlowQuery{})
		if !c.told {
			if len(p.Solved) > 0 {
				t.Errorf("%s: %+v", name, p.Solved)
			}
			continue
		}
		if len(p.Solved) != 1 || p.Solved[0].Key != string(problem) || p.Solved[0].Before != 4 || p.Solved[0].Back.N != c.n || p.Solved[0].Settled != c.settled || p.Solved[0].Trace != "component queue" {
			t.Errorf("%s: %+v", name, p.Solved)
			continue
		}
		v, err := url.ParseQuery(p.Solved[0].Back.Cards)
		if err != nil {
			t.Fatal(err)
		}
		if cards := CardsBehind(m.FlowCards, FlowQuery{}, FlowListOf(v)); len(cards) != c.n {
			t.Errorf("%s: %d cards are behind %d", name, len(cards), c.n)
		}
	}
}

// TestAProblemOfWhichNothingRecurredTellsNothing: two incidents are no pattern.
func TestAProblemOfWhichNothingRecurredTellsNothing(t *testing.T) {
	t.Parallel()
	m := newMade()
	for range 2 {
		m.add(flow.Traits{Unplanned: true, Traces: []string{"a"}}, 20, 15)
	}
	m.add(flow.Traits{Type: "problem", Traces: []string{"a"}}, 14, 10)
	if p := NewFlowPicture(m.FlowCards, FlowQuery{}); len(p.Solved) > 0 {
		t.Errorf("%+v", p.Solved)
	}
}
