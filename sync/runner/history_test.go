package runner

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"parley/connectors/sim"
	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/jirasim"
	"parley/internal/race"
	"parley/sync/engine"
	"parley/sync/store"
)

// TestHistoriesAreImported holds what is on record after the import to what the trackers
// hold, and nothing else has changed by it.
func TestHistoriesAreImported(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change       []func(*world)
		jira, gitHub int // requests at most
	}{
		"Cloud":       {nil, 3, 4}, // two pages of a batch, one issue without entries, the feed
		"Data Center": {[]func(*world){onServer}, 0, 4},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, c.change...)
			keys, numbers := w.past()
			w.begin()
			before, writes := w.cardsNow(), w.writes()
			w.recall()
			w.recorded()
			if jira, gitHub := w.site.Log().Len(), w.hub.Log().Len(); jira > c.jira || gitHub > c.gitHub {
				t.Errorf("%d and %d requests, at most %d and %d are needed", jira, gitHub, c.jira, c.gitHub)
			}
			// What a card was is learned from it; what it is stays.
			if diff := cmp.Diff(before, w.cardsNow(), cmpopts.IgnoreFields(engine.Card{}, "Profiles")); diff != "" {
				t.Errorf("old history has changed cards (-before +after):\n%s", diff)
			}
			asked := w.site.Log().Len() + w.hub.Log().Len()
			w.recall()
			if got := w.site.Log().Len() + w.hub.Log().Len(); got != asked {
				t.Errorf("%d requests when nothing is missing", got-asked)
			}
			w.renamed(keys[0], 3) // from now on polls bring it
			w.switched(numbers[0], 3)
			w.settle(3)
			w.recall()
			w.recorded()
			if n := w.writes() - writes; n != 0 {
				t.Errorf("%d writes", n)
			}
			for _, tracker := range []string{"jira", "github"} {
				if n := w.tally(tracker); n.Left() != 0 || n.Whole != len(keys) {
					t.Errorf("%s: %+v", tracker, n)
				}
			}
		})
	}
}

// TestImportIsTakenUpWhereItEnded ends the process at each request of the import in turn.
func TestImportIsTakenUpWhereItEnded(t *testing.T) {
	t.Parallel()
	for name, change := range map[string][]func(*world){"Cloud": nil, "Data Center": {onServer}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, change...)
			w.past()
			w.hub.SetFaults(onFeed(3, sim.Fault{Name: "422", Status: http.StatusUnprocessableEntity, Body: `{"message":"too far"}`}))
			w.begin()
			died := 0
			for ; died < 40; died++ {
				ctx, kill := context.WithCancel(t.Context())
				left := 1 + died%3
				w.after = func(*http.Request) error {
					if left--; left < 0 {
						kill()
						return errors.New("the process has ended")
					}
					return nil
				}
				for _, tracker := range w.runner.Trackers {
					if err := w.runner.HistoryRound(ctx, tracker); err != nil && ctx.Err() == nil {
						w.must(asTracker(err))
					}
				}
				w.after = nil
				if ctx.Err() == nil {
					break
				}
				w.restart()
				w.clock.Advance(2 * time.Minute)
			}
			if died < 2 || died == 40 {
				t.Errorf("it died %d times", died)
			}
			w.recorded()
			if n := w.tally("github"); n.Left() != 0 || n.Refused != 0 {
				t.Errorf("%+v", n)
			}
		})
	}
}

// TestWhereACardHasBeenIsLearntLater imports the journey of a card that was met without it.
func TestWhereACardHasBeenIsLearntLater(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g, err := w.hub.CreateIssue("ben", repo, githubsim.NewIssue{Title: "Work"})
	w.must(err)
	w.clock.Advance(24 * time.Hour)
	w.must(w.hub.AddLabels("ben", repo, g.Number, "status:in-progress"))
	started := w.clock.Now()
	for i := range 150 { // more than a page of the feed, much later
		w.clock.Advance(20 * time.Minute)
		n, err := w.hub.CreateIssue("ben", repo, githubsim.NewIssue{Title: fmt.Sprintf("Other %d", i)})
		w.must(err)
		w.must(w.hub.AddLabels("ben", repo, n.Number, "later"))
	}
	w.begin()
	ref := fmt.Sprintf("%s#%d", repo, g.Number)
	if j := w.face(ref).Journey; j.Started == nil || j.Started.Equal(started) {
		t.Fatalf("known without its history: %+v", j)
	}
	rev := w.face(ref).Rev
	w.recall()
	if f := w.face(ref); f.Journey.Started == nil || !f.Journey.Started.Equal(started) || f.Rev != rev {
		t.Errorf("started %v, want %v; revision %d, was %d", f.Journey.Started, started, f.Rev, rev)
	}
}

