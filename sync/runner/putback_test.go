package runner

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"parley/connectors"
	"parley/connectors/sim"
	"parley/connectors/sim/jirasim"
	"parley/internal/race"
	"parley/kanban"
	"parley/kanban/contract"
	"parley/sync/engine"
	"parley/sync/remark"
	"parley/sync/store"
)

// restoring is a world in which a priority was raised over a contract.
type restoring struct {
	*world

	key    string
	raised time.Time
}

func newRestoring(t *testing.T) *restoring {
	t.Helper()
	w := &restoring{world: newWorld(t)}
	i, err := w.site.Create("ana", jirasim.NewIssue{Project: "OPS", Type: "Story", Summary: "Pay faster"})
	w.must(err)
	w.key = i.Key
	w.must(w.site.Edit("ana", w.key, jirasim.Edit{Priority: new("High")}))
	w.raised = w.clock.Now()
	w.settle(2)
	return w
}

// back asks for the priority to be put back, as the contract does once nobody chose.
func (w *restoring) back() error {
	card := w.card(w.key)
	e := contract.Event{ID: "over/1/put-back", At: w.clock.Now(), Card: card.ID, Kind: contract.PutBack, Who: "contract", Unit: "trading"}
	raised := kanban.Value("high")
	in := engine.Intent{Key: e.ID, Card: card.ID, Field: kanban.FieldPriority, To: "low", Expect: &raised, Actor: "the contract with Trading"}
	why := remark.Wish{Key: "over/1/back", Issue: connectors.Ref{Tracker: "jira", ID: card.Sides[kanban.Jira].Issue.ID, Key: w.key, Container: "OPS"}, Body: "Nobody chose in time.", Reason: "it was over the contract"}
	return w.runner.PutBack(context.Background(), Setback{Intent: in, Raised: w.raised, Decision: e, Why: why})
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

// along lets everything go on until nothing is under way.
func (w *restoring) along() {
	w.t.Helper()
	for range 3 {
		w.settle(2)
		w.must(w.runner.WorkBacks(context.Background()))
	}
	w.settle(2)
}

// TestAPriorityIsPutBackAfterACrashAnywhere ends the process at each of its commits: before
// the first of them nothing is done, and after it everything is, once, however often it is asked.
func TestAPriorityIsPutBackAfterACrashAnywhere(t *testing.T) {
	t.Parallel()
	deaths, stride := 0, race.Of(1, 3) // each death is a story of its own
	for at := 0; ; at += stride {
		w := newRestoring(t)
		w.runner.Store = dying(w.store, at)
		err := w.back()
		for n := 1; err == nil && n > 0; {
			if n, err = w.runner.WorkDue(context.Background()); err == nil {
				err = w.runner.WorkBacks(context.Background())
			}
		}
		dead := errors.Is(err, errDead)
		if !dead {
			w.must(err)
		}
		w.start()
		w.must(w.runner.TakeUp(t.Context()))
		w.along()
		if at == 0 {
			w.expect(at, false)
			w.must(w.back())
		}
		w.must(w.back())
		w.along()
		w.expect(at, true)
		if !dead || t.Failed() {
			break
		}
		deaths++
	}
	if deaths*stride < 4 {
		t.Errorf("it died in %d places only", deaths)
	}
}

// TestNothingIsPutBackOverAPerson holds that whoever set something else, or chose, since the
// priority was raised has their way, and that nothing is said then.
func TestNothingIsPutBackOverAPerson(t *testing.T) {
	t.Parallel()
	chose := func(w *restoring, after time.Duration) {
		e := contract.Event{ID: "decided/1", At: w.raised.Add(after).UTC(), Kind: contract.Chose, Card: w.card(w.key).ID, Choice: contract.WaitFor, Who: "mia"}
		_, err := w.store.Commit(context.Background(), store.Commit{Now: w.clock.Now(), Decisions: []contract.Event{e}})
		w.must(err)
	}
	for name, c := range map[string]struct {
		before func(w *restoring)
		want   string // the priority in Jira
		said   int
	}{
		"nobody did":         {func(*restoring) {}, "Low", 1},
		"for a raise before": {func(w *restoring) { chose(w, -time.Minute) }, "Low", 1},
		"somebody chose":     {func(w *restoring) { chose(w, time.Minute) }, "High", 0},
		"somebody set another one": {func(w *restoring) {
			w.must(w.site.Edit("ana", w.key, jirasim.Edit{Priority: new("Medium")}))
			w.settle(2)
		}, "Medium", 0},
		"somebody asked for a swap": {func(w *restoring) {
			other, err := w.site.Create("ana", jirasim.NewIssue{Project: "OPS", Type: "Story", Summary: "Wait"})
			w.must(err)
			w.settle(2)
			_, err = w.runner.Swap(context.Background(), store.Trade{Unit: "trading", Trade: contract.Trade{ID: "s1", Phase: contract.Lowering,
				Down: contract.Half{Card: w.card(other.Key).ID, From: "high", To: "low"}, Up: contract.Half{Card: w.card(w.key).ID, From: "high", To: "high"}}})
			w.must(err)
		}, "High", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newRestoring(t)
			c.before(w)
			w.must(w.back())
			w.along()
			w.tells(c.want, c.said)
		})
	}
}

// tells holds the priority in Jira, and how often it was said why.
func (w *restoring) tells(priority string, said int) {
	w.t.Helper()
	i, _ := w.site.Issue(w.key)
	n := 0
	for _, c := range i.Comments {
		n += strings.Count(c.Body, "Nobody chose in time.")
	}
	if i.PriorityName != priority || n != said {
		w.t.Errorf("it is %s, and %d comments say why; want %s and %d\n%s", i.PriorityName, n, priority, said, w.story(w.card(w.key)))
	}
}

// TestWhatCannotBePutBackIsNotSaidToBe holds that the ticket says nothing until a tracker
// shows the change: one that is refused, or that somebody goes over, is recorded with the reason
// and not tried again.
func TestWhatCannotBePutBackIsNotSaidToBe(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault func(w *restoring) sim.Fault
		want  string
		note  string
	}{
		"refused": {func(*restoring) sim.Fault { return refusing() }, "High", "priority"},
		"somebody is quicker": {func(w *restoring) sim.Fault {
			w.must(w.site.Edit("ana", w.key, jirasim.Edit{Priority: new("Medium")}))
			return sim.Fault{Name: "down", Status: http.StatusServiceUnavailable}
		}, "Medium", "somebody set another priority meanwhile"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newRestoring(t)
			w.site.SetFaults(func(r *http.Request) sim.Fault {
				if r.Method != http.MethodPut {
					return sim.Fault{}
				}
				return c.fault(w)
			})
			w.must(w.back())
			w.must(w.runner.WorkBacks(t.Context()))
			w.tells("High", 0)
			w.along()
			w.must(w.back())
			w.along()
			w.tells(c.want, 0)
			all, err := w.store.Decisions(t.Context())
			if err != nil || len(all) != 1 || all[0].Kind != contract.PutBack || !strings.Contains(all[0].Note, c.note) {
				t.Errorf("%+v, %v", all, err)
			}
		})
	}
}
