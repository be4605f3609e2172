package runner

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

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

// onFeed answers the feed of a repository so from some page on.
func onFeed(page int, f sim.Fault) sim.Faults {
	return func(r *http.Request) sim.Fault {
		if n := r.URL.Query().Get("page"); strings.HasSuffix(r.URL.Path, "/issues/events") && (page <= 1 || n >= fmt.Sprint(page)) {
			return f
		}
		return sim.Fault{}
	}
}
