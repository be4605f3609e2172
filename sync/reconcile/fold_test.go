package reconcile

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/kanban"
)

// rested is a pair after first contact: what it agrees on both sides have seen.
func rested(m Machine, jira, github kanban.Native) State {
	var s State
	s, _ = m.Meet(s, kanban.Jira, jira, 1, tick(0))
	s, _ = m.Meet(s, kanban.GitHub, github, 1, tick(0))
	return s
}

func machine(l Lens, p Policy) Machine {
	return Machine{Field: kanban.FieldStatus, Lens: l, Policy: p, Skew: 2 * time.Second}
}

func sets(seq int64, at int, to kanban.Native) kanban.Event {
	return kanban.Event{Seq: seq, SourceID: "e", Actor: "ana", At: tick(at), Changes: []kanban.Change{{Field: "status", To: string(to)}}}
}

// kinds is what a fold decided, in short.
func kinds(out []Outcome) []OutcomeKind {
	var ks []OutcomeKind
	for _, o := range out {
		ks = append(ks, o.Kind)
	}
	return ks
}

// brief is what the table tests compare of a state, versions relative to the start.
type brief struct {
	Agreed       kanban.Value
	Ver          int64
	SeenJ, SeenG int64
	Frozen       Freeze
}

func short(s, from State) brief {
	v := from.Version
	return brief{s.Agreed, s.Version - v, s.Sides[0].Seen - v, s.Sides[1].Seen - v, s.Frozen}
}

