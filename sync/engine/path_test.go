package engine

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"parley/connectors"
)

// hop is an offered transition; its id is where it leads.
func hop(to string, set ...func(*connectors.Transition)) connectors.Transition {
	t := connectors.Transition{ID: to, To: connectors.Option{ID: to}}
	for _, f := range set {
		f(&t)
	}
	return t
}

func finished(t *connectors.Transition) { t.To.Category = "done" }
func global(t *connectors.Transition)   { t.Global, t.ID = true, t.ID+" from anywhere" }
func screen(t *connectors.Transition)   { t.Screen, t.ID = true, t.ID+" with a screen" }
func demands(t *connectors.Transition)  { t.Required = []string{"resolution"} }

func TestNextHop(t *testing.T) {
	t.Parallel()
	offered := func(ts ...connectors.Transition) []connectors.Transition { return ts }
	for name, c := range map[string]struct {
		offered []connectors.Transition
		known   []Edge
		want    string
	}{
		"direct":                                    {offered(hop("b"), hop("z")), nil, "z"},
		"the way that is known":                     {offered(hop("a"), hop("b")), []Edge{{"b", "z", true}, {"a", "c", true}, {"c", "d", true}, {"d", "z", true}}, "b"},
		"a long known way before an unknown":        {offered(hop("a"), hop("b")), []Edge{{"a", "c", true}, {"c", "d", true}, {"d", "z", true}}, "a"},
		"an unknown way before none":                {offered(hop("b")), nil, "b"},
		"not through done":                          {offered(hop("a", finished), hop("b")), []Edge{{"a", "z", true}, {"b", "c", true}, {"c", "z", true}}, "b"},
		"through done where nothing else":           {offered(hop("a", finished)), []Edge{{"a", "z", true}}, "a"},
		"not into done to find out":                 {offered(hop("a", finished)), nil, ""},
		"not back where it stands":                  {offered(hop("s"), hop("a")), []Edge{{"a", "s", true}, {"s", "z", true}}, ""},
		"a known dead end":                          {offered(hop("a")), []Edge{{"a", "b", true}, {"b", "a", true}}, ""},
		"nothing that demands a field":              {offered(hop("z", demands), hop("a")), []Edge{{"a", "z", true}}, "a"},
		"its own before one from anywhere":          {offered(hop("z", global), hop("z")), nil, "z"},
		"without a screen before with one":          {offered(hop("z", screen), hop("z")), nil, "z"},
		"not past what may not be explored":         {offered(hop("a"), hop("b")), []Edge{{"a", "closed", true}, {"b", "c", true}, {"c", "d", true}, {"d", "z", true}}, "b"},
		"not into what may not be explored":         {offered(hop("closed")), nil, ""},
		"exits that were only taken may not be all": {offered(hop("a"), hop("c")), []Edge{{"a", "b", false}, {"b", "s", true}, {"c", "s", true}}, "a"},
		"nothing offered":                           {nil, []Edge{{"s", "z", true}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, ok := nextHop("s", "z", c.offered, c.known, func(status string) bool { return status != "closed" })
			if got.ID != c.want || ok != (c.want != "") {
				t.Errorf("%q, %v; want %q", got.ID, ok, c.want)
			}
		})
	}
}

// TestDistance holds the search to one that tries every way.
func TestDistance(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		status := rapid.Custom(func(t *rapid.T) string { return fmt.Sprint(rapid.IntRange(0, 5).Draw(t, "status")) })
		exits := rapid.MapOf(status, rapid.SliceOfN(status, 0, 4)).Draw(t, "exits")
		from, to, avoid := status.Draw(t, "from"), status.Draw(t, "to"), status.Draw(t, "avoid")
		got, ok := distance(from, to, avoid, exits, func(s string) bool { return s != "5" })
		want, found := tryAll(from, to, map[string]bool{avoid: true}, exits)
		if got != want || ok != found {
			t.Fatalf("%d, %v; want %d, %v", got, ok, want, found)
		}
	})
}

// tryAll is the cheapest of all ways that pass no status twice.
func tryAll(at, to string, passed map[string]bool, exits map[string][]string) (int, bool) {
	if at == to {
		return 0, true
	}
	if passed[at] {
		return 0, false
	}
	passed[at] = true
	defer delete(passed, at)
	best, found := costUnknown, at != "5" // the one that may not be explored
	for _, next := range exits[at] {
		rest, ok := tryAll(next, to, passed, exits)
		if ok && (!found || rest+costHop < best) {
			best, found = rest+costHop, true
		}
	}
	if !found {
		return 0, false
	}
	return best, true
}
