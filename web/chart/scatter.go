package chart

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
)

// Scatter shows how long each finished card took: one dot a card, open where nobody had
// planned it, and the percentiles as dashed lines.
type Scatter struct {
	Days  Days
	Dots  []Dot
	Lines []Percentile
}

// Dot is one finished card.
type Dot struct {
	Day   int // after the first one
	Value int // days that it took
	Open  bool
	Name  string // of the card; how long it took is told with it
}

// Percentile is a line: so many of a hundred took no longer than this many days.
type Percentile struct {
	Percent int
	Days    int
}

// cell is a place of the chart with all dots that fall into it.
type cell struct {
	x, y  float64
	open  bool
	count int
	value int
	name  string // of the first of them
	above bool
}

func (s Scatter) draw(c *canvas) {
	right := 82.0
	if c.narrow {
		right = 66
	}
	f := c.axis(frame{left: 34, top: 22, right: c.w - right, bottom: c.h - 30}, s.most(), "days")
	c.dates(f, s.Days)
	for _, p := range s.cells(f) {
		kind := s.kind(p.value)
		told := aged(p.name, p.value)
		if p.count > 1 {
			told = fmt.Sprintf("%d cards, about %d d", p.count, p.value)
		}
		if p.above {
			c.above(kind, p.open, p.x, f.top-8, told)
			continue
		}
		c.dot(kind, p.open, p.x, p.y, math.Min(3+math.Sqrt(float64(p.count-1))/2, 6), told)
	}
	s.lines(c, f)
}

// lines draws the percentiles with their words at the right end.
func (s Scatter) lines(c *canvas, f frame) {
	ys := make([]float64, len(s.Lines))
	for i, l := range s.Lines {
		ys[i] = f.y(float64(l.Days))
		c.line("percentile k-"+string(s.kind(l.Days)), f.left, ys[i], f.right, ys[i])
	}
	spread(ys, 13, f.top+2, f.bottom)
	for i, l := range s.Lines {
		c.text("label k-"+string(s.kind(l.Days)), "start", f.right+5, ys[i]+4, fmt.Sprintf("%d %% %d d", l.Percent, l.Days))
	}
}

// most is the value up to which is drawn: of a few cards that took very much longer than
// all others only that they did is told, at the upper edge.
func (s Scatter) most() float64 {
	most, last := 1, 0
	for _, d := range s.Dots {
		most = max(most, d.Value)
	}
	for _, l := range s.Lines {
		last = max(last, l.Days)
	}
	if last > 0 && most > 3*last {
		most = 2 * last
	}
	return float64(max(most, last))
}

// kind is the band in which a number of days lies.
func (s Scatter) kind(days int) Kind {
	kind := Calm
	for _, l := range s.Lines {
		if days < l.Days {
			break
		}
		switch {
		case l.Percent >= 95:
			kind = Late
		case l.Percent >= 85:
			kind = Risk
		}
	}
	return kind
}

// cells puts dots together that would cover each other.
func (s Scatter) cells(f frame) []cell {
	grid, out := map[place]int{}, []cell(nil)
	for _, d := range s.Dots {
		x, y := s.Days.x(f, float64(d.Day)), f.y(float64(d.Value))
		above := float64(d.Value) > f.max
		k := placeOf(x, y, d.Open)
		if above {
			k = placeOf(x, -3, d.Open)
		}
		n, ok := grid[k]
		if !ok {
			n, grid[k] = len(out), len(out)
			out = append(out, cell{x: x, y: y, open: d.Open, name: d.Name, above: above})
		}
		out[n].count++
		out[n].value = max(out[n].value, d.Value)
	}
	slices.SortFunc(out, func(a, b cell) int {
		return cmp.Or(cmp.Compare(a.x, b.x), cmp.Compare(a.y, b.y), cmp.Compare(openLast(a), openLast(b)))
	})
	return out
}

// place is a small square of a chart, and whether open dots lie in it. As one number it is
// looked up faster.
type place uint64

func placeOf(x, y float64, open bool) place {
	k := place(uint32(int32(x/3)))<<32 | place(uint32(int32(y/3)))<<1&0xffffffff
	if open {
		k |= 1
	}
	return k
}

// openLast lets an open dot be drawn over a full one in the same place, which would cover
// it.
func openLast(p cell) int {
	if p.open {
		return 1
	}
	return 0
}

// aged is the name of a card with its days, "" of one that has no name.
func aged(name string, days int) string {
	if name == "" {
		return ""
	}
	return name + ", " + strconv.Itoa(days) + " d"
}
