package view

import (
	"cmp"
	"maps"
	"runtime"
	"slices"

	"parley/kanban"
	"parley/kanban/calendar"
	"parley/kanban/flow"
)

// sums are what is folded from some of the cards. Those of two sets of cards add up to those
// of both, so that a change costs what it is about: sums of whole numbers are the same to
// the last digit, however they came about.
type sums struct {
	lines       []flow.Line // of a FlowPicture
	weeks       []flow.WeekFlow
	days, fired []int       // under way on each day, of all and of the unplanned
	done        flow.Sample // on each day
	blocked     map[hindered]flow.Hindrance
	efficiency  flow.Efficiency
	shares      flow.Shares
	courts      courtSums
	cycles      counts[int] // of what was finished, by days
	leads       counts[int]
	customers   counts[int]
	before      counts[int]                   // cycles of what was finished before the span
	types       counts[string]                // finished
	drains      map[kanban.UnitKey]flow.Drain // of a Workload
	created     counts[unitDay]
	persons     counts[string] // that the configuration knows
	hidden      int            // cards of which it is not told who works on them
}

// hindered is what cards were blocked for.
type hindered struct {
	party  kanban.Party
	reason string
}

// courtSums is where time went.
type courtSums struct{ it, queue, business, third, blocked, nobody flow.Sum }

func (c courtSums) plus(o courtSums, times flow.Sum) courtSums {
	return courtSums{c.it + times*o.it, c.queue + times*o.queue, c.business + times*o.business, c.third + times*o.third, c.blocked + times*o.blocked, c.nobody + times*o.nobody}
}

// counts is how many there are of each.
type counts[K comparable] map[K]int

// plus adds other counts so many times; what there is none of is not kept.
func (c counts[K]) plus(o counts[K], times int) {
	for k, n := range o {
		c.add(k, times*n)
	}
}

func (c counts[K]) add(k K, n int) {
	if c[k] += n; c[k] == 0 {
		delete(c, k)
	}
}

// sampleOf is what was counted, in ascending order.
func sampleOf(c counts[int]) []int {
	n := 0
	for _, times := range c {
		n += times
	}
	out := make([]int, 0, n)
	for _, days := range slices.Sorted(maps.Keys(c)) {
		for range c[days] {
			out = append(out, days)
		}
	}
	return out
}

// diagramSpan is that of the cumulative diagram: from the day before the first on.
func (s *flowSet) diagramSpan() flow.Span {
	return flow.Span{From: s.span.From - 1, To: s.span.To}
}

// newSums are those of no cards.
func (s *flowSet) newSums() sums {
	return sums{
		lines: flow.Cumulative(nil, s.Layout, s.Clock, s.diagramSpan()), weeks: flow.Weekly(nil, s.Clock, s.span), days: make([]int, s.span.Len()), fired: make([]int, s.span.Len()), done: make(flow.Sample, s.span.Len()),
		blocked: map[hindered]flow.Hindrance{}, cycles: counts[int]{}, leads: counts[int]{}, customers: counts[int]{}, before: counts[int]{}, types: counts[string]{},
		drains: map[kanban.UnitKey]flow.Drain{}, created: counts[unitDay]{}, persons: counts[string]{},
	}
}

// plus adds other sums so many times: -1 takes them away.
func (x *sums) plus(o *sums, times int) {
	add := func(to, of []int) {
		for n := range of {
			to[n] += times * of[n]
		}
	}
	for n := range o.lines {
		add(x.lines[n].Cards, o.lines[n].Cards)
	}
	for n := range o.weeks {
		x.weeks[n] = x.weeks[n].Plus(o.weeks[n], times)
	}
	add(x.days, o.days)
	add(x.fired, o.fired)
	add(x.done, o.done)
	for k, h := range o.blocked {
		was, ok := x.blocked[k]
		if !ok {
			was = flow.Hindrance{Party: k.party, Reason: k.reason}
		}
		if x.blocked[k] = was.Plus(h, times); x.blocked[k].Times == 0 {
			delete(x.blocked, k)
		}
	}
	x.efficiency, x.shares, x.courts = x.efficiency.Plus(o.efficiency, times), x.shares.Plus(o.shares, times), x.courts.plus(o.courts, flow.Sum(times))
	x.cycles.plus(o.cycles, times)
	x.leads.plus(o.leads, times)
	x.customers.plus(o.customers, times)
	x.before.plus(o.before, times)
	x.types.plus(o.types, times)
	for unit, d := range o.drains {
		x.drain(unit, x.drains[unit].Plus(d, times))
	}
	x.created.plus(o.created, times)
	x.persons.plus(o.persons, times)
	x.hidden += times * o.hidden
}

