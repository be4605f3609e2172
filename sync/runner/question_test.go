package runner

import (
	"testing"

	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/jirasim"
	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/reconcile"
)

func TestAChoiceEndsTheQuestionOfAFirstMeeting(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	i, err := w.site.Create("ana", jirasim.NewIssue{Project: "OPS", Type: "Story", Summary: "Reconcile"})
	w.must(err)
	g, err := w.hub.CreateIssue("ben", repo, githubsim.NewIssue{Title: i.Key + " Reconcile", Labels: []string{"priority:low"}})
	w.must(err)
	w.settle(2)
	c := w.card(i.Key)
	cs, err := w.store.Conflicts(t.Context(), conflictsOf(c.ID))
	w.must(err)
	if len(cs) != 1 || cs[0].State != reconcile.ConflictOpen || c.Priority.Frozen != reconcile.FrozenAsk {
		t.Fatalf("Medium met low: %+v, %q", cs, c.Priority.Frozen)
	}
	if m := append(w.site.Log().Mutations(), w.hub.Log().Mutations()...); len(m) > 0 {
		t.Fatalf("a first meeting wrote %+v", m)
	}
	_, err = w.runner.Intend(t.Context(), engine.Intent{Key: "k", Card: c.ID, Field: kanban.FieldPriority, To: "high", Rev: c.Rev, Actor: "lea"})
	w.must(err)
	w.work()
	w.settle(1)
	cs, err = w.store.Conflicts(t.Context(), conflictsOf(c.ID))
	w.must(err)
	now, _ := w.site.Issue(i.Key)
	there, err := w.hub.Issue(repo, g.Number)
	w.must(err)
	if len(cs) != 1 || cs[0].State != reconcile.ConflictDismissed || now.PriorityName != "High" || len(there.Labels) != 1 || there.Labels[0] != "priority:high" {
		t.Errorf("after the choice: %+v, %q, %v", cs, now.PriorityName, there.Labels)
	}
}
