package chart

import (
	"math"
)

// Rows is lying bars, one below the other: the load of people, teams and units.
type Rows struct {
	Rows []Row
}

// Row is one bar.
type Row struct {
	Name  string
	Parts []Part
	Text  string  // at its end
	Limit float64 // where a mark stands, 0 for none
	Over  bool    // it is beyond its limit
}

const rowHeight = 26

func (r Rows) height(bool) float64 { return float64(max(len(r.Rows), 1)*rowHeight + 10) }

func (r Rows) draw(c *canvas) {
	names, ends := 168.0, r.ends(150)
	if c.narrow {
		names, ends = 104, r.ends(108)
	}
	most := 1e-9
	for _, row := range r.Rows {
		most = math.Max(math.Max(most, Bar{Parts: row.Parts}.sum()), row.Limit)
	}
	width := c.w - names - ends
	for i, row := range r.Rows {
		y, x := float64(i*rowHeight)+6, names
		c.printf(`<g>`)
		c.told(row.Name + ": " + row.Text)
		c.text("name", "end", names-8, y+13, fit(row.Name, names-8))
		c.rect(Faint, names, y+3, width, 12, "")
		for _, p := range row.Parts {
			if p.Value <= 0 || math.IsNaN(p.Value) || math.IsInf(p.Value, 0) {
				continue
			}
			w := width * p.Value / most
			c.rect(p.Kind, x, y+3, math.Max(w-1, 1), 12, row.Name+": "+p.Name)
			x += w
		}
		if row.Limit > 0 {
			at := names + width*row.Limit/most
			c.line("limit", at, y, at, y+18)
		}
		class := "value-end"
		if row.Over {
			class += " over"
		}
		c.text(class, "start", names+width+8, y+13, fit(row.Text, ends-8))
		c.printf(`</g>`)
	}
}

// ends is how much room the words at the ends of the bars want, up to so much.
func (r Rows) ends(most float64) float64 {
	longest := 0
	for _, row := range r.Rows {
		longest = max(longest, len([]rune(row.Text)))
	}
	return math.Min(math.Max((letter+0.6)*float64(longest)+16, 60), most)
}

// Split is one bar that is the whole, in parts: where time went.
type Split struct {
	Parts []Part
}

func (s Split) height(narrow bool) float64 {
	if narrow {
		return float64(40 + 18*len(s.Parts))
	}
	return 76
}

func (s Split) draw(c *canvas) {
	whole := Bar{Parts: s.Parts}.sum()
	if whole <= 0 {
		return
	}
	x := 2.0
	width := c.w - 4
	var centres []float64
	for _, p := range s.Parts {
		w := width * math.Max(p.Value, 0) / whole
		c.rect(p.Kind, x, 8, math.Max(w-1, 0), 20, p.Name)
		centres = append(centres, x+w/2)
		x += w
	}
	s.words(c, centres)
}

// words stand below the bar: each under its part where there is room, on a phone one
// below the other.
func (s Split) words(c *canvas, centres []float64) {
	end := [2]float64{-10, -10}
	row := 0
	for i, p := range s.Parts {
		if c.narrow {
			c.rect(p.Kind, 2, float64(40+18*i), 10, 10, "")
			c.text("label", "start", 18, float64(49+18*i), fit(p.Name, c.w-20))
			continue
		}
		w := (letter+0.6)*float64(len([]rune(p.Name))) + 12 // with the mark before it
		x := math.Min(math.Max(centres[i]-w/2, 2), c.w-w)
		if x < end[row]+10 {
			row = 1 - row
		}
		x = math.Max(x, end[row]+10)
		c.rect(p.Kind, x, float64(37+row*20), 8, 8, "")
		c.text("label", "start", x+12, float64(45+row*20), p.Name)
		end[row] = x + w
	}
}
