package reconcile

import (
	"testing"
	"time"

	"parley/kanban"
)

// The shortest ways to what the exhaustive check has found wrong, kept as they were.

// A write finds its value there already: the board set b, GitHub's people had it and
// one of them has set a since, unread. Jira's confirmed b in the meantime. That our
// second write found b proves nothing about what that person saw.
func TestAValueFoundThereWasNotSeenAgain(t *testing.T) {
	t.Parallel()
	m := machine(identity(), Policy{CarryBoth, JiraWins})
	s := rested(m, "a", "a")
	s, _ = m.Intend(s, "b", "p", "0", tick(11))
	first := []Op{{ID: "1", Field: kanban.FieldStatus, Side: kanban.GitHub, Value: "b", From: "a", To: "b", Version: s.Version, State: Dead, SentAt: tick(11)}}
	s, _ = m.Fold(s, kanban.Jira, []kanban.Event{sets(2, 14, "b")}, nil) // F3
	ours := sets(2, 12, "b")
	ours.Own, ours.Op = true, "1"
	s, _ = m.Fold(s, kanban.GitHub, []kanban.Event{ours}, first)

	second := []Op{{ID: "2", Field: kanban.FieldStatus, Side: kanban.GitHub, Value: "b", From: "a", To: "b", Version: s.Version, State: Uncertain, SentAt: tick(14)}}
	s, _ = m.Correct(s, kanban.GitHub, "b", tick(14), second)
	if second[0].State != Finished {
		t.Fatalf("the write is %s", second[0].State)
	}
	_, out := m.Fold(s, kanban.GitHub, []kanban.Event{sets(3, 13, "a")}, nil)
	if len(out) == 0 || out[0].Kind != Clashed {
		t.Errorf("what was confirmed in Jira is overwritten without a record: %v", kinds(out))
	}
}

// A write that a person went over is read after the mapping has changed: whoever made
// what stands there is still to come, and did not see what is agreed by now.
func TestAMappingThatChangedInBetweenHidesNobodysEdit(t *testing.T) {
	t.Parallel()
	m := machine(identity(), Policy{CarryBoth, JiraWins})
	s := rested(m, "a", "a")
	s, _ = m.Fold(s, kanban.Jira, []kanban.Event{sets(2, 11, "b")}, nil)
	ops := []Op{{ID: "1", Field: kanban.FieldStatus, Side: kanban.GitHub, Value: "b", From: "a", To: "b", Version: s.Version, State: Sending, SentAt: tick(11)}}
	s = m.Remap(s, [2]kanban.Native{"b", "a"}, [2]time.Time{{}, tick(13)}, func(kanban.Value) bool { return true })
	ours := sets(2, 12, "b")
	ours.Own, ours.Op = true, "1"
	_, out := m.Fold(s, kanban.GitHub, []kanban.Event{ours, sets(3, 13, "a")}, ops)
	if k := kinds(out); len(k) != 2 || k[0] != Confirmed || k[1] != Clashed {
		t.Errorf("the edit leaves no trace: %v", k)
	}
}
