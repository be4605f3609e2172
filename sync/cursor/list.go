// Package cursor holds a model of a tracker's list of issues, as one who polls it
// gets it: a change shows up late, pages are slow, and the list changes between them.
// The readers of the connectors are run against it hundreds of thousands of times. The
// product does not use it.
//
// Moments are milliseconds of the tracker's clock.
package cursor

import (
	"cmp"
	"math/rand/v2"
	"slices"
)

// Visible is Λ: how long after it was made a change may be missing from the list.
const Visible = 120_000

// List is a tracker's list of issues at a moment.
type List struct {
	Now   int64
	Limit int   // rows a page
	Grain int64 // what times are rounded down to: 1 or 1000
	items [][]change
	rows  []Row // of the last answer, reused
}

// change is what somebody did to an issue.
type change struct {
	at, visible int64
	gone        bool // deleted, or made invisible
}

// Row is an issue in the list.
type Row struct {
	Item    int
	Updated int64
}

// Order is how lists are sorted: by the last change, then by key.
func Order(a, b Row) int {
	return cmp.Or(cmp.Compare(a.Updated, b.Updated), cmp.Compare(a.Item, b.Item))
}

// Date is the header of an answer given now: whole seconds.
func (l *List) Date() int64 { return l.Now / 1000 * 1000 }

// Since gives all rows changed at or after a moment, in order. It is valid until the
// next call.
func (l *List) Since(from int64) []Row {
	l.rows = l.rows[:0]
	for i := range l.items {
		if c, ok := l.shows(i); ok && c.at >= from {
			l.rows = append(l.rows, Row{i, c.at})
		}
	}
	slices.SortFunc(l.rows, Order)
	return l.rows
}

// shows is the newest change of an issue that the list knows of.
func (l *List) shows(item int) (change, bool) {
	for _, c := range slices.Backward(l.items[item]) {
		if c.at <= l.Now && c.visible <= l.Now {
			return c, !c.gone
		}
	}
	return change{}, false
}

// newest is the last change of an issue up to a moment; ok is false where there is
// none, or the issue is not there to be read.
func (l *List) newest(item int, upTo int64) (at int64, ok bool) {
	last := l.items[item]
	if len(last) > 0 && last[len(last)-1].gone {
		return 0, false
	}
	for _, c := range slices.Backward(last) {
		if c.at <= upTo {
			return c.at, true
		}
	}
	return 0, false
}

// start is the first moment of a run: in the middle of a minute.
const start = 1_800_000_017_000

// scribble fills a list with what people do within some minutes: single changes, bursts
// within a second and, rarely, a deletion.
func scribble(r *rand.Rand, grain int64) *List {
	l := &List{Now: start, Limit: 2 + r.IntN(4), Grain: grain, items: make([][]change, 1+r.IntN(12))}
	length := 60_000 + r.Int64N(900_000)
	for range 1 + r.IntN(25) {
		at := start + r.Int64N(length)
		if r.IntN(4) == 0 {
			for i := range l.items {
				l.touch(r, i, at)
			}
			continue
		}
		l.touch(r, r.IntN(len(l.items)), at)
	}
	for _, cs := range l.items {
		slices.SortFunc(cs, func(a, b change) int { return cmp.Compare(a.at, b.at) })
		if len(cs) > 0 && r.IntN(12) == 0 {
			cs[len(cs)-1].gone = true
		}
	}
	return l
}

func (l *List) touch(r *rand.Rand, item int, at int64) {
	lag := int64(0)
	switch r.IntN(4) {
	case 0:
		lag = r.Int64N(Visible + 1)
	case 1:
		lag = Visible
	case 2:
		lag = r.Int64N(5_000)
	}
	l.items[item] = append(l.items[item], change{at: at / l.Grain * l.Grain, visible: at + lag})
}

// quiet is a moment from which on everything is visible.
func (l *List) quiet() int64 {
	last := l.Now
	for _, cs := range l.items {
		for _, c := range cs {
			last = max(last, c.visible)
		}
	}
	return last + 1
}
