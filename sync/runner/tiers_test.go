package runner

import (
	"context"
	"testing"
	"time"

	"parley/connectors/sim/githubsim"
	"parley/kanban"
)

// slowly makes the slow readings that are due.
func (w *world) slowly() {
	w.t.Helper()
	for _, t := range w.runner.Trackers {
		for _, s := range t.Sources() {
			w.must(w.runner.SlowRound(context.Background(), t, s))
		}
	}
	w.work()
}

// pass lets hours go by, with a poll and the slow readings in each.
func (w *world) pass(hours int) {
	w.t.Helper()
	for range hours {
		w.clock.Advance(time.Hour)
		w.poll()
		w.slowly()
	}
}

func TestSweepFindsWhatMovesNoDate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key, n := w.pair("Pay")
	w.must(w.hub.AddLabels("ben", repo, n, "status:in-progress"))
	w.settle(3)
	w.must(w.hub.RenameLabel(repo, "status:in-progress", "status:review"))
	w.pass(30)
	w.expect(key, n, "In Review", "open status:review", "review")
}

func TestDeletedIssueIsFoundAndItsTwinLeftAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key, n := w.pair("Pay")
	other, m := w.pair("Another")
	before := w.writes()
	w.must(w.hub.DeleteIssue("acme", repo, n))
	w.pass(30)
	card := w.card(key)
	if away := card.Sides[kanban.GitHub].Away; away == nil || !away.Gone {
		t.Fatalf("the deleted issue: %+v\n%s", away, w.story(card))
	}
	if got := w.writes() - before; got != 0 {
		t.Errorf("%d writes because an issue is gone", got)
	}
	w.must(w.site.Transition("ana", key, "Start work", noEdit))
	w.must(w.site.Transition("ana", other, "Start work", noEdit))
	w.settle(3)
	w.expect(other, m, "In Progress", "open status:in-progress", "doing")
	if c := w.card(key); c.Status.Agreed != "doing" {
		t.Errorf("the card without its twin is in %s", c.Status.Agreed)
	}
}

func TestHiddenContainerProvesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key, _ := w.pair("Pay")
	w.must(w.hub.SetPermission(repo, "parley-bot", githubsim.None))
	w.pass(60)
	if away := w.card(key).Sides[kanban.GitHub].Away; away != nil && away.Gone {
		t.Errorf("a lost permission was taken for a deletion: %+v", away)
	}
	w.must(w.hub.SetPermission(repo, "parley-bot", githubsim.Write))
	w.must(w.site.Transition("ana", key, "Start work", noEdit))
	w.pass(12)
	w.expect(key, 1, "In Progress", "open status:in-progress", "doing")
}

func TestTransferredIssueKeepsItsTwin(t *testing.T) {
	t.Parallel()
	const to = "acme/web"
	w := newWorld(t, func(w *world) {
		w.repos = []string{to}
		w.must(w.hub.AddRepo(githubsim.Repo{Owner: "acme", Name: "web"}))
		w.must(w.hub.SetPermission(to, "parley-bot", githubsim.Write))
		w.must(w.hub.SetPermission(to, "ben", githubsim.Write))
	})
	key, n := w.pair("Pay")
	moved, err := w.hub.Transfer("acme", repo, n, to)
	w.must(err)
	w.must(w.site.Transition("ana", key, "Start work", noEdit))
	w.settle(10)
	card := w.card(key)
	if !card.Paired() || card.Sides[kanban.GitHub].Issue.Container != to || card.Sides[kanban.GitHub].Issue.Number != moved.Number {
		t.Fatalf("paired %t with %+v\n%s", card.Paired(), card.Sides[kanban.GitHub], w.story(card))
	}
	if i, err := w.hub.Issue(to, moved.Number); err != nil || len(i.Labels) != 1 || i.Labels[0] != "status:in-progress" {
		t.Errorf("the issue at its new place has %v, %v\n%s", i.Labels, err, w.story(card))
	}
}
