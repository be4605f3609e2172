package reconcile

import (
	"testing"
	"time"

	"parley/kanban"
)

// wrote is a write to GitHub that was sent at tick 20.
func wrote(id string, to kanban.Native, ver int64, st OpState) Op {
	return Op{ID: id, Field: kanban.FieldStatus, Side: kanban.GitHub, Value: kanban.Value(to), From: "a", To: to, Version: ver, State: st, SentAt: tick(20)}
}

func TestOwn(t *testing.T) {
	t.Parallel()
	own := func(at int, to kanban.Native, op string) kanban.Event {
		e := sets(2, at, to)
		e.Own, e.Op = true, op
		return e
	}
	foreign := func(at int, to kanban.Native) kanban.Event { return sets(2, at, to) }
	late := int(lateness / time.Second)
	for _, c := range []struct {
		name  string
		event kanban.Event
		ops   []Op
		want  string
	}{
		{"by id", own(21, "c", "1"), []Op{wrote("1", "b", 2, Sending)}, "1"},
		{"an id that somebody else copied", func() kanban.Event { e := own(21, "b", "1"); e.Own = false; return e }(), []Op{wrote("1", "b", 2, Sending)}, ""},
		{"by id, in any state that was sent", own(9999, "b", "1"), []Op{wrote("1", "b", 2, Dead)}, "1"},
		{"by id, though another fits the value", own(21, "b", "2"), []Op{wrote("1", "b", 2, Sending), wrote("2", "b", 3, Dead)}, "2"},
		{"another installation's id", own(21, "b", "9"), []Op{wrote("1", "b", 2, Sending)}, ""},
		{"never sent", own(21, "b", "1"), []Op{func() Op { o := wrote("1", "b", 2, Planned); o.SentAt = time.Time{}; return o }()}, ""},
		{"between two steps", own(21, onTheWayB, ""), []Op{wrote("1", "b", 2, Planned)}, "1"},
		{"given up between two steps", own(21, onTheWayB, "1"), []Op{wrote("1", "b", 2, Cancelled)}, "1"},
		{"refused on the way", own(21, onTheWayB, "1"), []Op{wrote("1", "b", 2, Rejected)}, "1"},
		{"by account and value", own(21, "b", ""), []Op{wrote("1", "b", 2, Uncertain)}, "1"},
		{"by account and step", own(21, onTheWayB, ""), []Op{wrote("1", "b", 2, Sending)}, "1"},
		{"account, other value: a person uses it", own(21, "c", ""), []Op{wrote("1", "b", 2, Sending)}, ""},
		{"value, other account", foreign(21, "b"), []Op{wrote("1", "b", 2, Sending)}, ""},
		{"too late for its request", own(20+late+1, "b", ""), []Op{wrote("1", "b", 2, Sending)}, ""},
		{"before its request by more than clocks are off", own(20-late-1, "b", ""), []Op{wrote("1", "b", 2, Sending)}, ""},
		{"several: the one that waits", own(21, "b", ""), []Op{wrote("1", "b", 2, Finished), wrote("2", "b", 3, Sending)}, "2"},
		{"several: the lowest version", own(21, "b", ""), []Op{wrote("2", "b", 3, Sending), wrote("1", "b", 2, Dead)}, "1"},
		{"other side", own(21, "b", ""), []Op{func() Op { o := wrote("1", "b", 2, Sending); o.Side = kanban.Jira; return o }()}, ""},
		{"other field", own(21, "b", ""), []Op{func() Op { o := wrote("1", "b", 2, Sending); o.Field = kanban.FieldPriority; return o }()}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m := machine(partial(), Policy{CarryBoth, JiraWins})
			next, _ := m.Lens.Apply(kanban.GitHub, kanban.FieldStatus, "a", c.event.Changes)
			got := ""
			if op := m.own(kanban.GitHub, c.event, next, c.ops); op != nil {
				got = op.ID
			}
			if got != c.want {
				t.Errorf("taken for write %q, want %q", got, c.want)
			}
		})
	}
}

