package chart

import (
	"math"
	"strconv"
	"time"
)

// frame is the place in which the data of a chart are drawn.
type frame struct {
	left, top, right, bottom float64
	max                      float64 // the value at the top
}

func (f frame) y(value float64) float64 {
	if f.max <= 0 {
		return f.bottom
	}
	return f.bottom - (f.bottom-f.top)*math.Min(math.Max(value/f.max, 0), 1)
}

func (f frame) width() float64 { return f.right - f.left }

// ticks are round values from 0 to the first one that is not below the most, about as
// many as wanted. The steps are 1, 2 or 5 times a power of ten: counts are whole.
func ticks(most float64, wanted int) []float64 {
	if !(most > 0) || math.IsInf(most, 0) {
		return []float64{0, 1}
	}
	step := 1.0
	for i := 0; most/step > float64(wanted); i++ {
		step *= []float64{2, 2.5, 2}[i%3]
	}
	var out []float64
	for v := 0.0; ; v += step {
		out = append(out, v)
		if v >= most {
			return out
		}
	}
}

// axis draws the values at the left and a hairline for each, up to the most, and says
// where the data go.
func (c *canvas) axis(f frame, most float64, unit string) frame {
	all := ticks(most, 5)
	f.max = all[len(all)-1]
	for _, v := range all {
		class := "grid"
		if v == 0 {
			class = "base"
		}
		c.line(class, f.left, f.y(v), f.right, f.y(v))
		c.text("tick", "end", f.left-6, f.y(v)+4, number(v))
	}
	if unit != "" {
		c.text("tick", "start", 2, math.Min(f.top-10, 14), unit)
	}
	return f
}

// number is a value with its thousands apart.
func number(v float64) string {
	text := strconv.FormatFloat(v, 'f', -1, 64)
	if v == math.Trunc(v) && v >= 10000 {
		return strconv.Itoa(int(v)/1000) + "," + text[len(text)-3:]
	}
	return text
}

// Days are the days across a chart.
type Days struct {
	From time.Time // the date of the first one
	N    int
}

// x is the middle of a day, counted from 0.
func (d Days) x(f frame, day float64) float64 {
	return f.left + f.width()*(day+0.5)/math.Max(float64(d.N), 1)
}

// day is the date of a day.
func (d Days) day(n int) time.Time { return d.From.AddDate(0, 0, n) }

// mark is a day with its label.
type mark struct {
	day   int
	label string
}

// marks are the days that are labelled: Mondays, else the first days of months, at most
// so many.
func (d Days) marks(most int) []mark {
	for _, weeks := range []int{1, 2} {
		if d.N/(7*weeks) < most {
			var out []mark
			for n := (8 - int(d.From.Weekday())) % 7; n < d.N; n += 7 * weeks {
				out = append(out, mark{n, d.day(n).Format("2 Jan")})
			}
			return out
		}
	}
	layout := "Jan"
	if d.N > 300 {
		layout = "Jan 06"
	}
	for _, months := range []int{1, 2, 3, 6, 12, 24, 60, 120} {
		var out []mark
		for n := range d.N {
			if at := d.day(n); at.Day() == 1 && (12*at.Year()+int(at.Month())-1)%months == 0 {
				out = append(out, mark{n, at.Format(layout)})
			}
		}
		if len(out) <= most {
			return out
		}
	}
	return nil
}

// dates draws the labels of days below a frame.
func (c *canvas) dates(f frame, d Days) {
	most := 7
	if c.narrow {
		most = 4
	}
	for _, m := range d.marks(most) {
		x := d.x(f, float64(m.day))
		c.line("notch", x, f.bottom, x, f.bottom+4)
		half := letter * float64(len(m.label)) / 2
		c.text("tick", "middle", math.Min(math.Max(x, f.left-8+half), c.w-half), f.bottom+17, m.label)
	}
}
