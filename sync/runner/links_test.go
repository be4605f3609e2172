package runner

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"parley/connectors"
	"parley/connectors/sim"
	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/jirasim"
)

// unread is how many issues still have links to be read.
func (w *world) unread() int {
	w.t.Helper()
	rows, err := w.store.Unpaired(w.t.Context(), "jira", nil, "", 100)
	w.must(err)
	return len(rows)
}

// listed makes issues in Jira and lets Parley see them, but not their links.
func (w *world) listed(summaries ...string) []jirasim.Issue {
	w.t.Helper()
	var out []jirasim.Issue
	for _, s := range summaries {
		i, err := w.site.Create("ana", jirasim.NewIssue{Project: "OPS", Type: "Story", Summary: s})
		w.must(err)
		out = append(out, i)
	}
	w.clock.Advance(30 * time.Second)
	w.must(w.runner.PollSource(w.t.Context(), w.runner.Trackers[0], "OPS"))
	return out
}

// answering makes Jira answer so to some requests, and counts those.
func (w *world) answering(to func(path string) bool, f sim.Fault) *int {
	n := 0
	w.site.SetFaults(func(r *http.Request) sim.Fault {
		if !to(r.URL.Path) {
			return sim.Fault{}
		}
		n++
		return f
	})
	return &n
}

func isLinks(path string) bool { return strings.HasSuffix(path, "/remotelink") }

func TestLinksThatCannotBeReadStopNoOthers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bad := w.listed("bad", "fine", "fine too")[0]
	asked := w.answering(func(path string) bool {
		return isLinks(path) && (strings.Contains(path, "/"+bad.ID+"/") || strings.Contains(path, "/"+bad.Key+"/"))
	}, sim.Fault{Name: "500", Status: http.StatusInternalServerError, Body: `{"errorMessages":["boom"]}`})
	w.must(w.runner.LinkRound(t.Context(), w.runner.Trackers[0]))
	if n := w.unread(); n != 1 {
		t.Fatalf("the links of %d issues are left to be read, want 1", n)
	}
	before := *asked
	w.must(w.runner.LinkRound(t.Context(), w.runner.Trackers[0]))
	if *asked != before {
		t.Errorf("asked again at once, %d times", *asked-before)
	}
	w.site.SetFaults(nil)
	w.clock.Advance(setAside)
	w.must(w.runner.LinkRound(t.Context(), w.runner.Trackers[0]))
	if n := w.unread(); n != 0 {
		t.Errorf("the links of %d issues are left to be read after Jira has recovered", n)
	}
}

// limited is Jira's refusal of so many requests, for twenty seconds.
func limited(reason string) sim.Fault {
	f := sim.Fault{Name: "429", Status: http.StatusTooManyRequests, Header: map[string]string{"Retry-After": "20"}, Body: `{"errorMessages":["slow down"]}`}
	if reason != "" {
		f.Header["RateLimit-Reason"] = reason
	}
	return f
}

func TestALimitOnLinksHoldsWhatItConcerns(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		reason       string
		asked        int
		links, polls bool // held
	}{
		{"", 1, true, true},
		{"jira-burst-based", 1, true, false},
		{"jira-per-issue-on-write", 3, false, false},
	} {
		w := newWorld(t)
		w.listed("one", "two", "three")
		asked := w.answering(isLinks, limited(c.reason))
		err := w.runner.LinkRound(t.Context(), w.runner.Trackers[0])
		if _, refused := errors.AsType[*connectors.Error](err); refused != c.links || asTracker(err) != nil {
			t.Errorf("%q: the round ended with %v", c.reason, err)
		}
		if *asked != c.asked {
			t.Errorf("%q: asked %d times, want %d", c.reason, *asked, c.asked)
		}
		now := w.clock.Now()
		if got := !w.runner.gates.shut(now, "jira", polling("OPS")).IsZero(); got != c.polls {
			t.Errorf("%q: polls are held: %v, want %v", c.reason, got, c.polls)
		}
		if got := w.runner.gates.shut(now, "jira", linking()); c.links && !got.Equal(now.Add(20*time.Second)) || !c.links && !got.IsZero() {
			t.Errorf("%q: links are held until %v", c.reason, got)
		}
	}
}