// toldB is a pair where Jira moved to b and the write to GitHub is on its way.
func toldB(m Machine) (State, []Op) {
	s, _ := m.Fold(rested(m, "a", "a"), kanban.Jira, []kanban.Event{sets(2, 20, "b")}, nil)
	return s, []Op{wrote("1", "b", s.Version, Sending)}
}

func ours(seq int64, at int, to kanban.Native, op string) kanban.Event {
	e := sets(seq, at, to)
	e.Own, e.Op = true, op
	return e
}

func TestConfirm(t *testing.T) {
	t.Parallel()
	m := machine(partial(), Policy{CarryBoth, GitHubWins})
	t.Run("F0 does nothing but tell what was seen", func(t *testing.T) {
		t.Parallel()
		s, ops := toldB(m)
		v := s.Version
		s, out := m.Fold(s, kanban.GitHub, []kanban.Event{ours(2, 21, "b", "1")}, ops)
		if ops[0].State != Finished || s.Sides[kanban.GitHub].Seen != v || s.Version != v || kinds(out)[0] != Confirmed || len(m.Plan(s)) != 0 {
			t.Errorf("%+v %+v", s, ops)
		}
	})
	t.Run("a step on the way is neither a freeze nor the end", func(t *testing.T) {
		t.Parallel()
		s, ops := toldB(m)
		s, _ = m.Fold(s, kanban.GitHub, []kanban.Event{ours(2, 21, onTheWayB, "1")}, ops)
		if ops[0].State != Sending || s.Frozen != Thawed || len(m.Plan(s)) != 1 {
			t.Errorf("%+v %+v plans %v", s, ops, m.Plan(s))
		}
	})
	t.Run("an edit under our write is a conflict first", func(t *testing.T) {
		t.Parallel()
		s, ops := toldB(m)
		s, out := m.Fold(s, kanban.GitHub, []kanban.Event{sets(2, 21, "c"), ours(3, 22, "b", "1")}, ops)
		if kinds(out)[0] != Clashed || s.Agreed != "c" || len(m.Plan(s)) != 2 {
			t.Errorf("%+v %v plans %v", s, kinds(out), m.Plan(s))
		}
	})
	t.Run("an untranslatable edit under our write is put on record and thaws", func(t *testing.T) {
		t.Parallel()
		s, ops := toldB(m)
		s, out := m.Fold(s, kanban.GitHub, []kanban.Event{sets(2, 21, strange), ours(3, 22, "b", "1")}, ops)
		if s.Frozen != Thawed || len(out) != 3 || out[1].Kind != Clashed || out[1].Conflict.Loser.Native != strange || out[1].Conflict.Loser.Actor != "ana" {
			t.Errorf("%+v %+v", s, out)
		}
	})
	t.Run("a late write is seen as what it is and mended", func(t *testing.T) {
		t.Parallel()
		s, ops := toldB(m)
		ops[0].State = Dead
		s, _ = m.Fold(s, kanban.Jira, []kanban.Event{sets(3, 30, "c")}, nil)
		ops = append(ops, wrote("2", "c", s.Version, Sending))
		s, _ = m.Fold(s, kanban.GitHub, []kanban.Event{ours(2, 31, "c", "2"), ours(3, 32, "b", "1")}, ops)
		if w := m.Plan(s); len(w) != 1 || w[0].Value != "c" || w[0].From != "b" {
			t.Errorf("%+v plans %+v", s, w)
		}
	})
}

