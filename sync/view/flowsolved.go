package view

import (
	"cmp"
	"slices"
	"time"

	"parley/kanban"
	"parley/kanban/flow"
)

// SolvedProblem is a problem card that was done, and whether what it should have ended
// came back. It is told for as long as that is watched and as long again: the good answer,
// that nothing came back, has no cards that would tell it.
type SolvedProblem struct {
	CardName
	Trace   string `json:"trace"`  // what its incidents shared with it
	Solved  string `json:"solved"` // date
	Before  int    `json:"before"` // unplanned cards of that trace that came within 90 days before
	Back    Amount `json:"back"`   // and within 90 days after
	Settled bool   `json:"settled"`
}

// toldFor is how many days ago a problem was solved at most.
const toldFor = 2 * flow.Watched

// mostSolved is how many are told, those solved last first.
const mostSolved = 24

// solved tells of the problems that were solved lately, once for each trace by which
// something had recurred.
func (s *flowSet) solved() []SolvedProblem {
	out, told := []SolvedProblem{}, s.solvedLately()
	came := s.came(told)
	for _, i := range told {
		at := i.Stint().Ended
		day := s.day(at)
		since, until := (day - flow.Watched).Start(s.Clock.Zone), (day + flow.Watched).End(s.Clock.Zone)
		for _, trace := range i.Traces {
			upTo := countUntil(came[trace], at)
			before := upTo - countUntil(came[trace], since.Add(-1))
			if before < flow.Recurrences {
				continue
			}
			out = append(out, SolvedProblem{CardName: CardName{Card: i.Card}, Trace: trace, Solved: day.String(), Before: before, Settled: s.Clock.Today() > day+flow.Watched,
				Back: amount(countUntil(came[trace], until)-upTo, FlowList{List: ListBack, Trace: trace, Card: string(i.Card)})})
		}
	}
	slices.SortFunc(out, func(a, b SolvedProblem) int {
		return cmp.Or(cmp.Compare(b.Solved, a.Solved), cmp.Compare(a.Card, b.Card), cmp.Compare(b.Before, a.Before), cmp.Compare(a.Trace, b.Trace))
	})
	out = out[:min(len(out), mostSolved)]
	for n := range out {
		out[n].CardName = s.Name(out[n].Card)
	}
	return out
}

// solvedLately are the problems that are told of.
func (s *flowSet) solvedLately() []*flow.Item {
	var out []*flow.Item
	for n := range s.solvers {
		if i := &s.solvers[n]; s.Clock.Today()-s.day(i.Stint().Ended) <= toldFor {
			out = append(out, i)
		}
	}
	return out
}

// came are the moments in order at which unplanned cards were created, by what they share
// with some problems. No problem has to look at all cards for that.
func (s *flowSet) came(problems []*flow.Item) map[string][]time.Time {
	out := map[string][]time.Time{}
	for _, p := range problems {
		for _, trace := range p.Traces {
			out[trace] = nil
		}
	}
	if len(out) == 0 {
		return out
	}
	for n := range s.unplanned {
		i := &s.unplanned[n]
		for _, trace := range i.Traces {
			if _, asked := out[trace]; asked {
				out[trace] = append(out[trace], i.Created)
			}
		}
	}
	for _, moments := range out {
		slices.SortFunc(moments, time.Time.Compare)
	}
	return out
}

// countUntil is how many of the moments, which are in order, are not after another one.
func countUntil(moments []time.Time, at time.Time) int {
	n, _ := slices.BinarySearchFunc(moments, at, func(m, at time.Time) int {
		if m.After(at) {
			return 1
		}
		return -1
	})
	return n
}

// isProblem reports whether a card is a planned one of the type of problems that was done.
func isProblem(i *flow.Item) bool {
	st := i.Stint()
	return i.Type == problemType && !i.Unplanned && st != nil && st.Outcome == flow.Done
}

// cameBack are the unplanned cards that came after a problem was solved, and share a trace
// with it.
func (s *flowSet) cameBack(trace string, problem *flow.Item) map[kanban.CardID]bool {
	cards, _ := flow.CameBack(s.unplanned, flow.Cluster{Trace: trace}, problem.Stint().Ended, s.Clock)
	out := map[kanban.CardID]bool{}
	for _, id := range cards {
		out[id] = true
	}
	return out
}

// problemOf is the problem that a list of what came back is about: the one it names, else
// the last one of its trace. It is nil where there is none.
func (s *flowSet) problemOf(l FlowList) *flow.Item {
	if l.Card == "" {
		return s.problems()(l.Trace)
	}
	for n := range s.solvers {
		if i := &s.solvers[n]; string(i.Card) == l.Card && slices.Contains(i.Traces, l.Trace) {
			return i
		}
	}
	return nil
}
