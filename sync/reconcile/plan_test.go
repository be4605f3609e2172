package reconcile

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/kanban"
)

// TestTruthTable holds the rows of the specification's truth table in which both
// sides are readable and no write is open.
func TestTruthTable(t *testing.T) {
	t.Parallel()
	jira := func(n kanban.Native) []kanban.Event { return []kanban.Event{sets(2, 20, n)} }
	github := func(n kanban.Native) []kanban.Event { return []kanban.Event{sets(2, 21, n)} }
	type row struct {
		name         string
		lens         tables
		policy       Policy
		start        [2]kanban.Native
		jira, github []kanban.Event
		writes       map[kanban.Side]kanban.Native
		conflicts    int
	}
	for _, c := range []row{
		{name: "nothing changed", writes: map[kanban.Side]kanban.Native{}},
		{name: "Jira changed, GitHub shows it still", lens: lossy(), start: [2]kanban.Native{"c", "2"}, jira: jira("d"), writes: map[kanban.Side]kanban.Native{}},
		{name: "Jira changed", jira: jira("b"), writes: map[kanban.Side]kanban.Native{kanban.GitHub: "b"}},
		{name: "GitHub changed", github: github("b"), writes: map[kanban.Side]kanban.Native{kanban.Jira: "b"}},
		{name: "both to the same", jira: jira("b"), github: github("b"), writes: map[kanban.Side]kanban.Native{}},
		{name: "both, Jira wins", policy: Policy{CarryBoth, JiraWins}, jira: jira("b"), github: github("c"), writes: map[kanban.Side]kanban.Native{kanban.GitHub: "b"}, conflicts: 1},
		{name: "both, GitHub wins", jira: jira("b"), github: github("c"), writes: map[kanban.Side]kanban.Native{kanban.Jira: "c"}, conflicts: 1},
		{name: "both, a person is asked", policy: Policy{CarryBoth, Ask}, jira: jira("b"), github: github("c"), writes: map[kanban.Side]kanban.Native{}, conflicts: 1},
		{name: "there and back", jira: append(jira("b"), sets(3, 22, "a")), writes: map[kanban.Side]kanban.Native{}},
		{name: "GitHub cannot be read", jira: jira("b"), github: github(strange), writes: map[kanban.Side]kanban.Native{}},
		{name: "a silent side is told the new value", start: [2]kanban.Native{"a", silent}, jira: jira("b"), writes: map[kanban.Side]kanban.Native{kanban.GitHub: "b"}},
		{name: "a silent side is not filled", lens: sharing(), start: [2]kanban.Native{"a", silent}, jira: jira("A"), writes: map[kanban.Side]kanban.Native{}},
		{name: "silence is what would be written", lens: unlabelled(), start: [2]kanban.Native{"b", "b"}, jira: jira("a"), github: []kanban.Event{sets(2, 15, silent)},
			writes: map[kanban.Side]kanban.Native{}},
		{name: "GitHub falls silent", github: github(silent), writes: map[kanban.Side]kanban.Native{}},
		{name: "a value that GitHub cannot show", jira: jira("d"), writes: map[kanban.Side]kanban.Native{kanban.GitHub: ""}},
		{name: "carry jira, Jira changed", policy: Policy{CarryJira, JiraWins}, jira: jira("b"), writes: map[kanban.Side]kanban.Native{kanban.GitHub: "b"}},
		{name: "carry jira, GitHub changed", policy: Policy{CarryJira, JiraWins}, github: github("b"), writes: map[kanban.Side]kanban.Native{}},
		{name: "carry github, GitHub changed", policy: Policy{CarryGitHub, JiraWins}, github: github("b"), writes: map[kanban.Side]kanban.Native{kanban.Jira: "b"}},
		{name: "carry github, Jira changed", policy: Policy{CarryGitHub, JiraWins}, jira: jira("b"), writes: map[kanban.Side]kanban.Native{}},
		{name: "carry off", policy: Policy{CarryOff, JiraWins}, jira: jira("b"), github: github("c"), writes: map[kanban.Side]kanban.Native{}, conflicts: 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if c.policy == (Policy{}) {
				c.policy = Policy{CarryBoth, GitHubWins}
			}
			if c.lens[0].means == nil {
				c.lens = partial()
			}
			if c.start[0] == "" {
				c.start = [2]kanban.Native{"a", "a"}
			}
			m := machine(c.lens, c.policy)
			s, out := m.Fold(rested(m, c.start[0], c.start[1]), kanban.Jira, c.jira, nil)
			s, more := m.Fold(s, kanban.GitHub, c.github, nil)
			writes := map[kanban.Side]kanban.Native{}
			for _, w := range m.Plan(s) {
				writes[w.Side] = ""
				if len(w.Targets) > 0 {
					writes[w.Side] = w.Targets[0]
				}
				if w.Version != s.Version || w.From != s.Sides[w.Side].Native || w.Value != s.Agreed {
					t.Errorf("the write does not fit the state: %+v", w)
				}
			}
			if d := cmp.Diff(c.writes, writes); d != "" {
				t.Errorf("writes (-want +got):\n%s", d)
			}
			conflicts := 0
			for _, o := range append(out, more...) {
				if o.Kind == Clashed {
					conflicts++
				}
			}
			if conflicts != c.conflicts {
				t.Errorf("%d conflicts, want %d", conflicts, c.conflicts)
			}
		})
	}
}

// sharing is partial with a second native for a in Jira.
func sharing() tables {
	t := partial()
	t[kanban.Jira].means["A"] = meaning{values: []kanban.Value{"a"}}
	return t
}

// TestMappingChangesWriteNothing: where the configuration changed and nobody edited,
// the sides may differ and are left as they are.
func TestMappingChangesWriteNothing(t *testing.T) {
	t.Parallel()
	s := rested(machine(identity(), Policy{CarryBoth, JiraWins}), "a", "a")
	turned := identity()
	turned[kanban.GitHub].means["a"] = meaning{values: []kanban.Value{"b"}}
	m := machine(turned, Policy{CarryBoth, JiraWins})
	if w := m.Plan(s); len(w) != 0 || !m.Differs(s, kanban.GitHub) || m.Shows(s, kanban.GitHub) {
		t.Errorf("plans %+v; differs %v", w, m.Differs(s, kanban.GitHub))
	}
	delete(turned[kanban.GitHub].means, "a")
	s, _ = m.Fold(s, kanban.Jira, []kanban.Event{sets(2, 20, "b")}, nil)
	if w := m.Plan(s); len(w) != 0 || s.Frozen != FrozenUnmapped {
		t.Errorf("a native that the configuration no longer knows would be overwritten: %+v, frozen %q", w, s.Frozen)
	}
	s, _ = m.Intend(s, "c", "lea", "k", tick(30))
	if w := m.Plan(s); len(w) != 2 {
		t.Errorf("a person's word is not written over it: %+v", w)
	}
}
