package view

import (
	"net/url"
	"testing"

	"pgregory.net/rapid"

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

// TestWhatCameBackIsCountedAsFlowCountsIt holds the counts of solved problems, which look at
// no card twice, against what flow says of each.
func TestWhatCameBackIsCountedAsFlowCountsIt(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		m := newMade()
		days := rapid.IntRange(0, 200)
		traces := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"component queue", "component feed", "label x"}), 1, 3, rapid.ID)
		for range rapid.IntRange(3, 20).Draw(r, "cards") {
			came := days.Draw(r, "came")
			m.add(flow.Traits{Unplanned: rapid.Bool().Draw(r, "unplanned"), Traces: traces.Draw(r, "traces")}, came, rapid.IntRange(-1, came).Draw(r, "ended"))
		}
		for range rapid.IntRange(1, 4).Draw(r, "problems") {
			solved := days.Draw(r, "solved")
			m.add(flow.Traits{Type: problemType, Traces: traces.Draw(r, "of")}, solved+1, solved)
		}
		s := newFlowSet(m.FlowCards, FlowQuery{})
		told := s.solved()
		for _, p := range told {
			i := s.problemOf(FlowList{Card: string(p.Card), Trace: p.Trace})
			if i == nil {
				r.Fatalf("%+v is no problem", p)
			}
			cards, settled := flow.CameBack(s.unplanned, flow.Cluster{Trace: p.Trace}, i.Stint().Ended, s.Clock)
			if p.Back.N != len(cards) || p.Settled != settled {
				r.Fatalf("%+v: flow has %v, settled %v", p, cards, settled)
			}
		}
	})
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
