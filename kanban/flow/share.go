package flow

import (
	"cmp"
	"slices"
	"time"

	"parley/kanban"
)

// Sum is time added up over cards, in milliseconds: that of some thousand old cards is more
// than a time.Duration holds, which is 292 years.
type Sum int64

func sumOf(d time.Duration) Sum { return Sum(d / time.Millisecond) }

// Hours is the same in hours.
func (s Sum) Hours() float64 { return float64(s) / 3_600_000 }

// Efficiency is the share of active time of what was finished within a span, taken over
// all items together (a portfolio): the mean of the single ratios, shown beside it, lets
// small items count as much as large ones. It means something only where waiting has
// columns of its own.
type Efficiency struct {
	Active  Sum
	Elapsed Sum
	Mean    float64 // of the items' own ratios, 0 to 1
}

// Ratio is the flow efficiency, 0 to 1.
func (e Efficiency) Ratio() float64 { return ratio(e.Active, e.Elapsed) }

// Efficient measures what was finished within a span.
func Efficient(items []Item, c Clock, span Span) Efficiency {
	var e Efficiency
	n := 0
	for _, i := range items {
		s := i.finished(c, span)
		if s == nil {
			continue
		}
		cycle := s.Ended.Sub(s.Started)
		e.Active += sumOf(s.Active)
		e.Elapsed += sumOf(cycle)
		if cycle > 0 {
			e.Mean += float64(s.Active) / float64(cycle)
			n++
		}
	}
	if n > 0 {
		e.Mean /= float64(n)
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
		days := c.Days(s.Started, s.Ended)
		out.ItemsAll++
		out.DaysAll += days
		out.ActiveAll += sumOf(s.Active)
		if counts(*i.Traits) {
			out.Items++
			out.Days += days
			out.Active += sumOf(s.Active)
		}
	}
	return out
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
			sum[k].Time += sumOf(d)
			sum[k].Times++
		}
	}
	out := make([]Hindrance, 0, len(sum))
	for _, h := range sum {
		out = append(out, *h)
	}
	slices.SortFunc(out, func(a, b Hindrance) int {
		return cmp.Or(cmp.Compare(b.Time, a.Time), cmp.Compare(a.Party, b.Party), cmp.Compare(a.Reason, b.Reason))
	})
	return out
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
