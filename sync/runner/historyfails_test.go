package runner

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/connectors"
	"parley/connectors/sim"
	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/jirasim"
	"parley/sync/store"
)

func TestOneHistoryThatFailsStopsNoOther(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var numbers []int
	for i := range 5 {
		g, err := w.hub.CreateIssue("ben", repo, githubsim.NewIssue{Title: fmt.Sprintf("Work %d", i)})
		w.must(err)
		w.switched(g.Number, 3)
		numbers = append(numbers, g.Number)
	}
	w.begin()
	w.must(w.hub.DeleteIssue("acme", repo, numbers[1]))
	failing := true
	at := func(n int) string { return fmt.Sprintf("/issues/%d/events", numbers[n]) }
	w.hub.SetFaults(func(r *http.Request) sim.Fault {
		switch {
		case strings.HasSuffix(r.URL.Path, "/issues/events"):
			return sim.Fault{Name: "422", Status: http.StatusUnprocessableEntity, Body: `{"message":"too far"}`}
		case failing && strings.HasSuffix(r.URL.Path, at(0)):
			return sim.Fault{Name: "502", Status: http.StatusBadGateway}
		case failing && strings.HasSuffix(r.URL.Path, at(2)):
			return sim.Fault{Name: "404", Status: http.StatusNotFound, Body: `{"message":"Not Found"}`}
		case failing && strings.HasSuffix(r.URL.Path, at(3)):
			return sim.Fault{Name: "odd", Status: http.StatusOK, Body: `[{"id":"x"}]`}
		}
		return sim.Fault{}
	})
	w.recall()
	if diff := cmp.Diff(store.HistoryTally{Issues: 5, Whole: 1, Refused: 3}, w.tally("github")); diff != "" {
		t.Errorf("after one round (-want +got):\n%s", diff)
	}
	asked := w.hub.Log().Len()
	w.recall()
	if n := w.hub.Log().Len() - asked; n != 0 {
		t.Errorf("%d requests at once for what has just failed", n)
	}
	failing = false
	w.clock.Advance(2 * setAside)
	w.recall()
	if n := w.tally("github"); n.Whole != 2 || n.Left() != 0 {
		t.Errorf("after the tracker has recovered: %+v", n)
	}
	w.clock.Advance(historyAgain)
	w.recall()
	if n := w.tally("github"); n.Whole != 4 || n.Refused != 1 {
		t.Errorf("a day later: %+v", n)
	}
	w.recorded()
}

// TestHiddenIssueInABatch asks Jira about many, of which it does not show one.
func TestHiddenIssueInABatch(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var keys []string
	for range 4 {
		v, err := w.site.Create("ana", jirasim.NewIssue{Project: "OPS", Type: "Story", Summary: "Request"})
		w.must(err)
		w.renamed(v.Key, 45)
		keys = append(keys, v.Key)
	}
	w.begin()
	w.must(w.site.Delete("ana", keys[1]))
	w.site.RestrictLevel("Board", "ana")
	w.must(w.site.Edit("ana", keys[2], jirasim.Edit{Security: new("Board")}))
	w.recall()
	if diff := cmp.Diff(store.HistoryTally{Issues: 4, Whole: 2, Refused: 2}, w.tally("jira")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, key := range []string{keys[0], keys[3]} {
		v, _ := w.site.Issue(key)
		w.sameEntries(key, "jira", v.ID, jiraEntries(v))
	}
	if n := w.site.Log().Len(); n > 3 {
		t.Errorf("%d requests", n)
	}
}

// TestImportRestsWhereNothingIsShown does not ask a place that is hidden about issue after
// issue.
func TestImportRestsWhereNothingIsShown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i := range 20 {
		_, err := w.hub.CreateIssue("ben", repo, githubsim.NewIssue{Title: fmt.Sprintf("Work %d", i)})
		w.must(err)
	}
	w.begin()
	far := onFeed(1, sim.Fault{Name: "422", Status: http.StatusUnprocessableEntity, Body: `{"message":"no"}`})
	w.hub.SetFaults(func(r *http.Request) sim.Fault {
		if f := far(r); f.Status != 0 {
			return f
		}
		return sim.Fault{Name: "404", Status: http.StatusNotFound, Body: `{"message":"Not Found"}`}
	})
	for range 30 {
		w.clock.Advance(time.Minute)
		w.recall()
	}
	if n := w.hub.Log().Len(); n != 1+hiddenInARow {
		t.Errorf("%d requests in half an hour", n)
	}
	w.hub.SetFaults(far)
	w.clock.Advance(historyRest)
	w.recall()
	if n := w.tally("github"); n.Whole != 20-hiddenInARow || n.Refused != hiddenInARow {
		t.Errorf("shown again: %+v", n)
	}
	w.clock.Advance(historyAgain)
	w.recall()
	if n := w.tally("github"); n.Whole != 20 {
		t.Errorf("a day later: %+v", n)
	}
}