func TestFoldRules(t *testing.T) {
	t.Parallel()
	github := Policy{CarryBoth, GitHubWins}
	jiraFirst := func(m Machine, s State) State { // Jira says b at tick 20; GitHub has not seen it
		s, _ = m.Fold(s, kanban.Jira, []kanban.Event{sets(2, 20, "b")}, nil)
		return s
	}
	type rule struct {
		name   string
		policy Policy
		lens   tables
		start  [2]kanban.Native
		before func(Machine, State) State
		side   kanban.Side
		event  kanban.Event
		want   brief
		kinds  []OutcomeKind
	}
	for _, c := range []rule{
		{name: "F1 unmapped freezes and keeps the agreed value", side: kanban.GitHub, event: sets(2, 5, strange),
			want: brief{"a", 0, 0, 0, FrozenUnmapped}, kinds: []OutcomeKind{Froze}},
		{name: "F1 ambiguous freezes", side: kanban.GitHub, event: sets(2, 5, twofold),
			want: brief{"a", 0, 0, 0, FrozenAmbiguous}, kinds: []OutcomeKind{Froze}},
		{name: "F2 seen by version", side: kanban.Jira, event: sets(2, 5, "b"),
			want: brief{"b", 1, 1, 0, Thawed}, kinds: []OutcomeKind{Moved}},
		{name: "F2 seen though the clock is behind", side: kanban.Jira, event: sets(2, -60, "b"),
			want: brief{"b", 1, 1, 0, Thawed}, kinds: []OutcomeKind{Moved}},
		{name: "F2 seen by a value that means the same, late enough", lens: lossy(), start: [2]kanban.Native{"a", "1"},
			before: jiraFirst, side: kanban.GitHub, event: sets(2, 23, "2"),
			want: brief{"c", 2, 1, 2, Thawed}, kinds: []OutcomeKind{Moved}},
		{name: "F4 the same value too early to have been seen", lens: lossy(), start: [2]kanban.Native{"a", "1"},
			before: jiraFirst, side: kanban.GitHub, event: sets(2, 22, "2"),
			want: brief{"c", 2, 1, 2, Thawed}, kinds: []OutcomeKind{Clashed, Moved}},
		{name: "F2 another native of the same value is a new version", lens: lossy(), start: [2]kanban.Native{"c", "2"}, side: kanban.Jira,
			event: sets(2, 5, "d"), want: brief{"d", 1, 1, 0, Thawed}, kinds: []OutcomeKind{Moved}},
		{name: "F2 who leaves what stands there confirms it", side: kanban.GitHub, event: sets(2, 5, "a"),
			want: brief{"a", 1, 0, 1, Thawed}, kinds: []OutcomeKind{Moved}},
		{name: "F4 who leaves what stands there meets what they have not seen", before: jiraFirst, side: kanban.GitHub, event: sets(2, 21, "a"),
			want: brief{"a", 2, 1, 2, Thawed}, kinds: []OutcomeKind{Clashed, Moved}},
		{name: "F3 agreement is an edit whose author has seen nothing", before: jiraFirst, side: kanban.GitHub, event: sets(2, 21, "b"),
			want: brief{"b", 2, 1, 0, Thawed}, kinds: []OutcomeKind{Agreed}},
		{name: "F4 GitHub wins", before: jiraFirst, side: kanban.GitHub, event: sets(2, 21, "c"),
			want: brief{"c", 2, 1, 2, Thawed}, kinds: []OutcomeKind{Clashed, Moved}},
		{name: "F4 Jira wins", policy: Policy{CarryBoth, JiraWins}, before: jiraFirst, side: kanban.GitHub, event: sets(2, 21, "c"),
			want: brief{"b", 1, 1, 0, Thawed}, kinds: []OutcomeKind{Clashed}},
		{name: "F4 newest, the edit", policy: Policy{CarryBoth, NewestWins}, before: jiraFirst, side: kanban.GitHub, event: sets(2, 23, "c"),
			want: brief{"c", 2, 1, 2, Thawed}, kinds: []OutcomeKind{Clashed, Moved}},
		{name: "F4 newest, the agreed", policy: Policy{CarryBoth, NewestWins}, before: jiraFirst, side: kanban.GitHub, event: sets(2, 17, "c"),
			want: brief{"b", 1, 1, 0, Thawed}, kinds: []OutcomeKind{Clashed}},
		{name: "F4 newest, too close to tell: Jira", policy: Policy{CarryBoth, NewestWins}, before: jiraFirst, side: kanban.GitHub, event: sets(2, 22, "c"),
			want: brief{"b", 1, 1, 0, Thawed}, kinds: []OutcomeKind{Clashed}},
		{name: "F4 ask", policy: Policy{CarryBoth, Ask}, before: jiraFirst, side: kanban.GitHub, event: sets(2, 30, "c"),
			want: brief{"b", 1, 1, 0, FrozenAsk}, kinds: []OutcomeKind{Clashed, Froze}},
		{name: "F4 a side without opinion shows nobody anything", start: [2]kanban.Native{"a", silent}, before: jiraFirst, side: kanban.GitHub,
			event: sets(2, 60, "c"), want: brief{"c", 2, 1, 2, Thawed}, kinds: []OutcomeKind{Clashed, Moved}},
		{name: "silence makes no version", side: kanban.GitHub, event: sets(2, 5, silent), want: brief{"a", 0, 0, 0, Thawed}},
		{name: "first opinion where none was agreed", start: [2]kanban.Native{silent, silent}, side: kanban.GitHub, event: sets(2, 5, "b"),
			want: brief{"b", 1, 0, 1, Thawed}, kinds: []OutcomeKind{Moved}},
		{name: "carry jira: a seen GitHub edit stays", policy: Policy{CarryJira, GitHubWins}, side: kanban.GitHub, event: sets(2, 5, "b"),
			want: brief{"a", 0, 0, 0, Thawed}},
		{name: "carry jira: a GitHub edit that met one on its way loses", policy: Policy{CarryJira, GitHubWins}, before: jiraFirst, side: kanban.GitHub,
			event: sets(2, 21, "c"), want: brief{"b", 1, 1, 0, Thawed}, kinds: []OutcomeKind{Clashed}},
		{name: "carry github: a Jira edit stays", policy: Policy{CarryGitHub, JiraWins}, side: kanban.Jira, event: sets(2, 5, "b"),
			want: brief{"a", 0, 0, 0, Thawed}},
		{name: "carry off: the board follows Jira", policy: Policy{CarryOff, JiraWins}, side: kanban.Jira, event: sets(2, 5, "b"),
			want: brief{"b", 1, 1, 0, Thawed}, kinds: []OutcomeKind{Moved}},
		{name: "another field's change touches nothing", side: kanban.Jira,
			event: kanban.Event{Seq: 2, Changes: []kanban.Change{{Field: "priority", To: "b"}}}, want: brief{"a", 0, 0, 0, Thawed}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if c.policy == (Policy{}) {
				c.policy = github
			}
			if c.lens[0].means == nil {
				c.lens = partial()
			}
			if c.start[0] == "" {
				c.start = [2]kanban.Native{"a", "a"}
			}
			m := machine(c.lens, c.policy)
			from := rested(m, c.start[0], c.start[1])
			s := from
			if c.before != nil {
				s = c.before(m, s)
			}
			got, out := m.Fold(s, c.side, []kanban.Event{c.event}, nil)
			if d := cmp.Diff(c.want, short(got, from)); d != "" {
				t.Errorf("state (-want +got):\n%s", d)
			}
			if d := cmp.Diff(c.kinds, kinds(out)); d != "" {
				t.Errorf("outcomes (-want +got):\n%s", d)
			}
			if got.Sides[c.side].Seq != 2 {
				t.Errorf("seq is %d, want 2", got.Sides[c.side].Seq)
			}
		})
	}
}

