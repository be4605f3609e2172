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

	"parley/connectors"
	"parley/connectors/sim"
	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/jirasim"
	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/store"
)

// begin lets Parley see everything for the first time, and nothing of what was before.
func (w *world) begin() {
	w.t.Helper()
	w.clock.Advance(time.Hour)
	w.poll()
	w.site.Log().Reset()
	w.hub.Log().Reset()
}

// recall lets the background go through all histories once.
func (w *world) recall() {
	w.t.Helper()
	for _, t := range w.runner.Trackers {
		w.must(asTracker(w.runner.HistoryRound(w.t.Context(), t)))
	}
}

// told are the entries of an issue on record, by id, in their order.
func (w *world) entriesOf(ref, tracker, issue string) []string {
	w.t.Helper()
	events, err := w.store.Events(w.t.Context(), w.card(ref).ID)
	w.must(err)
	ids := []string{}
	for _, e := range events {
		if e.Tracker == tracker && e.Issue == issue {
			ids = append(ids, e.SourceID)
		}
	}
	return ids
}

// recorded checks that everything that happened to all issues is on record, and nothing
// twice.
func (w *world) recorded() {
	w.t.Helper()
	for _, v := range w.site.Issues("OPS") {
		w.sameEntries(v.Key, "jira", v.ID, jiraEntries(v))
	}
	for _, v := range w.hub.Issues(repo) {
		name := fmt.Sprintf("%s#%d", repo, v.Number)
		w.sameEntries(name, "github", fmt.Sprint(v.ID), w.hubEntries(v.Number))
	}
}

func (w *world) sameEntries(ref, tracker, issue string, want []string) {
	w.t.Helper()
	if diff := cmp.Diff(want, w.entriesOf(ref, tracker, issue), cmpopts.SortSlices(strings.Compare)); diff != "" {
		w.t.Errorf("%s (-there +on record):\n%.600s", ref, diff)
	}
}

func jiraEntries(v jirasim.Issue) []string {
	ids := []string{}
	for _, h := range v.History {
		ids = append(ids, fmt.Sprint(h.ID))
	}
	return ids
}

func (w *world) hubEntries(number int) []string {
	w.t.Helper()
	events, err := w.hub.Events(repo, number)
	w.must(err)
	ids := []string{}
	for _, e := range events {
		ids = append(ids, fmt.Sprintf("e%d", e.ID))
	}
	return ids
}

// renamed gives an issue of Jira so many entries.
func (w *world) renamed(key string, n int) {
	w.t.Helper()
	for i := range n {
		w.clock.Advance(20 * time.Second)
		w.must(w.site.Edit("ana", key, jirasim.Edit{Summary: new(fmt.Sprintf("Title %d", i))}))
	}
}

// switched gives an issue of GitHub so many entries.
func (w *world) switched(number, n int) {
	w.t.Helper()
	for i := range n {
		w.clock.Advance(20 * time.Second)
		if i%2 == 0 {
			w.must(w.hub.AddLabels("ben", repo, number, "status:review"))
		} else {
			w.must(w.hub.RemoveLabel("ben", repo, number, "status:review"))
		}
	}
}

// past makes issues with long and short histories on both sides.
func (w *world) past() (keys []string, numbers []int) {
	w.t.Helper()
	for i, n := range []int{1100, 60, 39, 41, 0} {
		v, err := w.site.Create("ana", jirasim.NewIssue{Project: "OPS", Type: "Story", Summary: "Request"})
		w.must(err)
		g, err := w.hub.CreateIssue("ben", repo, githubsim.NewIssue{Title: fmt.Sprintf("Work %d", i)})
		w.must(err)
		w.renamed(v.Key, n)
		w.switched(g.Number, n/4)
		keys, numbers = append(keys, v.Key), append(numbers, g.Number)
	}
	w.must(w.site.Transition("ana", keys[1], "Start work", noEdit))
	return keys, numbers
}

// apart from where they have been, cards are what they were.
func (w *world) cardsNow() map[kanban.CardID]engine.Card {
	w.t.Helper()
	faces, err := w.store.Faces(w.t.Context(), store.FaceQuery{})
	w.must(err)
	var ids []kanban.CardID
	for _, f := range faces {
		ids = append(ids, f.Card.ID)
	}
	cards, err := w.store.Cards(w.t.Context(), ids)
	w.must(err)
	for id, c := range cards {
		c.Steps, c.Lock = nil, 0
		cards[id] = c
	}
	return cards
}

func (w *world) tally(tracker string) store.HistoryTally {
	w.t.Helper()
	n, err := w.store.Histories(w.t.Context(), tracker)
	w.must(err)
	return n
}

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
			if diff := cmp.Diff(before, w.cardsNow()); diff != "" {
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

// onFeed answers the feed of a repository so from some page on.
func onFeed(page int, f sim.Fault) sim.Faults {
	return func(r *http.Request) sim.Fault {
		if n := r.URL.Query().Get("page"); strings.HasSuffix(r.URL.Path, "/issues/events") && (page <= 1 || n >= fmt.Sprint(page)) {
			return f
		}
		return sim.Fault{}
	}
}

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
	for i := range 1000 {
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
	if jira, gitHub := w.site.Log().Len(), w.hub.Log().Len(); jira > 5 || gitHub > 41 {
		t.Errorf("%d requests to Jira and %d to GitHub", jira, gitHub)
	}
}
