package runner

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"parley/connectors/sim"
	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/jirasim"
	"parley/sync/store"
)

// wired runs the polls of both trackers in virtual time, without their slow readings,
// beginning at rest.
type wired struct {
	*world

	ctx context.Context
}

func inWires(t *testing.T, test func(w wired)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, inAFile)
		ctx, stop := context.WithCancel(context.Background())
		var polls sync.WaitGroup
		for _, tr := range w.runner.Trackers {
			polls.Go(func() { _ = w.runner.poll(ctx, tr, tr.Sources()[0]) })
		}
		in := wired{w, ctx}
		in.pass(10 * time.Second)
		test(in)
		stop()
		polls.Wait()
	})
}

// pass lets time go by, for the trackers as well.
func (w wired) pass(d time.Duration) {
	for ; d > 0; d -= time.Second {
		w.clock.Advance(time.Second)
		w.must(pause(w.ctx, time.Second))
		synctest.Wait()
	}
}

// polls counts those of both trackers so far.
func (w wired) polls() (jira, github int) {
	for _, q := range w.site.Log().Requests() {
		if strings.HasSuffix(q.Path, "/search/jql") {
			jira++
		}
	}
	for _, q := range w.hub.Log().Requests() {
		if strings.HasSuffix(q.Path, "/repos/"+repo+"/issues") {
			github++
		}
	}
	return jira, github
}

// issue is a new one at GitHub.
func (w wired) issue() {
	w.t.Helper()
	_, err := w.hub.CreateIssue("ben", repo, githubsim.NewIssue{Title: "Pay"})
	w.must(err)
}

// ticket is a new one in Jira.
func (w wired) ticket() (key string) {
	w.t.Helper()
	v, err := w.site.Create("ana", jirasim.NewIssue{Project: "OPS", Type: "Bug", Summary: "Pay"})
	w.must(err)
	return v.Key
}

// known reports whether there is a card of an issue.
func (w wired) known(ref string) bool {
	w.t.Helper()
	_, err := w.store.Resolve(w.ctx, ref)
	return err == nil
}

func TestAHintIsSeenBeforeTheNextPoll(t *testing.T) {
	t.Parallel()
	inWires(t, func(w wired) {
		w.issue()
		key := w.ticket()
		w.pass(time.Second)
		if w.known(repo+"#1") || w.known(key) {
			t.Fatal("a poll came without a hint")
		}
		if !w.runner.Hint("github", "Acme/Payments") || !w.runner.Hint("jira", "OPS") {
			t.Fatal("a hint of what is read is not taken")
		}
		w.pass(time.Second)
		if !w.known(repo+"#1") || !w.known(key) {
			t.Error("a hint did not call for a poll")
		}
	})
}

func TestALostHintCostsNoMoreThanAPoll(t *testing.T) {
	t.Parallel()
	inWires(t, func(w wired) {
		w.issue()
		w.pass(30 * time.Second)
		if !w.known(repo + "#1") {
			t.Error("the usual poll did not come")
		}
	})
}

// A webhook is earlier than the index: the poll that it calls for is made once more.
func TestAHintThatIsTooEarlyIsFollowedUp(t *testing.T) {
	t.Parallel()
	inWires(t, func(w wired) {
		w.site.SetIndexLag(func(string) time.Duration { return 3 * time.Second })
		key := w.ticket()
		w.runner.Hint("jira", "")
		w.pass(2 * time.Second)
		if w.known(key) {
			t.Fatal("the index is not late")
		}
		w.pass(hintAgain)
		if !w.known(key) {
			t.Error("the poll was not repeated")
		}
		before, _ := w.polls()
		w.pass(20 * time.Second)
		if after, _ := w.polls(); after != before {
			t.Errorf("%d polls more than usual", after-before)
		}
	})
}

func TestAFloodOfHintsIsAFewPolls(t *testing.T) {
	t.Parallel()
	inWires(t, func(w wired) {
		jira, before := w.polls()
		for range 10_000 {
			w.runner.Hint("github", repo)
		}
		w.pass(time.Second)
		if _, n := w.polls(); n-before != 1 {
			t.Errorf("%d polls within a second", n-before)
		}
		for range 10_000 {
			w.runner.Hint("github", repo)
		}
		w.pass(hintGap)
		if _, n := w.polls(); n-before != 2 {
			t.Errorf("%d polls within the shortest pause", n-before)
		}
		for range 60 { // and a minute of it
			for range 100 {
				w.runner.Hint("github", repo)
			}
			w.pass(time.Second)
		}
		if _, n := w.polls(); n-before < 6 || n-before > 10 {
			t.Errorf("%d polls within a minute of hints, want about one in ten seconds", n-before)
		}
		if n, _ := w.polls(); n-jira > 3 {
			t.Errorf("Jira is polled %d times for it", n-jira)
		}
	})
}

func TestHintsWaitForWhatTheTrackerAllows(t *testing.T) {
	t.Parallel()
	inWires(t, func(w wired) {
		limited := true
		w.hub.SetFaults(func(r *http.Request) sim.Fault {
			if !limited {
				return sim.Fault{}
			}
			return sim.Fault{Name: "limit", Status: 403, Header: map[string]string{"Retry-After": "20"}, Body: `{"message":"You have exceeded a secondary rate limit."}`}
		})
		w.runner.Hint("github", repo)
		w.pass(time.Second)
		limited = false
		asked := w.hub.Log().Len()
		for range 18 {
			w.runner.Hint("github", repo)
			w.pass(time.Second)
		}
		if n := w.hub.Log().Len() - asked; n > 0 {
			t.Errorf("%d requests in the pause that GitHub asked for", n)
		}
		w.pass(30 * time.Second)
		if w.hub.Log().Len() == asked {
			t.Error("no poll came after it")
		}
	})
}

func TestAHintOfWhatIsNotRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if w.runner.Hint("github", "acme/other") || w.runner.Hint("gitlab", repo) {
		t.Error("it is taken")
	}
	if !w.runner.Hint("jira", "") || !w.runner.Hint("github", "") {
		t.Error("one about a whole tracker is not taken")
	}
}

// overtaken is a store in which others are quicker for a while.
type overtaken struct {
	Store

	others atomic.Bool
}

func (s *overtaken) Commit(ctx context.Context, c store.Commit) (int64, error) {
	if s.others.Load() {
		return 0, store.ErrStale
	}
	return s.Store.Commit(ctx, c)
}

// Who polls once an hour, because webhooks tell the rest, does not wait an hour after a
// poll that came to nothing.
func TestARarePollThatFailedIsMadeAgainSoon(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		stale bool
		down  int
		again time.Duration
	}{
		"cards were being worked on": {stale: true, again: 4 * hintGap},
		"the tracker failed":         {down: http.StatusServiceUnavailable, again: failedAgain + time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inWires(t, func(w wired) {
				s := &overtaken{Store: w.runner.Store}
				w.runner.Store, w.runner.Poll = s, time.Hour
				w.issue()
				s.others.Store(c.stale)
				w.hub.SetFaults(func(*http.Request) sim.Fault { return sim.Fault{Name: "down", Status: c.down} })
				w.pass(21 * time.Second) // the pause that had begun before
				s.others.Store(false)
				w.hub.SetFaults(nil)
				if w.known(repo + "#1") {
					t.Fatal("the poll did not fail")
				}
				w.pass(c.again)
				if !w.known(repo + "#1") {
					t.Errorf("it was not made again within %s", c.again)
				}
			})
		})
	}
}
