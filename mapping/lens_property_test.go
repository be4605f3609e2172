package mapping

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"parley/connectors"
	"parley/kanban"
)

// anyConfig draws a configuration that is not refused: statuses, priorities and
// labels are dealt out to columns and priorities in random numbers.
func anyConfig(t *rapid.T) (*Rules, []kanban.Value, []kanban.Value) {
	c := Config{Trackers: []TrackerConfig{{Name: "jira", Kind: "jira", Containers: []string{"OPS"}}, {Name: "github", Kind: "github"}}}
	dir := connectors.Directory{Tracker: "jira", Kind: connectors.Jira}
	var columns, priorities []kanban.Value
	for i := range rapid.IntRange(1, 6).Draw(t, "columns") {
		col := ColumnConfig{Key: fmt.Sprintf("c%d", i), Category: kanban.Active}
		for k := range rapid.IntRange(0, 3).Draw(t, "statuses") {
			id := strconv.Itoa(100*(i+1) + k)
			dir.Statuses = append(dir.Statuses, connectors.Status{Option: connectors.Option{ID: id, Name: "S" + id}})
			col.Jira = append(col.Jira, rapid.SampledFrom([]string{id, "S" + id, "s" + id}).Draw(t, "entry"))
		}
		for k := range rapid.IntRange(0, 3).Draw(t, "selectors") {
			state := rapid.SampledFrom(selectorStates()).Draw(t, "state")
			labels := fmt.Sprintf(" + label:L%d-%d", i, k)
			if rapid.Bool().Draw(t, "two") {
				labels += fmt.Sprintf(" + label:x%d-%d", i, k)
			}
			col.GitHub = append(col.GitHub, state+labels)
		}
		c.Columns = append(c.Columns, col)
		columns = append(columns, kanban.Value(col.Key))
	}
	narrowSome(t, &c)
	for i := range rapid.IntRange(0, 4).Draw(t, "priorities") {
		p := PriorityConfig{Key: fmt.Sprintf("p%d", i)}
		for k := range rapid.IntRange(0, 3).Draw(t, "options") {
			id := strconv.Itoa(10*(i+1) + k)
			dir.Priorities = append(dir.Priorities, connectors.Option{ID: id, Name: "P" + id})
			p.Jira = append(p.Jira, id)
		}
		for k := range rapid.IntRange(0, 2).Draw(t, "labels") {
			p.GitHub = append(p.GitHub, fmt.Sprintf("label:P%d-%d", i, k))
		}
		c.Priorities = append(c.Priorities, p)
		priorities = append(priorities, kanban.Value(p.Key))
	}
	r, ps := Compile(c, []connectors.Directory{dir})
	if r == nil {
		t.Fatalf("refused: %v", ps)
	}
	return r, columns, priorities
}

// narrowSome adds plain states, a resolution and sharing where there is room.
func narrowSome(t *rapid.T, c *Config) {
	for _, state := range []string{"open", "closed:completed", "closed:not_planned"} {
		if rapid.Bool().Draw(t, state) {
			at := rapid.IntRange(0, len(c.Columns)-1).Draw(t, "column")
			c.Columns[at].GitHub = append(c.Columns[at].GitHub, state)
		}
	}
	from, to := &c.Columns[0], &c.Columns[len(c.Columns)-1]
	if from == to || len(from.Jira) == 0 {
		return
	}
	switch rapid.IntRange(0, 2).Draw(t, "narrow") {
	case 1:
		to.Jira = append(to.Jira, from.Jira[0]+" + resolution:Won't Fix")
	case 2:
		to.Jira = append(to.Jira, "same:"+from.Key)
	}
}

// anyNative draws a value of the scale, or one that it has never seen.
func anyNative(t *rapid.T, s scale) kanban.Native {
	return rapid.SampledFrom(append(s.natives(), "", "open", "999", "label:zzz")).Draw(t, "native")
}

func TestLawsHoldForWhatIsNotRefused(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r, columns, priorities := anyConfig(t)
		for _, l := range []Lens{r.Lens("jira", "github"), r.Lens("jira", ""), r.Lens("", "github")} {
			for _, side := range kanban.Sides {
				for f, s := range l.sides[side] {
					ms := columns
					if f == kanban.FieldPriority {
						ms = priorities
					}
					for _, v := range CheckLaws(l, side, f, ms, append(s.natives(), "", "999")) {
						if v.Law != LawTotal {
							t.Fatalf("%s %s: %+v", side, f, v)
						}
					}
				}
			}
		}
	})
}

