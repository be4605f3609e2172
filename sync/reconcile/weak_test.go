package reconcile

import (
	"testing"

	"parley/kanban"
)

// TestWeakFieldsTakeTheirWriteForItsProof: nothing else will ever prove it, and nobody's
// edit is doubted because of it.
func TestWeakFieldsTakeTheirWriteForItsProof(t *testing.T) {
	t.Parallel()
	for _, weak := range []bool{false, true} {
		m := machine(identity(), Policy{CarryBoth, JiraWins})
		m.Weak[kanban.GitHub] = weak
		s := State{Agreed: "b", Version: 2, Changed: 2, At: tick(1), Sides: [2]SideState{{Known: true, Native: "b", Seen: 2}, {Known: true, Native: "a", Seen: 1}}}
		ops := []Op{{ID: "op", Field: m.Field, Side: kanban.GitHub, Value: "b", From: "a", To: "b", Version: 2, State: Acked, SentAt: tick(2)}}
		s, _ = m.Correct(s, kanban.GitHub, "b", tick(0), ops)
		if side := s.Sides[kanban.GitHub]; ops[0].State != Finished || ops[0].Proved != weak || (side.Seen == 2) != weak || side.Ours == weak {
			t.Errorf("weak %v: %+v, %+v", weak, ops[0], side)
		}
		ops = append(ops, Op{ID: "dead", Field: m.Field, Side: kanban.GitHub, Value: "c", To: "c", Version: 1, State: Dead, SentAt: tick(0)})
		s, _ = m.Correct(s, kanban.GitHub, "a", tick(0), ops)
		if seen := s.Agreed == "a" && s.Sides[kanban.GitHub].Seen == s.Version; seen != weak {
			t.Errorf("weak %v: an edit after it leaves %+v", weak, s)
		}
	}
}

// TestAProjectMayAddToAWrite: what means the value that was written is its effect.
func TestAProjectMayAddToAWrite(t *testing.T) {
	t.Parallel()
	l := synonyms()
	l[kanban.GitHub] = l[kanban.Jira]
	op := Op{Side: kanban.GitHub, Value: "a", To: "a"}
	for _, weak := range []bool{false, true} {
		m := machine(l, Policy{CarryBoth, JiraWins})
		m.Weak[kanban.GitHub] = weak
		if m.Reached(op, "A") != weak || m.Reached(op, "b") || !m.Reached(op, "a") {
			t.Errorf("weak %v: %v, %v", weak, m.Reached(op, "A"), m.Reached(op, "b"))
		}
	}
}
