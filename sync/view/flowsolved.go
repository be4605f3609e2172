package view

import (
	"cmp"
	"slices"

	"parley/kanban"
	"parley/kanban/calendar"
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
	out := []SolvedProblem{}
	for n := range s.items {
		i := &s.items[n]
		if !isProblem(i) || s.Clock.Today()-s.day(i.Stint().Ended) > toldFor {
			continue
		}
		at, before := i.Stint().Ended, s.before90(i)
		for trace, count := range before {
			if count < flow.Recurrences {
				continue
			}
			back, settled := flow.CameBack(s.unplanned, flow.Cluster{Trace: trace}, at, s.Clock)
			out = append(out, SolvedProblem{CardName: CardName{Card: i.Card}, Trace: trace, Solved: s.day(at).String(), Before: count, Settled: settled,
				Back: amount(len(back), FlowList{List: ListBack, Trace: trace, Card: string(i.Card)})})
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

// before90 counts the unplanned cards that came within 90 days before a problem was solved,
// by what they share with it.
func (s *flowSet) before90(problem *flow.Item) map[string]int {
	out := map[string]int{}
	at := problem.Stint().Ended
	since := s.day(at) - calendar.Day(flow.Watched)
	for n := range s.unplanned {
		i := &s.unplanned[n]
		if i.Created.After(at) || s.day(i.Created) < since {
			continue
		}
		for _, trace := range i.Traces {
			if slices.Contains(problem.Traces, trace) {
				out[trace]++
			}
		}
	}
	return out
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
	for n := range s.items {
		if i := &s.items[n]; string(i.Card) == l.Card && isProblem(i) && slices.Contains(i.Traces, l.Trace) {
			return i
		}
	}
	return nil
}
