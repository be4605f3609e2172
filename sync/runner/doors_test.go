package runner

import (
	"testing"
	"time"

	"parley/connectors"
	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/jirasim"
	"parley/mapping"
)

// Two trackers have asked for quiet, and a twin is to be created in each of them from an
// issue of the other. Who is let through the door of one alone must not wait at the door of
// the other: each would keep out the one that opens it, and with them all other requests.
func TestTwoCreatesDoNotKeepEachOtherOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mirroring(mapping.MirrorBoth))
	w.must(w.runner.lease(t.Context()))
	w.settle(2) // all was read, so that twins can be created
	i, err := w.site.Create("ana", jirasim.NewIssue{Project: "OPS", Type: "Story", Summary: "Pay faster"})
	w.must(err)
	_, err = w.hub.CreateIssue("ben", repo, githubsim.NewIssue{Title: "Tidy up"})
	w.must(err)
	w.clock.Advance(30 * time.Second)
	for _, tr := range w.runner.Trackers {
		for _, s := range tr.Sources() {
			w.must(w.runner.PollSource(t.Context(), tr, s))
		}
	}
	w.must(w.runner.LinkRound(t.Context(), w.runner.Trackers[0]))
	for _, tr := range w.runner.Trackers {
		w.runner.gates.note(refusal(connectors.RateLimit, ""), w.clock.Now(), tr.Name, looking())
	}
	for range 180 { // the longer pause is one of a minute and a bit
		w.clock.Advance(time.Second)
		w.work()
	}
	if !w.together(i.Key) || !w.together(repo+"#1") {
		t.Errorf("no twins after three minutes\n%s%s", w.story(w.card(i.Key)), w.story(w.card(repo+"#1")))
	}
	for _, tr := range w.runner.Trackers {
		if until := w.runner.gates.shut(w.clock.Now(), tr.Name, looking()); !until.IsZero() {
			t.Errorf("%s is held back until %v", tr.Name, until)
		}
	}
}
