package demo

import (
	"math"
	"slices"
	"time"
)

// walk gives a story its way to the stage where it stands today, told backwards
// from the moment it got there. It is the i-th of n in that stage.
func (p *planner) walk(s *story, today stage, i, n int) {
	stages := p.route(s, today)
	at := p.office.before(p.now, p.prompt(s, today, today, p.now, p.age(s, today)))
	if today == done || today == withdrawn {
		at = p.office.before(p.ended(s, i, n), p.about(2*time.Hour))
	}
	s.steps = make([]step, len(stages))
	for k := len(stages) - 1; k >= 0; k-- {
		s.steps[k] = step{stages[k], at}
		if k > 0 {
			at = p.office.before(at, p.prompt(s, today, stages[k-1], at, p.stay(s, stages[k-1])))
		}
	}
}

// ended is about when a story came to its end: spread evenly with the kinds mixed, most of
// it over the last quarter, and what was broken in the weeks that urgentWeeks tells.
func (p *planner) ended(s *story, i, n int) time.Time {
	if s.incident() {
		weeks := urgentWeeks(s.unit)
		at := p.broken[s.unit] % len(weeks)
		p.broken[s.unit]++
		return p.office.week(p.now, weeks[at]).Add(time.Duration(24+p.rng.IntN(72))*time.Hour + 16*time.Hour)
	}
	share, lately := float64(i*7919%n)/float64(n), 0.96
	if share < lately {
		return p.now.Add(-time.Duration(share / lately * float64(quarter)))
	}
	return p.now.Add(-quarter - time.Duration((share-lately)/(1-lately)*float64(history-quarter)))
}

// route lists the stages up to today's, along ways that Jira's workflow has.
func (p *planner) route(s *story, today stage) []stage {
	if !s.jira && today == withdrawn {
		return []stage{requests, withdrawn}
	}
	full := []stage{requests, committed, doing}
	if s.incident() {
		full = []stage{requests, doing}
	}
	if s.jira && p.rng.IntN(4) == 0 || today == waiting {
		full = append(full, waiting, doing)
	}
	full = append(full, review)
	if p.rng.IntN(7) == 0 {
		full = append(full, doing, review)
	}
	if s.jira {
		full = append(full, verify)
		if p.rng.IntN(10) == 0 {
			full = append(full, doing, verify)
		}
	}
	full = append(full, done)
	switch today {
	case withdrawn:
		if !s.hub && p.rng.IntN(2) == 0 {
			return []stage{requests, withdrawn}
		}
		return []stage{requests, committed, waiting, withdrawn}
	case onHold:
		return []stage{requests, committed, doing, onHold}
	}
	return full[:slices.Index(full, today)+1]
}

// age is the working time since a story came to where it stands.
func (p *planner) age(s *story, today stage) time.Duration {
	if s.incident() {
		return p.about(3 * time.Hour)
	}
	switch today {
	case requests:
		return p.about(80 * time.Hour)
	case committed, waiting:
		return p.about(25 * time.Hour)
	case onHold:
		return 60 * time.Hour
	}
	return p.about(18 * time.Hour)
}

// stay is the working time that a story spends in a stage it has left since.
func (p *planner) stay(s *story, in stage) time.Duration {
	if s.incident() {
		return p.about(2 * time.Hour)
	}
	switch in {
	case requests:
		return p.about(45 * time.Hour)
	case committed:
		return p.about(16 * time.Hour)
	case waiting:
		return p.about(20 * time.Hour)
	case review, verify:
		return p.about(7 * time.Hour)
	}
	return p.about(16 * time.Hour)
}

// inTime is the working time within which people mostly reply, answer and accept: a little
// less than the five days that the contracts give them. slow is what it takes where not.
const (
	inTime = 40 * time.Hour
	slow   = 62 * time.Hour
)

// lateOnce are the units of whose requests one was replied to, answered or accepted too late.
func lateOnce() map[stage][]string {
	return map[stage][]string{requests: {trading, finance}, waiting: {risk, trading}, verify: {finance, risk}}
}

// late names the stay of a unit's request in a stage.
func late(in stage, unit string) string { return string(in) + "/" + unit }

// prompt is how long a story of the business stays in a stage until at, where the contract
// has somebody do something in it: too long only where lateOnce says so.
func (p *planner) prompt(s *story, today, in stage, at time.Time, d time.Duration) time.Duration {
	units, owes := lateOnce()[in]
	if !s.jira || s.incident() || !owes {
		return d
	}
	week, what := p.office.weekOf(p.now, at), late(in, s.unit)
	if today == done && slices.Contains(units, s.unit) && s.late == "" && p.slow[what] == nil && week < -1 && week > 1-contractWeeks {
		p.slow[what], s.late = s, in
		return slow
	}
	if d > inTime {
		d = inTime - time.Duration(p.rng.IntN(24*60))*time.Minute
	}
	return d
}

// about draws a time around a median. Work is skewed: a few things take very long.
func (p *planner) about(median time.Duration) time.Duration {
	factor := math.Exp(0.8 * p.rng.NormFloat64())
	d := time.Duration(float64(median) * min(factor, 5))
	return max(d, 20*time.Minute).Truncate(time.Second)
}
