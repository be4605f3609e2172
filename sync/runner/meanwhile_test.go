package runner

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"parley/connectors"
	"parley/connectors/sim"
	"parley/connectors/sim/jirasim"
	"parley/mapping"
)

// A reading of many pages stops between two of them when something else is told to be
// quiet meanwhile, and goes on afterwards where it was.
func TestAReadingStopsWhenQuietIsAskedForMeanwhile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const issues = 450
	for i := range issues {
		_, err := w.site.Create("ana", jirasim.NewIssue{Project: "OPS", Type: "Story", Summary: fmt.Sprint("Work ", i)})
		w.must(err)
		w.clock.Advance(time.Second)
	}
	w.clock.Advance(time.Hour)
	jira, pages := w.runner.Trackers[0], 0
	w.after = func(r *http.Request) error {
		if strings.HasSuffix(r.URL.Path, "/search/jql") {
			if pages++; pages == 2 { // a read of a card is refused while this answer is on its way
				w.runner.refused(t.Context(), &connectors.Error{Kind: connectors.RateLimit, Tracker: "jira", RetryAt: w.clock.Now().Add(time.Minute)}, "jira", looking())
			}
		}
		return nil
	}
	w.must(w.runner.PollSource(t.Context(), jira, ""))
	if n, err := w.store.Counts(t.Context()); err != nil || pages != 2 || n.Cards != 200 {
		t.Fatalf("%d pages and %d cards, %v; want two pages, then quiet", pages, n.Cards, err)
	}
	w.clock.Advance(time.Minute + time.Second)
	w.must(w.runner.PollSource(t.Context(), jira, ""))
	if n, err := w.store.Counts(t.Context()); err != nil || pages != 5 || n.Cards != issues {
		t.Errorf("%d pages and %d cards in the end, %v", pages, n.Cards, err)
	}
}

// Before a twin is created its source is read; what GitHub asked for while Jira took its
// time holds for the create.
func TestATwinIsNotCreatedIntoAQuietAskedForMeanwhile(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mirroring(mapping.MirrorJiraToGitHub))
	w.settle(2)
	_, err := w.site.Create("ana", jirasim.NewIssue{Project: "OPS", Type: "Story", Summary: "Pay faster"})
	w.must(err)
	told := false
	w.site.SetFaults(func(r *http.Request) sim.Fault {
		if r.Method == http.MethodGet && strings.Contains(r.URL.RawQuery, "expand=changelog") && !told {
			told = true
			w.runner.refused(t.Context(), &connectors.Error{Kind: connectors.RateLimit, Tracker: "github", RetryAt: w.clock.Now().Add(time.Hour)}, "github", looking())
		}
		return sim.Fault{}
	})
	before := len(w.hub.Log().Mutations())
	w.settle(5)
	if got := len(w.hub.Log().Mutations()) - before; !told || got != 0 {
		t.Errorf("told: %v; %d writes into the quiet", told, got)
	}
	w.clock.Advance(2 * time.Hour)
	w.settle(5)
	if n := len(w.issues()); n != 1 {
		t.Errorf("%d twins in the end", n)
	}
}