// sumsOf folds cards, on all processors where they are many.
func (s *flowSet) sumsOf(items []flow.Item) sums {
	const few = 2000
	if len(items) <= few {
		return s.sumUp(items)
	}
	size := (len(items) + runtime.GOMAXPROCS(0) - 1) / runtime.GOMAXPROCS(0)
	var parts []func()
	var out []sums
	for part := range slices.Chunk(items, size) {
		at := len(out)
		out = append(out, sums{})
		parts = append(parts, func() { out[at] = s.sumUp(part) })
	}
	atOnce(parts...)
	for n := range out[1:] {
		out[0].plus(&out[n+1], 1)
	}
	return out[0]
}

// sumUp folds cards.
func (s *flowSet) sumUp(items []flow.Item) sums {
	out := s.newSums()
	var recent, fired []flow.Item
	for n := range items {
		i := &items[n]
		c := s.class(i)
		if c&isRecent != 0 {
			recent = append(recent, *i)
		}
		if c&(isRecent|isUnplanned) == isRecent|isUnplanned {
			fired = append(fired, *i)
		}
		out.take(s, i, c)
	}
	if !s.load {
		out.lines = flow.Cumulative(items, s.Layout, s.Clock, s.diagramSpan())
	}
	out.weeks, out.days, out.fired = flow.Weekly(recent, s.Clock, s.span), flow.PerDay(recent, s.Clock, s.span), flow.PerDay(fired, s.Clock, s.span)
	for _, h := range flow.Hindrances(recent, s.Clock, s.span) {
		out.blocked[hindered{h.Party, h.Reason}] = h
	}
	if s.load {
		for _, d := range flow.Drains(items, s.Board, s.Clock, s.span) {
			out.drain(d.Unit, d)
		}
	}
	return out
}

// drain notes the counts of a unit, where there are any. Its days follow from what was
// created.
func (x *sums) drain(unit kanban.UnitKey, d flow.Drain) {
	if d.Days, d.Unit = 0, unit; d == (flow.Drain{Unit: unit}) {
		delete(x.drains, unit)
		return
	}
	x.drains[unit] = d
}

// take adds what is counted card by card.
func (x *sums) take(s *flowSet, i *flow.Item, c class) {
	x.created[unitDay{i.Unit, s.day(i.Created)}]++
	if i.Person != "" {
		x.persons[i.Person]++
	}
	x.hidden += one(i.Hidden)
	if c&(isFinished|isBefore) == 0 {
		return
	}
	st := i.Stint()
	took := s.Clock.Days(st.Started, st.Ended)
	if c&isBefore != 0 {
		x.before[took]++
		return
	}
	x.done[s.day(st.Ended)-s.span.From]++
	x.cycles[took]++
	x.leads[s.Clock.Days(st.Committed, st.Ended)]++
	x.customers[s.Clock.Days(i.Created, st.Ended)]++
	x.types[i.Type]++
	x.efficiency, x.shares = x.efficiency.With(st), x.shares.With(st, s.Clock, i.Unplanned)
	courts, queue := st.Courts(s.Layout)
	x.courts = x.courts.plus(courtSums{flow.SumOf(courts.IT - queue), flow.SumOf(queue), flow.SumOf(courts.Business), flow.SumOf(courts.Third), flow.SumOf(courts.Blocked), flow.SumOf(courts.Nobody)}, 1)
}

// first is the day from which on anything is known of some cards, today where there are
// none. The days before it are days without a board, and not days on which nothing was
// finished.
func (x *sums) first(today calendar.Day) calendar.Day {
	for k := range x.created {
		today = min(today, k.day)
	}
	return today
}

// drained are the counts of each unit, with the days since its first card.
func (x *sums) drained(span flow.Span) []flow.Drain {
	out := []flow.Drain{}
	days := map[kanban.UnitKey]int{}
	for k := range x.created {
		days[k.unit] = max(days[k.unit], span.Recorded(k.day).Len())
	}
	for unit, n := range days {
		d := x.drains[unit]
		d.Unit, d.Days = unit, n
		out = append(out, d)
	}
	slices.SortFunc(out, func(a, b flow.Drain) int { return cmp.Compare(a.Unit, b.Unit) })
	return out
}
