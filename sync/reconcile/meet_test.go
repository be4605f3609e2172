package reconcile

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/kanban"
)

// TestMeet holds the rows of first contact: what is agreed, what is asked, and that
// nothing is ever written.
func TestMeet(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name         string
		lens         tables
		carry        Carry
		jira, github kanban.Native
		agreed       kanban.Value
		frozen       Freeze
		differs      bool // the GitHub side is shown to differ
	}{
		{name: "equal", jira: "a", github: "a", agreed: "a"},
		{name: "GitHub has no opinion", jira: "a", github: silent, agreed: "a"},
		{name: "Jira has no opinion", jira: silent, github: "b", agreed: "b"},
		{name: "no opinion anywhere", jira: silent, github: silent, agreed: ""},
		{name: "different: a person is asked, Jira's is shown", jira: "a", github: "b", agreed: "a", frozen: FrozenAsk},
		{name: "different, Jira is carried", carry: CarryJira, jira: "a", github: "b", agreed: "a", differs: true},
		{name: "different, GitHub is carried", carry: CarryGitHub, jira: "a", github: "b", agreed: "b"},
		{name: "different, nothing is carried", carry: CarryOff, jira: "a", github: "b", agreed: "a", differs: true},
		{name: "unmapped in GitHub", jira: "a", github: strange, agreed: "a", frozen: FrozenUnmapped},
		{name: "unmapped in Jira", jira: strange, github: "b", agreed: "b", frozen: FrozenUnmapped},
		{name: "ambiguous in GitHub", jira: "a", github: twofold, agreed: "a", frozen: FrozenAmbiguous},
		{name: "consistent through a shared native", lens: lossy(), jira: "b", github: "1", agreed: "b"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if c.lens[0].means == nil {
				c.lens = partial()
			}
			if c.carry == "" {
				c.carry = CarryBoth
			}
			m := machine(c.lens, Policy{c.carry, GitHubWins})
			for _, order := range [][2]kanban.Side{{kanban.Jira, kanban.GitHub}, {kanban.GitHub, kanban.Jira}} {
				natives := [2]kanban.Native{c.jira, c.github}
				var s State
				var out []Outcome
				for i, side := range order {
					s, out = m.Meet(s, side, natives[side], 7, tick(i))
				}
				if s.Agreed != c.agreed || s.Frozen != c.frozen {
					t.Errorf("%v first: agreed %q, frozen %q; want %q, %q", order[0], s.Agreed, s.Frozen, c.agreed, c.frozen)
				}
				if w := m.Plan(s); len(w) != 0 {
					t.Errorf("%v first: first contact would write %+v", order[0], w)
				}
				if got := m.Differs(s, kanban.GitHub); c.frozen == Thawed && got != c.differs {
					t.Errorf("%v first: differs is %v", order[0], got)
				}
				if (c.frozen == FrozenAsk) != (len(out) > 0 && out[0].Kind == Clashed && out[0].Conflict.Loser.Value == "b" && out[0].Conflict.State == ConflictOpen) {
					t.Errorf("%v first: outcomes %+v", order[0], out)
				}
				if k := len(s.Support); k > 0 && !s.Support[k-1].Met {
					t.Errorf("%v first: %+v is told as somebody's edit", order[0], s.Support[k-1])
				}
				for _, o := range out {
					if o.Conflict != nil && (!o.Conflict.Loser.Met || !o.Conflict.Support[0].Met) {
						t.Errorf("%v first: the conflict is told as one of edits: %+v", order[0], o.Conflict)
					}
				}
				if s.Sides[0].Seq != 7 || s.Sides[1].Seq != 7 {
					t.Errorf("%v first: history up to 7 would be folded again", order[0])
				}
			}
		})
	}
}