func TestCorrect(t *testing.T) {
	t.Parallel()
	m := machine(partial(), Policy{CarryBoth, GitHubWins})
	t.Run("F5 an edit by nobody known", func(t *testing.T) {
		t.Parallel()
		s, out := m.Correct(rested(m, "a", "a"), kanban.GitHub, "c", tick(30), nil)
		if s.Agreed != "c" || !s.At.Equal(tick(30)) || out[0].Edit.Actor != "" || len(m.Plan(s)) != 1 {
			t.Errorf("%+v %+v", s, out)
		}
		again, _ := m.Fold(s, kanban.GitHub, []kanban.Event{sets(2, 29, "b"), sets(3, 30, "c")}, nil)
		if again.Agreed != "c" || again.Version != s.Version || again.Sides[kanban.GitHub].Seq != 3 {
			t.Errorf("history up to the state was folded again: %+v", again)
		}
	})
	t.Run("the effect of our write, seen by nobody yet", func(t *testing.T) {
		t.Parallel()
		s, ops := toldB(m)
		s, _ = m.Correct(s, kanban.GitHub, "b", tick(25), ops)
		if ops[0].State != Finished || s.Sides[kanban.GitHub].Seen == s.Version || len(m.Plan(s)) != 0 {
			t.Fatalf("%+v %+v", s, ops)
		}
		_, out := m.Fold(s, kanban.GitHub, []kanban.Event{sets(2, 24, "c"), ours(3, 25, "b", "1")}, ops)
		if len(out) == 0 || out[0].Kind != Clashed {
			t.Errorf("the edit under our write is on no record: %v", kinds(out))
		}
	})
	t.Run("not our write but a person's same choice", func(t *testing.T) {
		t.Parallel()
		s, ops := toldB(m)
		s, _ = m.Correct(s, kanban.GitHub, "b", tick(25), ops)
		s, out := m.Fold(s, kanban.GitHub, []kanban.Event{sets(2, 25, "b")}, ops)
		if len(out) != 1 || out[0].Kind != Agreed || len(s.Support) != 2 {
			t.Errorf("%+v %v", s, kinds(out))
		}
	})
	t.Run("an edit over a late write of ours that was not read", func(t *testing.T) {
		t.Parallel()
		s, ops := toldB(m)
		ops[0].State = Dead
		s, _ = m.Fold(s, kanban.Jira, []kanban.Event{sets(3, 21, "a")}, nil)
		_, out := m.Correct(s, kanban.GitHub, "c", tick(30), ops)
		if kinds(out)[0] != Clashed {
			t.Errorf("its author counts as having seen what GitHub did not show: %v", kinds(out))
		}
	})
	t.Run("a late write of ours is nobody's edit", func(t *testing.T) {
		t.Parallel()
		s, ops := toldB(m)
		ops[0].State = Dead
		s, _ = m.Fold(s, kanban.Jira, []kanban.Event{sets(3, 30, "c")}, nil)
		s, _ = m.Correct(s, kanban.GitHub, "b", tick(31), ops)
		if w := m.Plan(s); s.Agreed != "c" || len(w) != 1 || w[0].Side != kanban.GitHub {
			t.Errorf("%+v plans %+v", s, w)
		}
		s, _ = m.Correct(s, kanban.GitHub, "a", tick(20+int(2*lateness/time.Second)), ops)
		if s.Agreed != "a" {
			t.Errorf("an edit is not taken in: %+v", s)
		}
	})
}

// History may tell of a state later than the state says it is of: who made it is known
// then, and was not told what was agreed.
func TestStateTakenForOursHasAnAuthorAfterAll(t *testing.T) {
	t.Parallel()
	m := machine(identity(), Policy{CarryBoth, JiraWins})
	s, _ := m.Meet(State{}, kanban.GitHub, "a", 1, tick(0))
	s = m.Adopt(s, kanban.Jira, "b", tick(10))
	by := kanban.Event{Seq: 1, SourceID: "1", Actor: "ana", At: tick(11), Changes: []kanban.Change{{Field: string(kanban.FieldStatus), To: "b"}}}
	s, out := m.Fold(s, kanban.Jira, []kanban.Event{by}, nil)
	if len(out) == 0 || out[0].Conflict == nil || out[0].Conflict.Winner.Actor != "ana" || s.Agreed != "b" {
		t.Errorf("agreed %s, outcomes %+v", s.Agreed, out)
	}
}

