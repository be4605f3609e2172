package chart

import (
	"fmt"
	"html"
	"math"
	"slices"
	"strconv"
	"strings"
)

// canvas is an SVG under way.
type canvas struct {
	b      strings.Builder
	id     string
	w, h   float64
	narrow bool
}

func (c *canvas) printf(format string, args ...any) { fmt.Fprintf(&c.b, format, args...) }

// num writes a coordinate. What is no number is drawn at the edge: a chart is never
// broken by what it is made of.
func num(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		v = 0
	}
	return strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64)
}

// clean makes text of whatever somebody wrote: no markup, and nothing that XML forbids.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n' || r == '\r':
			return ' '
		case r < 0x20 || r >= 0x7f && r < 0xa0 || r == 0xfffe || r == 0xffff || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069:
			return -1 // control characters, and those that turn the direction of writing
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
	return html.EscapeString(s)
}

func (c *canvas) line(class string, x1, y1, x2, y2 float64) {
	c.printf(`<path class="%s" d="M%s %sL%s %s"/>`, clean(class), num(x1), num(y1), num(x2), num(y2))
}

// text writes words; anchor is start, middle or end.
func (c *canvas) text(class, anchor string, x, y float64, words string) {
	c.printf(`<text class="%s" text-anchor="%s" x="%s" y="%s">%s</text>`, clean(class), anchor, num(x), num(y), clean(words))
}

// rect fills a place as its kind is filled; told is said of it when the pointer rests
// there, "" for nothing.
func (c *canvas) rect(kind Kind, x, y, w, h float64, told string) {
	c.printf(`<rect class="k-%s"%s x="%s" y="%s" width="%s" height="%s">`, clean(string(kind)), c.fill(kind), num(x), num(y), num(math.Max(w, 0)), num(math.Max(h, 0)))
	c.told(told)
	c.printf(`</rect>`)
}

// fill is the hatching of a kind; colours are the style sheet's.
func (c *canvas) fill(kind Kind) string {
	switch kind { //nolint:exhaustive // the others are plain
	case Unplanned:
		return ` fill="url(#` + clean(c.id) + `-h)"`
	case Waits:
		return ` fill="url(#` + clean(c.id) + `-w)"`
	}
	return ""
}

// hatches defines the patterns that kinds are hatched with.
func (c *canvas) hatches() {
	c.printf(`<defs>`)
	for _, hatch := range [][2]string{{"h", "hatch-line"}, {"w", "hatch-line wait"}} {
		c.printf(`<pattern id="%s-%s" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="hatch-ground" width="5" height="5"/><path class="%s" d="M0 0V5"/></pattern>`, clean(c.id), hatch[0], hatch[1])
	}
	c.printf(`</defs>`)
}

func (c *canvas) told(words string) {
	if words != "" {
		c.printf(`<title>%s</title>`, clean(words))
	}
}

// dot is a circle, open where nobody had planned the card.
func (c *canvas) dot(kind Kind, open bool, x, y, r float64, told string) {
	class := "dot k-" + string(kind)
	if open {
		class += " open"
	}
	c.printf(`<circle class="%s" cx="%s" cy="%s" r="%s">`, clean(class), num(x), num(y), num(r))
	c.told(told)
	c.printf(`</circle>`)
}

// above is a mark at the upper edge for what lies beyond it.
func (c *canvas) above(kind Kind, open bool, x, y float64, told string) {
	class := "dot k-" + string(kind)
	if open {
		class += " open"
	}
	c.printf(`<path class="%s" d="M%s %sl4 7h-8z">`, clean(class), num(x), num(y))
	c.told(told)
	c.printf(`</path>`)
}

// letter is how wide a letter of a label is about.
const letter = 6.1

// fit shortens words to a width.
func fit(words string, width float64) string {
	room := int(width / letter)
	runes := []rune(words)
	if len(runes) <= room {
		return words
	}
	if room < 2 {
		return ""
	}
	return strings.TrimSpace(string(runes[:room-1])) + "…"
}

// spread moves labels apart that would overlap, and keeps them between two heights where
// there is room; ys are changed in place, in whatever order they are.
func spread(ys []float64, gap, top, bottom float64) {
	order := make([]int, len(ys))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case ys[a] < ys[b]:
			return -1
		case ys[a] > ys[b]:
			return 1
		}
		return 0
	})
	last := top - gap
	for _, i := range order {
		ys[i] = math.Max(ys[i], last+gap)
		last = ys[i]
	}
	next := bottom + gap
	for _, i := range slices.Backward(order) {
		ys[i] = math.Min(ys[i], next-gap)
		next = ys[i]
	}
}