// TestNoPingPong writes to and fro as the reconciler would: a change on one side is
// carried to the other at most once, and the answer to that write changes nothing.
func TestNoPingPong(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r, columns, _ := anyConfig(t)
		l, f := r.Lens("jira", "github"), kanban.FieldStatus
		from := rapid.SampledFrom(kanban.Sides[:]).Draw(t, "side")
		changed, other := anyNative(t, l.sides[from][f]), anyNative(t, l.sides[from.Other()][f])
		m, _ := l.Back(from, f, changed, rapid.SampledFrom(columns).Draw(t, "agreed"))
		to := l.Forward(from.Other(), f, m, other)
		if len(to) == 0 {
			return
		}
		if back, _ := l.Back(from.Other(), f, to[0], m); back != m {
			t.Fatalf("%s was carried as %s and comes back as %s", m, to[0], back)
		}
		if again := l.Forward(from.Other(), f, m, to[0]); again[0] != to[0] {
			t.Fatalf("%s would be written again as %s", to[0], again[0])
		}
		if _, opinion := l.Back(from, f, changed, m); opinion == kanban.Says && l.Forward(from, f, m, changed)[0] != changed {
			t.Fatalf("%s would be written back over %s", m, changed)
		}
	})
}

// TestApplyFollowsLabels plays random events on an issue and holds the folded value
// against the one read from the issue afterwards.
func TestApplyFollowsLabels(t *testing.T) {
	t.Parallel()
	r := companyRules(t)
	l := r.Lens("jira", "github")
	names := []string{"Status:Doing", "status:doing", "STATUS:REVIEW", "accepted", "bug", "p0", "P1", "P2"}
	rapid.Check(t, func(t *rapid.T) {
		i := connectors.Issue{Ref: connectors.Ref{Tracker: "github"}, Kind: connectors.GitHub, State: "open"}
		folded := map[kanban.Field]kanban.Native{kanban.FieldStatus: "open", kanban.FieldPriority: ""}
		for range rapid.IntRange(1, 12).Draw(t, "events") {
			changes := []kanban.Change{happen(t, &i, names)}
			for _, f := range kanban.Fields {
				before := folded[f]
				after, touched := l.Apply(kanban.GitHub, f, before, changes)
				if !touched && after != before {
					t.Fatalf("%s went from %q to %q untouched", f, before, after)
				}
				folded[f] = after
				if want := r.Native(i, f); after != want {
					t.Fatalf("%s is %q after %+v, the issue says %q", f, after, changes, want)
				}
			}
		}
	})
}

// happen changes the issue as a person would and returns what history says of it.
func happen(t *rapid.T, i *connectors.Issue, names []string) kanban.Change {
	name := rapid.SampledFrom(names).Draw(t, "label")
	is := func(have string) bool { return strings.EqualFold(have, name) }
	switch rapid.IntRange(0, 2).Draw(t, "what") {
	case 0:
		if !slices.ContainsFunc(i.Labels, is) {
			i.Labels = append(i.Labels, name)
		}
		return kanban.Change{Field: kanban.ChangeLabel, To: name}
	case 1:
		i.Labels = slices.DeleteFunc(i.Labels, is)
		return kanban.Change{Field: kanban.ChangeLabel, From: name}
	}
	state := rapid.SampledFrom(states()).Draw(t, "state")
	i.State, i.Reason, _ = strings.Cut(state, ":")
	return kanban.Change{Field: kanban.ChangeState, To: state}
}

// TestStepsArrive plays the steps of a write on an issue; each is explained by the
// write, and in the end the issue shows the target.
func TestStepsArrive(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r, columns, priorities := anyConfig(t)
		l := r.Lens("", "github")
		f, ms := kanban.FieldStatus, columns
		if len(priorities) > 0 && rapid.Bool().Draw(t, "priority") {
			f, ms = kanban.FieldPriority, priorities
		}
		s := l.sides[kanban.GitHub][f]
		at := rapid.SampledFrom(s.natives()).Draw(t, "native")
		for _, to := range l.Forward(kanban.GitHub, f, rapid.SampledFrom(ms).Draw(t, "value"), at) {
			n := at
			for _, w := range r.Steps(kanban.GitHub, f, at, to) {
				c := kanban.Change{Field: kanban.ChangeLabel, To: w.AddLabel, From: w.RemoveLabel}
				if w.State != "" {
					c = kanban.Change{Field: kanban.ChangeState, To: w.State + ":" + w.Reason}
				}
				if !l.Explains(kanban.GitHub, f, to, c) {
					t.Fatalf("step %+v towards %q is not explained", w, to)
				}
				n, _ = s.apply(n, []kanban.Change{c})
			}
			if n != to {
				t.Fatalf("from %q the steps lead to %q, not %q", at, n, to)
			}
		}
	})
}
