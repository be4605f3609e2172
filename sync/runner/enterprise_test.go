package runner

import (
	"testing"

	"parley/connectors/sim/githubsim"
	"parley/kanban"
	"parley/mapping"
)

// enterprise puts an Enterprise Server of old in GitHub's place.
func enterprise(w *world) {
	w.gitHub(githubsim.Options{Enterprise: &githubsim.Enterprise{Version: "3.4.1", NoReasons: true}})
	w.root = "/api/v3"
}

func TestEnterpriseServerBothWays(t *testing.T) {
	t.Parallel()
	w := newWorld(t, enterprise)
	key, n := w.pair("Reconcile positions")
	w.must(w.site.Transition("ana", key, "Start work", noEdit))
	w.settle(2)
	w.expect(key, n, "In Progress", "open status:in-progress", "doing")
	w.must(w.hub.SetState("ben", repo, n, "closed", "not_planned"))
	w.settle(3)
	w.expect(key, n, "Done", "closed status:in-progress", "done")
	before := w.writes()
	w.settle(5)
	if got := w.writes(); got != before {
		t.Errorf("%d writes at rest", got-before)
	}
}

// A column that only a reason tells from another cannot be written on a server without
// reasons: nothing is closed for the wrong one, and the card says why.
func TestEnterpriseServerWithoutReasons(t *testing.T) {
	t.Parallel()
	w := newWorld(t, enterprise, func(w *world) {
		w.change = func(c *mapping.Config) {
			c.Columns[3].GitHub = []string{"closed:completed"}
			c.Columns = append(c.Columns, mapping.ColumnConfig{Key: "dropped", Name: "dropped", Category: kanban.Cancelled,
				Jira: []string{"Waiting"}, GitHub: []string{"closed:not_planned"}})
		}
	})
	key, n := w.pair("Reconcile positions")
	w.must(w.site.Transition("ana", key, "Start work", noEdit))
	w.settle(2)
	w.must(w.site.Transition("ana", key, "Wait", noEdit))
	w.settle(5)
	g, err := w.hub.Issue(repo, n)
	w.must(err)
	card := w.card(key)
	if i, _ := w.site.Issue(key); g.State != "open" || i.StatusName != "Waiting" || card.Status.Agreed != "dropped" {
		t.Errorf("#%d is %s, %s is %q, the card in %q\n%s", n, g.State, key, i.StatusName, card.Status.Agreed, w.story(card))
	}
	told := false
	for _, op := range card.Ops {
		told = told || op.Side == kanban.GitHub && op.State == "rejected" && op.Problem != ""
	}
	if !told {
		t.Errorf("nothing says why\n%s", w.story(card))
	}
}
