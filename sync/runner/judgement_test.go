package runner

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/jirasim"
	"parley/kanban"
	"parley/mapping"
	"parley/sync/engine"
	"parley/sync/mirror"
	"parley/sync/reconcile"
)

// restart ends the process and begins another one, as Run does.
func (w *world) restart() {
	w.t.Helper()
	w.must(w.store.Close())
	w.start()
	w.must(w.runner.Lease(context.Background()))
	w.must(w.runner.TakeUp(context.Background()))
}

// some is just more cards than may be written without being asked about.
const some = freeChanges + 2

var strict = Limits{Change: 0.2, Close: 0.1, Create: 10}

// untouched fails where anything was written, or nothing holds it.
func (w *world) untouched(before int) {
	w.t.Helper()
	if n := w.writes() - before; n != 0 || len(w.runner.Tripped()) != 1 {
		w.t.Fatalf("%d writes before anybody let them go; tripped %v", n, w.runner.Tripped())
	}
}

func TestPlanOfDaysIsJudgedWhenWritingIsSwitchedOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(w *world) { w.write, w.limits = false, strict })
	keys := w.crowd(some)
	for i := range keys {
		w.must(w.hub.AddLabels("ben", repo, i+1, "status:in-progress"))
	}
	w.settle(2)
	before := w.writes()
	w.write = true
	w.restart()
	w.work()
	w.settle(2)
	w.untouched(before)
	w.approve(keys)
	w.settle(4)
	w.expect(keys[0], 1, "In Progress", "open status:in-progress", "doing")
	if len(w.runner.Tripped()) > 0 {
		t.Errorf("still tripped: %v", w.runner.Tripped())
	}
}

// A renamed label is on no history: it takes a read of each issue to be believed, and
// all of them are to be counted before the first one is.
func TestChangesThatNoHistoryTellsAreJudged(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(w *world) { w.limits = Limits{Change: 1, Close: 1} })
	keys := w.crowd(some)
	for i := range keys {
		w.must(w.hub.AddLabels("ben", repo, i+1, "status:in-progress"))
	}
	w.settle(4)
	w.limits = strict
	w.restart()
	w.settle(1)
	before := w.writes()
	w.must(w.hub.RenameLabel(repo, "status:in-progress", "status:review"))
	w.pass(26)
	w.untouched(before)
	w.approve(keys)
	w.settle(4)
	w.expect(keys[0], 1, "In Review", "open status:review", "review")
}

func TestDoubtsStayTrippedUntilTheyAreRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(w *world) { w.limits = Limits{Change: 1, Close: 1} })
	keys := w.crowd(some)
	for i := range keys {
		w.must(w.hub.AddLabels("ben", repo, i+1, "status:in-progress"))
	}
	w.settle(4)
	w.limits = strict
	w.restart()
	w.settle(1)
	before := w.writes()
	w.must(w.hub.RenameLabel(repo, "status:in-progress", "status:review"))
	w.clock.Advance(30 * time.Second)
	w.must(w.runner.PollSource(context.Background(), w.runner.Trackers[1], repo))
	w.must(w.runner.judge(context.Background()))
	w.work()
	w.untouched(before)
}

// requests makes Jira issues that nobody names as twins.
func (w *world) requests(n int) (keys []string) {
	w.t.Helper()
	for i := range n {
		j, err := w.site.Create("ana", jirasim.NewIssue{Project: "OPS", Type: "Story", Summary: fmt.Sprintf("Request %d", i)})
		w.must(err)
		w.must(w.site.Transition("ana", j.Key, "Start work", noEdit))
		keys = append(keys, j.Key)
	}
	return keys
}

func TestMirrorTurnedOnLaterIsJudged(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(w *world) { w.limits = strict })
	keys := w.requests(some)
	w.settle(2)
	for range 3 {
		w.clock.Advance(24 * time.Hour)
		w.poll()
	}
	before := w.writes()
	mirroring(mapping.MirrorJiraToGitHub)(w)
	w.restart()
	w.settle(3)
	w.pass(2)
	w.untouched(before)
	for _, key := range keys {
		saga := w.card(key).Mirror
		if saga == nil || saga.State != mirror.Held {
			t.Fatalf("%s: its create is %+v; want it held", key, saga)
		}
		rows, err := w.store.IssueByKey(context.Background(), key)
		w.must(err)
		w.must(w.runner.apply(context.Background(), rows[0], engine.Approved{Ops: []string{saga.ID}, By: "olga"}))
	}
	w.settle(4)
	w.told(keys)
}

// told fails unless every issue has one twin that shows what is agreed, and nothing
// more has to be let go.
func (w *world) told(keys []string) {
	w.t.Helper()
	if n := len(w.issues()); n != len(keys) {
		w.t.Errorf("%d twins of %d issues", n, len(keys))
	}
	for _, key := range keys {
		card := w.card(key)
		if !card.Paired() {
			w.t.Fatalf("%s has no twin: %+v", key, card.Mirror)
		}
		w.expect(key, card.Sides[kanban.GitHub].Issue.Number, "In Progress", "open status:in-progress priority:medium", "doing")
	}
	if len(w.runner.Tripped()) > 0 {
		w.t.Errorf("tripped: %v", w.runner.Tripped())
	}
}