// TestWhatIsRefusedForGoodIsNotMissing has the tracker refuse some histories for good: they
// count as told while they are asked for again, at the pace of a place that is hidden.
func TestWhatIsRefusedForGoodIsNotMissing(t *testing.T) {
	t.Parallel()
	for status, refused := range map[int]string{http.StatusForbidden: "403", http.StatusNotFound: "404", http.StatusGone: "410"} {
		t.Run(refused, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			const issues = hiddenInARow + 2
			for i := range issues {
				_, err := w.hub.CreateIssue("ben", repo, githubsim.NewIssue{Title: fmt.Sprintf("Work %d", i)})
				w.must(err)
			}
			w.begin()
			far := onFeed(1, sim.Fault{Name: "422", Status: http.StatusUnprocessableEntity, Body: `{"message":"no"}`})
			w.hub.SetFaults(func(r *http.Request) sim.Fault {
				if f := far(r); f.Status != 0 {
					return f
				}
				return sim.Fault{Name: refused, Status: status, Body: `{"message":"no"}`}
			})
			for range 4 {
				w.recall()
				w.clock.Advance(historyRest)
			}
			none := func(when string) {
				t.Helper()
				rows, err := w.store.Unrecorded(t.Context(), "github", nil, "", 0)
				if n := w.tally("github"); err != nil || len(rows) != 0 || n.Refused != issues {
					t.Errorf("%s: %d histories are waited for, %+v, %v", when, len(rows), n, err)
				}
			}
			none("refused")
			w.clock.Advance(historyAgain)
			w.recall()
			none("refused again")
			if status == http.StatusGone {
				return // a deleted issue comes back no more
			}
			w.hub.SetFaults(far)
			w.clock.Advance(historyRest)
			w.recall()
			if n := w.tally("github"); n.Whole != issues-(hiddenInARow-2) || n.Left() != 0 { // two of those in a row were the last ones before
				t.Errorf("shown while they are asked for again: %+v", n)
			}
			w.clock.Advance(historyAgain)
			w.recall()
			if n := w.tally("github"); n.Whole != issues {
				t.Errorf("a day later: %+v", n)
			}
		})
	}
}

// TestImportLeavesTheQuotaToOthers imports with a quota that does not suffice, and polls.
func TestImportLeavesTheQuotaToOthers(t *testing.T) {
	t.Parallel()
	const quota = 400
	w := newWorld(t, func(w *world) {
		w.budget = true
		w.gitHub(githubsim.Options{Limits: githubsim.Limits{Hourly: quota}})
	})
	w.must(w.runner.lease(t.Context()))
	for i := range 300 {
		w.clock.Advance(time.Second)
		_, err := w.hub.CreateIssue("ben", repo, githubsim.NewIssue{Title: fmt.Sprintf("Work %d", i)})
		w.must(err)
	}
	w.begin()
	paused := time.Time{}
	for range 3 * 60 {
		w.clock.Advance(time.Minute)
		w.hub.SetFaults(onFeed(1, sim.Fault{Name: "422", Status: http.StatusUnprocessableEntity, Body: `{"message":"no"}`}))
		w.recall()
		w.hub.SetFaults(nil)
		w.must(w.runner.PollSource(t.Context(), w.runner.Trackers[1], repo))
		if _, st := w.github(); !st.OKAt.Equal(w.clock.Now()) {
			t.Fatalf("a poll failed: %s", st.Error)
		}
		for _, p := range w.pauses() {
			if p.Class != string(connectors.ClassBackground) {
				t.Fatalf("paused: %+v", p)
			}
			paused = p.Until
		}
	}
	perHour := map[int]int{}
	for _, r := range w.hub.Log().Requests() {
		if r.Status == http.StatusForbidden || r.Status == http.StatusTooManyRequests {
			t.Errorf("%s %s was refused", r.Method, r.Path)
		}
		if strings.Contains(r.Path, "/issues/") && strings.HasSuffix(r.Path, "/events") {
			perHour[int(r.At.Sub(monday)/time.Hour)]++
		}
	}
	for hour, n := range perHour {
		if n > quota/2 {
			t.Errorf("%d histories were asked for in hour %d, of a quota of %d", n, hour, quota)
		}
	}
	if paused.IsZero() || w.tally("github").Left() != 0 || len(perHour) < 2 {
		t.Errorf("paused until %v, %+v, requests %v", paused, w.tally("github"), perHour)
	}
}

// TestAPageOfHistoriesThatAlwaysFailsEndsNothing asks for a batch, and for a page of the
// feed, that the tracker is never able to tell, while it answers all else.
func TestAPageOfHistoriesThatAlwaysFailsEndsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range 4 {
		v, err := w.site.Create("ana", jirasim.NewIssue{Project: "OPS", Type: "Story", Summary: "Request"})
		w.must(err)
		w.renamed(v.Key, 45)
		g, err := w.hub.CreateIssue("ben", repo, githubsim.NewIssue{Title: "Work"})
		w.must(err)
		w.switched(g.Number, 60)
	}
	w.begin()
	broken := sim.Fault{Name: "500", Status: http.StatusInternalServerError}
	w.hub.SetFaults(onFeed(2, broken))
	w.site.SetFaults(func(r *http.Request) sim.Fault {
		if strings.HasSuffix(r.URL.Path, "/changelog/bulkfetch") {
			return broken
		}
		return sim.Fault{}
	})
	for range 2 * patience {
		w.recall()
		w.clock.Advance(2 * setAside)
		w.settle(1) // polls go well
	}
	for _, tracker := range []string{"jira", "github"} {
		if n := w.tally(tracker); n.Left() != 0 || n.Refused != 0 {
			t.Errorf("%s: %+v", tracker, n)
		}
	}
	w.recorded()
}
