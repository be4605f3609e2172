package runner

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"parley/connectors/sim"
	"parley/kanban"
)

// TestAPermissionGivenBackIsSoonNoticed: an issue that could not be read for hours is looked
// for ever more rarely. Nothing about it changes when it is back, but a slow reading brings it.
func TestAPermissionGivenBackIsSoonNoticed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key, n := w.pair("Pay")
	w.must(w.site.Transition("ana", key, "Start work", noEdit))
	w.hub.SetFaults(func(r *http.Request) sim.Fault {
		if strings.HasPrefix(r.URL.Path, "/repos/"+repo) {
			return sim.Fault{Name: "404", Status: http.StatusNotFound, Body: `{"message":"Not Found"}`}
		}
		return sim.Fault{}
	})
	w.pass(9)
	if side := w.card(key).Sides[kanban.GitHub]; side.Away == nil || side.Problem.Until.Before(w.clock.Now().Add(time.Hour)) {
		t.Fatalf("the issue is away: %+v, and not looked for: %+v", side.Away, side.Problem)
	}
	w.hub.SetFaults(nil)
	for range 22 {
		w.clock.Advance(time.Minute)
		w.poll()
		w.slowly()
	}
	w.expect(key, n, "In Progress", "open status:in-progress", "doing")
}
