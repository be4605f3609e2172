package world

import (
	"math/rand/v2"
	"strconv"

	"parley/connectors"
)

// way is a transition of the workflow.
type way struct {
	connectors.Transition
	from   string // id of the status; "" where it is global
	closes bool   // its screen asks for a resolution, or takes the usual one
	quiet  bool   // sets the usual resolution by itself and shows no screen
}

// workflow is all transitions of a site. Every status can be reached from every
// other in a few hops.
type workflow struct {
	ways  []way
	doors bool
}

// newWorkflow draws one: either everything leads everywhere, or a chain with short
// cuts, where the work can be ended from few places, an end has one way out, and the
// unmapped status is a siding.
//
// With doors, a transition that sets the usual resolution by itself may stand beside
// the one that asks for it.
func newWorkflow(r *rand.Rand, c *catalog, doors bool) *workflow {
	f := &workflow{doors: doors}
	if r.IntN(3) == 0 {
		f.everywhere(c)
		return f
	}
	f.chain(r, c)
	return f
}

func (f *workflow) everywhere(c *catalog) {
	for i, to := range c.statuses {
		f.add(11+10*i, "", to)
	}
}

// chain joins each status to its neighbours.
func (f *workflow) chain(r *rand.Rand, c *catalog) {
	open := openOnes(c)
	for i := range open {
		if i+1 < len(open) {
			f.add(100+i, open[i].ID, open[i+1])
			f.add(200+i, open[i+1].ID, open[i])
		}
		if i+2 < len(open) && r.IntN(2) == 0 {
			f.add(300+i, open[i].ID, open[i+2])
		}
	}
	last, n := open[len(open)-1], 400
	for _, done := range c.statuses[:c.mapped] {
		if done.Category != "done" {
			continue
		}
		f.end(r, open, done, n)
		f.add(n+50, done.ID, open[0]) // the one way out
		n += 100
	}
	parked := c.statuses[c.mapped]
	f.add(901, last.ID, parked)
	f.add(902, parked.ID, last)
	f.trap(open, parked)
}

// end leads into a status of the category done from the last open one, and perhaps
// from the first.
func (f *workflow) end(r *rand.Rand, open []connectors.Option, done connectors.Option, n int) {
	last := open[len(open)-1]
	f.add(n, last.ID, done)
	if r.IntN(2) == 0 {
		f.add(n+1, open[0].ID, done)
	}
	if f.doors {
		f.add(n+2, last.ID, done)
		f.ways[len(f.ways)-1].quiet = true
		f.ways[len(f.ways)-1].Screen = false
	}
}

// trap is a short cut that nobody but a person can take: its screen wants a field
// that has no default.
func (f *workflow) trap(open []connectors.Option, parked connectors.Option) {
	if len(open) < 2 {
		return
	}
	f.add(903, open[0].ID, parked)
	t := &f.ways[len(f.ways)-1]
	t.Screen, t.Required = true, []string{"customfield_10020"}
}

func openOnes(c *catalog) []connectors.Option {
	var out []connectors.Option
	for _, s := range c.statuses[:c.mapped] {
		if s.Category != "done" {
			out = append(out, s)
		}
	}
	if len(out) == 0 {
		return c.statuses[:1]
	}
	return out
}

func (f *workflow) add(id int, from string, to connectors.Option) {
	if from == to.ID {
		return
	}
	w := way{from: from, closes: to.Category == "done"}
	w.Transition = connectors.Transition{ID: strconv.Itoa(id), Name: "to " + to.Name, To: to, Global: from == "", Screen: w.closes}
	f.ways = append(f.ways, w)
}

// offered are the transitions out of a status.
func (f *workflow) offered(status string) []connectors.Transition {
	var out []connectors.Transition
	for i := range f.ways {
		if f.ways[i].leaves(status) {
			out = append(out, f.ways[i].Transition)
		}
	}
	return out
}

func (w *way) leaves(status string) bool { return w.from == "" || w.from == status }

// find gives the transition of that id if it is offered in the status.
func (f *workflow) find(id, status string) *way {
	for i := range f.ways {
		if f.ways[i].ID == id && f.ways[i].leaves(status) {
			return &f.ways[i]
		}
	}
	return nil
}

// routes are the transitions that lead from one status to another.
func (f *workflow) route(from, to string) *way {
	for i := range f.ways {
		if f.ways[i].leaves(from) && f.ways[i].To.ID == to && !f.ways[i].quiet && len(f.ways[i].Required) == 0 {
			return &f.ways[i]
		}
	}
	return nil
}
