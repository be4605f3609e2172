package view

import (
	"fmt"
	"slices"

	"parley/kanban"
	"parley/kanban/contract"
)

// VerdictQuery says which verdicts of a contract are listed, of those of the last eight weeks
// that apply, the latest first.
type VerdictQuery struct {
	Period string // only of this week, 2026-W47; "": of all
	After  string // only those behind the one with this id; "": from the first on
	Limit  int    // how many at most; 0: 100; below 0: all
}

// mostVerdicts are listed where nothing is said.
const mostVerdicts = 100

// mostMissed of each side are told at once.
const mostMissed = 6

// PromiseTally counts what came of one promise in one week.
type PromiseTally struct {
	Promise   contract.Promise `json:"promise"`
	Period    string           `json:"period"`
	Kept      int              `json:"kept"`
	Broken    int              `json:"broken"`
	Contested int              `json:"contested"`
	Unknown   int              `json:"unknown"`
	AtRisk    int              `json:"at_risk"` // open, and broken as things stand
	Open      int              `json:"open"`
}

// add counts a verdict.
func (p *PromiseTally) add(v *contract.Verdict) {
	switch {
	case v.Contested:
		p.Contested++
	case v.Outcome == contract.Kept:
		p.Kept++
	case v.Outcome == contract.Broken:
		p.Broken++
	case v.Outcome == contract.Unknown:
		p.Unknown++
	case v.Facts.Failing:
		p.AtRisk++
	default:
		p.Open++
	}
}

// promises tells verdicts: all in numbers, and some with their sentences.
func (t contractTeller) promises(c *Contract, q VerdictQuery) error {
	for _, v := range t.account.AtRisk {
		c.AtRisk = append(c.AtRisk, t.promised(v))
	}
	n := len(t.account.Statements)
	if n == 0 {
		return nil
	}
	to := t.account.Statements[n-1].Period
	from := to.Back(shownPeriods - 1)
	c.Scores = t.scores(from, to)
	list := verdictList{VerdictQuery: q, c: c, behind: q.After == ""}
	for i := range slices.Backward(t.account.Verdicts) {
		v := &t.account.Verdicts[i]
		if v.Period < from || v.Outcome == contract.NotApplicable {
			continue
		}
		c.count(v)
		c.missed(t, v)
		if list.takes(v) {
			c.Verdicts = append(c.Verdicts, t.promised(*v))
		}
	}
	if !list.behind {
		return fmt.Errorf("verdict %.60q: %w", q.After, ErrUnknown)
	}
	if n := len(c.Verdicts); c.MoreVerdicts > 0 && n > 0 {
		c.NextVerdicts = c.Verdicts[n-1].ID
	}
	return nil
}

// verdictList is a list of verdicts under way.
type verdictList struct {
	VerdictQuery

	c      *Contract
	behind bool // the one with the id After was there
}

// takes counts a verdict and reports whether it is to be listed.
func (l *verdictList) takes(v *contract.Verdict) bool {
	if l.Period != "" && v.Period.String() != l.Period {
		return false
	}
	l.c.AllVerdicts++
	most := l.Limit
	if most == 0 {
		most = mostVerdicts
	}
	switch {
	case !l.behind:
		l.behind = v.ID == l.After
		return false
	case most > 0 && len(l.c.Verdicts) >= most:
		l.c.MoreVerdicts++
		return false
	}
	return true
}

// count adds a verdict to the numbers of its week. They come in the order of the weeks and
// promises.
func (c *Contract) count(v *contract.Verdict) {
	n := len(c.Tally)
	if period := v.Period.String(); n == 0 || c.Tally[n-1].Promise != v.Promise || c.Tally[n-1].Period != period {
		c.Tally, n = append(c.Tally, PromiseTally{Promise: v.Promise, Period: period}), n+1
	}
	c.Tally[n-1].add(v)
}

// missed adds a verdict to what its side did not keep.
func (c *Contract) missed(t contractTeller, v *contract.Verdict) {
	if v.Outcome != contract.Broken && v.Outcome != contract.Unknown && !v.Contested {
		return
	}
	i := slices.IndexFunc(c.Scores, func(s SideScore) bool { return s.By == v.Promise.By() })
	if s := &c.Scores[i]; len(s.Missed) < mostMissed {
		s.Missed = append(s.Missed, t.promised(*v))
	} else {
		s.More++
	}
}

// scores are what both sides kept of what was decided.
func (t contractTeller) scores(from, to contract.Period) (out []SideScore) {
	for _, side := range []SideScore{{By: kanban.IT, Name: "IT"}, {By: kanban.Business, Name: t.account.Name}} {
		s := contract.ScoreOf(t.account.Verdicts, side.By, from, to)
		side.Kept, side.Decided, side.Text = s.Kept, s.Decided, s.String()
		out = append(out, side)
	}
	return out
}
