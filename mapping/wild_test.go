package mapping

import (
	"strings"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	"parley/connectors"
	"parley/kanban"
)

// The few words that wild configurations are made of, so that their entries meet.
var (
	wildLabels   = []string{"a", "A", "b", "c"}
	wildStatuses = []string{"Open", "open", "1", "Doing", "In Arbeit", "3", "Closed", "6", "Closed + resolution:Won't Fix", "Closed + resolution:won't fix", "6 + resolution:Done"}
	wildOptions  = []string{"P1", "p1", "1", "P2", "2", "P3"}
)

func wildSelector(t *rapid.T, f kanban.Field) string {
	var parts []string
	if f == kanban.FieldStatus {
		parts = append(parts, rapid.SampledFrom(selectorStates()).Draw(t, "state"))
	}
	labels := rapid.SliceOfNDistinct(rapid.SampledFrom(wildLabels), 1-len(parts), 2, rapid.ID).Draw(t, "labels")
	for _, l := range labels {
		parts = append(parts, labelPrefix+l)
	}
	return strings.Join(parts, plus)
}

// wildConfig draws tables as a careless hand would write them.
func wildConfig(t *rapid.T) Config {
	c := Config{Trackers: []TrackerConfig{{Name: "jira", Kind: "jira"}, {Name: "github", Kind: "github"}}}
	some := func(from []string, also string) []string {
		return rapid.SliceOfN(rapid.SampledFrom(append([]string{also}, from...)), 0, 2).Draw(t, "entries")
	}
	selectors := func(f kanban.Field) []string {
		var out []string
		for range rapid.IntRange(0, 2).Draw(t, "selectors") {
			out = append(out, wildSelector(t, f))
		}
		return out
	}
	keys := []string{"x", "y", "z"}
	for i := range rapid.IntRange(1, 3).Draw(t, "columns") {
		c.Columns = append(c.Columns, ColumnConfig{Key: keys[i], Category: kanban.Active, Jira: some(wildStatuses, "same:x"), GitHub: selectors(kanban.FieldStatus)})
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "priorities") {
		c.Priorities = append(c.Priorities, PriorityConfig{Key: keys[i], Jira: some(wildOptions, "same:x"), GitHub: selectors(kanban.FieldPriority)})
	}
	return c
}

func wildDirectory() connectors.Directory {
	status := func(id, name, untranslated string) connectors.Status {
		return connectors.Status{Option: connectors.Option{ID: id, Name: name}, Untranslated: untranslated}
	}
	return connectors.Directory{Tracker: "jira", Kind: connectors.Jira,
		Statuses:   []connectors.Status{status("1", "Open", ""), status("3", "In Arbeit", "Doing"), status("6", "Closed", ""), status("7", "closed", "")},
		Priorities: []connectors.Option{{ID: "1", Name: "P1"}, {ID: "2", Name: "P2"}, {ID: "3", Name: "P3"}}}
}

// wildNatives lists everything that an issue can be, not only what the check at
// start tries: every set of labels in every state, every status and resolution.
func wildNatives(side kanban.Side, f kanban.Field) []kanban.Native {
	ns := []kanban.Native{"", "99"}
	if side == kanban.Jira {
		for _, id := range []string{"1", "3", "6", "7"} {
			for _, resolution := range []string{"", "won't fix", "done", "other"} {
				ns = append(ns, option{id, resolution}.native())
			}
		}
		return ns
	}
	in := []string{""}
	if f == kanban.FieldStatus {
		in, ns = states(), nil
	}
	for bits := range 8 {
		var labels []string
		for i, l := range []string{"a", "b", "c"} {
			if bits>>i&1 == 1 {
				labels = append(labels, l)
			}
		}
		for _, state := range in {
			ns = append(ns, labelled{state: state, labels: labels}.native())
		}
	}
	return ns
}

