package chart

import (
	"cmp"
	"fmt"
	"math"
	"slices"
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
	Name  string
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
	name  string
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
		told := p.name
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
	type key struct {
		x, y int
		open bool
	}
	grid := map[key]*cell{}
	for _, d := range s.Dots {
		x, y := s.Days.x(f, float64(d.Day)), f.y(float64(d.Value))
		above := float64(d.Value) > f.max
		k := key{int(x / 3), int(y / 3), d.Open}
		if above {
			k.y = -1
		}
		p := grid[k]
		if p == nil {
			p = &cell{x: x, y: y, open: d.Open, value: d.Value, name: d.Name, above: above}
			grid[k] = p
		}
		p.count++
		if d.Name < p.name {
			p.name = d.Name // whatever order they come in
		}
		p.value = max(p.value, d.Value)
	}
	out := make([]cell, 0, len(grid))
	for _, p := range grid {
		out = append(out, *p)
	}
	slices.SortFunc(out, func(a, b cell) int {
		return cmp.Or(cmp.Compare(a.x, b.x), cmp.Compare(a.y, b.y), cmp.Compare(a.name, b.name))
	})
	return out
}
