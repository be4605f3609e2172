package runner

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"parley/connectors"
	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/jirasim"
	"parley/kanban"
	"parley/mapping"
	"parley/sync/store"
)

// tasks makes issues of the repository alone.
func (w *world) tasks(n int) {
	w.t.Helper()
	for i := range n {
		_, err := w.hub.CreateIssue("ben", repo, githubsim.NewIssue{Title: fmt.Sprintf("Task %d", i)})
		w.must(err)
		if i%50 == 49 {
			w.clock.Advance(10 * time.Minute)
		}
	}
	w.settle(2)
}

const listPath = "/repos/" + repo + "/issues"

// reads counts the reads of single issues of the repository from now on.
func (w *world) reads(list func(n int) error) *int {
	lists, reads := 0, 0
	w.after = func(r *http.Request) error {
		switch {
		case r.Method == http.MethodGet && r.URL.Path == listPath:
			if lists++; list != nil {
				return list(lists)
			}
		case r.Method == http.MethodGet && strings.HasPrefix(r.URL.Path, listPath+"/") && strings.Count(r.URL.Path, "/") == 5:
			reads++
		}
		return nil
	}
	return &reads
}

func TestInterruptedSweepMissesNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.tasks(150)
	w.slowly()
	w.clock.Advance(25 * time.Hour)
	w.poll()
	day := w.sweptAt()
	w.reads(func(int) error {
		st, err := w.store.Tier(context.Background(), "github", repo, store.TierSweep)
		if err == nil && st.Cursor.Scan != (connectors.Scan{}) {
			return io.ErrUnexpectedEOF // no page of the sweep after its first
		}
		return err
	})
	w.slowly()
	w.after = nil
	reads := w.reads(nil)
	w.clock.Advance(2 * time.Hour)
	w.poll()
	w.slowly()
	if *reads > 0 || !w.sweptAt().After(day) {
		t.Errorf("%d issues were read by their ids because a sweep was interrupted; it ended at %s", *reads, w.sweptAt())
	}
}

// sweptAt is when the last full reading of the repository ended.
func (w *world) sweptAt() time.Time {
	w.t.Helper()
	st, err := w.store.Tier(context.Background(), "github", repo, store.TierSweep)
	w.must(err)
	return st.OKAt
}

func TestFailedSweepIsTriedAgainTheSameDay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.tasks(3)
	w.slowly()
	w.clock.Advance(25 * time.Hour)
	w.poll()
	day := w.sweptAt()
	w.reads(func(int) error { return io.ErrUnexpectedEOF })
	w.slowly()
	w.after = nil
	w.pass(1)
	if !w.sweptAt().After(day) {
		t.Error("a reading that failed at its first page waits for another day")
	}
}

// That much at once is rather a lost permission: it is not worth thousands of requests.
func TestManyMissingIssuesAreNotAllReadAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.tasks(40)
	for i := range 30 {
		w.must(w.hub.DeleteIssue("acme", repo, i+1))
	}
	w.slowly()
	w.clock.Advance(25 * time.Hour)
	reads := w.reads(nil)
	w.slowly()
	if *reads == 0 || *reads > 12 {
		t.Errorf("%d reads because 30 of 40 issues are missing", *reads)
	}
	st, err := w.store.Tier(context.Background(), "github", repo, store.TierSweep)
	w.must(err)
	if !strings.Contains(st.Error, "30") {
		t.Errorf("nobody is told: %q", st.Error)
	}
	w.pass(7 * 24)
	for i := range 30 {
		card := w.card(issueRef(i + 1))
		if away := card.Sides[kanban.GitHub].Away; away == nil || !away.Gone {
			t.Fatalf("#%d is deleted, and a week later it is %+v", i+1, away)
		}
	}
}

func TestCanaryOfAnotherRepositoryProvesNothing(t *testing.T) {
	t.Parallel()
	const web = "acme/web"
	w := newWorld(t, func(w *world) {
		w.repos = []string{web}
		w.must(w.hub.AddRepo(githubsim.Repo{Owner: "acme", Name: "web"}))
		w.must(w.hub.SetPermission(web, "parley-bot", githubsim.Write))
		w.must(w.hub.SetPermission(web, "ben", githubsim.Write))
	})
	w.runner.Trackers[1].Canary = issueRef(1)
	w.pair("Canary")
	j, err := w.site.Create("ana", jirasim.NewIssue{Project: "OPS", Type: "Story", Summary: "Pay"})
	w.must(err)
	_, err = w.hub.CreateIssue("ben", web, githubsim.NewIssue{Title: j.Key + " pay"})
	w.must(err)
	w.settle(3)
	w.must(w.hub.SetPermission(web, "parley-bot", githubsim.None))
	w.must(w.site.Transition("ana", j.Key, "Start work", noEdit))
	w.pass(60)
	card := w.card(j.Key)
	if away := card.Sides[kanban.GitHub].Away; away == nil || away.Gone || away.Reads < 3 {
		t.Errorf("a lost permission for %s is taken for a deletion: %+v", web, away)
	}
}

