package flow

import (
	"slices"

	"parley/kanban/calendar"
)

// PerDay counts, for each day of a span, the stints that were under way: started on or
// before it, ended on or after it, or open. A day touched is a day counted, so that the
// sum over all days is the sum of the stints' days.
func PerDay(items []Item, c Clock, span Span) []int {
	rise := make([]int, span.Len()+1)
	for _, i := range items {
		for _, s := range i.Stints {
			if from, to, ok := s.within(c, span); ok {
				rise[from-span.From]++
				rise[to-span.From+1]--
			}
		}
	}
	for d := 1; d < len(rise); d++ {
		rise[d] += rise[d-1]
	}
	return rise[:span.Len()]
}

// within cuts a started stint to the days of a span.
func (s *Stint) within(c Clock, span Span) (from, to calendar.Day, ok bool) {
	if s.Started.IsZero() {
		return 0, 0, false
	}
	from, to = max(c.Day(s.Started), span.From), min(c.Day(s.end(c.Now)), span.To)
	return from, to, from <= to
}

// StintDays adds up the days of all stints by how they ended.
func StintDays(items []Item, c Clock) map[Outcome]int {
	out := map[Outcome]int{}
	for _, i := range items {
		for _, s := range i.Stints {
			if !s.Started.IsZero() {
				out[s.Outcome] += c.Days(s.Started, s.end(c.Now))
			}
		}
	}
	return out
}

// Throughput counts the finished items of each day.
func Throughput(items []Item, c Clock, span Span) Sample {
	out := make(Sample, span.Len())
	for _, i := range items {
		if s := i.finished(c, span); s != nil {
			out[c.Day(s.Ended)-span.From]++
		}
	}
	return out
}

// WeekFlow is what came and went in one week.
type WeekFlow struct {
	Monday    calendar.Day
	Arrived   int // items that started for good: the start of their present or last stint
	Departed  int // done or cancelled after the start
	Returned  int // stints that went back to the options
	Started   int // stints that started
	Finished  int // done
	Unplanned int // of Started
	Fires     int // of Finished: unplanned
}

// Net is what the week added to the work in progress: all starts without all ends.
func (w WeekFlow) Net() int { return w.Started - w.Departed - w.Returned }

// Weekly counts arrivals and departures by the weeks of a span. Weeks begin on Monday and
// keep their seven days.
func Weekly(items []Item, c Clock, span Span) []WeekFlow {
	mondays := span.Weeks()
	out := make([]WeekFlow, len(mondays))
	for i, m := range mondays {
		out[i].Monday = m
	}
	for _, i := range items {
		for n, s := range i.Stints {
			i.countWeeks(out, c, span, s, n == len(i.Stints)-1)
		}
	}
	return out
}

func (i Item) countWeeks(out []WeekFlow, c Clock, span Span, s Stint, last bool) {
	if s.Started.IsZero() {
		return
	}
	in := func(d calendar.Day, count func(*WeekFlow)) {
		if span.Has(d) {
			count(&out[(d.Monday()-out[0].Monday)/7])
		}
	}
	in(c.Day(s.Started), func(w *WeekFlow) {
		w.Started++
		if last {
			w.Arrived++
		}
		if i.Unplanned {
			w.Unplanned++
		}
	})
	if s.Ended.IsZero() {
		return
	}
	in(c.Day(s.Ended), func(w *WeekFlow) {
		switch s.Outcome {
		case Done:
			w.Departed++
			w.Finished++
			if i.Unplanned {
				w.Fires++
			}
		case Cancelled:
			w.Departed++
		case Returned:
			w.Returned++
		}
	})
}

// Finished lists the cycle times in days of what was finished within a span.
func Finished(items []Item, c Clock, span Span) []int {
	var out []int
	for _, i := range items {
		if s := i.finished(c, span); s != nil {
			out = append(out, c.Days(s.Started, s.Ended))
		}
	}
	slices.Sort(out)
	return out
}

// WIP is the work in progress: the cards under way, and the sum of their ages in days
// (total work item age).
func WIP(items []Item, c Clock) (cards []Item, age int) {
	for _, i := range items {
		if s := i.underWay(); s != nil {
			cards = append(cards, i)
			age += c.Days(s.Started, c.Now)
		}
	}
	return cards, age
}