func TestIntend(t *testing.T) {
	t.Parallel()
	m := machine(identity(), Policy{CarryBoth, JiraWins})
	start := rested(m, "a", "a")
	s, out := m.Intend(start, "b", "lea", "key", tick(20))
	if w := m.Plan(s); len(w) != 2 || w[0].Value != "b" || w[1].Value != "b" {
		t.Fatalf("a move on the board plans %+v", w)
	}
	if out[0].Edit != (Edit{Side: SideBoard, Source: "key", Actor: "lea", Value: "b", At: tick(20)}) || out[0].Was != "a" || out[0].Now != "b" {
		t.Errorf("told as %+v", out[0])
	}
	met, out := m.Fold(s, kanban.GitHub, []kanban.Event{sets(2, 19, "c")}, nil)
	if met.Agreed != "b" || out[0].Kind != Clashed || out[0].Conflict.Loser.Value != "c" || out[0].Conflict.Winner.Side != SideBoard {
		t.Errorf("an edit the board had not seen: %+v", out)
	}
	met, out = m.Fold(s, kanban.Jira, []kanban.Event{sets(2, 19, "c")}, nil)
	if met.Agreed != "c" || out[0].Conflict.Loser.Side != SideBoard {
		t.Errorf("Jira wins over the board: %+v", out)
	}
	refused := Refuse(start, kanban.GitHub, "no", tick(1))
	if s, _ = m.Intend(refused, "a", "lea", "key", tick(20)); s.Sides[kanban.GitHub].Refused != nil || s.Version != start.Version+1 {
		t.Errorf("to ask for the agreed value again is to try again: %+v", s)
	}
}

func TestRefuseAndWithdraw(t *testing.T) {
	t.Parallel()
	m := machine(partial(), Policy{CarryBoth, JiraWins})
	start := rested(m, "a", "a")
	asked, _ := m.Intend(start, "b", "lea", "key", tick(20))
	jira := Refuse(asked, kanban.Jira, "no way", tick(21))
	if w := m.Plan(jira); len(w) != 1 || w[0].Side != kanban.GitHub {
		t.Errorf("after Jira refused, %+v is planned", w)
	}
	if _, _, ok := m.Withdraw(jira, tick(22)); ok {
		t.Error("withdrawn while GitHub may still take it")
	}
	both := Refuse(jira, kanban.GitHub, "no way either", tick(22))
	s, out, ok := m.Withdraw(both, tick(23))
	if !ok || s.Agreed != "a" || len(m.Plan(s)) != 0 || out[0].Kind != Settled || s.Sides[0].Refused == nil || s.Sides[0].Refused.Reason != "no way" {
		t.Errorf("%v %+v", ok, s)
	}
	if both.Sides[0].Refused.Version != asked.Version {
		t.Error("Withdraw changed the state it was given")
	}
	moved, _ := m.Fold(s, kanban.Jira, []kanban.Event{sets(2, 30, "c")}, nil)
	if moved.Sides[0].Refused != nil || len(m.Plan(moved)) != 1 {
		t.Errorf("a new value is not tried: %+v", moved)
	}
	edited, _ := m.Fold(start, kanban.Jira, []kanban.Event{sets(2, 30, "b")}, nil)
	edited = Refuse(edited, kanban.GitHub, "no", tick(31))
	if _, _, ok := m.Withdraw(edited, tick(32)); ok {
		t.Error("an edit made in a tracker was withdrawn")
	}
	apart, _ := m.Intend(rested(machine(partial(), Policy{CarryJira, JiraWins}), "a", "b"), "c", "lea", "k", tick(9))
	apart = Refuse(Refuse(apart, 0, "x", tick(9)), 1, "y", tick(9))
	if _, _, ok := m.Withdraw(apart, tick(9)); ok {
		t.Error("withdrawn to one of two different values")
	}
}

func TestWithdrawOfAOneSidedCard(t *testing.T) {
	t.Parallel()
	m := machine(partial(), Policy{CarryBoth, JiraWins})
	s, _ := m.Meet(State{}, kanban.Jira, "a", 1, tick(0))
	s, _ = m.Intend(s, "b", "lea", "k", tick(1))
	s, _, ok := m.Withdraw(Refuse(s, kanban.Jira, "no", tick(2)), tick(2))
	if !ok || s.Agreed != "a" {
		t.Errorf("%v %+v", ok, s)
	}
}

