package runner

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"parley/connectors/sim"
	"parley/connectors/sim/jirasim"
	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/store"
)

// status is the id of a status.
func (w *world) status(name string) string {
	w.t.Helper()
	dir, _ := w.runner.dirs.of("jira")
	for _, s := range dir.Statuses {
		if s.Name == name {
			return s.ID
		}
	}
	w.t.Fatalf("no status %q", name)
	return ""
}

// way makes a step of the workflow known.
func (w *world) way(from, to string, seen time.Time) {
	w.t.Helper()
	_, err := w.store.Commit(w.t.Context(), store.Commit{Now: w.clock.Now(), Edges: []store.Edge{
		{Tracker: "jira", Project: "OPS", Type: "Story", From: w.status(from), To: w.status(to), SeenAt: seen},
	}})
	w.must(err)
}

// knows reports whether a step of the workflow is known.
func (w *world) knows(from, to string) bool {
	w.t.Helper()
	edges, err := w.store.Edges(w.t.Context(), "jira", "OPS", "Story")
	w.must(err)
	for _, e := range edges {
		if e.From == w.status(from) && e.To == w.status(to) {
			return true
		}
	}
	return false
}

// ask drags a card.
func (w *world) ask(key string, to kanban.ColumnKey) {
	w.t.Helper()
	card := w.card(key)
	_, err := w.runner.Intend(w.t.Context(), engine.Intent{Key: "k", Card: card.ID, Field: kanban.FieldStatus, To: kanban.Value(to), Rev: card.Rev})
	w.must(err)
	w.work()
}

func TestAWayNotSeenForAWeekIsNotTaken(t *testing.T) {
	t.Parallel()
	for age, want := range map[time.Duration]string{keepEdges - time.Hour: "In Review", keepEdges + time.Hour: "Done"} {
		w := newWorld(t)
		done, err := w.site.Create("ana", jirasim.NewIssue{Project: "OPS", Type: "Story", Summary: "Shipped", Status: "Done"})
		w.must(err)
		w.settle(1)
		w.way("In Progress", "In Review", w.clock.Now().Add(-age))
		w.ask(done.Key, "review")
		w.settle(1)
		if i, _ := w.site.Issue(done.Key); i.StatusName != want {
			t.Errorf("a way seen %v ago: the issue is %q, want %q", age, i.StatusName, want)
		}
	}
}

func TestARefusedStepIsForgotten(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key, _ := w.pair("Reconcile positions")
	w.way("To Do", "Done", w.clock.Now()) // somebody took it once; it is not offered
	w.site.SetFaults(func(r *http.Request) sim.Fault {
		if r.Method != http.MethodPost || !strings.HasSuffix(r.URL.Path, "/transitions") {
			return sim.Fault{}
		}
		if !w.knows("To Do", "In Progress") {
			t.Error("the step was not learned before it was taken")
		}
		return sim.Fault{Name: "400", Status: 400, Header: map[string]string{"Content-Type": "application/json"}, Body: `{"errorMessages":["a validator says no"],"errors":{}}`}
	})
	w.ask(key, "doing")
	w.settle(3) // until it is not tried again
	if w.knows("To Do", "In Progress") || w.knows("To Do", "Done") {
		t.Error("a step that was refused, or is not offered, is still known")
	}
}
