package chart

import (
	"fmt"
	"math"
)

// Aging shows how old the cards under way are, column by column, over what was usual
// there: the bands of the percentiles.
type Aging struct {
	Columns []AgingColumn
}

// AgingColumn is one column of the board.
type AgingColumn struct {
	Name  string
	Lines []Percentile // 50, 70, 85 and 95 of a hundred; none where nothing is known
	Dots  []AgingDot
}

// AgingDot is one card under way.
type AgingDot struct {
	Age  int // in days
	Kind Kind
	Open bool   // nobody planned it
	Name string // of the card; its age is told with it
}

func (a Aging) draw(c *canvas) {
	right := 40.0
	f := c.axis(frame{left: 34, top: 22, right: c.w - right, bottom: c.h - 30}, a.most(), "days")
	step := f.width() / math.Max(float64(len(a.Columns)), 1)
	for i, col := range a.Columns {
		x := f.left + step*float64(i)
		col.bands(c, f, x, step-4)
		if i == len(a.Columns)-1 {
			col.words(c, f)
		}
		col.dots(c, f, x, step-4)
		c.text("tick", "middle", x+step/2-2, f.bottom+17, fit(col.Name, step))
	}
}

// most leaves the few that are very much older than all to the upper edge.
func (a Aging) most() float64 {
	most, last := 1, 0
	for _, col := range a.Columns {
		for _, d := range col.Dots {
			most = max(most, d.Age)
		}
		for _, l := range col.Lines {
			last = max(last, l.Days)
		}
	}
	if last > 0 && most > 4*last {
		most = 2 * last
	}
	return float64(max(most, last+1))
}

// bands draws what is usual in a column, from the youngest band up.
func (a AgingColumn) bands(c *canvas, f frame, x, w float64) {
	floor, kind := 0.0, Calm
	next := map[int]Kind{50: Watch, 85: Risk, 95: Late}
	for _, l := range a.Lines {
		k, ok := next[l.Percent]
		if !ok {
			continue
		}
		top := math.Min(float64(l.Days), f.max)
		c.rect("band-"+kind, x, f.y(top), w, f.y(floor)-f.y(top), "")
		c.line("band-line", x, f.y(top), x+w, f.y(top))
		floor, kind = top, k
	}
	if len(a.Lines) == 0 {
		kind = "none"
	}
	c.rect("band-"+kind, x, f.top, w, f.y(floor)-f.top, "")
}

// words name the lines at the right end.
func (a AgingColumn) words(c *canvas, f frame) {
	var ys []float64
	var names []string
	for _, l := range a.Lines {
		if l.Percent != 70 {
			ys, names = append(ys, f.y(float64(l.Days))), append(names, fmt.Sprintf("%d %%", l.Percent))
		}
	}
	spread(ys, 12, f.top, f.bottom)
	for i, y := range ys {
		c.text("tick", "start", f.right, y+4, names[i])
	}
}

// dots draws the cards of a column; those of about the same age stand beside each other,
// and where there is no room for all, how many more there are stands at the right.
func (a AgingColumn) dots(c *canvas, f frame, x, w float64) {
	const slot = 9
	row := func(d AgingDot) int { return int(f.y(float64(d.Age)) / 9) }
	all, rows := map[int]int{}, map[int]int{}
	for _, d := range a.Dots {
		all[row(d)]++
	}
	places, room := max(int((w-6)/slot), 1), w
	for _, n := range all {
		if n > places {
			room = w - 30
		}
	}
	places = max(int((room-6)/slot), 1)
	for _, d := range a.Dots {
		n := rows[row(d)]
		if rows[row(d)]++; n >= places {
			continue
		}
		side := float64((n+1)/2) * slot
		if n%2 == 0 {
			side = -side
		}
		at := math.Min(math.Max(x+room/2+side, x+5), x+room-5)
		if float64(d.Age) > f.max {
			c.above(d.Kind, d.Open, at, f.top-8, aged(d.Name, d.Age))
			continue
		}
		c.dot(d.Kind, d.Open, at, f.y(float64(d.Age)), 3.5, aged(d.Name, d.Age))
	}
	for n := range int(f.bottom/9) + 1 {
		if more := all[n] - places; more > 0 {
			c.text("more", "end", x+w-1, math.Min(float64(n*9)+9, f.bottom), fmt.Sprintf("+%d", more))
		}
	}
}
