package flow

import (
	"math/bits"

	"parley/kanban/calendar"
)

// dayset is a set of the days of a span, one bit a day.
type dayset []uint64

func newDayset(span Span) dayset { return make(dayset, (span.Len()+63)/64) }

func (s dayset) add(day int)  { s[day/64] |= 1 << (day % 64) }
func (s dayset) drop(day int) { s[day/64] &^= 1 << (day % 64) }

// and keeps the days that are in another set too.
func (s dayset) and(o dayset) dayset {
	for i := range s {
		s[i] &= o[i]
	}
	return s
}

// or takes in the days of another set.
func (s dayset) or(o dayset) {
	for i := range s {
		s[i] |= o[i]
	}
}

// each goes through the days.
func (s dayset) each(use func(day int)) {
	for i, word := range s {
		for ; word != 0; word &= word - 1 {
			use(i*64 + bits.TrailingZeros64(word))
		}
	}
}

// common is how many days two sets share.
func (s dayset) common(o dayset) (n int) {
	for i := range s {
		n += bits.OnesCount64(s[i] & o[i])
	}
	return n
}

func (s dayset) empty() bool { return s.count() == 0 }

func (s dayset) count() int { return s.common(s) }

// working are the working days of a span.
func working(cal calendar.Calendar, span Span) dayset {
	out := newDayset(span)
	for d := span.From; d <= span.To; d++ {
		if cal.Works(d) {
			out.add(int(d - span.From))
		}
	}
	return out
}

// underWayOn are the days of a span on which a card was under way.
func underWayOn(i *Item, c Clock, span Span) dayset {
	out := newDayset(span)
	for n := range i.Stints {
		from, to, ok := i.Stints[n].within(c, span)
		for d := from; ok && d <= to; d++ {
			out.add(int(d - span.From))
		}
	}
	return out
}
