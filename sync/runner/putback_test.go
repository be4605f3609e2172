package runner

import (
	"context"
	"errors"
	"strings"
	"testing"

	"parley/connectors"
	"parley/connectors/sim/jirasim"
	"parley/kanban"
	"parley/kanban/contract"
	"parley/sync/engine"
	"parley/sync/remark"
)

// restoring is a world in which a priority was raised over a contract.
type restoring struct {
	*world

	key string
}

func newRestoring(t *testing.T) *restoring {
	t.Helper()
	w := &restoring{world: newWorld(t)}
	i, err := w.site.Create("ana", jirasim.NewIssue{Project: "OPS", Type: "Story", Summary: "Pay faster"})
	w.must(err)
	w.key = i.Key
	w.must(w.site.Edit("ana", w.key, jirasim.Edit{Priority: new("High")}))
	w.settle(2)
	return w
}

// back asks for the priority to be put back, as the contract does once nobody chose.
func (w *restoring) back() error {
	card := w.card(w.key)
	e := contract.Event{ID: "over/1/put-back", At: w.clock.Now(), Card: card.ID, Kind: contract.PutBack, Who: "contract", Unit: "trading"}
	in := engine.Intent{Key: e.ID, Card: card.ID, Field: kanban.FieldPriority, To: "low", Actor: "the contract with Trading"}
	why := remark.Wish{Key: "over/1/back", Issue: connectors.Ref{Tracker: "jira", ID: card.Sides[kanban.Jira].Issue.ID, Key: w.key, Container: "OPS"}, Body: "Nobody chose in time.", Reason: "it was over the contract"}
	return w.runner.PutBack(context.Background(), in, e, why)
}

// expect holds the three that belong together to be there all or none, and once.
func (w *restoring) expect(at int, done bool) {
	w.t.Helper()
	decisions, err := w.store.Decisions(context.Background())
	w.must(err)
	i, _ := w.site.Issue(w.key)
	said := 0
	for _, c := range i.Comments {
		if strings.Contains(c.Body, "Nobody chose in time.") {
			said++
		}
	}
	priority, n := "High", 0
	if done {
		priority, n = "Low", 1
	}
	if len(decisions) != n || said != n || i.PriorityName != priority || w.card(w.key).Priority.Agreed != kanban.Value(strings.ToLower(priority)) {
		w.t.Errorf("dead at commit %d: %d decisions, said %d times, %s in Jira and %s on the board; done: %v\n%s", at, len(decisions), said, i.PriorityName, w.card(w.key).Priority.Agreed, done, w.story(w.card(w.key)))
	}
}

// TestAPriorityIsPutBackAfterACrashAnywhere ends the process at each of its commits: before
// the first of them nothing is done, and after it everything is, once, however often it is asked.
func TestAPriorityIsPutBackAfterACrashAnywhere(t *testing.T) {
	t.Parallel()
	deaths := 0
	for at := 0; ; at++ {
		w := newRestoring(t)
		w.runner.Store = &mortal{w.store, at}
		err := w.back()
		for n := 1; err == nil && n > 0; {
			n, err = w.runner.WorkDue(context.Background())
		}
		dead := errors.Is(err, errDead)
		if !dead {
			w.must(err)
		}
		w.start()
		w.must(w.runner.TakeUp(t.Context()))
		w.settle(4)
		if at == 0 {
			w.expect(at, false)
			w.must(w.back())
		}
		w.must(w.back())
		w.settle(4)
		w.expect(at, true)
		if !dead || t.Failed() {
			break
		}
		deaths++
	}
	if deaths < 4 {
		t.Errorf("it died in %d places only", deaths)
	}
}
