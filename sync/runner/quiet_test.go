package runner

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"parley/connectors/sim"
	"parley/connectors/sim/jirasim"
	"parley/kanban"
)

// busy answers the first n transitions with a request for quiet.
func busy(n int) sim.Faults {
	return func(r *http.Request) sim.Fault {
		if n == 0 || r.Method != http.MethodPost || !strings.HasSuffix(r.URL.Path, "/transitions") {
			return sim.Fault{}
		}
		n--
		return sim.Fault{Name: "429", Status: http.StatusTooManyRequests, Header: map[string]string{"Retry-After": "20", "Content-Type": "application/json"}, Body: `{"errorMessages":["slow down"]}`}
	}
}

// A tracker that asks for quiet has done nothing: neither was the step taken, nor does
// it count as one of the few that a way may have.
func TestAskedForQuietTheWayGoesOnLater(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		refused             int
		label, status, card string
	}{
		"before the first of two steps": {1, "status:review", "In Review", "review"},
		"more often than a way is long": {7, "status:in-progress", "In Progress", "doing"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			key, n := w.pair("Reconcile positions")
			w.site.SetFaults(busy(c.refused))
			w.must(w.hub.AddLabels("ben", repo, n, c.label))
			w.settle(40)
			w.expect(key, n, c.status, "open "+c.label, c.card)
			known, err := w.store.Edges(t.Context(), "jira", "OPS", "Story")
			w.must(err)
			for _, e := range known {
				if e.From == e.To {
					t.Errorf("learned a step from %s to itself", e.From)
				}
			}
		})
	}
}

func TestBodiesAreNotKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key, n := w.pair("Reconcile positions")
	w.must(w.site.Edit("ana", key, jirasim.Edit{Description: new("the salary of bob")}))
	w.settle(2)
	w.must(w.hub.AddLabels("ben", repo, n, "priority:high"))
	w.clock.Advance(30 * time.Second)
	w.poll() // the answer to our write carries the whole issue
	for _, s := range kanban.Sides {
		if body := w.card(key).Sides[s].Issue.Body; body != "" {
			t.Errorf("%s: kept %q", s, body)
		}
	}
}