// TestWithdrawGoesBackToWhatStoodBefore holds that a refused drag leads back to the column
// that the card came from, where its status belongs to another one as well.
func TestWithdrawGoesBackToWhatStoodBefore(t *testing.T) {
	t.Parallel()
	shared := tables{kanban.Jira: says("c").shared("1", "a", "b"), kanban.GitHub: says("abc")}
	m := machine(shared, Policy{CarryBoth, JiraWins})
	s, _ := m.Meet(State{}, kanban.Jira, "1", 1, tick(0))
	s, _ = m.Intend(s, "b", "lea", "k1", tick(1)) // Jira shows it already
	for n := range 3 {
		s, _ = m.Intend(s, "c", "lea", "k2", tick(2+n))
		var ok bool
		if s, _, ok = m.Withdraw(Refuse(s, kanban.Jira, "no", tick(2+n)), tick(2+n)); !ok || s.Agreed != "b" {
			t.Fatalf("drag %d: %v, back to %q; want b, where the card came from", n+1, ok, s.Agreed)
		}
	}
}

// TestAWayThatWasLeftHalfIsNotWithdrawnTo holds that a step of our own write on its way
// is nobody's word: it does not become the agreed value where the way is refused.
func TestAWayThatWasLeftHalfIsNotWithdrawnTo(t *testing.T) {
	t.Parallel()
	m := machine(partial(), Policy{CarryBoth, JiraWins})
	s, _ := m.Meet(State{}, kanban.Jira, "a", 1, tick(0))
	s, _ = m.Intend(s, "c", "lea", "k", tick(1))
	s.Sides[kanban.Jira].Native, s.Sides[kanban.Jira].Half = "b", true
	if s, _, ok := m.Withdraw(Refuse(s, kanban.Jira, "no way", tick(2)), tick(2)); ok {
		t.Errorf("withdrawn to %s, which nobody ever set", s.Agreed)
	}
}

// swaps is a GitHub whose field is shown by the labels x, y and z.
type swaps struct{ tables }

func (swaps) Apply(_ kanban.Side, _ kanban.Field, n kanban.Native, changes []kanban.Change) (kanban.Native, bool) {
	return n, slices.ContainsFunc(changes, func(c kanban.Change) bool {
		return c.Field == kanban.ChangeLabel && strings.ContainsAny(c.From+c.To, "xyz")
	})
}

func TestTogether(t *testing.T) {
	t.Parallel()
	m := Machine{Field: kanban.FieldStatus, Lens: swaps{}}
	label := func(seq int64, at int, actor, from, to string) kanban.Event {
		return kanban.Event{Seq: seq, SourceID: "e", Actor: actor, At: tick(at), Changes: []kanban.Change{{Field: kanban.ChangeLabel, From: from, To: to}}}
	}
	own := label(2, 1, "bot", "", "y")
	own.Own = true
	assigned := kanban.Event{Seq: 2, Actor: "ben", At: tick(1), Changes: []kanban.Change{{Field: "assigned"}}}
	for _, c := range []struct {
		name   string
		events []kanban.Event
		want   []int // changes of each event that is left
	}{
		{"a label swapped", []kanban.Event{label(1, 0, "ben", "x", ""), label(2, 10, "ben", "", "y")}, []int{2}},
		{"a chain, each near the one before", []kanban.Event{label(1, 0, "ben", "x", ""), label(2, 9, "ben", "", "y"), label(3, 18, "ben", "", "z")}, []int{3}},
		{"too far apart", []kanban.Event{label(1, 0, "ben", "x", ""), label(2, 11, "ben", "", "y")}, []int{1, 1}},
		{"two people", []kanban.Event{label(1, 0, "ben", "x", ""), label(2, 1, "eva", "", "y")}, []int{1, 1}},
		{"people who are gone", []kanban.Event{label(1, 0, "", "x", ""), label(2, 1, "", "", "y")}, []int{1, 1}},
		{"ours are left apart", []kanban.Event{func() kanban.Event { e := label(1, 0, "bot", "x", ""); e.Own = true; return e }(), own}, []int{1, 1}},
		{"something else in between", []kanban.Event{label(1, 0, "ben", "x", ""), assigned, label(3, 2, "ben", "", "y")}, []int{1, 2}},
		{"a label of another field keeps its own place", []kanban.Event{label(1, 0, "ben", "", "p"), label(2, 1, "ben", "", "y")}, []int{1, 1}},
		{"and what comes before it too", []kanban.Event{label(1, 0, "ben", "", "y"), label(2, 1, "ben", "", "p")}, []int{1, 1}},
		{"none", nil, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			before := len(c.events)
			got := m.Together(kanban.GitHub, c.events)
			var sizes []int
			for _, e := range got {
				sizes = append(sizes, len(e.Changes))
			}
			if d := cmp.Diff(c.want, sizes); d != "" {
				t.Errorf("changes of each (-want +got):\n%s", d)
			}
			if n := len(got); n > 0 && got[n-1].Seq != c.events[before-1].Seq {
				t.Error("the last event's place in the history is lost")
			}
			for _, e := range c.events {
				if len(e.Changes) != 1 {
					t.Error("the events given were changed")
				}
			}
		})
	}
}