// What a new twin is told is part of its being created.
func TestTwinsAreToldWithoutBeingAskedAbout(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(w *world) { w.limits = Limits{Change: 0.2, Close: 0.1, Create: 50} }, mirroring(mapping.MirrorJiraToGitHub))
	w.settle(1)
	keys := w.requests(some)
	w.settle(6)
	w.told(keys)
}

func TestNothingIsSentWhileAPageIsTakenIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(w *world) { w.limits = strict }, func(w *world) {
		w.change = func(c *mapping.Config) { c.Pairs[0].Match = []mapping.Evidence{mapping.RemoteLink, mapping.KeyInTitle} }
	})
	w.crowd(3)
	looked := 0
	w.after = func(r *http.Request) error {
		if strings.HasSuffix(r.URL.Path, "/remotelink") && r.Method == http.MethodGet {
			due, err := w.runner.Due(context.Background())
			w.must(err)
			if looked++; len(due) > 0 {
				t.Errorf("%d cards may be written to before their page is judged", len(due))
			}
		}
		return nil
	}
	for i := range 3 {
		w.must(w.hub.AddLabels("ben", repo, i+1, "status:in-progress"))
	}
	j, err := w.site.Create("ana", jirasim.NewIssue{Project: "OPS", Type: "Story", Summary: "New"})
	w.must(err)
	w.clock.Advance(30 * time.Second)
	w.must(w.runner.PollSource(context.Background(), w.runner.Trackers[0], w.runner.Trackers[0].Sources()[0]))
	_, err = w.hub.CreateIssue("ben", repo, githubsim.NewIssue{Title: j.Key + " new"})
	w.must(err)
	w.must(w.runner.PollSource(context.Background(), w.runner.Trackers[1], repo))
	if looked == 0 {
		t.Fatal("no links were read while a page was taken in")
	}
}

// slowStore lets a test do something while a judgement reads the journal.
type slowStore struct {
	Store

	before func()
}

func (s *slowStore) OpenOps(ctx context.Context) ([]reconcile.Op, error) {
	ops, err := s.Store.OpenOps(ctx)
	if do := s.before; do != nil {
		s.before = nil
		do()
	}
	return ops, err
}

// Two sources are read at once: what the one has counted must not undo what the other
// finds.
func TestJudgementsTakeTurns(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, inAFile, func(w *world) { w.limits = strict })
		w.crowd(some)
		slow := &slowStore{Store: w.runner.Store}
		w.runner.Store = slow
		ctx := context.Background()
		done := make(chan error, 1)
		slow.before = func() {
			for i := range some {
				w.must(w.hub.AddLabels("ben", repo, i+1, "status:in-progress"))
			}
			w.clock.Advance(30 * time.Second)
			github := w.runner.Trackers[1]
			go func() { done <- w.runner.PollSource(ctx, github, repo) }()
			synctest.Wait()
		}
		w.must(w.runner.judge(ctx))
		w.must(<-done)
		before := w.writes()
		w.work()
		w.untouched(before)
	})
}

// A breaker that tripped for quarrels stays so until somebody lets the writes go, also
// where it is judged again before the first of them is held.
func TestQuarrelsAreNotForgottenUnseen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key, n := w.pair("Pay")
	w.must(w.hub.AddLabels("ben", repo, n, "status:in-progress"))
	w.clock.Advance(30 * time.Second)
	w.must(w.runner.PollSource(context.Background(), w.runner.Trackers[1], repo))
	card := w.card(key)
	w.runner.quarrels.note(w.runner.Engine().RuleOf(&card), engine.Record{Conflicts: make([]reconcile.Conflict, quarrelsEnough+1)}, w.clock.Now())
	before := w.writes()
	for range 2 {
		w.must(w.runner.judge(context.Background()))
	}
	w.work()
	w.untouched(before)
}

// Writes are under way to issues that somebody has closed since they were listed. What the
// reads before those writes find out is counted, as what a poll finds out is.
func TestWhatIsFoundOnTheWayIsCountedBeforeItIsSent(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(w *world) { w.limits = strict })
	keys := w.crowd(60)[:8]
	high := "High"
	for _, key := range keys {
		w.must(w.site.Edit("ana", key, jirasim.Edit{Priority: &high}))
	}
	w.clock.Advance(30 * time.Second)
	w.must(w.runner.PollSource(context.Background(), w.runner.Trackers[0], w.runner.Trackers[0].Sources()[0]))
	for i := range keys {
		w.must(w.hub.SetState("ben", repo, i+1, "closed", "completed"))
	}
	w.work()
	moved := 0
	for _, key := range keys {
		if i, _ := w.site.Issue(key); i.StatusName != "To Do" {
			moved++
		}
	}
	if moved > 6 || len(w.runner.Tripped()) != 1 { // a tenth of 60
		t.Errorf("%d issues were moved before anybody let that be; tripped %v", moved, w.runner.Tripped())
	}
}

