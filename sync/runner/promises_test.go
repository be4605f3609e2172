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
	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/jirasim"
	"parley/mapping"
	"parley/sync/reconcile"
	"parley/sync/store"
)

// TestNoWriteLeavesBeforeItsMarkIsStored is P6: at the moment in which a write arrives
// at a tracker, the journal says that it may have been sent.
func TestNoWriteLeavesBeforeItsMarkIsStored(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key, n := w.pair("Reconcile positions")
	seen := 0
	look := func(r *http.Request) sim.Fault {
		if r.Method == http.MethodGet || strings.Contains(r.URL.Path, "/search") {
			return sim.Fault{}
		}
		seen++
		ops, err := w.store.OpenOps(context.Background())
		if err != nil || len(ops) != 1 || ops[0].State != reconcile.Sending || ops[0].SentAt.IsZero() {
			t.Errorf("%s %s arrives, the journal says %+v, %v", r.Method, r.URL.Path, ops, err)
		}
		return sim.Fault{}
	}
	w.site.SetFaults(look)
	w.hub.SetFaults(look)
	w.must(w.site.Transition("ana", key, "Start work", jirasim.Edit{}))
	w.settle(2)
	w.must(w.hub.AddLabels("ben", repo, n, "priority:low"))
	w.settle(2)
	if seen < 2 {
		t.Errorf("%d writes arrived, want one in each tracker", seen)
	}
}

// TestADeposedRunnerStoresAndSendsNothing is P25: whose lease was taken over works on
// nothing any more, whatever it had begun.
func TestADeposedRunnerStoresAndSendsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key, _ := w.pair("Reconcile positions")
	w.must(w.runner.lease(t.Context()))
	w.must(w.site.Transition("ana", key, "Start work", jirasim.Edit{}))
	w.clock.Advance(30 * time.Second)
	w.must(w.runner.PollSource(t.Context(), w.runner.Trackers[0], w.runner.Trackers[0].Sources()[0]))
	_, err := w.store.Acquire(t.Context(), store.LeaseRunner, "the next one", leaseFor, w.clock.Now())
	w.must(err)
	before := len(w.site.Log().Mutations()) + len(w.hub.Log().Mutations())
	for range 5 {
		n, err := w.runner.WorkDue(t.Context())
		if n == 0 || !errors.Is(err, store.ErrFenced) {
			t.Fatalf("worked on %d cards, %v; want ErrFenced", n, err)
		}
	}
	if after := len(w.site.Log().Mutations()) + len(w.hub.Log().Mutations()); after > before {
		t.Errorf("%d writes were sent without the lease", after-before)
	}
}

// TestAnOlderRowIsNoNews is the token filter: a search that shows an issue as it was
// before the picture that is held brings nothing.
func TestAnOlderRowIsNoNews(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key, _ := w.pair("Reconcile positions")
	held := w.card(key).Sides[0].Issue
	row := func(at time.Time) int {
		i := held
		i.Title, i.Updated = "As it was", at
		news, err := w.runner.changed(t.Context(), []connectors.Observation{{Issue: i, Since: connectors.NoHistory}})
		w.must(err)
		return len(news)
	}
	if n := row(held.Updated.Add(-time.Second)); n != 0 {
		t.Error("an older row is taken in")
	}
	if n := row(held.Updated.Add(time.Second)); n != 1 {
		t.Error("a newer row is not taken in")
	}
}

func TestPartedStaysParted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key, n := w.pair("Reconcile positions")
	_, _, err := w.runner.Unlink(t.Context(), key, "lea")
	w.must(err)
	w.must(w.hub.Edit("ben", repo, n, githubsim.Edit{Title: new(key + " said once more")}))
	w.must(w.site.Edit("ana", key, jirasim.Edit{Summary: new("Reconcile all positions")}))
	w.settle(3)
	if c := w.card(key); c.Paired() {
		t.Error("two issues that were parted by hand are one card again")
	}
}

// TestOneIssueNeverStopsAnother holds that an issue whose step breaks is left out of its
// page, and the rest of the page is taken in.
func TestOneIssueNeverStopsAnother(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bad, _ := w.pair("Reconcile positions")
	good, err := w.site.Create("ana", jirasim.NewIssue{Project: "OPS", Type: "Story", Summary: "Before"})
	w.must(err)
	w.settle(2)
	ids := w.runner.NewID
	w.runner.NewID = func() string { panic("no id for this one") } // only what has to be written asks for one
	w.must(w.site.Transition("ana", bad, "Start work", jirasim.Edit{}))
	w.must(w.site.Edit("ana", good.Key, jirasim.Edit{Summary: new("After")}))
	w.settle(2)
	if title := w.face(good.Key).Title; title != "After" {
		t.Errorf("the issue beside a broken one still reads %q", title)
	}
	w.runner.NewID = ids
	w.clock.Advance(setAside)
	w.must(w.site.Edit("ana", bad, jirasim.Edit{Summary: new("Mended")}))
	w.settle(2)
	if c := w.card(bad); c.Status.Agreed != "doing" {
		t.Errorf("the broken one is never taken up again: %s", w.story(c))
	}
}

// TestBreakerHoldsUntilTheLastIsSettled is P22: what was too much stays held when people
// take some of it back and the rest alone would not have been too much, also over a restart.
func TestBreakerHoldsUntilTheLastIsSettled(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(w *world) { w.limits = Limits{Change: 0.2, Close: 1} })
	keys := w.crowd(60)
	before := w.writes()
	for i := range 25 {
		w.must(w.hub.AddLabels("ben", repo, i+1, "priority:high"))
	}
	w.settle(2)
	for i := range 10 {
		w.must(w.hub.SetLabels("ben", repo, i+1, "priority:medium"))
	}
	w.settle(3)
	if n := w.writes() - before; n != 0 || len(w.runner.Tripped()) != 1 {
		t.Fatalf("%d writes, tripped %v; want all of them held", n, w.runner.Tripped())
	}
	w.must(w.store.Close())
	w.start()
	w.must(w.runner.TakeUp(t.Context()))
	if w.settle(2); w.writes() != before || len(w.runner.Tripped()) != 1 {
		t.Fatalf("after a restart: %d writes, tripped %v", w.writes()-before, w.runner.Tripped())
	}
	w.approve(keys[:25])
	if w.settle(4); w.writes() == before || len(w.runner.Tripped()) != 0 {
		t.Errorf("let go: %d writes, tripped %v", w.writes()-before, w.runner.Tripped())
	}
}

// TestRestrictedIssueIsNotMirrored holds that no twin is made of what not everybody may read.
func TestRestrictedIssueIsNotMirrored(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(w *world) {
		mirroring(mapping.MirrorJiraToGitHub)(w)
		pairs := w.change
		w.change = func(c *mapping.Config) {
			pairs(c)
			c.Visibility.RestrictedLabels = []string{"confidential"}
		}
	})
	_, err := w.site.Create("ana", jirasim.NewIssue{Project: "OPS", Type: "Story", Summary: "A merger", Labels: []string{"confidential"}})
	w.must(err)
	open, err := w.site.Create("ana", jirasim.NewIssue{Project: "OPS", Type: "Story", Summary: "A report"})
	w.must(err)
	w.settle(6)
	if all := w.issues(); len(all) != 1 || !strings.Contains(all[0].Title+all[0].Body, open.Key) {
		t.Errorf("in GitHub there are %+v", all)
	}
}