// Two people who set the same on both sides of an open question did not know of each
// other: what one of them did before is no answer to the other.
func TestReunionByAnOlderEditHasSeenNothing(t *testing.T) {
	t.Parallel()
	m := machine(identity(), Policy{CarryBoth, Ask})
	s, _ := m.Meet(State{}, kanban.Jira, "a", 1, tick(0))
	s, _ = m.Meet(s, kanban.GitHub, "b", 1, tick(0)) // differ: a person is asked
	edit := func(seq int64, at int, to string) kanban.Event {
		return kanban.Event{Seq: seq, SourceID: to, Actor: to, At: tick(at), Changes: []kanban.Change{{Field: string(kanban.FieldStatus), To: to}}}
	}
	s, _ = m.Fold(s, kanban.Jira, []kanban.Event{edit(2, 30, "c")}, nil)
	s, out := m.Fold(s, kanban.GitHub, []kanban.Event{edit(2, 10, "c"), edit(3, 20, "b")}, nil)
	kept := false
	for _, o := range out {
		kept = kept || o.Conflict != nil
	}
	if !kept {
		t.Errorf("the later edit in Jira was lost: agreed %s, %+v", s.Agreed, out)
	}
}

// An administrator renames a label while our write of two requests is under way: no history
// tells of it, and no picture has shown the write whole. Nobody saw what was agreed.
func TestAWriteUndoneBeforeAnybodySawItIsOnRecord(t *testing.T) {
	t.Parallel()
	m := Machine{Field: kanban.FieldStatus, Lens: renamed{}, Policy: Policy{Carry: CarryBoth, Conflict: JiraWins}}
	for name, shown := range map[string]bool{"no picture showed it": false, "a picture showed it": true} {
		s := State{Agreed: "a", Version: 3, Changed: 3, At: time.Unix(10, 0)}
		s.Sides[kanban.GitHub] = SideState{Known: true, Native: "a2", Seen: 3, Unshown: true}
		if shown {
			s = s.Show(kanban.GitHub)
		}
		got, out := m.Correct(s, kanban.GitHub, "b2", time.Unix(20, 0), nil)
		if shown && got.Agreed != "b" || !shown && (got.Agreed != "a" || len(out) != 1 || out[0].Kind != Clashed) {
			t.Errorf("%s: agreed %q after %+v", name, got.Agreed, out)
		}
	}
}

// Under a rule that carries Jira's changes alone, what people set in GitHub stays there
// until Jira is changed again. Then it is overwritten, and on record from the same step on.
func TestWhatAOneWayRuleGoesOverIsOnRecord(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		jira, kept kanban.Value
	}{"another value": {"c", "b"}, "the same value": {"b", ""}} {
		m := machine(partial(), Policy{CarryJira, GitHubWins})
		s, before := m.Fold(rested(m, "a", "a"), kanban.GitHub, []kanban.Event{sets(9, 20, "b")}, nil)
		s, out := m.Fold(s, kanban.Jira, []kanban.Event{sets(9, 40, kanban.Native(c.jira))}, nil)
		var kept kanban.Value
		for _, o := range append(before, out...) {
			if o.Conflict != nil {
				kept = o.Conflict.Loser.Value
			}
		}
		if s.Agreed != c.jira || kept != c.kept {
			t.Errorf("%s: agreed %q, on record %q; want %q, %q", name, s.Agreed, kept, c.jira, c.kept)
		}
	}
}

// A late step of ours is read together with the edit that it went over, after the picture:
// the edit is on record although what stands there is known already.
func TestAStepOverAnUnreadEditIsOnRecord(t *testing.T) {
	t.Parallel()
	m := machine(partial(), Policy{CarryBoth, JiraWins})
	s := rested(m, "a", "a")
	s.Sides[kanban.GitHub].Ahead = tick(50)
	s.Sides[kanban.GitHub].Ours = true
	op := []Op{{ID: "op", Field: m.Field, Side: kanban.GitHub, To: "c", Value: "c", State: Finished, SentAt: tick(30), Led: nil}}
	s, _ = m.Fold(s, kanban.GitHub, []kanban.Event{sets(9, 20, "b")}, op)
	if s.Sides[kanban.GitHub].Alone == nil {
		t.Fatal("the edit that was not read in time is not kept")
	}
	step := sets(10, 40, "a")
	step.Op, step.Own = "op", true
	_, out := m.Fold(s, kanban.GitHub, []kanban.Event{step}, op)
	if len(out) != 1 || out[0].Conflict == nil || out[0].Conflict.Loser.Value != "b" {
		t.Errorf("recorded %+v, want the edit as a conflict's loser", out)
	}
}
