package demo

import (
	"slices"
	"time"
)

// regular makes the company's history one of contracts: in every week the units hand a few
// urgent requests in before the cut-off, and IT takes on as many as were agreed on, but for
// the weeks in which somebody failed.
func (p *planner) regular(all []*story) {
	for _, a := range agreements() {
		b := bookkeeper{planner: p, agreement: a, urgent: map[int]int{}}
		for _, s := range all {
			switch {
			case !s.jira || s.unit != a.unit || s.late != "":
			case s.incident():
				b.urgent[p.office.weekOf(p.now, s.steps[1].at)]++
			case s.last() == requests:
				b.asked = append(b.asked, s)
			case s.last() != withdrawn && s.last() != onHold:
				b.taken = append(b.taken, s)
			}
		}
		b.keep()
	}
}

// bookkeeper settles which of a unit's requests had the slots of its contract.
type bookkeeper struct {
	*planner
	agreement

	asked  []*story    // nobody has taken them on
	taken  []*story    // of which none has a slot yet
	urgent map[int]int // expedites by week
	owedIT int         // slots that IT owes from the week before
	owed   int         // slots that were used in advance
}

func (b *bookkeeper) keep() {
	for week := -contractWeeks; week <= 0; week++ {
		offered := max(0, b.slots+b.owedIT-b.owed)
		n, debt := max(0, offered-b.urgent[week]), 0
		switch {
		case week == lateWeek && b.unit == trading:
			n, debt = n-1, 1
		case week == shortWeek && b.unit == risk:
			n--
		}
		for k := range n {
			b.give(week, k, b.owedIT > k)
		}
		b.owed = max(0, n+b.urgent[week]-(b.slots+b.owedIT-b.owed))
		b.owedIT = debt
		if week == 0 {
			b.next(offered - b.urgent[week])
		}
	}
}

// give chooses the request that had the k-th slot of a week. One that IT owed had been
// ready in the week before.
func (b *bookkeeper) give(week, k int, owed bool) {
	monday := b.office.week(b.now, week)
	at := monday.Add(time.Duration([]int{24 + 14, 48 + 10, 72 + 11, 72 + 15}[k%4])*time.Hour + time.Duration(b.rng.IntN(100))*time.Minute)
	asked := monday.AddDate(0, 0, -3).Add(time.Duration(9+k)*time.Hour + time.Duration(b.rng.IntN(50))*time.Minute)
	switch {
	case owed:
		at, asked = monday.Add(10*time.Hour+7*time.Minute), monday.AddDate(0, 0, -7).Add(10*time.Hour)
	case week == -contractWeeks:
		asked = monday.Add(time.Duration(9+k)*time.Hour + 20*time.Minute)
	}
	if !at.Before(b.now.Add(-time.Hour)) {
		return
	}
	n := b.fitting(at)
	if n < 0 {
		return
	}
	s := b.taken[n]
	b.taken = slices.Delete(b.taken, n, n+1)
	s.priority, s.lowered = high, false
	b.respace(s, asked, at)
}

// fitting finds the request that could best have been taken on at a moment: one that got
// where it stands about a week later. It is -1 where there is none.
func (b *bookkeeper) fitting(at time.Time) int {
	best, apart := -1, 30*24*time.Hour
	for n, s := range b.taken {
		reached := s.steps[len(s.steps)-1].at
		waits := s.last() == committed && b.office.weekOf(b.now, at) >= -1
		if !waits && (reached.Before(at.Add(20*time.Hour)) || reached.Sub(at) > 20*24*time.Hour) {
			continue
		}
		if d := reached.Sub(at.AddDate(0, 0, 7)).Abs(); d < apart {
			best, apart = n, d
		}
	}
	return best
}

// respace lets a story be asked for and taken on at given moments, and go on from there to
// where it stands today at the pace that it had.
func (b *bookkeeper) respace(s *story, asked, at time.Time) {
	asked, at = asked.UTC(), at.UTC()
	last := len(s.steps) - 1
	if last == 1 {
		s.steps[0].at, s.steps[1].at = asked, at
		return
	}
	end := s.steps[last].at
	had, has := b.office.working(s.steps[1].at, end), b.office.working(at, end)
	for k := 2; k < last; k++ {
		left := float64(b.office.working(s.steps[k].at, end)) / float64(max(had, time.Second))
		s.steps[k].at = b.office.before(end, time.Duration(left*float64(has)).Truncate(time.Second))
	}
	s.steps[0].at, s.steps[1].at = asked, at
}

// next makes as many of the requests that nobody has taken on urgent as have slots, once
// the week before can say nothing of them any more.
func (b *bookkeeper) next(free int) {
	cutoff := b.office.week(b.now, -1).Add(36 * time.Hour)
	for _, s := range b.asked {
		if free > 0 && s.steps[0].at.After(cutoff) {
			s.priority = high
			free--
		}
	}
}