// TestWhatIsNotRefusedDoesNotFlap: a table is refused with the two entries or values
// that contradict each other, or it keeps the laws over all that can stand in an
// issue, and a change carried to the other side comes back as itself.
func TestWhatIsNotRefusedDoesNotFlap(t *testing.T) {
	t.Parallel()
	var taken, refused atomic.Int64
	rapid.Check(t, func(t *rapid.T) {
		c := wildConfig(t)
		r, ps := Compile(c, []connectors.Directory{wildDirectory()})
		if r == nil {
			refused.Add(1)
			for _, p := range ps {
				if p.Severity == Error && (p.Path == "" || strings.Count(p.Message, `"`) < 2 && !strings.Contains(p.Message, samePrefix)) {
					t.Fatalf("refused without a witness: %+v", p)
				}
			}
			return
		}
		taken.Add(1)
		for _, l := range []Lens{r.Lens("jira", "github"), r.Lens("jira", ""), r.Lens("", "github")} {
			holdsForAll(t, l, c)
		}
	})
	t.Logf("%d taken, %d refused", taken.Load(), refused.Load())
	if taken.Load() < 10 || refused.Load() < 10 {
		t.Error("the tables are all of one kind, so nothing was shown")
	}
}

func holdsForAll(t *rapid.T, l Lens, c Config) {
	b := builder{config: c}
	for _, f := range kanban.Fields {
		ms := append(b.keys(f), "gone")
		for _, side := range kanban.Sides {
			if l.sides[side] == nil {
				continue
			}
			for _, v := range CheckLaws(l, side, f, ms, wildNatives(side, f)) {
				if v.Law != LawTotal {
					t.Fatalf("%s %s: %+v in %+v", side, f, v, c)
				}
			}
			for _, n := range wildNatives(side, f) {
				carriedOnce(t, l, side, f, n)
			}
		}
	}
}

// carriedOnce carries n over to anything that may stand on the other side.
func carriedOnce(t *rapid.T, l Lens, side kanban.Side, f kanban.Field, n kanban.Native) {
	m, opinion := l.Back(side, f, n, "")
	if opinion != kanban.Says {
		return
	}
	for _, other := range wildNatives(side.Other(), f) {
		for _, to := range l.Forward(side.Other(), f, m, other) {
			if back, _ := l.Back(side.Other(), f, to, m); back != m {
				t.Fatalf("%q means %q, is carried as %q and comes back as %q", n, m, to, back)
			}
			if l.Forward(side.Other(), f, m, to)[0] != to || l.Forward(side, f, m, n)[0] != n {
				t.Fatalf("%q and %q show %q and one would be written again", n, to, m)
			}
		}
	}
}

// TestALabelHasOneMeaning: no label can be written for one field and read for another.
func TestALabelHasOneMeaning(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := wildConfig(t)
		c.Visibility.RestrictedLabels = rapid.SliceOfN(rapid.SampledFrom(append(wildLabels, "any")), 0, 1).Draw(t, "restricted")
		r, _ := Compile(c, []connectors.Directory{wildDirectory()})
		if r == nil {
			return
		}
		for _, name := range append(wildLabels, "d", "due:2026-12-24", "Due:soon") {
			i := connectors.Issue{Ref: connectors.Ref{Tracker: "github"}, Kind: connectors.GitHub, State: stateOpen, Labels: []string{name}}
			meanings := len(r.Elements(kanban.FieldLabels, i))
			if r.Native(i, kanban.FieldStatus) != stateOpen {
				meanings++
			}
			for _, f := range []kanban.Field{kanban.FieldPriority, kanban.FieldDue} {
				if r.Native(i, f) != "" {
					meanings++
				}
			}
			if meanings > 1 || meanings == 1 && r.Elements(kanban.FieldLabels, i) != nil && r.Traits(i).Restricted {
				t.Fatalf("%s has %d meanings in %+v", name, meanings, c)
			}
		}
	})
}
