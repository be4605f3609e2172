package reconcile

import (
	"testing"
	"time"

	"parley/kanban"
)

// renamed is a lens of another mapping: its natives name the values of their first
// letters, "?" is unmapped and "" silent.
type renamed struct{}

func (renamed) Back(_ kanban.Side, _ kanban.Field, n kanban.Native, m kanban.Value) (kanban.Value, kanban.Opinion) {
	switch {
	case n == "":
		return m, kanban.Silent
	case n == "?":
		return m, kanban.Unmapped
	default:
		return kanban.Value(n[:1]), kanban.Says
	}
}

func (renamed) Forward(_ kanban.Side, _ kanban.Field, m kanban.Value, _ kanban.Native) []kanban.Native {
	return []kanban.Native{kanban.Native(m)}
}

func (renamed) Apply(_ kanban.Side, _ kanban.Field, n kanban.Native, _ []kanban.Change) (kanban.Native, bool) {
	return n, false
}

func (renamed) Explains(kanban.Side, kanban.Field, kanban.Native, kanban.Change) bool { return false }

func TestRemap(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		natives [2]kanban.Native
		known   [2]bool
		seen    [2]int64
		agreed  kanban.Value
		want    kanban.Value
		writes  int
		frozen  Freeze
	}{
		"both still say it":                    {[2]kanban.Native{"a1", "a2"}, [2]bool{true, true}, [2]int64{3, 3}, "a", "a", 0, Thawed},
		"both say another value now":           {[2]kanban.Native{"b1", "b2"}, [2]bool{true, true}, [2]int64{3, 3}, "a", "b", 0, Thawed},
		"one side means another value":         {[2]kanban.Native{"b1", "a2"}, [2]bool{true, true}, [2]int64{3, 3}, "a", "a", 0, Thawed},
		"a value that is gone becomes Jira's":  {[2]kanban.Native{"b1", "c2"}, [2]bool{true, true}, [2]int64{3, 3}, "z", "b", 0, Thawed},
		"what is owed stays owed":              {[2]kanban.Native{"a1", "b2"}, [2]bool{true, true}, [2]int64{3, 2}, "a", "a", 1, Thawed},
		"one side alone follows its own value": {[2]kanban.Native{"b1", ""}, [2]bool{true, false}, [2]int64{3, 0}, "a", "b", 0, Thawed},
		"a silent side has no say":             {[2]kanban.Native{"b1", ""}, [2]bool{true, true}, [2]int64{3, 3}, "a", "b", 0, Thawed},
		"a status that left the mapping":       {[2]kanban.Native{"?", "a2"}, [2]bool{true, true}, [2]int64{3, 3}, "a", "a", 0, FrozenUnmapped},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := Machine{Field: kanban.FieldStatus, Lens: renamed{}, Policy: Policy{Carry: CarryBoth, Conflict: JiraWins}}
			s := State{Agreed: c.agreed, Version: 3, Changed: 3}
			for i := range s.Sides {
				s.Sides[i] = SideState{Known: c.known[i], Native: "old", Seen: c.seen[i]}
			}
			got, _ := m.Remap(s, c.natives, [2]time.Time{}, [2]bool{}, func(v kanban.Value) bool { return v != "z" })
			if writes := len(m.Plan(got)); got.Agreed != c.want || got.Frozen != c.frozen || writes != c.writes {
				t.Errorf("agreed %q, frozen %q, %d writes; want %q, %q, %d", got.Agreed, got.Frozen, writes, c.want, c.frozen, c.writes)
			}
		})
	}
}

// A state that was unread when the mapping changed waits for its author. Where its
// history tells of none, the board shows what the trackers show.
func TestRecallFindsNobody(t *testing.T) {
	t.Parallel()
	m := Machine{Field: kanban.FieldStatus, Lens: renamed{}, Policy: Policy{Carry: CarryBoth, Conflict: JiraWins}}
	exists := func(kanban.Value) bool { return true }
	s := State{Agreed: "a", Version: 3, Changed: 3}
	s.Sides[kanban.GitHub] = SideState{Known: true, Native: "a2", Seen: 3}
	s, _ = m.Remap(s, [2]kanban.Native{kanban.GitHub: "b2"}, [2]time.Time{kanban.GitHub: time.Unix(9, 0)}, [2]bool{}, exists)
	if s.Agreed != "a" {
		t.Fatalf("agreed %q before its history was read, want a", s.Agreed)
	}
	if got := m.Recall(s, kanban.GitHub, exists); got.Agreed != "b" || len(m.Plan(got)) != 0 {
		t.Errorf("agreed %q, wants %v; want b and nothing to write", got.Agreed, m.Plan(got))
	}
	read := s
	read.Sides[kanban.GitHub].Ours = false
	if got := m.Recall(read, kanban.GitHub, exists); got.Agreed != "a" {
		t.Errorf("agreed %q although nothing was left open, want a", got.Agreed)
	}
}