func TestALimitOnPollsHoldsThemAndNoCard(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key, n := w.pair("Reconcile positions")
	asked := w.answering(func(path string) bool { return strings.HasSuffix(path, "/search/jql") }, limited("jira-burst-based"))
	poll := func() {
		t.Helper()
		w.must(w.runner.PollSource(t.Context(), w.runner.Trackers[0], "OPS"))
	}
	poll()
	w.clock.Advance(19 * time.Second)
	poll()
	if *asked != 1 {
		t.Errorf("polled %d times within the time that Jira named, want once", *asked)
	}
	st, err := w.store.Source(t.Context(), "jira", "OPS")
	w.must(err)
	if want := w.clock.Now().Add(time.Second); !st.RetryAt.Equal(want) || st.Error == "" {
		t.Errorf("the source says %q until %v, want until %v", st.Error, st.RetryAt, want)
	}
	if w.runner.gates.shut(w.clock.Now(), "jira", linking()).IsZero() {
		t.Error("links are read all the same")
	}
	w.must(w.hub.AddLabels("ben", repo, n, "status:in-progress"))
	w.must(w.runner.PollSource(t.Context(), w.runner.Trackers[1], repo))
	w.work()
	w.expect(key, n, "In Progress", "open status:in-progress", "doing")
	w.clock.Advance(time.Second)
	poll()
	if *asked != 2 {
		t.Errorf("polled %d times, want again after the time that Jira named", *asked)
	}
}

// TestALinkThatIsAddedLaterIsFound adds a remote link to an issue whose links were read
// when there was none.
func TestALinkThatIsAddedLaterIsFound(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*world){"Cloud": func(*world) {}, "Data Center": onServer} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, change)
			g, err := w.hub.CreateIssue("ben", repo, githubsim.NewIssue{Title: "Rounding is off by a cent"})
			w.must(err)
			key := w.listed("Reconcile positions")[0].Key
			w.settle(3)
			w.must(w.runner.LinkRound(t.Context(), w.runner.Trackers[0]))
			if n := w.unread(); n != 0 || w.together(key) {
				t.Fatalf("the links of %d issues are left to be read before there is one, paired: %v", n, w.together(key))
			}
			_, _, err = w.site.AddRemoteLink("ana", key, jirasim.RemoteLink{URL: g.URL, Title: "the fix"})
			w.must(err)
			w.settle(3)
			w.must(w.runner.LinkRound(t.Context(), w.runner.Trackers[0]))
			if !w.together(key) {
				t.Error("the two issues are no pair")
			}
			asked := w.answering(isLinks, sim.Fault{})
			w.must(w.site.Edit("ana", key, jirasim.Edit{Priority: new("High")}))
			w.settle(3)
			w.must(w.runner.LinkRound(t.Context(), w.runner.Trackers[0]))
			if *asked != 0 {
				t.Errorf("links were read %d times more", *asked)
			}
		})
	}
}

// TestALinkThatNamesNobodyIsReadOnce edits an issue after its links were read again.
func TestALinkThatNamesNobodyIsReadOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key := w.listed("Reconcile positions")[0].Key
	asked := w.answering(isLinks, sim.Fault{})
	round := func(want int) {
		t.Helper()
		w.settle(3)
		w.must(w.runner.LinkRound(t.Context(), w.runner.Trackers[0]))
		if *asked != want {
			t.Errorf("links were read %d times, want %d", *asked, want)
		}
	}
	round(1)
	_, _, err := w.site.AddRemoteLink("ana", key, jirasim.RemoteLink{URL: "https://wiki.example/positions", Title: "notes"})
	w.must(err)
	round(2)
	w.must(w.site.Edit("ana", key, jirasim.Edit{Priority: new("High")}))
	round(2)
}
