package flow

import (
	"cmp"
	"math"
	"slices"
	"time"

	"parley/kanban"
)

// Sum is time added up over cards, in milliseconds: that of some thousand old cards is more
// than a time.Duration holds, which is 292 years.
type Sum int64

// SumOf is a duration as a sum: what is left of a millisecond is left out.
func SumOf(d time.Duration) Sum { return Sum(d / time.Millisecond) }

// Hours is the same in hours.
func (s Sum) Hours() float64 { return float64(s) / 3_600_000 }

// Efficiency is the share of active time of what was finished within a span, taken over
// all items together (a portfolio): the mean of the single ratios, shown beside it, lets
// small items count as much as large ones. It means something only where waiting has
// columns of its own.
type Efficiency struct {
	Active  Sum
	Elapsed Sum
	Items   int   // that took any time
	Ratios  int64 // of these items' own, added up, in trillionths: whole numbers add up to the same in any order
}

// trillion is how finely the ratios of single items are added up.
const trillion = 1e12

// Ratio is the flow efficiency, 0 to 1.
func (e Efficiency) Ratio() float64 { return ratio(e.Active, e.Elapsed) }

// Mean is that of the items' own ratios, 0 to 1.
func (e Efficiency) Mean() float64 {
	if e.Items == 0 {
		return 0
	}
	return float64(e.Ratios) / trillion / float64(e.Items)
}

// Efficient measures what was finished within a span.
func Efficient(items []Item, c Clock, span Span) (e Efficiency) {
	for _, i := range items {
		if s := i.finished(c, span); s != nil {
			e = e.With(s)
		}
	}
	return e
}

// With is it with a stint that ended with delivery.
func (e Efficiency) With(s *Stint) Efficiency {
	cycle := s.Ended.Sub(s.Started)
	e.Active += SumOf(s.Active)
	e.Elapsed += SumOf(cycle)
	if cycle > 0 {
		e.Ratios += int64(math.Round(trillion * float64(s.Active) / float64(cycle)))
		e.Items++
	}
	return e
}

func ratio[T Sum | int](part, whole T) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// Shares is what part of the finished work nobody had planned: by number of items, by the
// days they took and by the hours that were worked on them. They tell different stories.
type Shares struct {
	Items, ItemsAll   int
	Days, DaysAll     int
	Active, ActiveAll Sum
}

// ByCount is the share of the items, 0 to 1.
func (s Shares) ByCount() float64 { return ratio(s.Items, s.ItemsAll) }

// ByDays is the share of the cycle days.
func (s Shares) ByDays() float64 { return ratio(s.Days, s.DaysAll) }

// ByActive is the share of the time worked.
func (s Shares) ByActive() float64 { return ratio(s.Active, s.ActiveAll) }

// Unplanned takes the shares of what was finished within a span.
func Unplanned(items []Item, c Clock, span Span) Shares {
	return Of(items, c, span, func(t Traits) bool { return t.Unplanned })
}

// Of takes the shares that some of the finished items have.
func Of(items []Item, c Clock, span Span, counts func(Traits) bool) Shares {
	var out Shares
	for _, i := range items {
		s := i.finished(c, span)
		if s == nil {
			continue
		}
		out = out.With(s, c, counts(*i.Traits))
	}
	return out
}

// With are they with a stint that ended with delivery, and whether it counts.
func (s Shares) With(st *Stint, c Clock, counts bool) Shares {
	days := c.Days(st.Started, st.Ended)
	s.ItemsAll++
	s.DaysAll += days
	s.ActiveAll += SumOf(st.Active)
	if counts {
		s.Items++
		s.Days += days
		s.Active += SumOf(st.Active)
	}
	return s
}

// Hindrance is how long work was blocked for one reason by one party, and how often.
type Hindrance struct {
	Party  kanban.Party
	Reason string
	Time   Sum
	Times  int
}

// Hindrances adds up what blocked cards within a span, the longest first. A card counts
// while it is blocked, wherever it stands, until it leaves the board.
func Hindrances(items []Item, c Clock, span Span) []Hindrance {
	type key struct {
		party  kanban.Party
		reason string
	}
	sum := map[key]*Hindrance{}
	from, to := span.moments(c)
	for _, i := range items {
		for _, b := range i.Blocks {
			d := b.During(i.Track, from, to)
			if d <= 0 {
				continue
			}
			k := key{b.Party, b.Reason}
			if sum[k] == nil {
				sum[k] = &Hindrance{Party: k.party, Reason: k.reason}
			}
			sum[k].Time += SumOf(d)
			sum[k].Times++
		}
	}
	out := make([]Hindrance, 0, len(sum))
	for _, h := range sum {
		out = append(out, *h)
	}
	return SortedHindrances(out)
}

// SortedHindrances puts those that lasted longest first.
func SortedHindrances(all []Hindrance) []Hindrance {
	slices.SortFunc(all, func(a, b Hindrance) int {
		return cmp.Or(cmp.Compare(b.Time, a.Time), cmp.Compare(a.Party, b.Party), cmp.Compare(a.Reason, b.Reason))
	})
	return all
}

// During is how much of a block lies between two moments, and before its card left the
// board; it is negative where there is nothing of it. A card that was given back is still
// on the board.
func (b Block) During(t *Track, from, to time.Time) time.Duration {
	end := b.To
	if end.IsZero() || end.After(to) {
		end = to
	}
	if out := t.left(); !out.IsZero() && out.Before(end) {
		end = out
	}
	begin := b.From
	if begin.Before(from) {
		begin = from
	}
	return end.Sub(begin)
}

// left is when a card left the board, zero while it is on it.
func (t *Track) left() time.Time {
	s := t.Stint()
	switch {
	case s != nil && (s.Outcome == Done || s.Outcome == Cancelled):
		return s.Ended
	case t.Course.Out: // nobody had committed to it
		return t.Since
	}
	return time.Time{}
}
