package engine

import (
	"math"
	"slices"

	"parley/connectors"
)

// Costs of a way through a workflow. A hop through a status
// of the category done makes people think the work is finished; a global
// transition proves nothing about where the issue was; a status whose exits are
// unknown may be a dead end and is only tried where nothing better is known.
const (
	costHop     = 1
	costDone    = 10
	costGlobal  = 10
	costUnknown = 50
)

// nextHop finds the first transition on the cheapest way from one status to
// another: the offered ones are certain, the known ones were seen at other times.
// explorable says which statuses may be entered although nobody knows their exits.
func nextHop(from, to string, offered []connectors.Transition, known []Edge, explorable func(status string) bool) (connectors.Transition, bool) {
	exits, whole := map[string][]string{}, map[string]bool{}
	for _, e := range known {
		if e.From != from {
			exits[e.From] = append(exits[e.From], e.To)
			whole[e.From] = whole[e.From] || e.Offered
		}
	}
	var best connectors.Transition
	lowest := -1
	for _, o := range sorted(offered) {
		if len(o.Required) > 0 || o.To.ID == from {
			continue
		}
		rest, ok := distance(o.To.ID, to, from, exits, func(s string) bool {
			return !whole[s] && explorable(s) && (s != o.To.ID || o.To.Category != "done")
		})
		if !ok {
			continue
		}
		if c := rest + hopCost(o, to, offered); lowest < 0 || c < lowest {
			best, lowest = o, c
		}
	}
	return best, lowest >= 0
}

func hopCost(o connectors.Transition, to string, offered []connectors.Transition) int {
	c := costHop
	if o.To.ID != to && o.To.Category == "done" {
		c += costDone
	}
	twin := func(p connectors.Transition) bool { return p.To.ID == o.To.ID && !p.Global && len(p.Required) == 0 }
	if o.Global && slices.ContainsFunc(offered, twin) {
		c += costGlobal
	}
	return c
}

func sorted(ts []connectors.Transition) []connectors.Transition {
	ts = slices.Clone(ts)
	slices.SortStableFunc(ts, func(a, b connectors.Transition) int {
		if a.Screen != b.Screen && !a.Screen {
			return -1
		} else if a.Screen != b.Screen {
			return 1
		}
		return 0
	})
	return ts
}

// distance is the cost of the cheapest known way, Dijkstra's. Statuses of which not all
// exits were seen are taken to lead to the target at a price, where they may be entered
// to find out.
func distance(from, to, avoid string, exits map[string][]string, explorable func(status string) bool) (int, bool) {
	done := map[string]bool{avoid: true}
	open := map[string]int{from: 0} // the cheapest way found so far
	meet := func(status string, cost int) {
		if known, met := open[status]; !met || cost < known {
			open[status] = cost
		}
	}
	for len(open) > 0 {
		at, cost := nearest(open)
		delete(open, at)
		if at == to {
			return cost, true
		}
		if done[at] {
			continue
		}
		done[at] = true
		for _, next := range exits[at] {
			meet(next, cost+costHop)
		}
		if explorable(at) {
			meet(to, cost+costUnknown)
		}
	}
	return 0, false
}

// nearest is the cheapest of the open statuses: workflows have tens of them, not
// so many that a heap would pay.
func nearest(open map[string]int) (status string, cost int) {
	cost = math.MaxInt
	for s, c := range open {
		if c < cost {
			status, cost = s, c
		}
	}
	return status, cost
}
