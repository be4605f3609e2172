package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"parley/mapping"
	"parley/sync/view"
)

// mostArrived is the longest time that a card can be said to have come at once in: what was
// asked for a month ago was waited with.
const mostArrived = 30 * 24 * time.Hour

func hours(d time.Duration) string { return fmt.Sprintf("%.0fh", d.Hours()) }

// flow checks the floors: a type that no rule gives to cards has a share of nothing, and
// would be told of for ever.
func (c *checker) flow(f Flow, rules []Rule) {
	c.percent("flow.put_off", f.PutOff)
	switch d := f.ArrivedWithin; {
	case d.err != nil:
		c.errorf("flow.arrived_within", `write "24h"`, "%q is not a duration", d.text)
	case d.Duration < 0 || d.Duration > mostArrived:
		c.errorf("flow.arrived_within", "0h is off", "%s is not between 0h and %s", d.text, hours(mostArrived))
	}
	types := map[string]bool{}
	for _, r := range rules {
		types[r.Set.Type] = true
	}
	delete(types, "")
	known, sum := slices.Sorted(maps.Keys(types)), 0.0
	for _, kind := range slices.Sorted(maps.Keys(f.Floors)) {
		path := join("flow.floors", kind)
		c.percent(path, f.Floors[kind])
		sum += f.Floors[kind].Share
		if !types[kind] {
			fix := "no rule sets a type; write one with set = { type = ... }"
			if len(known) > 0 {
				fix = "rules set " + strings.Join(known, ", ")
			}
			if near := mapping.Nearest(kind, known); near != "" {
				fix = "did you mean " + near + "?"
			}
			c.errorf(path, fix, "no card has the type %q", kind)
		}
	}
	if sum > 1+1e-9 {
		c.errorf("flow.floors", "leave some of it to everything else", "the floors add up to more than all of the finished work")
	}
}

// Terms are the floors as the pages take them.
func (f Flow) Terms() view.Floors {
	out := view.Floors{PutOff: f.PutOff.Share, Types: map[string]float64{}}
	for kind, share := range f.Floors {
		out.Types[kind] = share.Share
	}
	return out
}