// A write was held back for the sake of an edit that nobody could translate. Once the
// mapping can, the write does not go over it unseen: the edit is one that had not seen
// what was agreed.
func TestAnEditThatTheNewMappingUnderstands(t *testing.T) {
	t.Parallel()
	m := Machine{Field: kanban.FieldStatus, Lens: renamed{}, Policy: Policy{Carry: CarryBoth, Conflict: JiraWins}}
	for name, c := range map[string]struct {
		now       kanban.Native
		seen      int64
		conflicts int
		version   int64
	}{
		"a write is owed":                      {"b2", 2, 1, 3},
		"it says what is owed":                 {"a2", 2, 0, 3},
		"nothing is owed: nobody edited again": {"b2", 3, 0, 3},
		"nobody understands it still":          {"?", 2, 0, 3},
	} {
		s := State{Agreed: "a", Version: 3, Changed: 3, Frozen: FrozenUnmapped}
		s.Sides[kanban.Jira] = SideState{Known: true, Native: "a1", Seen: 3}
		s.Sides[kanban.GitHub] = SideState{Known: true, Native: "?", Seen: c.seen, Alone: &Edit{Side: "github", Source: "7", Native: "?"}}
		got, out := m.Remap(s, [2]kanban.Native{"a1", c.now}, [2]time.Time{}, [2]bool{}, func(kanban.Value) bool { return true })
		if len(out) != c.conflicts || got.Version != c.version {
			t.Errorf("%s: %d outcomes and version %d, want %d and %d", name, len(out), got.Version, c.conflicts, c.version)
			continue
		}
		if c.conflicts == 1 && (out[0].Conflict == nil || out[0].Conflict.Loser.Source != "7" || out[0].Conflict.Loser.Native != c.now) {
			t.Errorf("%s: recorded %+v, want the edit as the conflict's loser", name, out[0])
		}
	}
}

// An edit that nobody can translate is left alone, whatever else changes in the mapping. A
// write of ours that was given up and arrives late goes over it: then it is on record.
func TestAnEditThatNoMappingUnderstandsIsNotForgotten(t *testing.T) {
	t.Parallel()
	m := Machine{Field: kanban.FieldStatus, Lens: renamed{}, Policy: Policy{Carry: CarryBoth, Conflict: JiraWins}}
	exists := func(v kanban.Value) bool { return v != "" }
	for name, c := range map[string]struct {
		now  kanban.Native // what the side holds by the new mapping
		kept bool
	}{
		"nobody understands it still": {"?", true},
		"it says something else":      {"b2", true},
		"it says what is agreed":      {"a2", false},
		"it says nothing":             {"", false},
	} {
		s := State{Agreed: "a", Version: 3, Changed: 3, Frozen: FrozenUnmapped}
		s.Sides[kanban.Jira] = SideState{Known: true, Native: "a1", Seen: 3}
		s.Sides[kanban.GitHub] = SideState{Known: true, Native: "??", Seen: 3, Alone: &Edit{Side: "github", Source: "7", Native: "??"}}
		before := *s.Sides[kanban.GitHub].Alone
		got, _ := m.Remap(s, [2]kanban.Native{"a1", c.now}, [2]time.Time{}, [2]bool{}, exists)
		alone := got.Sides[kanban.GitHub].Alone
		if kept := alone != nil; kept != c.kept || kept && (alone.Native != c.now || alone.Source != "7") {
			t.Errorf("%s: left alone is %+v, want kept %v", name, alone, c.kept)
		}
		if *s.Sides[kanban.GitHub].Alone != before {
			t.Errorf("%s: the state before was changed", name)
		}
		if out := m.bury(&got, kanban.GitHub, true); len(out) == 1 != c.kept {
			t.Errorf("%s: a write over it leaves %+v", name, out)
		}
	}
}

// A write of two requests is on its way while the mapping changes: what its first one made
// says two things at once, and the second is sent. Where nothing was begun a person said
// two things, and is left alone.
func TestAStepOfAWriteIsNoRiddleToANewMapping(t *testing.T) {
	t.Parallel()
	m := Machine{Field: kanban.FieldStatus, Lens: renamed{}, Policy: Policy{Carry: CarryBoth, Conflict: JiraWins}}
	exists := func(v kanban.Value) bool { return v != "" }
	for name, c := range map[string]struct {
		begun  bool
		now    kanban.Native
		frozen Freeze
		half   bool
	}{
		"begun, a step":           {true, "?", Thawed, true},
		"begun, the value itself": {true, "a2", Thawed, false},
		"begun, what it was":      {true, "b2", Thawed, false},
		"not begun":               {false, "?", FrozenUnmapped, false},
	} {
		s := State{Agreed: "a", Version: 3, Changed: 3}
		s.Sides[kanban.Jira] = SideState{Known: true, Native: "a1", Seen: 3}
		s.Sides[kanban.GitHub] = SideState{Known: true, Native: "b1", Seen: 2}
		at := [2]time.Time{kanban.GitHub: time.Unix(9, 0)}
		got, _ := m.Remap(s, [2]kanban.Native{"a1", c.now}, at, [2]bool{kanban.GitHub: c.begun}, exists)
		if half := got.Sides[kanban.GitHub].Half; got.Frozen != c.frozen || half != c.half {
			t.Errorf("%s: frozen %v, half %v; want %v, %v", name, got.Frozen, half, c.frozen, c.half)
		}
	}
}
