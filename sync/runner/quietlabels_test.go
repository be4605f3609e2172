package runner

import (
	"net/http"
	"strings"
	"testing"

	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/jirasim"
)

// A label that GitHub says to have taken off and leaves where it was is refused, and not
// taken off time and again.
func TestALabelThatStaysIsNotTakenOffForEver(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(w *world) { w.gitHub(githubsim.Options{QuietLabels: true}) })
	key, n := w.pair("Reconcile positions")
	w.must(w.hub.AddLabels("ben", repo, n, "status:review"))
	w.settle(5)
	w.expect(key, n, "In Review", "open status:review", "review")
	w.must(w.hub.SetPermission(repo, "parley-bot", githubsim.Read))
	w.must(w.site.Transition("ana", key, "Finish", jirasim.Edit{Resolution: new("Done")}))
	w.settle(5)
	tried := 0
	for _, r := range w.hub.Log().Mutations() {
		if r.Method == http.MethodDelete && strings.Contains(r.Path, "/labels/") {
			tried++
		}
	}
	if tried != 1 {
		t.Errorf("it was taken off %d times\n%.2000s", tried, w.story(w.card(key)))
	}
}