// A judgement reads all that is open in the store. It is made for a step where that has
// brought what no earlier one knows of, and only there.
func TestWhichWritesOfAStepAreUncounted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	rule := engine.RuleKey(w.runner.Rules().Pairs()[0])
	op := func(id string, to kanban.Value, change ...func(*reconcile.Op)) []reconcile.Op {
		op := reconcile.Op{ID: id, Rule: rule, Field: kanban.FieldStatus, Value: to, State: reconcile.Planned}
		for _, f := range change {
			f(&op)
		}
		return []reconcile.Op{op}
	}
	state := func(s reconcile.OpState) func(*reconcile.Op) { return func(op *reconcile.Op) { op.State = s } }
	approved := func(op *reconcile.Op) { op.Approved = true }
	for name, c := range map[string]struct {
		before, after []reconcile.Op
		doubt         *doubt
		want          bool
	}{
		"a new one":                               {after: op("b", "doing"), want: true},
		"one that was there":                      {before: op("b", "doing"), after: op("b", "doing")},
		"one that a person asked for":             {after: op("b", "doing", func(op *reconcile.Op) { op.Asked = true })},
		"one that a person let go":                {after: op("b", "doing", approved)},
		"in the place of a planned one":           {before: op("a", "review"), after: op("b", "doing")},
		"in the place of one without an answer":   {before: op("a", "doing", state(reconcile.Uncertain)), after: op("b", "doing")},
		"in the place of one that is done":        {before: op("a", "review", state(reconcile.Finished)), after: op("b", "doing"), want: true},
		"in the place of one that was let go":     {before: op("a", "review", approved), after: op("b", "doing"), want: true},
		"an end in the place of a move":           {before: op("a", "review"), after: op("b", "done"), want: true},
		"a move in the place of an end":           {before: op("a", "done"), after: op("b", "review")},
		"of a doubt that was counted":             {after: op("b", "done"), doubt: &doubt{rule: rule, ends: true, judged: true}},
		"of a doubt that was counted as a change": {after: op("b", "done"), doubt: &doubt{rule: rule, judged: true}, want: true},
		"of a doubt that nobody has counted":      {after: op("b", "done"), doubt: &doubt{rule: rule, ends: true}, want: true},
	} {
		id := kanban.CardID(name)
		if w.runner.doubts.of = nil; c.doubt != nil {
			w.runner.doubts.of = map[kanban.CardID]doubt{id: *c.doubt}
		}
		if got := w.runner.uncounted(&engine.Card{ID: id, Ops: c.before}, &engine.Card{ID: id, Ops: c.after}); got != c.want {
			t.Errorf("%s: uncounted is %t", name, got)
		}
	}
}

// countingStore counts how often all cards of a rule are counted.
type countingStore struct {
	Store

	cards, asked int
}

func (s *countingStore) Linked(context.Context, string, string) (int, error) {
	s.asked++
	return s.cards, nil
}

// To count all cards of a rule takes all of its issues. What lets writes go is counted once a
// minute, and whatever would hold them each time.
func TestWhatIsLinkedIsNotCountedForEachPage(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	s := &countingStore{cards: 100}
	r := New(Options{Store: s, Now: func() time.Time { return now }, Limits: Limits{Change: 0.5, Close: 1}})
	judged := func(changed int) string {
		n := &tally{changed: map[kanban.CardID]bool{}}
		for i := range changed {
			n.changed[kanban.CardID(fmt.Sprint(i))] = true
		}
		reason, err := r.excess(t.Context(), n, mapping.PairRule{Jira: "OPS", GitHub: repo})
		if err != nil {
			t.Fatal(err)
		}
		return reason
	}
	for _, c := range []struct {
		what                  string
		after                 time.Duration
		cards, changed, asked int
		held                  bool
	}{
		{"few", 0, 100, freeChanges, 0, false},
		{"the first page", 0, 100, 30, 1, false},
		{"the next one", 0, 100, 40, 1, false},
		{"more than was linked", 0, 100, 60, 2, true},
		{"the same, with more linked since", 0, 200, 60, 3, false},
		{"within the minute", countedFor - time.Second, 10, 60, 3, false},
		{"after it", time.Second, 10, 60, 4, true},
	} {
		now, s.cards = now.Add(c.after), c.cards
		if reason := judged(c.changed); (reason != "") != c.held || s.asked != c.asked {
			t.Errorf("%s: held for %q, counted %d times; want held %t, %d times", c.what, reason, s.asked, c.held, c.asked)
		}
	}
}
