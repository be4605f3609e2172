package view

import (
	"fmt"

	"parley/kanban/flow"
)

// FlowCluster is incidents and blocked cards that may have one cause.
type FlowCluster struct {
	Trace   string     `json:"trace"`          // what they share
	Also    []string   `json:"also,omitempty"` // what just the same cards share besides
	Cards   Amount     `json:"cards"`
	Blocked float64    `json:"blocked_hours"`
	Worked  float64    `json:"worked_hours"`
	First   []CardName `json:"first"` // some of them
	// Problem is the planned card, of the type of problems, that should have ended it: the
	// one that was done last.
	Problem *CardName `json:"problem,omitempty"`
	Solved  string    `json:"solved,omitempty"` // date
	Back    Amount    `json:"back"`             // unplanned cards that came within 90 days after
	Settled bool      `json:"settled"`          // the 90 days are over
	// Draft is a problem card to make for it; nil where one ended it, or it could name no card.
	Draft *ProblemDraft `json:"draft,omitempty"`
}

// mostClusters is how many of them are told, the dearest first.
const mostClusters = 12

func (s *flowSet) clusters() []FlowCluster {
	out := []FlowCluster{}
	problems := s.problems()
	same := map[string]int{} // by the cards: the place of their cluster
	for _, x := range flow.Clusters(s.costly, s.Clock, s.span) {
		cards := fmt.Sprintf("%q", x.Cards)
		if n, ok := same[cards]; ok {
			out[n].Also = append(out[n].Also, x.Trace)
			continue
		}
		if len(out) == mostClusters {
			continue
		}
		same[cards] = len(out)
		c := FlowCluster{Trace: x.Trace, Back: amount(0, FlowList{List: ListBack, Trace: x.Trace}), Cards: amount(len(x.Cards), FlowList{List: ListCluster, Trace: x.Trace}), Blocked: x.Blocked.Hours(), Worked: x.Worked.Hours()}
		for _, id := range x.Cards[:min(len(x.Cards), 3)] {
			c.First = append(c.First, s.Name(id))
		}
		if i := problems(x.Trace); i != nil {
			name, solved := s.Name(i.Card), i.Stint().Ended
			_, settled := flow.CameBack(nil, x, solved, s.Clock)
			c.Problem, c.Solved, c.Settled = &name, s.day(solved).String(), settled
			c.Back.N = len(s.cameBack(x.Trace, i))
		}
		if c.Problem == nil || c.Back.N > 0 {
			c.Draft = s.draft(x)
		}
		out = append(out, c)
	}
	return out
}

// problems finds the planned card that was done last and shares a trace: the one that
// should have ended what recurs.
func (s *flowSet) problems() func(trace string) *flow.Item {
	last := map[string]*flow.Item{}
	for n := range s.solvers {
		i := &s.solvers[n]
		for _, trace := range i.Traces {
			if p := last[trace]; p == nil || p.Stint().Ended.Before(i.Stint().Ended) {
				last[trace] = i
			}
		}
	}
	return func(trace string) *flow.Item { return last[trace] }
}

// problemType is the work type of cards that end what recurs, as ITIL calls it.
const problemType = "problem"
