package runner

import (
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/connectors"
	"parley/connectors/sim"
	"parley/connectors/sim/jirasim"
	"parley/kanban"
	"parley/mapping"
	"parley/sync/store"
)

// renamed is the same board with another name on a column: other rules.
func renamed(d []connectors.Directory) (*mapping.Rules, []mapping.Problem) {
	cfg := board()
	cfg.Columns[1].Name = "Working"
	return mapping.Compile(cfg, d)
}

// unfit finds that the mapping does not fit Jira, as soon as it is known.
func unfit(d []connectors.Directory) (*mapping.Rules, []mapping.Problem) {
	rules, problems := mapping.Compile(board(), d)
	if slices.ContainsFunc(d, func(d connectors.Directory) bool { return d.Tracker == "jira" }) {
		problems = append(problems, mapping.Problem{Severity: mapping.Error, Path: "columns.doing", Message: "no such status", Fix: "name one that there is"})
	}
	return rules, problems
}

// pairs makes cards and lets them come to rest.
func (w *world) pairs(n int) (keys []string) {
	w.t.Helper()
	for i := range n {
		key, _ := w.pair(fmt.Sprint("card ", i))
		keys = append(keys, key)
	}
	w.settle(3)
	return keys
}

// readByRules counts the cards that were read by the present rules.
func (w *world) readByRules(keys []string) (n int) {
	w.t.Helper()
	for _, k := range keys {
		if w.card(k).Mapping == w.runner.Rules().Fingerprint() {
			n++
		}
	}
	return n
}

func TestANewMappingReachesAllCardsThoughOneHasIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	keys := w.pairs(4)
	w.must(w.runner.takeUp(t.Context()))
	w.work()
	w.start()
	w.runner.Compile = renamed
	w.must(w.runner.Prepare(t.Context()))
	faces, err := w.store.Faces(t.Context(), store.FaceQuery{Limit: 1})
	w.must(err)
	first, err := w.store.Card(t.Context(), faces[0].Card.ID)
	w.must(err)
	w.must(w.site.Edit("ana", first.Sides[kanban.Jira].Issue.Key, jirasim.Edit{Priority: new("High")}))
	w.clock.Advance(30 * time.Second)
	w.must(w.runner.PollSource(t.Context(), w.runner.Trackers[0], "OPS")) // quicker than takeUp
	w.must(w.runner.takeUp(t.Context()))
	w.work()
	if n := w.readByRules(keys); n != len(keys) {
		t.Errorf("%d of %d cards are read by the new mapping", n, len(keys))
	}
	tally, err := w.store.Counts(t.Context())
	w.must(err)
	w.must(w.runner.takeUp(t.Context()))
	if again, err := w.store.Counts(t.Context()); err != nil || again.Due != tally.Due {
		t.Errorf("a start with the same mapping makes %d cards due, want %d, %v", again.Due, tally.Due, err)
	}
}

func TestAMappingThatChangesAtRunTimeReachesAllCards(t *testing.T) {
	t.Parallel()
	for _, holder := range []bool{false, true} {
		w := newWorld(t)
		keys := w.pairs(2)
		w.must(w.runner.takeUp(t.Context()))
		w.work()
		if holder {
			w.must(w.runner.lease(t.Context()))
		}
		old := w.runner.Engine().Telling()
		w.runner.Compile = renamed
		w.must(w.runner.relearn(t.Context(), w.runner.Trackers[0]))
		if w.runner.Engine().Telling() == old {
			t.Fatal("the rules are still the old ones")
		}
		w.work()
		want := map[bool]int{true: len(keys)}[holder] // another process reads none by these rules
		if n := w.readByRules(keys); n != want {
			t.Errorf("holder %v: %d cards are read by the new mapping, want %d", holder, n, want)
		}
		if last, _, err := w.store.Setting(t.Context(), store.SettingMapping); err != nil || (last == old) == holder {
			t.Errorf("holder %v: remembered %q, %v; it was %q", holder, last, err, old)
		}
	}
}

func TestATrackerThatChangedBeyondTheMappingIsReadByTheOldOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	rules := w.runner.Rules()
	w.runner.Compile = unfit
	w.must(w.runner.relearn(t.Context(), w.runner.Trackers[0]))
	if w.runner.Rules() != rules || !w.runner.dirs.has("jira") {
		t.Error("a mapping that does not fit is used")
	}
}

func TestTrackersAreReadAgainEachInItsTime(t *testing.T) {
	t.Parallel()
	var d directories
	for _, c := range []struct {
		tracker string
		after   time.Duration
		want    bool
	}{{"jira", 0, true}, {"github", time.Second, true}, {"jira", 2 * time.Second, false}, {"jira", relearnAfter, true}, {"github", relearnAfter, false}} {
		if got := d.ask(c.tracker, monday.Add(c.after)); got != c.want {
			t.Errorf("%s after %v: asked is %v, want %v", c.tracker, c.after, got, c.want)
		}
	}
}

// lateWorld is one in which Jira was away when Parley started.
func lateWorld(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	w.url = server.URL(t, filepath.Join(t.TempDir(), "late.db"))
	w.site.SetFaults(func(*http.Request) sim.Fault { return sim.Fault{Name: "away", Status: http.StatusServiceUnavailable} })
	w.start()
	w.site.SetFaults(nil)
	if w.runner.dirs.has("jira") {
		t.Fatal("Jira was not away")
	}
	return w
}

func TestATrackerLearnedLateIsRemembered(t *testing.T) {
	t.Parallel()
	w := lateWorld(t)
	key, n := w.pair("Reconcile positions")
	w.expect(key, n, "To Do", "open", "todo")
	if _, _, err := w.store.Directory(t.Context(), "jira"); err != nil {
		t.Errorf("after a late start: %v", err)
	}
}

func TestATrackerLearnedLateThatDoesNotFitIsNotRead(t *testing.T) {
	t.Parallel()
	w := lateWorld(t)
	w.runner.Compile = unfit
	_, err := w.site.Create("ana", jirasim.NewIssue{Project: "OPS", Type: "Story", Summary: "Reconcile"})
	w.must(err)
	for range 2 { // each time it is said
		w.must(w.runner.PollSource(t.Context(), w.runner.Trackers[0], "OPS"))
		st, err := w.store.Source(t.Context(), "jira", "OPS")
		w.must(err)
		if st.Imported || !strings.Contains(st.Error, "columns.doing: no such status; name one that there is") {
			t.Fatalf("the source says %q, imported %v", st.Error, st.Imported)
		}
	}
	w.must(w.runner.PollSource(t.Context(), w.runner.Trackers[1], repo))
	if _, st := w.github(); !st.Imported {
		t.Errorf("the other tracker is not read: %q", st.Error)
	}
}
