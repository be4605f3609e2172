package reconcile

import (
	"slices"
	"testing"

	"parley/kanban"
)

// Two cards become one while the board's word on one of them, or on both, has not
// arrived: neither word is lost.
func TestTwinWhoseOwnCardOwesItSomething(t *testing.T) {
	t.Parallel()
	m := machine(partial(), Policy{CarryBoth, JiraWins})
	lone := func(side kanban.Side, native kanban.Native, drag kanban.Value) State {
		s, _ := m.Meet(State{}, side, native, 1, tick(0))
		if drag != "" {
			s, _ = m.Intend(s, drag, "olga", "drag", tick(1))
		}
		return s
	}
	for _, c := range []struct {
		name   string
		jira   kanban.Native
		drag   kanban.Value // what the board wants in Jira
		github kanban.Value // and in GitHub, which shows a
		agreed kanban.Value
		frozen Freeze
		owed   []kanban.Side
	}{
		{name: "Jira says the same", jira: "b", github: "b", agreed: "b", owed: []kanban.Side{kanban.GitHub}},
		{name: "Jira says something else", jira: "a", github: "b", agreed: "a", frozen: FrozenAsk},
		{name: "Jira has no opinion", jira: silent, github: "b", agreed: "b", owed: []kanban.Side{kanban.GitHub}},
		{name: "both are to show the same", jira: "a", drag: "b", github: "b", agreed: "b", owed: []kanban.Side{kanban.Jira, kanban.GitHub}},
		{name: "each is to show something else", jira: "a", drag: "c", github: "b", agreed: "c", frozen: FrozenAsk},
	} {
		s, out := m.Marry(lone(kanban.Jira, c.jira, c.drag), kanban.GitHub, lone(kanban.GitHub, "a", c.github))
		if s.Agreed != c.agreed || s.Frozen != c.frozen {
			t.Errorf("%s: agreed %q %q, want %q %q", c.name, s.Agreed, s.Frozen, c.agreed, c.frozen)
		}
		wants := m.Plan(s)
		if len(wants) != len(c.owed) {
			t.Errorf("%s: owed %+v, want %v", c.name, wants, c.owed)
		}
		kept := map[kanban.Value]bool{}
		for _, o := range out {
			if o.Conflict != nil {
				kept[o.Conflict.Loser.Value], kept[o.Conflict.Support[0].Value] = true, true
			}
		}
		if want := c.frozen == FrozenAsk; kept["b"] != want {
			t.Errorf("%s: on record are %v", c.name, kept)
		}
	}
}

// An issue takes its old place on a card after somebody has moved the card that it had of
// its own: their word moves this one, or is on record.
func TestWordOnACardThatGoesUpInAnother(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		policy Verdict
		drag   kanban.Value // on the card that lives on
		frozen Freeze
		word   kanban.Value // on the other one, by somebody who saw a
		agreed kanban.Value
		kept   kanban.Value
	}{
		{name: "nothing else was wanted", policy: Ask, word: "b", agreed: "b"},
		{name: "the same was wanted", policy: Ask, drag: "b", word: "b", agreed: "b"},
		{name: "something else is on its way", policy: JiraWins, drag: "c", word: "b", agreed: "c", kept: "b"},
		{name: "the issue's side wins", policy: GitHubWins, drag: "c", word: "b", agreed: "b", kept: "c"},
		{name: "a person has to choose", policy: Ask, drag: "c", word: "b", agreed: "c", kept: "b", frozen: FrozenAsk},
	} {
		m := machine(partial(), Policy{CarryBoth, c.policy})
		s := rested(m, "a", "a")
		if c.drag != "" {
			s, _ = m.Intend(s, c.drag, "olga", "drag", tick(1))
		}
		own, _ := m.Meet(State{}, kanban.GitHub, "a", 1, tick(0))
		own, _ = m.Intend(own, c.word, "lea", "word", tick(2))
		s, out := m.Inherit(s, kanban.GitHub, own)
		if s.Agreed != c.agreed || s.Frozen != c.frozen {
			t.Errorf("%s: agreed %q %q; want %q %q", c.name, s.Agreed, s.Frozen, c.agreed, c.frozen)
		}
		if owed := len(m.Plan(s)); owed != 2 && s.Frozen == Thawed {
			t.Errorf("%s: %d sides are told; want both", c.name, owed)
		}
		var kept kanban.Value
		for _, o := range out {
			if o.Conflict != nil {
				kept = o.Conflict.Loser.Value
			}
		}
		if kept != c.kept {
			t.Errorf("%s: on record is %q; want %q", c.name, kept, c.kept)
		}
	}
}

// Where one side leads, a change from the board that waits on its card leads with it: it
// is still written to that side, and the other side stays as it is.
func TestTheLeadersOwnDragIsStillWritten(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		carry  Carry
		leads  kanban.Side
		agreed kanban.Value
	}{
		{carry: CarryJira, leads: kanban.Jira, agreed: "b"},
		{carry: CarryGitHub, leads: kanban.GitHub, agreed: "b"},
		{carry: CarryGitHub, leads: kanban.Jira, agreed: "c"}, // what the other side says wins
	} {
		m := machine(partial(), Policy{c.carry, JiraWins})
		lone, _ := m.Meet(State{}, c.leads, "a", 1, tick(0))
		lone, _ = m.Intend(lone, "b", "olga", "drag", tick(1))
		twin, _ := m.Meet(State{}, c.leads.Other(), "c", 1, tick(0))
		met, _ := m.Meet(lone, c.leads.Other(), "c", 1, tick(0))
		married, _ := m.Marry(twin, c.leads, lone)
		for how, s := range map[string]State{"meet": met, "marry": married} {
			want := []kanban.Side{c.leads}
			if c.agreed != "b" {
				want = nil
			}
			var owed []kanban.Side
			for _, w := range m.Plan(s) {
				owed = append(owed, w.Side)
			}
			if s.Agreed != c.agreed || !slices.Equal(owed, want) {
				t.Errorf("%s, carry %s, %s's own drag: agreed %q, owed %v, want %q and %v", how, c.carry, c.leads, s.Agreed, owed, c.agreed, want)
			}
		}
	}
}

// Two words of the board on two cards of one issue, which showed what the first asked for
// before it was said: neither of the two has seen the other.
func TestTwoWordsOnTwoCards(t *testing.T) {
	t.Parallel()
	m := machine(partial(), Policy{CarryBoth, JiraWins})
	s, _ := m.Fold(rested(m, "a", "a"), kanban.Jira, []kanban.Event{sets(9, 1, "c")}, nil)
	s, _ = m.Intend(s, "a", "olga", "drag", tick(2))
	own, _ := m.Meet(State{}, kanban.GitHub, "a", 1, tick(0))
	own, _ = m.Intend(own, "b", "lea", "word", tick(3))
	own, _ = m.Fold(own, kanban.GitHub, []kanban.Event{sets(9, 4, "b")}, nil) // and somebody agrees with the second
	got, out := m.Inherit(s, kanban.GitHub, own)
	if got.Agreed != "a" || len(out) != 1 || out[0].Conflict == nil || out[0].Conflict.Loser.Actor != "lea" {
		t.Errorf("agreed %q after %+v; want olga's word, and lea's on record", got.Agreed, out)
	}
}
