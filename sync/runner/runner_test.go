package runner

import (
	"context"
	"errors"
	"testing"

	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/jirasim"
	"parley/kanban"
	"parley/sync/engine"
)

func TestStatusSetInJiraReachesGitHub(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key, n := w.pair("Reconcile positions")
	w.expect(key, n, "To Do", "open", "todo")
	w.must(w.site.Transition("ana", key, "Start work", jirasim.Edit{}))
	w.settle(2)
	w.expect(key, n, "In Progress", "open status:in-progress", "doing")
}

func TestLabelSetInGitHubReachesJiraOverTwoHops(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key, n := w.pair("Reconcile positions")
	w.must(w.hub.AddLabels("ben", repo, n, "status:review"))
	w.settle(3)
	w.expect(key, n, "In Review", "open status:review", "review")
}

func TestCloseInGitHubReachesJiraOverThreeHopsAndAScreen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key, n := w.pair("Reconcile positions")
	w.must(w.hub.SetState("ben", repo, n, "closed", "completed"))
	w.settle(3)
	w.expect(key, n, "Done", "closed", "done")
	if i, _ := w.site.Issue(key); i.ResolutionName != "Done" {
		t.Errorf("resolution is %q, want Done", i.ResolutionName)
	}
}

func TestDragReachesBoth(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key, n := w.pair("Reconcile positions")
	c := w.card(key)
	in := engine.Intent{Key: "drag-1", Card: c.ID, Field: kanban.FieldStatus, To: "doing", Rev: c.Rev, Actor: "lea"}
	a, err := w.runner.Intend(context.Background(), in)
	w.must(err)
	if a.State != engine.IntentSent {
		t.Errorf("answered %q, want sent", a.State)
	}
	if again, err := w.runner.Intend(context.Background(), in); err != nil || again != a {
		t.Errorf("asked again it answers %+v, %v; want %+v", again, err, a)
	}
	w.work()
	w.settle(1)
	w.expect(key, n, "In Progress", "open status:in-progress", "doing")
	other := in
	other.To = "review"
	var refused *engine.Refusal
	if _, err := w.runner.Intend(context.Background(), other); !errors.As(err, &refused) || refused.Stale {
		t.Errorf("the key of another change gave %v, want a refusal", err)
	}
	in.Key = "drag-2"
	if _, err := w.runner.Intend(context.Background(), in); !errors.As(err, &refused) || !refused.Stale {
		t.Errorf("a drag of an old revision gave %v, want a stale refusal", err)
	}
}

func TestPriorityThreeWays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key, n := w.pair("Reconcile positions")
	check := func(step, jira, label, board string) {
		t.Helper()
		w.settle(2)
		i, _ := w.site.Issue(key)
		g, _ := w.hub.Issue(repo, n)
		got := ""
		for _, l := range g.Labels {
			got += l
		}
		if c := w.card(key); i.PriorityName != jira || got != label || string(c.Priority.Agreed) != board {
			t.Errorf("%s: %q, %q, %q; want %q, %q, %q", step, i.PriorityName, got, c.Priority.Agreed, jira, label, board)
		}
	}
	check("at first", "Medium", "", "medium")
	w.must(w.site.Edit("ana", key, jirasim.Edit{Priority: new("High")}))
	check("in Jira", "High", "priority:high", "high")
	w.must(w.hub.RemoveLabel("ben", repo, n, "priority:high"))
	w.must(w.hub.AddLabels("ben", repo, n, "priority:low"))
	check("in GitHub", "Low", "priority:low", "low")
	c := w.card(key)
	_, err := w.runner.Intend(context.Background(), engine.Intent{Key: "p", Card: c.ID, Field: kanban.FieldPriority, To: "medium", Rev: c.Rev})
	w.must(err)
	w.work()
	check("on the board", "Medium", "priority:medium", "medium")
	w.must(w.site.Edit("ana", key, jirasim.Edit{Priority: new("Highest")}))
	check("Highest is high too", "Highest", "priority:high", "high")
}

func TestRestWritesNothingAndPollsOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key, n := w.pair("Reconcile positions")
	w.must(w.site.Transition("ana", key, "Start work", jirasim.Edit{}))
	w.settle(25) // until the overlap has passed
	w.expect(key, n, "In Progress", "open status:in-progress", "doing")
	w.site.Log().Reset()
	w.hub.Log().Reset()
	w.settle(1)
	if j, g := w.site.Log().Requests(), w.hub.Log().Requests(); len(j) != 1 || len(g) != 1 || g[0].Status != 304 {
		t.Errorf("an idle poll made these requests:\n%+v\n%+v", j, g)
	}
}

func TestPlanModeWritesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.write = false
	w.start()
	key, n := w.pair("Reconcile positions")
	w.must(w.hub.SetState("ben", repo, n, "closed", "completed"))
	w.settle(3)
	c := w.card(key)
	a, err := w.runner.Intend(context.Background(), engine.Intent{Key: "d", Card: c.ID, Field: kanban.FieldStatus, To: "review", Rev: c.Rev})
	w.must(err)
	if a.State != engine.IntentHeld {
		t.Errorf("a drag in plan mode is answered %q, want held", a.State)
	}
	w.settle(3)
	if m := append(w.site.Log().Mutations(), w.hub.Log().Mutations()...); len(m) > 0 {
		t.Errorf("plan mode sent %+v", m)
	}
	w.write = true
	w.start()
	w.must(w.runner.takeUp(context.Background()))
	w.settle(3)
	w.expect(key, n, "In Review", "open status:review", "review")
}

func TestBothSidesChangedAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key, n := w.pair("Reconcile positions")
	w.must(w.site.Transition("ana", key, "Start work", jirasim.Edit{}))
	w.must(w.hub.SetState("ben", repo, n, "closed", "completed"))
	w.settle(4)
	w.expect(key, n, "Done", "closed", "done") // GitHub owns the status
	c := w.card(key)
	cs, err := w.store.Conflicts(context.Background(), conflictsOf(c.ID))
	w.must(err)
	if len(cs) != 1 || cs[0].Loser.Value != "doing" || cs[0].Winner.Value != "done" {
		t.Errorf("recorded conflicts: %+v", cs)
	}
}

func TestUnmappedIsShownAndNeverWritten(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key, n := w.pair("Reconcile positions")
	w.must(w.site.Transition("ana", key, "Start work", jirasim.Edit{}))
	w.settle(2)
	w.must(w.site.Transition("ana", key, "Wait", jirasim.Edit{}))
	w.settle(2)
	w.hub.Log().Reset()
	w.must(w.hub.AddLabels("ben", repo, n, "status:review"))
	w.settle(2)
	face := w.face(key)
	if len(face.Badges) == 0 || face.Badges[0].Kind != kanban.BadgeAmbiguous && face.Badges[0].Kind != kanban.BadgeUnmapped {
		t.Errorf("badges %+v, want one about the status", face.Badges)
	}
	if i, _ := w.site.Issue(key); i.StatusName != "Waiting" {
		t.Errorf("the unmapped status was overwritten with %q", i.StatusName)
	}
}

func TestOneSidedCardsAreWritten(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g, err := w.hub.CreateIssue("ben", repo, githubsim.NewIssue{Title: "Rotate keys"})
	w.must(err)
	w.settle(1)
	c := w.card("acme/payments#1")
	if c.Status.Agreed != "todo" {
		t.Fatalf("a GitHub issue without labels is in %q, want todo", c.Status.Agreed)
	}
	_, err = w.runner.Intend(context.Background(), engine.Intent{Key: "x", Card: c.ID, Field: kanban.FieldStatus, To: "review", Rev: c.Rev})
	w.must(err)
	w.work()
	if g, err = w.hub.Issue(repo, g.Number); err != nil || len(g.Labels) != 1 || g.Labels[0] != "status:review" {
		t.Errorf("labels are %v, %v", g.Labels, err)
	}
}

func TestRefusedByTheWorkflowTheCardReturns(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	i, err := w.site.Create("ana", jirasim.NewIssue{Project: "OPS", Type: "Story", Summary: "Alone"})
	w.must(err)
	w.site.Revoke("bot-1", "OPS", jirasim.Transit)
	w.settle(1)
	c := w.card(i.Key)
	_, err = w.runner.Intend(context.Background(), engine.Intent{Key: "x", Card: c.ID, Field: kanban.FieldStatus, To: "done", Rev: c.Rev})
	w.must(err)
	w.work()
	face := w.face(i.Key)
	if face.Column != "todo" || len(face.Badges) == 0 || face.Badges[0].Kind != kanban.BadgeRefused || len(face.Pending) != 0 {
		t.Errorf("column %q, badges %+v, pending %+v", face.Column, face.Badges, face.Pending)
	}
}
