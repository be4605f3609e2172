package runner

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"parley/connectors"
	"parley/connectors/sim"
	"parley/connectors/sim/githubsim"
	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/store"
)

// github is the simulated repository's tracker, and how far it was read.
func (w *world) github() (Tracker, store.SourceState) {
	w.t.Helper()
	t := w.runner.Trackers[1]
	st, err := w.store.Source(w.t.Context(), t.Name, repo)
	w.must(err)
	return t, st
}

// labelled counts how often the record says that a label was put on or taken off.
func (w *world) labelled(ref, label string) int {
	w.t.Helper()
	events, err := w.store.Events(w.t.Context(), w.card(ref).ID)
	w.must(err)
	n := 0
	for _, e := range events {
		for _, c := range e.Changes {
			if c.Field == kanban.ChangeLabel && (c.From == label || c.To == label) {
				n++
			}
		}
	}
	return n
}

func TestHistoryInAGapOfTheFeedIsNotLost(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key, n := w.pair("Reconcile positions")
	noise, err := w.hub.CreateIssue("ben", repo, githubsim.NewIssue{Title: "noise"})
	w.must(err)
	w.settle(1)
	w.must(w.hub.AddLabels("ben", repo, n, "status:review"))
	w.clock.Advance(time.Minute)
	w.must(w.hub.AddLabels("ben", repo, n, "status:in-progress"))
	w.must(w.hub.RemoveLabel("ben", repo, n, "status:review"))
	for range feedPagesLater * 50 { // two entries each, a hundred to a page
		w.must(w.hub.AddLabels("ben", repo, noise.Number, "x"))
		w.must(w.hub.RemoveLabel("ben", repo, noise.Number, "x"))
	}
	w.must(w.hub.AddLabels("ben", repo, n, "x")) // beyond the gap
	w.settle(3)
	if got := w.labelled(key, "status:review"); got != 2 {
		t.Errorf("the record has %d of the 2 changes in the gap\n%s", got, w.story(w.card(key)))
	}
	w.expect(key, n, "In Progress", "open status:in-progress x", "doing")
}

func TestAnIssueThatTheListLeftOutLearnsOfAGap(t *testing.T) {
	t.Parallel()
	for _, whole := range []bool{true, false} {
		w := newWorld(t)
		key, _ := w.pair("Reconcile positions")
		tracker, st := w.github()
		issue := w.card(key).Sides[kanban.GitHub].Issue
		rd := reading{Runner: w.runner, t: tracker, st: &st, feed: &feed{whole: whole, head: 1 << 40}}
		w.must(rd.strays(t.Context(), map[string][]connectors.Entry{issue.ID: {{IssueID: issue.ID, ID: "e", Seq: 1 << 40, At: w.clock.Now()}}}))
		card := w.card(key)
		if got := card.Sides[kanban.GitHub].Need; got != engine.NeedHistory {
			t.Errorf("whole %v: the side needs %q, want its history", whole, got)
		}
		if got := card.Status.Sides[kanban.GitHub].Seq; got == 1<<40 {
			t.Errorf("whole %v: folded up to %d without a picture to hold it against", whole, got)
		}
	}
}

func TestAnInterruptedFirstReadKeepsTheHistoryOfTheRest(t *testing.T) {
	t.Parallel()
	const issues = 250
	w := newWorld(t)
	for i := range issues {
		g, err := w.hub.CreateIssue("ben", repo, githubsim.NewIssue{Title: fmt.Sprint("issue ", i)})
		w.must(err)
		w.clock.Advance(time.Second)
		w.must(w.hub.AddLabels("ben", repo, g.Number, "status:in-progress"))
		w.clock.Advance(time.Second)
	}
	lists := 0
	w.hub.SetFaults(func(r *http.Request) sim.Fault {
		if lists++; strings.HasSuffix(r.URL.Path, "/issues") && strings.Contains(r.URL.RawQuery, "since") && lists < 20 {
			return sim.Fault{Name: "502", Status: http.StatusBadGateway}
		}
		return sim.Fault{}
	})
	w.settle(1)
	_, before := w.github()
	if before.Imported || before.FeedHead == 0 {
		t.Fatalf("the read was not interrupted half-way: %+v", before)
	}
	w.hub.SetFaults(nil)
	w.must(w.hub.AddLabels("ben", repo, 1, "status:review")) // after the feed was read
	w.settle(1)
	if _, after := w.github(); !after.Imported || after.FeedHead != before.FeedHead {
		t.Errorf("the next poll reads the feed after %d, want from where the first read began, %d", after.FeedHead, before.FeedHead)
	}
	w.settle(2)
	for i := range issues {
		ref := fmt.Sprintf("%s#%d", repo, i+1)
		if got := len(w.card(ref).Steps); got < 2 {
			t.Fatalf("%s went through %d columns, want todo and doing", ref, got)
		}
	}
	if got := w.labelled(repo+"#1", "status:review"); got != 1 {
		t.Errorf("what happened while the read was interrupted is recorded %d times, want once", got)
	}
}

func TestAGapConcernsEveryPageOfItsRead(t *testing.T) {
	t.Parallel()
	const issues = 150 // two pages
	w := newWorld(t)
	for i := range issues {
		_, err := w.hub.CreateIssue("ben", repo, githubsim.NewIssue{Title: fmt.Sprint("issue ", i)})
		w.must(err)
	}
	w.settle(2)
	for range 8 {
		for i := range issues {
			w.must(w.hub.AddLabels("ben", repo, i+1, "x"))
			w.must(w.hub.RemoveLabel("ben", repo, i+1, "x"))
		}
		w.clock.Advance(time.Second)
	}
	for _, after := range []int{1, 1000} { // interrupted after the first page, and then not
		lists := 0
		w.hub.SetFaults(func(r *http.Request) sim.Fault {
			if strings.HasSuffix(r.URL.Path, "/issues") {
				lists++
			}
			if lists > after {
				return sim.Fault{Name: "502", Status: http.StatusBadGateway}
			}
			return sim.Fault{}
		})
		w.settle(1)
	}
	for i := range issues {
		if ref := fmt.Sprintf("%s#%d", repo, i+1); w.labelled(ref, "x") != 16 {
			t.Fatalf("the record of %s has %d changes, want 16", ref, w.labelled(ref, "x"))
		}
	}
}
