package runner

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"parley/connectors/sim"
	"parley/mapping"
)

// TestATwinIsMadeOnceByAWrongClock loses the answer to a create that was sent by a clock that was
// ahead. What was made is dated by the tracker's clock: it seems older than its request.
func TestATwinIsMadeOnceByAWrongClock(t *testing.T) {
	t.Parallel()
	for name, after := range map[string]func(*world){
		"stays ahead":                  func(*world) {},
		"is set back while it runs":    func(w *world) { w.ahead.Store(0) },
		"is set back while it is down": func(w *world) { w.step(0) },
		"is set back, a day later":     func(w *world) { w.clock.Advance(24 * time.Hour); w.step(0) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, mirroring(mapping.MirrorJiraToGitHub))
			w.settle(1)
			w.step(time.Hour)
			w.settle(1)
			lost := 0
			w.hub.SetFaults(func(r *http.Request) (f sim.Fault) {
				if lost == 0 && r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/issues") {
					lost++
					f = sim.Fault{Name: "lost", Lost: true}
				}
				return f
			})
			key := w.requests(1)[0]
			w.poll()
			w.work()
			if lost != 1 || len(w.issues()) != 1 {
				t.Fatalf("%d answers were lost, and %d twins are there", lost, len(w.issues()))
			}
			after(w)
			w.pass(26)
			if n := len(w.issues()); n != 1 || !w.together(key) {
				t.Errorf("%d twins of one issue: %+v", n, w.card(key).Mirror)
			}
		})
	}
}
