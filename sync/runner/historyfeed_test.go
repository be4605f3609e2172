package runner

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"parley/connectors/sim"
	"parley/connectors/sim/githubsim"
)

// alone counts the issues whose history was asked for one by one.
func (w *world) alone() (n int) {
	for _, r := range w.hub.Log().Requests() {
		if strings.Contains(r.Path, "/issues/") && strings.HasSuffix(r.Path, "/events") && !strings.HasSuffix(r.Path, "/issues/events") {
			n++
		}
	}
	return n
}

// works makes issues in GitHub, each with so many entries.
func (w *world) works(issues, entries int) (numbers []int) {
	w.t.Helper()
	for i := range issues {
		g, err := w.hub.CreateIssue("ben", repo, githubsim.NewIssue{Title: fmt.Sprintf("Work %d", i)})
		w.must(err)
		w.switched(g.Number, entries)
		numbers = append(numbers, g.Number)
	}
	return numbers
}

// TestTheFeedIsReadOnWhereItFailed fails in the middle of the feed. Meanwhile an issue comes
// whose entries the pages that were read do not have, and one that nobody has met yet.
func TestTheFeedIsReadOnWhereItFailed(t *testing.T) {
	t.Parallel()
	const other = "acme/other"
	w := newWorld(t)
	w.must(w.hub.AddRepo(githubsim.Repo{Owner: "acme", Name: "other"}))
	w.must(w.hub.SetPermission(other, "ben", githubsim.Write))
	g, err := w.hub.CreateIssue("ben", other, githubsim.NewIssue{Title: "Elsewhere"})
	w.must(err)
	w.must(w.hub.AddLabels("ben", other, g.Number, "status:review"))
	w.works(60, 4)
	w.begin()
	w.works(1, 2) // nobody has met it, and there is history of it
	w.hub.SetFaults(onFeed(2, sim.Fault{Name: "502", Status: http.StatusBadGateway}))
	w.recall()
	asked := w.hub.Log().Len()
	w.recall()
	if n := w.hub.Log().Len() - asked; n != 0 || w.alone() != 0 {
		t.Errorf("%d requests at once after a failure, %d issues asked for", n, w.alone())
	}
	if findings, err := w.store.Check(t.Context()); len(findings) > 0 || err != nil {
		t.Errorf("%q, %v", findings, err)
	}
	w.hub.SetFaults(nil)
	_, err = w.hub.Transfer("acme", other, g.Number, repo)
	w.must(err)
	w.settle(2)
	w.hub.Log().Reset()
	w.clock.Advance(2 * setAside)
	w.recall()
	if pages, alone := w.hub.Log().Len()-w.alone(), w.alone(); pages != 2 || alone != 2 {
		t.Errorf("%d pages of the feed and %d issues, want 2 and the two that came", pages, alone)
	}
	w.settle(2)
	w.recall()
	w.recorded()
}

// TestWhatTheFeedTellsUnclearlyIsAskedFor has an entry in the feed that nobody can read.
func TestWhatTheFeedTellsUnclearlyIsAskedFor(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		issue string // of the entry
		alone int
	}{
		"of one issue": {`{"id":%d}`, 1},
		"of something": {`"?"`, 5},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			numbers := w.works(5, 2)
			w.begin()
			v, err := w.hub.Issue(repo, numbers[2])
			w.must(err)
			issue := c.issue
			if strings.Contains(issue, "%d") {
				issue = fmt.Sprintf(issue, v.ID)
			}
			w.hub.SetFaults(onFeed(1, sim.Fault{Name: "odd", Status: http.StatusOK, Body: `[{"id":7,"event":"labeled","created_at":"soon","issue":` + issue + `}]`}))
			w.recall()
			if n := w.alone(); n != c.alone {
				t.Errorf("%d issues asked for, want %d", n, c.alone)
			}
			if n := w.tally("github"); n.Whole != 5 {
				t.Errorf("%+v", n)
			}
		})
	}
}

// TestTheFeedTellsTheYoungIssuesAlone has more history than the feed of a repository
// tells: those created before what it tells are asked about one by one.
func TestTheFeedTellsTheYoungIssuesAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var numbers []int
	for i := range 4 {
		g, err := w.hub.CreateIssue("ben", repo, githubsim.NewIssue{Title: fmt.Sprintf("Work %d", i)})
		w.must(err)
		numbers = append(numbers, g.Number)
	}
	w.switched(numbers[0], 30)
	w.switched(numbers[1], 10100)
	for i := range 40 {
		w.clock.Advance(time.Second)
		g, err := w.hub.CreateIssue("ben", repo, githubsim.NewIssue{Title: fmt.Sprintf("Young %d", i)})
		w.must(err)
		w.switched(g.Number, 2)
	}
	w.begin()
	w.recall()
	w.recorded()
	alone := 102 + 1 + 1 + 1 // pages of the longest, and the other old ones
	if n := w.hub.Log().Len(); n > 100+alone {
		t.Errorf("%d requests", n)
	}
}
