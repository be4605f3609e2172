package chart

import (
	"math"
	"strings"
)

// Bars is a row of upright bars: weeks, or numbers of cards.
type Bars struct {
	Unit   string
	Max    float64 // 0: as the bars need it
	Groups []Group
}

// Group is what stands over one label: bars beside each other.
type Group struct {
	Label string
	Bars  []Bar
	// Partial says that not all of it is counted, as of a week that is not over: it is drawn
	// pale, with a dashed edge.
	Partial bool
}

// Bar is one bar, its parts on top of each other, the first at the bottom.
type Bar struct {
	Parts []Part
	Top   string // written above it
}

// Part is a stretch of a bar.
type Part struct {
	Kind  Kind
	Value float64
	Name  string // what it is
}

func (b Bar) sum() (sum float64) {
	for _, p := range b.Parts {
		sum += math.Max(p.Value, 0)
	}
	return sum
}

func (b Bars) draw(c *canvas) {
	most := b.Max
	for _, g := range b.Groups {
		for _, bar := range g.Bars {
			if b.Max == 0 {
				most = math.Max(most, bar.sum())
			}
		}
	}
	f := c.axis(frame{left: 38, top: 38, right: c.w - 8, bottom: c.h - 30}, most, b.Unit)
	step := f.width() / math.Max(float64(len(b.Groups)), 1)
	for i, g := range b.Groups {
		if g.Partial {
			c.printf(`<g class="partial">`)
		}
		b.group(c, f, g, f.left+step*float64(i), step)
		if g.Partial {
			c.printf(`</g>`)
		}
	}
	b.labels(c, f, step)
}

func (b Bars) group(c *canvas, f frame, g Group, x, step float64) {
	gap := math.Min(step*0.25, 10)
	label := g.Label
	if g.Partial {
		label += ", not whole"
	}
	width := (step - gap) / math.Max(float64(len(g.Bars)), 1)
	for i, bar := range g.Bars {
		left, floor := x+gap/2+width*float64(i), 0.0
		for _, p := range bar.Parts {
			if p.Value <= 0 {
				continue
			}
			top := f.y(floor + p.Value)
			c.rect(p.Kind, left, top, math.Max(width-1, 1), f.y(floor)-top, strings.TrimSpace(label+": "+p.Name))
			floor += p.Value
		}
		if bar.Top != "" && width > letter*float64(len(bar.Top))*0.7 {
			c.text("value", "middle", left+width/2, f.y(floor)-5, bar.Top)
		}
	}
}

// labels writes what stands below the bars, as many as there is room for.
func (b Bars) labels(c *canvas, f frame, step float64) {
	longest := 1
	for _, g := range b.Groups {
		longest = max(longest, len([]rune(g.Label)))
	}
	every := max(int(math.Ceil((letter*float64(longest)+8)/math.Max(step, 1))), 1)
	for i, g := range b.Groups {
		if i%every == 0 {
			c.text("tick", "middle", f.left+step*(float64(i)+0.5), f.bottom+17, g.Label)
		}
	}
}
