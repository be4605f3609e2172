package contract

import (
	"fmt"
	"strings"

	"parley/kanban"
)

// Score counts what one side kept of what was decided.
type Score struct{ Kept, Decided int }

// ScoreOf counts one side's verdicts of a run of periods, both included. What is contested,
// unknown or pending counts for nobody.
func ScoreOf(verdicts []Verdict, side kanban.Party, from, to Period) Score {
	var s Score
	for _, v := range verdicts {
		if v.Promise.By() != side || v.Period < from || v.Period > to || !v.Decided() {
			continue
		}
		s.Decided++
		if v.Outcome == Kept {
			s.Kept++
		}
	}
	return s
}

// fewDecided is below which number of verdicts a ratio would say more than is known.
const fewDecided = 5

// String is the score as people are told it: "13 of 14 kept", and of few verdicts in words
// that are no ratio.
func (s Score) String() string {
	words := [...]string{"none", "one", "two", "three", "four"}
	switch broken := s.Decided - s.Kept; {
	case s.Decided >= fewDecided:
		return fmt.Sprintf("%d of %d kept", s.Kept, s.Decided)
	case s.Decided <= 0 || s.Kept < 0 || broken < 0:
		return "nothing decided yet"
	case broken == 0:
		return words[s.Kept] + " kept"
	case s.Kept == 0:
		return words[broken] + " broken"
	default:
		return words[s.Kept] + " kept, " + words[broken] + " broken"
	}
}

// Line sums a contract up over the last periods, both sides in the same words: "Trading ·
// last 8 weeks · IT 13 of 14 kept · Trading 9 of 11 kept".
func (a Account) Line(periods int) string {
	if len(a.Statements) == 0 || periods <= 0 {
		return a.Name + " · not begun"
	}
	to := a.Statements[len(a.Statements)-1].Period
	from := to.Back(periods - 1)
	weeks := fmt.Sprintf("last %d weeks", periods)
	if periods == 1 {
		weeks = "this week"
	}
	return strings.Join([]string{a.Name, weeks, "IT " + ScoreOf(a.Verdicts, kanban.IT, from, to).String(),
		a.Name + " " + ScoreOf(a.Verdicts, kanban.Business, from, to).String()}, " · ")
}
