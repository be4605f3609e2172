package flow

import (
	"slices"
	"time"

	"parley/kanban"
)

// Course is how far a card has come over the board. It only ever counts up: a card that
// leaves the work and comes back is as one that came anew, so that a diagram of what has
// been reached never falls and still tells what is in work.
type Course struct {
	Far  int32 // place on the board, from 1, of the farthest column since it came, or came back; 0: none
	Back int32 // times it came back: from done or given up, or given back to the options
	Gone int32 // times it left without delivery: given up, or given back
	Work bool  // it was committed to since it came, or came back
	Left bool  // it has left the work since: done or given up
	Lost bool  // it left without delivery
	Out  bool  // it is off the board: done, given up or turned down
}

// Enter takes in the next column that the card enters. A request that is turned down before
// anybody committed to it stays where it was: it never was work.
func (c *Course) Enter(b Board, to kanban.ColumnKey) {
	p, known := b.places[to]
	if !known {
		return
	}
	c.Out = p.category.Ended()
	switch p.category {
	case kanban.Cancelled:
		if c.Work && !c.Lost {
			c.Left, c.Lost = true, true
			c.Gone++
		}
		return
	case kanban.Option:
		if c.Work && !c.Left {
			c.Gone++
		}
		if c.Work {
			c.anew()
		}
	case kanban.Done:
		if c.Lost {
			c.anew()
		}
		c.Work, c.Left = true, true
	default:
		if c.Left {
			c.anew()
		}
		c.Work = true
	}
	c.Far = max(c.Far, int32(p.index)+1)
}

func (c *Course) anew() { *c = Course{Back: c.Back + 1, Gone: c.Gone, Out: c.Out} }

// reached is how often the card has come as far as a place on the board, from 1, or left.
// It never falls.
func (c *Course) reached(place int32) int32 {
	if place <= c.Far || c.Lost {
		return c.Back + 1
	}
	return c.Back
}

// Line is one line of a cumulative flow diagram: how many cards had reached a column, or
// a later one, by the end of each day. A card that left and came back counts again.
type Line struct {
	Column kanban.ColumnKey `json:"column"` // "" of those that left without delivery
	Cards  []int            `json:"cards"`
}

// Cumulative draws the cumulative flow diagram: a line for each column of the board but
// the cancelled ones, the first column's on top, and below them one of the cards that left
// without delivery, given up or given back, which the other lines count too. What has been
// reached stays reached, so that no line ever falls and history is not rewritten; the space
// between two lines is the cards in the upper one's column. Only a card that went back to
// an earlier column of work is drawn where it had come to.
func Cumulative(items []Item, l kanban.Layout, c Clock, span Span) []Line {
	d := diagram{board: NewBoard(l), lines: make([][]int, len(l.Columns)+1), clock: c, span: span}
	for n := range d.lines {
		d.lines[n] = make([]int, span.Len()+1) // the last one is for what comes after
	}
	second := (span.From + 1).Start(c.Zone)
	for n := range items {
		d.take(items[n].Track, second)
	}
	var out []Line
	for n, column := range append(slices.Clip(l.Columns), kanban.Column{}) {
		if column.Category == kanban.Cancelled {
			continue
		}
		line := d.lines[n][:span.Len()]
		for day := 1; day < len(line); day++ {
			line[day] += line[day-1]
		}
		out = append(out, Line{Column: column.Key, Cards: line})
	}
	return out
}

// diagram adds up by how much each line rises on each day: those of the columns in their
// order, and that of the cards that left without delivery.
type diagram struct {
	board Board
	lines [][]int
	clock Clock
	span  Span
}

// take adds a card. second is when the second day begins: by then the first one is over.
func (d *diagram) take(t *Track, second time.Time) {
	if t.Since.Before(second) {
		d.rise(Course{}, t.Course, 0)
		return
	}
	var at Course
	last, first := t.Created, true
	for _, s := range t.Steps {
		if s.At.After(last) {
			last = s.At
		}
		before := at
		if at.Enter(d.board, s.Column); first && !last.Before(second) {
			d.rise(Course{}, before, 0)
			first = false
		}
		if !first && at != before {
			d.rise(before, at, min(max(int(d.clock.Day(last)-d.span.From), 0), d.span.Len()))
		}
	}
	if first {
		d.rise(Course{}, at, 0)
	}
}

// rise adds to each line what a card that came farther adds to it.
func (d *diagram) rise(from, to Course, day int) {
	most := len(d.lines) - 1
	for n := range d.lines[:most] {
		d.lines[n][day] += int(to.reached(int32(n)+1) - from.reached(int32(n)+1))
	}
	d.lines[most][day] += int(to.Gone - from.Gone)
}
