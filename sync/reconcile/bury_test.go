package reconcile

import (
	"testing"
	"time"

	"parley/kanban"
)

// TestWinnerThatWasWrittenOverIsWrittenAgain holds that an edit which our own write went
// over, and which then wins the conflict, is owed to its own side: it does not stand
// there any more.
func TestWinnerThatWasWrittenOverIsWrittenAgain(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	m := Machine{Field: kanban.FieldStatus, Lens: identity(), Policy: Policy{Carry: CarryBoth, Conflict: GitHubWins}}
	s := State{Agreed: "a", Version: 3, Changed: 3, At: at}
	s.Sides[kanban.Jira] = SideState{Known: true, Native: "a", Seen: 3}
	s.Sides[kanban.GitHub] = SideState{Known: true, Native: "c", Seen: 2, Alone: &Edit{Side: "github", Value: "b", Native: "b", At: at}}
	out := m.bury(&s, kanban.GitHub, true)
	if len(out) == 0 || out[0].Conflict == nil || s.Agreed != "b" {
		t.Fatalf("buried as %+v, agreed %s; want GitHub's edit to win", out, s.Agreed)
	}
	owed := map[kanban.Side]bool{}
	for _, w := range m.Plan(s) {
		owed[w.Side] = w.Value == "b"
	}
	if !owed[kanban.GitHub] || !owed[kanban.Jira] {
		t.Errorf("owed to %v, want both sides", owed)
	}
}