// A twin that is found while a change from the board is on its way meets that change,
// and not what the other tracker still shows.
func TestTwinMeetsWhatIsOwed(t *testing.T) {
	t.Parallel()
	m := machine(identity(), Policy{CarryBoth, JiraWins})
	for _, c := range []struct {
		github  kanban.Native
		agreed  kanban.Value
		frozen  Freeze
		records int
	}{
		{github: "b", agreed: "b"},                                // it says what was chosen
		{github: "a", agreed: "b", frozen: FrozenAsk, records: 1}, // it says what was there before
	} {
		s, _ := m.Meet(State{}, kanban.Jira, "a", 1, tick(0))
		s, _ = m.Intend(s, "b", "olga", "drag", tick(1))
		s, out := m.Meet(s, kanban.GitHub, c.github, 1, tick(0))
		if s.Agreed != c.agreed || s.Frozen != c.frozen {
			t.Errorf("GitHub at %s: agreed %s %q, want %s %q", c.github, s.Agreed, s.Frozen, c.agreed, c.frozen)
		}
		var lost []kanban.Value
		for _, o := range out {
			if o.Conflict != nil {
				lost = append(lost, o.Conflict.Loser.Value, o.Conflict.Support[0].Value)
			}
		}
		if len(lost) != 2*c.records || c.records == 1 && (lost[0] != "a" || lost[1] != "b") {
			t.Errorf("GitHub at %s: on record are %q", c.github, lost)
		}
		if wants := m.Plan(s); c.records == 0 && (len(wants) != 1 || wants[0].Side != kanban.Jira) {
			t.Errorf("GitHub at %s: what was owed to Jira is %+v", c.github, wants)
		}
	}
}

// An issue may be met by its state alone. The history that comes later led to that state
// and is no news; only what goes on from it is.
func TestHistoryOfWhatWasMetIsNoNews(t *testing.T) {
	t.Parallel()
	m := machine(partial(), Policy{CarryBoth, GitHubWins})
	s, _ := m.Meet(State{}, kanban.Jira, "a", 0, tick(10))
	s, out := m.Fold(s, kanban.Jira, []kanban.Event{sets(1, 2, "b"), sets(2, 4, "a"), sets(3, 6, "b"), sets(4, 10, "a")}, nil)
	if len(out) != 0 || s.Agreed != "a" || s.Version != 1 || s.Sides[kanban.Jira].Seq != 4 || s.Sides[kanban.Jira].Alone != nil {
		t.Errorf("the history of what was met: %v, %+v; want nothing but that it was read", kinds(out), s)
	}
	s, out = m.Fold(s, kanban.Jira, []kanban.Event{sets(5, 11, "b")}, nil)
	if s.Agreed != "b" || !cmp.Equal(kinds(out), []OutcomeKind{Moved}) {
		t.Errorf("what goes on from it: %v, agreed %q; want it moved to b", kinds(out), s.Agreed)
	}
}
