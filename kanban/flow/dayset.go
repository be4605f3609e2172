package flow

import (
	"math/bits"
	"time"

	"parley/kanban"
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

// Diary tells on which days of a span cards were in IT's hands.
type Diary struct {
	board    Board
	clock    Clock
	span     Span
	works    dayset
	from, to time.Time // of the span, see Span.moments
}

// NewDiary is that of a board and the working days of a calendar.
func NewDiary(b Board, c Clock, cal calendar.Calendar, span Span) *Diary {
	d := &Diary{board: b, clock: c, span: span, works: working(cal, span)}
	d.from, d.to = span.moments(c)
	return d
}

// Workdays are the working days on which a card was in IT's hands, and those of them on
// which nothing happened to it. They are for reading only.
type Workdays struct{ worked, still dayset }

// Of are a card's. Of one that has left the board they stay the same for as long as its span
// does.
func (d *Diary) Of(i *Item) *Workdays {
	worked := d.workedOn(i).and(d.works)
	out := &Workdays{worked: worked, still: worked}
	if !i.Unplanned && i.inHands() {
		out.still = append(dayset(nil), worked...).untouched(i, d.clock, d.span)
	}
	return out
}

// inHands reports whether it is known who works on a card, or which team.
func (t *Traits) inHands() bool { return t.Assignee != "" || t.Team != "" }

// workedOn are the days of a span on which a card was in IT's hands: in an active column
// where IT has the turn, and not blocked, for a part of the day at least. While it waits for
// its requester, is to be accepted or is blocked, nobody in IT is what it stands still for.
func (d *Diary) workedOn(i *Item) dayset {
	out, from, to := newDayset(d.span), d.from, d.to
	last := i.Created
	for n, s := range i.Steps {
		if s.At.After(last) {
			last = s.At
		}
		end := to
		if n+1 < len(i.Steps) && i.Steps[n+1].At.Before(to) {
			end = i.Steps[n+1].At
		}
		if !last.Before(to) || !end.After(from) {
			continue
		}
		if p := d.board.places[s.Column]; p.category == kanban.Active && p.turn == kanban.IT {
			unblocked(i.Blocks, later(last, from), end, func(from, to time.Time) { out.fill(d.clock, d.span, from, to) })
		}
	}
	return out
}

// unblocked goes through the stretches between two moments in which nothing blocked a card.
func unblocked(blocks []Block, from, to time.Time, use func(from, to time.Time)) {
	for _, b := range blocks {
		if !b.To.IsZero() && !b.To.After(from) {
			continue
		}
		if !b.From.Before(to) {
			break
		}
		if b.From.After(from) {
			use(from, b.From)
		}
		if from = b.To; b.To.IsZero() {
			return
		}
	}
	if from.Before(to) {
		use(from, to)
	}
}

// fill adds the days that a stretch of time within the span touches.
func (s dayset) fill(c Clock, span Span, from, to time.Time) {
	for d := c.Day(from); d <= c.Day(to.Add(-1)); d++ {
		s.add(int(d - span.From))
	}
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
