// Package chart draws charts as SVG on the server, from plain data: no script, themed by
// the page's style sheet, printable, with a title and a description for those who do not
// see them. Whatever stands in a chart is text: nothing of it becomes markup.
package chart

import (
	"html/template"
	"slices"
)

// Figure is a chart with the words and the table that belong to it.
type Figure struct {
	ID    string // unique on its page: letters, digits and dashes
	Title string // what it is called
	Note  string // what one sees in it, in a few words after the title
	Desc  string // what it tells, for those who do not see it
	Table Table
	Chart Drawing // nil: there is only the table
	// Keys name what is drawn in which colour or hatching, so that no words have to.
	Keys []Part
	// Refused says why there is no chart and what to do, "" where there is one.
	Refused string
}

// Drawing is a kind of chart.
type Drawing interface{ draw(c *canvas) }

// Size is how large a chart is drawn, in pixels.
type Size struct{ W, H float64 }

// Wide and Narrow are the sizes for a desk and for a phone: their letters are the same,
// so that they can be read on both.
func Wide() Size { return Size{W: 640, H: 290} }

// Narrow is the size for a phone.
func Narrow() Size { return Size{W: 330, H: 250} }

// Wide is the chart for a desk.
func (f Figure) Wide() template.HTML { return f.SVG("wide", Wide()) }

// Narrow is the chart for a phone.
func (f Figure) Narrow() template.HTML { return f.SVG("narrow", Narrow()) }

// sized is a drawing that knows how high it has to be.
type sized interface{ height(narrow bool) float64 }

// Height is how high the chart is on a desk, in pixels; 0 where there is none.
func (f Figure) Height() float64 {
	if f.Chart == nil {
		return 0
	}
	return f.height(Wide())
}

func (f Figure) height(size Size) float64 {
	if s, ok := f.Chart.(sized); ok {
		return s.height(size.W < narrowWidth)
	}
	return size.H
}

// SVG draws the chart; kind becomes a class of it and makes its ids differ from those of
// the same chart in another size.
func (f Figure) SVG(kind string, size Size) template.HTML {
	if f.Chart == nil {
		return ""
	}
	size.H = f.height(size)
	c := &canvas{id: f.ID + "-" + kind, w: size.W, h: size.H, narrow: size.W < narrowWidth}
	c.printf(`<svg xmlns="http://www.w3.org/2000/svg" class="chart %s" viewBox="0 0 %s %s" role="img" aria-labelledby="%s-t %s-d">`, clean(kind), num(c.w), num(c.h), clean(c.id), clean(c.id))
	c.printf(`<title id="%s-t">%s</title><desc id="%s-d">%s</desc>`, clean(c.id), clean(f.Title), clean(c.id), clean(f.Desc))
	c.hatches()
	f.Chart.draw(c)
	c.printf(`</svg>`)
	return template.HTML(c.b.String()) //nolint:gosec // every text in it went through clean
}

// Key shows what is drawn in which way, with its name; "" where nothing has to be told
// apart.
func (f Figure) Key() template.HTML {
	if f.Chart == nil || len(f.Keys) == 0 {
		return ""
	}
	c := &canvas{id: f.ID + "-key"}
	c.printf(`<ul class="legend">`)
	for n, k := range f.Keys {
		c.printf(`<li><svg class="swatch" viewBox="0 0 12 12" aria-hidden="true">`)
		if c.fill(k.Kind) != "" && n == f.hatched() {
			c.hatches()
		}
		c.rect(k.Kind, 0, 0, 12, 12, "")
		c.printf(`</svg>%s</li>`, clean(k.Name))
	}
	c.printf(`</ul>`)
	return template.HTML(c.b.String()) //nolint:gosec // every text in it went through clean
}

// hatched is the first key that is hatched: the patterns are drawn there, once.
func (f Figure) hatched() int {
	return slices.IndexFunc(f.Keys, func(p Part) bool { return (&canvas{}).fill(p.Kind) != "" })
}

// narrowWidth is the width below which a chart is drawn for a phone.
const narrowWidth = 480

// Kind says what a part of a chart stands for. It is drawn in its own colour and, where
// that tells something, its own way: unplanned work is hatched.
type Kind string

// Kinds of parts.
const (
	Planned   Kind = "planned"
	Unplanned Kind = "unplanned"
	IT        Kind = "it"
	Review    Kind = "it-soft"
	Business  Kind = "business"
	Soft      Kind = "business-soft"
	Third     Kind = "third"
	Queue     Kind = "queue"
	Blocked   Kind = "blocked"
	Finished  Kind = "finished"
	Calm      Kind = "calm"
	Watch     Kind = "watch"
	Risk      Kind = "risk"
	Late      Kind = "late"
	Faint     Kind = "faint"
	Waits     Kind = "waits" // for the business; hatched in its colour
)