func TestAnotherIssueBearsWitness(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.pair("Pay")
	w.pair("Another")
	ctx := context.Background()
	for i, tracker := range w.runner.Trackers {
		card := w.card("OPS-1")
		missing := card.Sides[i].Issue.Ref
		if !w.runner.witness(ctx, tracker, missing) {
			t.Errorf("%s: the other issue is there", tracker.Name)
		}
		tracker.Canary = missing.Key
		if w.runner.witness(ctx, tracker, missing) {
			t.Errorf("%s: the canary itself is missing", tracker.Name)
		}
	}
}

func TestOldestIssuesMayBeDeleted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range 6 {
		_, err := w.site.Create("ana", jirasim.NewIssue{Project: "OPS", Type: "Story", Summary: "Work"})
		w.must(err)
	}
	w.settle(2)
	for i := range 4 {
		w.must(w.site.Delete("ana", fmt.Sprintf("OPS-%d", i+1)))
	}
	w.pass(80)
	for i := range 4 {
		card := w.card(fmt.Sprintf("OPS-%d", i+1))
		if away := card.Sides[kanban.Jira].Away; away == nil || !away.Gone {
			t.Errorf("OPS-%d is deleted, and three days later it is %+v", i+1, away)
		}
	}
}

// A reading that shows everything changed is stopped, and goes on after a restart.
func TestEverythingChangedIsStoppedUntilARestart(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.tasks(enough)
	ctx := context.Background()
	var page []connectors.Observation
	for i := range enough {
		issue := w.card(issueRef(i + 1)).Sides[kanban.GitHub].Issue
		issue.Labels = []string{"status:review", "priority:high"}
		page = append(page, connectors.Observation{Issue: issue, Since: connectors.NoHistory})
	}
	look := func() error {
		r := w.runner
		sw := slow{reading: reading{Runner: r, t: r.Trackers[1], st: &store.SourceState{Source: repo}}}
		changed, err := r.changed(ctx, page)
		w.must(err)
		return sw.plausible(ctx, page, changed)
	}
	for range 2 {
		if look() == nil {
			t.Fatal("it is not stopped")
		}
	}
	w.runner.Owner = "the next process"
	if err := look(); err != nil {
		t.Errorf("after a restart it is stopped again: %v", err)
	}
	page[0].Issue.Labels = nil
	w.runner.Owner = "a third one"
	if err := look(); err != nil {
		t.Errorf("one issue is as it was: %v", err)
	}
}

func TestAnotherRuleMayNameTheTwin(t *testing.T) {
	t.Parallel()
	const web = "acme/web"
	w := newWorld(t, func(w *world) {
		w.repos = []string{web}
		w.must(w.hub.AddRepo(githubsim.Repo{Owner: "acme", Name: "web"}))
		w.must(w.hub.SetPermission(web, "parley-bot", githubsim.Write))
		w.must(w.hub.SetPermission(web, "ben", githubsim.Write))
		w.change = func(c *mapping.Config) { c.Pairs[0].Mirror = mapping.MirrorJiraToGitHub }
	})
	j, err := w.site.Create("ana", jirasim.NewIssue{Project: "OPS", Type: "Story", Summary: "Pay"})
	w.must(err)
	_, err = w.hub.CreateIssue("ben", web, githubsim.NewIssue{Title: j.Key + " pay"})
	w.must(err)
	away := true
	w.after = func(r *http.Request) error {
		if away && strings.Contains(r.URL.Path, web) {
			return io.ErrUnexpectedEOF
		}
		return nil
	}
	w.settle(6)
	if n := len(w.issues()); n != 0 {
		t.Fatalf("%d twins were created while %s was never read", n, web)
	}
	away = false
	w.clock.Advance(time.Hour)
	w.settle(4)
	if n := len(w.issues()); n != 0 || !w.together(j.Key) {
		t.Errorf("%d twins, paired %t", n, w.together(j.Key))
	}
}

// By the old rule nobody took down what the title says.
func TestNewEvidenceIsReadBeforeTwinsAreCreated(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(w *world) {
		w.change = func(c *mapping.Config) { c.Pairs[0].Match = []mapping.Evidence{mapping.RemoteLink} }
	})
	j, err := w.site.Create("ana", jirasim.NewIssue{Project: "OPS", Type: "Story", Summary: "Pay"})
	w.must(err)
	_, err = w.hub.CreateIssue("ben", repo, githubsim.NewIssue{Title: j.Key + " pay"})
	w.must(err)
	w.settle(3)
	w.clock.Advance(72 * time.Hour)
	w.settle(2)
	w.change = func(c *mapping.Config) {
		c.Pairs[0].Match = []mapping.Evidence{mapping.RemoteLink, mapping.KeyInTitle}
		c.Pairs[0].Mirror = mapping.MirrorBoth
	}
	w.restart()
	w.settle(4)
	w.pass(3)
	if n := len(w.issues()); n != 1 || !w.together(j.Key) {
		t.Errorf("%d issues in GitHub, paired %t", n, w.together(j.Key))
	}
}
