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
	s, _ = m.Remap(s, [2]kanban.Native{"b", "a"}, [2]time.Time{{}, tick(13)}, [2]bool{}, func(kanban.Value) bool { return true })
	ours := sets(2, 12, "b")
	ours.Own, ours.Op = true, "1"
	_, out := m.Fold(s, kanban.GitHub, []kanban.Event{ours, sets(3, 13, "a")}, ops)
	if k := kinds(out); len(k) != 2 || k[0] != Confirmed || k[1] != Clashed {
		t.Errorf("the edit leaves no trace: %v", k)
	}
}

// Whose value stands there is not known until all history up to it is read: the first
// who set it may not be the last.
func TestWhoSetItFirstMayNotBeWhoSetItLast(t *testing.T) {
	t.Parallel()
	m := machine(identity(), Policy{CarryBoth, JiraWins})
	s := rested(m, "a", "a")
	s, _ = m.Remap(s, [2]kanban.Native{"a", "b"}, [2]time.Time{{}, tick(15)}, [2]bool{}, func(kanban.Value) bool { return true })
	_, out := m.Fold(s, kanban.GitHub, []kanban.Event{sets(2, 11, "b"), sets(3, 13, "a"), sets(4, 15, "b")}, nil)
	if k := kinds(out); len(k) != 2 || k[0] != Clashed || k[1] != Clashed {
		t.Errorf("the last edit leaves no trace: %v", k)
	}
}

// While a person is asked, a step of our write that was sent before lands beside what
// somebody had set. The write ends there, and their edit is on record.
func TestAStepBesideAnEditPutsItOnRecord(t *testing.T) {
	t.Parallel()
	m := machine(labels(), Policy{CarryBoth, Ask})
	s := rested(m, "a", "a")
	s, _ = m.Fold(s, kanban.Jira, []kanban.Event{sets(2, 11, "b")}, nil)
	ops := []Op{{ID: "1", Field: kanban.FieldStatus, Side: kanban.GitHub, Value: "b", From: "a", To: "b", Version: s.Version, State: Sending, SentAt: tick(13)}}
	step := sets(4, 14, "x>b")
	step.Own = true
	s, out := m.Fold(s, kanban.GitHub, []kanban.Event{sets(2, 11, "c"), sets(3, 12, "a"), step}, ops)
	if k := kinds(out); len(k) != 3 || k[2] != Clashed || out[2].Conflict.Loser.Value != "a" {
		t.Errorf("got %v, want the second edit in a conflict", k)
	}
	if sd := s.Sides[kanban.GitHub]; !sd.Half || sd.Alone != nil {
		t.Errorf("the step is taken for somebody's value, or the edit put on record once more: %+v", sd)
	}
}

// Two late writes of ours that say the same are not what the sides agree on.
func TestUnreadHistoryIsNoAgreement(t *testing.T) {
	t.Parallel()
	m := machine(identity(), Policy{CarryBoth, JiraWins})
	s := rested(m, "a", "a")
	at := [2]time.Time{tick(15), tick(16)}
	exists := func(kanban.Value) bool { return true }
	if got, _ := m.Remap(s, [2]kanban.Native{"b", "b"}, at, [2]bool{}, exists); got.Agreed != "a" {
		t.Errorf("agreed is %s before anybody's edit was read", got.Agreed)
	}
	if got, _ := m.Remap(s, [2]kanban.Native{"b", "b"}, [2]time.Time{}, [2]bool{}, exists); got.Agreed != "b" {
		t.Errorf("agreed is %s although both say b by the new mapping", got.Agreed)
	}
}
