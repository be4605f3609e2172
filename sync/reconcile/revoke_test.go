package reconcile

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/kanban"
)

// TestRevokeLeavesAloneWhatWasLeftAlone: a side that has seen what was agreed and says
// something else is not written to because somebody changed their mind on the board.
func TestRevokeLeavesAloneWhatWasLeftAlone(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC)
	m := Machine{Field: kanban.FieldStatus, Lens: identity(), Policy: Policy{Carry: CarryBoth, Conflict: JiraWins}}
	refused := &Refusal{Version: 4, Native: "c", Reason: "no way", At: at}
	was := State{Agreed: "a", Version: 4, Changed: 2, At: at, Before: "b", Support: []Edit{{Side: "jira", Value: "a", At: at}}}
	was.Sides[kanban.Jira] = SideState{Known: true, Native: "a", Seen: 4, Seq: 7}
	was.Sides[kanban.GitHub] = SideState{Known: true, Native: "b", Seen: 4, Seq: 3, Refused: refused}
	now, _ := m.Intend(was, "c", "lea", "key", at.Add(time.Hour))
	now.Sides[kanban.Jira].Seq = 9 // entries about something else
	if len(m.Plan(now)) != 2 {
		t.Fatalf("planned %+v, want both sides to be told", m.Plan(now))
	}
	back, ok := m.Revoke(now, was, "key")
	if !ok {
		t.Fatal("refused, though nothing has happened since")
	}
	want := was
	want.Version = 6
	want.Sides[kanban.Jira].Seen, want.Sides[kanban.Jira].Seq = 6, 9
	want.Sides[kanban.GitHub].Seen = 6
	want.Sides[kanban.GitHub].Refused = &Refusal{Version: 6, Native: "c", Reason: "no way", At: at}
	if diff := cmp.Diff(want, back); diff != "" || refused.Version != 4 {
		t.Errorf("state (-want +got):\n%s", diff)
	}
	if wants := m.Plan(back); len(wants) > 0 {
		t.Errorf("planned %+v, want nothing", wants)
	}
}

func TestRevokeOfWhatDoesNotStand(t *testing.T) {
	t.Parallel()
	m := Machine{Field: kanban.FieldStatus, Lens: identity(), Policy: Policy{Carry: CarryBoth, Conflict: JiraWins}}
	was := State{Agreed: "a", Version: 4}
	for _, s := range kanban.Sides {
		was.Sides[s] = SideState{Known: true, Native: "a", Seen: 4}
	}
	for name, change := range map[string]func(*State){
		"another change":     func(s *State) { *s, _ = m.Intend(*s, "b", "lea", "other", time.Time{}) },
		"the same again":     func(s *State) { *s, _ = m.Intend(*s, "c", "lea", "key", time.Time{}) },
		"an edit":            func(s *State) { s.Support = []Edit{{Side: "jira", Source: "key"}} },
		"a freeze":           func(s *State) { s.Frozen = FrozenUnmapped },
		"an edit that waits": func(s *State) { s.Sides[kanban.GitHub].Alone = &Edit{} },
		"another native":     func(s *State) { s.Sides[kanban.GitHub].Native = "c" },
		"somebody saw it":    func(s *State) { s.Sides[kanban.GitHub].Seen = 5 },
		"a way begun":        func(s *State) { s.Sides[kanban.Jira].Half = true },
		"a side that left":   func(s *State) { s.Sides[kanban.Jira].Known = false },
	} {
		now, _ := m.Intend(was, "c", "lea", "key", time.Time{})
		change(&now)
		if back, ok := m.Revoke(now, was, "key"); ok || cmp.Diff(now, back) != "" {
			t.Errorf("%s: taken back to %+v", name, back)
		}
	}
}
