package chart

import (
	"fmt"
	"math"
	"time"
)

// Dates is a forecast: by which day something will be done, and how surely. What is not
// settled is dashed.
type Dates struct {
	Today time.Time
	Rows  []DateRow
}

// DateRow is one thing that is forecast.
type DateRow struct {
	Name  string
	Due   time.Time // zero: it has no due date
	Marks []DateMark
	Text  string // where there is no forecast: why
}

// DateMark is a day by which it will be done, with so many of a hundred.
type DateMark struct {
	Day     time.Time
	Percent int
}

const dateRow = 60

func (d Dates) height(bool) float64 { return float64(len(d.Rows)*dateRow + 34) }

func (d Dates) draw(c *canvas) {
	days := d.span()
	f := frame{left: 4, top: 4, right: c.w - 14, bottom: c.h - 28}
	c.line("base", f.left, f.bottom, f.right, f.bottom)
	c.dates(f, days)
	at := func(day time.Time) float64 { return days.x(f, math.Round(day.Sub(d.Today).Hours()/24)) }
	today := at(d.Today)
	c.line("today", today, f.top, today, f.bottom)
	for i, r := range d.Rows {
		y := f.top + float64(i*dateRow)
		c.text("name", "start", today+6, y+12, fit(r.Name, c.w-today-6))
		if len(r.Marks) == 0 {
			c.text("tick", "start", today+6, y+30, fit(r.Text, c.w-today-6))
			continue
		}
		last := at(r.Marks[len(r.Marks)-1].Day)
		first := at(r.Marks[0].Day)
		c.line("sure", today, y+24, first, y+24)
		c.line("unsure", first, y+24, last, y+24)
		xs := make([]float64, len(r.Marks))
		for j, m := range r.Marks {
			xs[j] = at(m.Day)
			c.line("stop", xs[j], y+19, xs[j], y+29)
		}
		gap := 46.0
		if day(r.Marks[len(r.Marks)-1].Day, d.Today) != r.Marks[len(r.Marks)-1].Day.Format("2 Jan") {
			gap = 60
		}
		spread(xs, gap, f.left+gap/2, f.right-gap/2+10)
		for j, m := range r.Marks {
			c.text("label", "middle", xs[j], y+41, fmt.Sprintf("%d %%", m.Percent))
			c.text("tick", "middle", xs[j], y+53, day(m.Day, d.Today))
		}
		if !r.Due.IsZero() {
			c.due(f, at(r.Due), y+24, "due "+r.Due.Format("2 Jan 2006"))
		}
	}
}

// due marks a due date; one that lies outside of the frame is an arrow at its edge.
func (c *canvas) due(f frame, x, y float64, name string) {
	shape, top := "l5 5l-5 5l-5-5z", y-5
	switch {
	case x < f.left:
		shape, x, top = "l9-5v10z", f.left, y
	case x > f.right:
		shape, x, top = "l-9-5v10z", f.right, y
	}
	c.printf(`<path class="due" d="M%s %s%s"><title>%s</title></path>`, num(x), num(top), shape, clean(name))
}

// day is a date as people say it today: with its year where that is another one.
func day(d, today time.Time) string {
	if d.Year() != today.Year() {
		return d.Format("2 Jan 06")
	}
	return d.Format("2 Jan")
}

// span is from today to the last day that is forecast, and to the due dates that are not
// much later: one years ahead would press everything else together.
func (d Dates) span() Days {
	last := d.Today.AddDate(0, 0, 7)
	later := func(t time.Time) {
		if t.After(last) {
			last = t
		}
	}
	for _, r := range d.Rows {
		for _, m := range r.Marks {
			later(m.Day)
		}
	}
	most := d.Today.Add(max(2*last.Sub(d.Today), 28*24*time.Hour))
	for _, r := range d.Rows {
		if !r.Due.After(most) {
			later(r.Due)
		}
	}
	return Days{From: d.Today, N: min(int(math.Round(last.Sub(d.Today).Hours()/24))+2, 3660)}
}
