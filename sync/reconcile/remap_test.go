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
			got := m.Remap(s, c.natives, [2]time.Time{}, func(v kanban.Value) bool { return v != "z" })
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
	s = m.Remap(s, [2]kanban.Native{kanban.GitHub: "b2"}, [2]time.Time{kanban.GitHub: time.Unix(9, 0)}, exists)
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
