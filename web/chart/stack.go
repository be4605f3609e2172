package chart

import (
	"strings"
)

// Stack is a cumulative flow diagram: how many cards had come as far as each column by the
// end of each day. The space between two lines is the cards in between.
type Stack struct {
	Days  Days
	Bands []Band
	// From is how many cards had come as far as the last column before the first day: the
	// diagram begins there, so that what moves can be seen.
	From int
}

// Band is one column, the first one on top.
type Band struct {
	Name   string
	Kind   Kind
	Values []int // cards that had come as far, by day
}

func (s Stack) draw(c *canvas) {
	right := 116.0
	if c.narrow {
		right = 96
	}
	most := 1.0
	for _, b := range s.Bands {
		for _, v := range b.Values {
			most = max(most, float64(v-s.From))
		}
	}
	f := c.axis(frame{left: 42, top: 22, right: c.w - right, bottom: c.h - 30}, most, "cards")
	c.dates(f, s.Days)
	ends := make([]float64, len(s.Bands))
	for i, b := range s.Bands {
		var below []int
		if i+1 < len(s.Bands) {
			below = s.Bands[i+1].Values
		}
		s.band(c, f, b, below)
		ends[i] = f.y((s.at(b.Values, s.Days.N-1) + s.at(below, s.Days.N-1)) / 2)
	}
	spread(ends, 14, f.top+4, f.bottom-2)
	for i, b := range s.Bands {
		count := s.last(b.Values)
		if i+1 < len(s.Bands) {
			count -= s.last(s.Bands[i+1].Values)
		} else {
			count -= s.From
		}
		words := fit(b.Name, right-16-letter*float64(len(number(float64(count)))+1)) + " " + number(float64(count))
		c.text("label", "start", f.right+8, ends[i]+4, words)
		c.rect(b.Kind, f.right, ends[i]-5, 4, 10, "")
	}
}

func (s Stack) last(values []int) int {
	if len(values) == 0 {
		return s.From
	}
	return values[len(values)-1]
}

// at is the height of a line on a day.
func (s Stack) at(values []int, day int) float64 {
	if day < 0 || day >= len(values) {
		return 0
	}
	return float64(values[day] - s.From)
}

// band draws the space between a line and the one below it.
func (s Stack) band(c *canvas, f frame, b Band, below []int) {
	var d strings.Builder
	point := func(command string, day int, value float64) {
		d.WriteString(command + num(s.Days.x(f, float64(day))) + " " + num(f.y(value)))
	}
	for day := range s.Days.N {
		point(map[bool]string{true: "M", false: "L"}[day == 0], day, s.at(b.Values, day))
	}
	for day := s.Days.N - 1; day >= 0; day-- {
		point("L", day, s.at(below, day))
	}
	c.printf(`<path class="area k-%s"%s d="%sZ">`, clean(string(b.Kind)), c.fill(b.Kind), d.String())
	c.told(b.Name)
	c.printf(`</path>`)
}