// TestAnIssueMetLaterIsImportedToo brings an issue with a past into the project.
func TestAnIssueMetLaterIsImportedToo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.site.AddSoftwareProject("FIN", "Finance", jirasim.StrictWorkflow)
	v, err := w.site.Create("ana", jirasim.NewIssue{Project: "FIN", Type: "Story", Summary: "Request"})
	w.must(err)
	w.renamed(v.Key, 70)
	w.begin()
	w.recall()
	moved, err := w.site.Move("ana", v.Key, "OPS")
	w.must(err)
	w.settle(2)
	if n := w.tally("jira"); n.Left() != 1 {
		t.Fatalf("before: %+v", n)
	}
	w.recall()
	w.recorded()
	if !slices.Contains(w.entriesOf(moved.Key, "jira", v.ID), jiraEntries(moved)[0]) {
		t.Error("its first entry is missing")
	}
}

// TestHowFarTheImportIsIsTold reads what pages and commands read.
func TestHowFarTheImportIsIsTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i := range 30 {
		_, err := w.hub.CreateIssue("ben", repo, githubsim.NewIssue{Title: fmt.Sprintf("Work %d", i)})
		w.must(err)
	}
	asked := 0
	w.begin()
	w.hub.SetFaults(func(r *http.Request) sim.Fault {
		if strings.HasSuffix(r.URL.Path, "/issues/events") {
			return sim.Fault{Name: "422", Status: http.StatusUnprocessableEntity, Body: `{"message":"no"}`}
		}
		if asked++; asked > 20 {
			return sim.Fault{Name: "429", Status: http.StatusTooManyRequests, Header: map[string]string{"Retry-After": "600"}}
		}
		w.clock.Advance(6 * time.Second)
		return sim.Fault{}
	})
	progress := func() store.HistoryProgress {
		text, _, err := w.store.Setting(t.Context(), store.SettingHistory+"github")
		w.must(err)
		p, err := store.DecodeHistory(text)
		w.must(err)
		return p
	}
	w.recall()
	p := progress()
	if diff := cmp.Diff(store.HistoryTally{Issues: 30, Whole: 20}, p.HistoryTally); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if left, ok := p.TimeLeft(w.clock.Now(), time.Time{}); !ok || left != time.Minute {
		t.Errorf("%v left, %v; want a minute", left, ok)
	}
	w.hub.SetFaults(nil)
	w.clock.Advance(11 * time.Minute)
	w.recall()
	if p := progress(); p.Left() != 0 || p.Whole != 30 {
		t.Errorf("at the end %+v", p)
	}
}

// TestTheHistoryOfAThousandIssues counts the requests that it takes.
func TestTheHistoryOfAThousandIssues(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	many := race.Of(1000, 200)
	for i := range many {
		v, err := w.site.Create("ana", jirasim.NewIssue{Project: "OPS", Type: "Story", Summary: "Request"})
		w.must(err)
		g, err := w.hub.CreateIssue("ben", repo, githubsim.NewIssue{Title: fmt.Sprintf("Work %d", i)})
		w.must(err)
		n := 3
		if i%10 == 0 {
			n = 45
		}
		w.renamed(v.Key, n)
		w.switched(g.Number, 4)
	}
	w.begin()
	w.recall()
	w.recorded()
	// 100 issues of Jira have more than a search shows, 4,500 entries; a page of the feed
	// has a hundred of the 4,000 in GitHub.
	if jira, gitHub := w.site.Log().Len(), w.hub.Log().Len(); jira > 5 || gitHub > 1+4*many/100 {
		t.Errorf("%d requests to Jira and %d to GitHub", jira, gitHub)
	}
}