// TestConflictKeepsBoth holds the record of F4 to its purpose: nothing that lost is gone.
func TestConflictKeepsBoth(t *testing.T) {
	t.Parallel()
	m := machine(identity(), Policy{CarryBoth, NewestWins})
	s := rested(m, "a", "a")
	s, _ = m.Fold(s, kanban.Jira, []kanban.Event{sets(2, 20, "b")}, nil)
	_, out := m.Fold(s, kanban.GitHub, []kanban.Event{sets(2, 21, "c")}, nil)
	c := out[0].Conflict
	if c.Loser.Value != "c" || c.Loser.Actor != "ana" || c.Winner.Value != "b" || c.Base != "b" || !c.Ambiguous || c.State != ConflictAuto || len(c.Support) != 1 {
		t.Errorf("recorded %+v", c)
	}
	_, out = m.Fold(s, kanban.GitHub, []kanban.Event{sets(2, 40, "c")}, nil)
	if c = out[0].Conflict; c.Winner.Value != "c" || c.Loser.Value != "b" || c.Loser.Side != "jira" || c.Ambiguous {
		t.Errorf("recorded %+v", c)
	}
}

func TestFreezeAndThaw(t *testing.T) {
	t.Parallel()
	m := machine(partial(), Policy{CarryBoth, JiraWins})
	s := rested(m, "a", "a")
	fold := func(side kanban.Side, e kanban.Event, frozen Freeze, agreed kanban.Value, wants int) {
		t.Helper()
		s, _ = m.Fold(s, side, []kanban.Event{e}, nil)
		if s.Frozen != frozen || s.Agreed != agreed || len(m.Plan(s)) != wants {
			t.Fatalf("frozen %q, agreed %q, %d writes; want %q, %q, %d", s.Frozen, s.Agreed, len(m.Plan(s)), frozen, agreed, wants)
		}
	}
	fold(kanban.GitHub, sets(2, 10, strange), FrozenUnmapped, "a", 0)
	fold(kanban.Jira, sets(2, 20, "b"), FrozenUnmapped, "b", 0) // still unmapped on the other side
	fold(kanban.GitHub, sets(3, 30, twofold), FrozenAmbiguous, "b", 0)
	fold(kanban.GitHub, sets(4, 40, silent), Thawed, "b", 1) // told the new value
	fold(kanban.Jira, sets(3, 50, strange), FrozenUnmapped, "b", 0)
	fold(kanban.Jira, sets(4, 60, "c"), Thawed, "c", 1)
}

func TestAskWaitsForAPerson(t *testing.T) {
	t.Parallel()
	m := machine(identity(), Policy{CarryBoth, Ask})
	asked := rested(m, "a", "a")
	asked, _ = m.Fold(asked, kanban.Jira, []kanban.Event{sets(2, 20, "b")}, nil)
	asked, _ = m.Fold(asked, kanban.GitHub, []kanban.Event{sets(2, 20, "c")}, nil)
	if asked.Frozen != FrozenAsk || asked.Agreed != "b" || len(m.Plan(asked)) != 0 {
		t.Fatalf("not asked: %+v", asked)
	}
	t.Run("both sides set to the same value", func(t *testing.T) {
		t.Parallel()
		s, out := m.Fold(asked, kanban.GitHub, []kanban.Event{sets(3, 30, "b")}, nil)
		if s.Frozen != Thawed || s.Agreed != "b" || len(m.Plan(s)) != 0 || kinds(out)[0] != Settled {
			t.Errorf("not settled: %+v %v", s, kinds(out))
		}
		if s.Sides[kanban.Jira].Seen == s.Version {
			t.Error("Jira's people count as having seen what was set in GitHub")
		}
	})
	t.Run("a third value settles nothing", func(t *testing.T) {
		t.Parallel()
		s, _ := m.Fold(asked, kanban.GitHub, []kanban.Event{sets(3, 30, "a")}, nil)
		if s.Frozen != FrozenAsk || s.Sides[kanban.GitHub].Alone == nil {
			t.Errorf("%+v", s)
		}
	})
	t.Run("the board chooses", func(t *testing.T) {
		t.Parallel()
		s, _ := m.Intend(asked, "c", "lea", "k", tick(40))
		if w := m.Plan(s); s.Frozen != Thawed || len(w) != 1 || w[0].Side != kanban.Jira || w[0].Value != "c" {
			t.Errorf("%+v plans %+v", s, w)
		}
	})
}
