package view_test

import (
	"testing"

	"parley/kanban"
	"parley/kanban/contract"
	"parley/sync/view"
)

// TestWhatMayBeUrgentIsForThoseOfTheContract tells how many slots a unit has, and is told
// only where the contract goes by priority.
func TestWhatMayBeUrgentIsForThoseOfTheContract(t *testing.T) {
	t.Parallel()
	for who, want := range map[view.Audience]bool{view.AudienceOps: true, "unit:risk": true, "unit:trading": false, view.AudienceWall: false} {
		for _, byPriority := range []bool{true, false} {
			a := agreement("risk", "Risk")
			if byPriority {
				a.Versions[0].Priorities = []kanban.PriorityKey{"high"}
			}
			v := newNotary().views(t, view.DefaultPolicy())
			v.Agreements = []contract.Contract{a}
			w, err := v.As(view.Viewer{Audience: who}).Workload(t.Context(), view.FlowQuery{})
			if err != nil {
				t.Fatal(err)
			}
			for _, u := range w.Inflation {
				if got := u.Agreed > 0; got != (want && byPriority && u.Unit == "risk") {
					t.Errorf("%s is told of %s, by priority %v: %+v", who, u.Unit, byPriority, u)
				}
			}
		}
	}
}
