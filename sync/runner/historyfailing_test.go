package runner

import (
	"context"
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

// oneFails has GitHub answer what happened to one issue with a fault, and all else, but for
// the feed, as it should. It tells how many are waited for.
func oneFails(t *testing.T, f sim.Fault) (w *world, far sim.Faults, waited func() int) {
	t.Helper()
	w = newWorld(t)
	var numbers []int
	for i := range 3 {
		g, err := w.hub.CreateIssue("ben", repo, githubsim.NewIssue{Title: fmt.Sprintf("Work %d", i)})
		w.must(err)
		w.switched(g.Number, 3)
		numbers = append(numbers, g.Number)
	}
	w.begin()
	far = onFeed(1, sim.Fault{Name: "422", Status: http.StatusUnprocessableEntity, Body: `{"message":"too far"}`})
	w.hub.SetFaults(func(r *http.Request) sim.Fault {
		if strings.HasSuffix(r.URL.Path, fmt.Sprintf("/issues/%d/events", numbers[1])) {
			return f
		}
		return far(r)
	})
	return w, far, func() int {
		rows, err := w.store.Unrecorded(t.Context(), "github", nil, "", 0)
		w.must(err)
		return len(rows)
	}
}

// endless is a tracker that says of one issue that there is more history, and tells none.
type endless struct {
	connectors.Tracker

	number int
}

func (e endless) History(ctx context.Context, ref connectors.Ref, since int64) ([]connectors.Entry, bool, error) {
	if ref.Number == e.number {
		return nil, true, nil
	}
	return e.Tracker.History(ctx, ref, since)
}

// TestAHistoryThatAlwaysFailsIsNotWaitedForForEver has a tracker fail for days at what
// happened to one issue, or say again and again that there is more, while all else goes well:
// through restarts it is tried more and more seldom, counts as refused after days and not
// before, and comes back once it can be read.
func TestAHistoryThatAlwaysFailsIsNotWaitedForForEver(t *testing.T) {
	t.Parallel()
	for name, nowhere := range map[string]bool{"5xx": false, "leads nowhere": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, far, waited := oneFails(t, sim.Fault{Name: "500", Status: http.StatusInternalServerError})
			fails := func() {
				if hub := &w.runner.Trackers[1]; nowhere {
					hub.Tracker = endless{hub.Tracker, 2}
				}
			}
			if fails(); nowhere {
				w.hub.SetFaults(far)
			}
			began := w.clock.Now()
			for n := 0; w.clock.Now().Sub(began) < failsLong-time.Hour; n++ {
				w.settle(1) // polls go well
				w.recall()
				if waited() != 1 {
					t.Fatalf("%v after the first try %d are waited for", w.clock.Now().Sub(began), waited())
				}
				if n%5 == 4 {
					w.restart()
					fails()
				}
				w.clock.Advance(time.Hour)
			}
			progress, err := store.DecodeHistory(w.setting(store.SettingHistory + "github"))
			if err != nil || progress.Failing != 1 || progress.Left() != 1 {
				t.Errorf("it is told as %+v, %v", progress, err)
			}
			for range 10 {
				w.settle(1)
				w.recall()
				w.clock.Advance(time.Hour)
			}
			if diff := cmp.Diff(store.HistoryTally{Issues: 3, Whole: 2, Refused: 1}, w.tally("github")); diff != "" || waited() != 0 {
				t.Fatalf("after days %d are waited for (-want +got):\n%s", waited(), diff)
			}
			w.restart()
			fails()
			asked := w.hub.Log().Len()
			for range 12 {
				w.recall()
				w.clock.Advance(time.Hour)
			}
			if n := w.hub.Log().Len() - asked; n > 2 || waited() != 0 {
				t.Errorf("%d requests in half a day for one that counts as refused, %d are waited for", n, waited())
			}
			w.hub.SetFaults(far)
			w.restart()
			w.clock.Advance(historyAgain)
			w.recall()
			w.recall()
			if n := w.tally("github"); n.Whole != 3 {
				t.Errorf("it can be read again: %+v", n)
			}
			w.recorded()
		})
	}
}

// TestATrackerThatIsDownLosesNoHistory counts nothing against an issue while the polls of its
// tracker fail as well, in whatever way.
func TestATrackerThatIsDownLosesNoHistory(t *testing.T) {
	t.Parallel()
	w, far, waited := oneFails(t, sim.Fault{Name: "500", Status: http.StatusInternalServerError})
	w.recall()
	w.hub.SetFaults(func(r *http.Request) sim.Fault {
		if strings.HasSuffix(r.URL.Path, "/events") {
			return sim.Fault{Name: "503", Status: http.StatusServiceUnavailable}
		}
		return sim.Fault{Name: "404", Status: http.StatusNotFound, Body: `{"message":"Not Found"}`}
	})
	for range 5 * 24 {
		_ = w.runner.PollSource(t.Context(), w.runner.Trackers[1], repo)
		w.recall()
		w.clock.Advance(time.Hour)
	}
	if waited() != 1 {
		t.Errorf("after five days without the tracker %d are waited for", waited())
	}
	w.hub.SetFaults(far)
	for range 4 {
		w.settle(1)
		w.recall()
		w.clock.Advance(failsRest)
	}
	if n := w.tally("github"); n.Whole != 3 {
		t.Errorf("it is there again: %+v", n)
	}
}

// TestAFeedThatIsRefusedKeepsNoHistoryBack reads histories one by one where nobody may read
// the feed of a repository.
func TestAFeedThatIsRefusedKeepsNoHistoryBack(t *testing.T) {
	t.Parallel()
	w, _, waited := oneFails(t, sim.Fault{})
	w.hub.SetFaults(onFeed(1, sim.Fault{Name: "403", Status: http.StatusForbidden, Body: `{"message":"Resource not accessible"}`}))
	for range patience + 2 {
		w.settle(1)
		w.recall()
		w.clock.Advance(2 * setAside)
	}
	if waited() != 0 {
		t.Errorf("%d are waited for", waited())
	}
	w.recorded()
}

// setting is a value of the store.
func (w *world) setting(key string) string {
	w.t.Helper()
	text, _, err := w.store.Setting(w.t.Context(), key)
	w.must(err)
	return text
}

// looping is a tracker that tells of many histories the same page again and again.
type looping struct {
	connectors.Tracker

	asked *int
}

func (l looping) Histories(context.Context, []connectors.Ref, string) (connectors.HistoryPage, bool, error) {
	*l.asked++
	if *l.asked > 20 {
		return connectors.HistoryPage{}, false, nil
	}
	return connectors.HistoryPage{Next: "again"}, true, nil
}

// TestABatchThatLeadsNowhereIsReadOneByOne does not go round in a circle for ever.
func TestABatchThatLeadsNowhereIsReadOneByOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range 3 {
		_, err := w.site.Create("ana", jirasim.NewIssue{Project: "OPS", Type: "Story", Summary: "Request"})
		w.must(err)
	}
	w.begin()
	asked := 0
	w.runner.Trackers[0].Tracker = looping{w.runner.Trackers[0].Tracker, &asked}
	w.recall()
	if n := w.tally("jira"); asked > 2 || n.Whole != 3 {
		t.Errorf("the same page is asked for %d times; %+v", asked, n)
	}
}
