package runner

import (
	"context"
	"fmt"
	"testing"

	"parley/connectors/sim/githubsim"
	"parley/kanban"
	"parley/sync/store"
)

// A repository gets another name while Parley runs, and once more before it starts
// again: both directions go on, and no card is lost or doubled.
func TestRenamedRepositoryGoesOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key, n := w.pair("Reconcile positions")
	cards := w.cards()
	name := repo
	for i, step := range []string{"Start work", "Back to work"} {
		to := []string{"acme/pay", "bolt/money"}[i]
		w.must(w.hub.RenameRepo(name, to))
		name = to
		w.must(w.hub.SetPermission(name, "ben", githubsim.Write))
		w.must(w.site.Transition("ana", key, step, noEdit))
		w.settle(3)
		if i, err := w.hub.Issue(name, n); err != nil || len(i.Labels) != 1 || i.Labels[0] != "status:in-progress" {
			t.Errorf("after the name %s Jira's change is not there: %+v, %v\n%s", name, i, err, w.story(w.card(key)))
		}
		w.must(w.hub.RemoveLabel("ben", name, n, "status:in-progress"))
		w.must(w.hub.AddLabels("ben", name, n, "status:review"))
		w.settle(3)
		if i, _ := w.site.Issue(key); i.StatusName != "In Review" {
			t.Errorf("after the name %s GitHub's change is not there: %q\n%s", name, i.StatusName, w.story(w.card(key)))
		}
		w.must(w.store.Close())
		w.start()
		w.settle(1)
	}
	card := w.card(key)
	if at := card.Sides[kanban.GitHub].Issue; at.Key != fmt.Sprintf("%s#%d", repo, n) || at.Container != repo || w.cards() != cards {
		t.Errorf("the card knows the issue as %+v; %d cards, want %d", at.Ref, w.cards(), cards)
	}
}

// cards counts the cards there are.
func (w *world) cards() int {
	w.t.Helper()
	faces, err := w.store.Faces(context.Background(), store.FaceQuery{})
	w.must(err)
	return len(faces)
}
