package runner

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"parley/connectors"
	"parley/connectors/sim"
	"parley/sync/engine"
	"parley/sync/store"
)

// doorkeeper is gates of two GitHubs that share a credential, and of a Jira.
func doorkeeper() *gates {
	return newGates(Options{Owner: "test", Trackers: []Tracker{
		{Name: "jira", Kind: connectors.Jira}, {Name: "hub", Kind: connectors.GitHub, Account: "token"}, {Name: "hub2", Kind: connectors.GitHub, Account: "token"},
	}})
}

func refusal(kind connectors.ErrorKind, scope string) *connectors.Error {
	return &connectors.Error{Kind: kind, Tracker: "jira", Doing: "read", Scope: scope}
}

var writing = errandOf(engine.Request{Kind: engine.Send})

func TestARefusedCredentialIsTriedEverMoreRarely(t *testing.T) {
	t.Parallel()
	g, now := doorkeeper(), monday
	var got []time.Duration
	for range 9 {
		if until := g.enter(now, "hub", looking()); !until.IsZero() {
			t.Fatalf("held back until %v although the pause is over", until)
		}
		for _, e := range []errand{looking(), polling("acme/pay"), writing} { // they were under way together
			g.note(refusal(connectors.Auth, ""), now.Add(time.Second), "hub", e)
		}
		until := g.shut(now, "hub2", writing)
		if other := g.shut(now, "jira", looking()); !other.IsZero() {
			t.Fatalf("another credential is held back until %v", other)
		}
		g.answered(now.Add(2*time.Second), "hub", polling("acme/pay")) // to a request from before
		if again := g.shut(now, "hub", looking()); !again.Equal(until) {
			t.Fatalf("shut until %v after a late answer, want %v", again, until)
		}
		got = append(got, until.Sub(now.Add(time.Second)))
		now = until
	}
	m := time.Minute
	if diff := cmp.Diff([]time.Duration{5 * m, 10 * m, 20 * m, 40 * m, 80 * m, 160 * m, 320 * m, 360 * m, 360 * m}, got); diff != "" {
		t.Errorf("pauses (-want +got):\n%s", diff)
	}
	g.enter(now, "hub", looking())
	if until := g.enter(now, "hub", writing); !until.Equal(now.Add(tryFor)) {
		t.Errorf("a second request is held back until %v while the first is under way", until)
	}
	g.answered(now, "hub", looking())
	if until := g.enter(now, "hub2", writing); !until.IsZero() {
		t.Errorf("held back until %v after an answer", until)
	}
	g.note(refusal(connectors.Auth, ""), now, "hub", looking())
	if until := g.shut(now, "hub", looking()); !until.Equal(now.Add(5 * m)) {
		t.Errorf("after an answer the pauses begin with %v", until.Sub(now))
	}
}

func TestALockedAccountIsNotTriedAgain(t *testing.T) {
	t.Parallel()
	g := doorkeeper()
	g.note(refusal(connectors.Auth, ""), monday, "jira", looking())
	captcha := refusal(connectors.Auth, "")
	captcha.Locked = true
	g.note(captcha, monday, "jira", looking())
	for range 3 {
		g.note(refusal(connectors.Auth, ""), monday, "jira", looking())
		g.answered(monday, "jira", looking())
	}
	for _, e := range []errand{looking(), polling(""), linking(), writing, directing()} {
		if until := g.enter(monday.AddDate(10, 0, 0), "jira", e); until.IsZero() {
			t.Errorf("%v is asked after ten years", e)
		}
	}
	pauses, _ := g.pauses(monday)
	if diff := cmp.Diff([]store.Pause{{Tracker: "jira", Cause: store.PauseLocked, Since: monday, Why: "jira: read: sign-in refused"}}, pauses); diff != "" {
		t.Errorf("pauses (-want +got):\n%s", diff)
	}
}

func TestALimitShutsWhatItConcerns(t *testing.T) {
	t.Parallel()
	others := map[string]errand{"reads": looking(), "edits": writing, "creates": errandOf(engine.Request{Kind: engine.Create}), "polls": polling("OPS"), "links": linking()}
	for scope, want := range map[string]map[string]bool{
		"":                       {"reads": true, "edits": true, "creates": true, "polls": true, "links": true},
		connectors.ScopeEndpoint: {"edits": true},
		connectors.ScopeIssue:    {},
		connectors.ScopeContent:  {"edits": true, "creates": true},
		connectors.ScopeClass:    {"edits": true, "creates": true},
	} {
		g := doorkeeper()
		e := refusal(connectors.RateLimit, scope)
		e.RetryAt = monday.Add(20 * time.Second)
		g.note(e, monday, "hub", writing)
		got := map[string]bool{}
		for name, on := range others {
			if until := g.enter(monday, "hub2", on); !until.IsZero() {
				got[name] = until.Equal(e.RetryAt)
			}
			if until := g.enter(e.RetryAt, "hub2", on); !until.IsZero() {
				t.Errorf("%q: %s wait longer than the tracker asked", scope, name)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", scope, diff)
		}
	}
}

func TestLimitsWithoutAMomentGrow(t *testing.T) {
	t.Parallel()
	for tracker, bounds := range map[string][][2]float64{ // in seconds
		"hub":  {{60, 78}, {120, 156}, {240, 312}, {480, 624}, {900, 900}, {900, 900}},
		"jira": {{1.4, 2.6}, {2, 6}, {5, 11}, {11, 21}, {210, 390}, {420, 780}, {840, 900}, {840, 900}},
	} {
		g, now := doorkeeper(), monday
		for n, b := range bounds {
			g.enter(now, tracker, looking())
			g.note(refusal(connectors.RateLimit, ""), now, tracker, looking())
			g.note(refusal(connectors.RateLimit, ""), now, tracker, looking()) // of a request beside it
			until := g.shut(now, tracker, looking())
			if d := until.Sub(now).Seconds(); d < b[0] || d > b[1] {
				t.Errorf("%s: pause %d is %v s, want from %v to %v", tracker, n+1, d, b[0], b[1])
			}
			now = until
		}
		g.enter(now, tracker, looking())
		g.answered(now, tracker, looking())
		g.note(refusal(connectors.RateLimit, ""), now, tracker, looking())
		if d := g.shut(now, tracker, looking()).Sub(now).Seconds(); d > bounds[0][1] {
			t.Errorf("%s: after a success the pause is %v s", tracker, d)
		}
	}
}

// A request may be made only when every moment that was ever named is over.
func TestNoNamedMomentIsIgnored(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g, now := doorkeeper(), monday
		var quiet time.Time
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(0, 90).Draw(t, "pause")) * time.Second)
			on := rapid.SampledFrom([]errand{looking(), writing, polling("OPS"), linking()}).Draw(t, "errand")
			until := g.enter(now, "hub", on)
			if until.IsZero() && quiet.After(now) {
				t.Fatalf("asked at %v, quiet until %v", now, quiet)
			}
			switch rapid.IntRange(0, 4).Draw(t, "answer") { // of requests under way, too
			case 0:
				e := refusal(connectors.RateLimit, "")
				e.RetryAt = now.Add(time.Duration(rapid.IntRange(1, 600).Draw(t, "wait")) * time.Second)
				g.note(e, now, "hub", on)
				if e.RetryAt.After(quiet) {
					quiet = e.RetryAt
				}
			case 1:
				g.note(refusal(connectors.RateLimit, rapid.SampledFrom([]string{"", connectors.ScopeContent, connectors.ScopeEndpoint}).Draw(t, "scope")), now, "hub", on)
			case 2:
				g.note(refusal(rapid.SampledFrom([]connectors.ErrorKind{connectors.Auth, connectors.Transient, connectors.NotFound}).Draw(t, "kind"), ""), now, "hub2", on)
			default:
				g.answered(now, "hub", on)
			}
		}
	})
}

func TestRestsAfterFailures(t *testing.T) {
	t.Parallel()
	g := doorkeeper()
	for n := range failuresInARow {
		if until := g.enter(monday, "jira", looking()); !until.IsZero() {
			t.Fatalf("held back after %d failures", n)
		}
		g.note(refusal(connectors.Transient, ""), monday, "jira", looking())
	}
	if until := g.shut(monday, "jira", polling("")); !until.Equal(monday.Add(shortestRest)) {
		t.Errorf("after failures in a row it rests until %v", until)
	}
	away := refusal(connectors.Transient, "")
	away.RetryAt = monday.Add(time.Hour)
	g.note(away, monday, "hub", looking())
	if until := g.shut(monday, "hub", polling("x")); !until.Equal(away.RetryAt) {
		t.Errorf("a tracker that asked for an hour is left in peace until %v", until)
	}
}

// refusing answers everything that Jira is asked with a refusal, and counts it.
func (w *world) refusing(f sim.Fault) *int {
	return w.answering(func(string) bool { return true }, f)
}

// day lets a day of polls, slow readings, links and cards go by.
func (w *world) day() {
	w.t.Helper()
	for range 24 * 12 {
		w.clock.Advance(5 * time.Minute)
		w.must(w.runner.PollSource(w.t.Context(), w.runner.Trackers[0], ""))
		w.must(asTracker(w.runner.SlowRound(w.t.Context(), w.runner.Trackers[0], "")))
		w.must(asTracker(w.runner.LinkRound(w.t.Context(), w.runner.Trackers[0])))
		w.work()
	}
}

func TestARefusedSignInStopsAllCalls(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault sim.Fault
		most  int
	}{
		"401":            {sim.Fault{Name: "401", Status: 401, Body: `{"errorMessages":["expired"]}`}, 10},
		"basic disabled": {sim.Fault{Name: "403", Status: 403, Body: `{"message":"Basic Authentication has been disabled on this instance."}`}, 10},
		"captcha":        {sim.Fault{Name: "captcha", Status: 403, Header: map[string]string{"X-Authentication-Denied-Reason": "CAPTCHA_CHALLENGE; login-url=http://x"}}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.must(w.runner.lease(t.Context()))
			key, n := w.pair("Reconcile positions")
			w.listed("more")
			w.must(w.hub.AddLabels("ben", repo, n, "status:in-progress")) // a write will be owed
			w.must(w.runner.PollSource(t.Context(), w.runner.Trackers[1], repo))
			asked := w.refusing(c.fault)
			w.day()
			if *asked == 0 || *asked > c.most {
				t.Errorf("asked %d times in a day, want at most %d", *asked, c.most)
			}
			text, _, err := w.store.Setting(t.Context(), store.SettingPauses)
			w.must(err)
			list, err := store.DecodePauses(text, w.clock.Now())
			w.must(err)
			if len(list) != 1 || list[0].Tracker != "jira" || list[0].Until.IsZero() != (c.most == 1) || list[0].Why == "" {
				t.Errorf("kept of the pause: %+v", list)
			}
			w.site.SetFaults(nil)
			if c.most == 1 {
				w.day()
				if *asked != 1 {
					t.Error("a locked account was tried again")
				}
				w.start() // somebody has answered the CAPTCHA and restarts
				w.must(w.runner.lease(t.Context()))
			} else {
				w.clock.Advance(longestShutOut)
			}
			w.settle(12)
			w.expect(key, n, "In Progress", "open status:in-progress", "doing")
			if text, _, _ := w.store.Setting(t.Context(), store.SettingPauses); text != "[]" && c.most > 1 {
				t.Errorf("kept after it was over: %s", text)
			}
		})
	}
}

// pauses are those that are kept for pages and commands.
func (w *world) pauses() []store.Pause {
	w.t.Helper()
	text, _, err := w.store.Setting(w.t.Context(), store.SettingPauses)
	w.must(err)
	list, err := store.DecodePauses(text, w.clock.Now())
	w.must(err)
	return list
}

func TestALimitMetByOneCardHoldsItsEndpointForAll(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.must(w.runner.lease(t.Context()))
	var keys []string
	for _, s := range []string{"one", "two", "three", "four"} {
		key, n := w.pair(s)
		keys = append(keys, key)
		w.must(w.hub.AddLabels("ben", repo, n, "status:in-progress"))
	}
	moves := w.answering(func(path string) bool { return strings.HasSuffix(path, "/transitions") }, limited("jira-burst-based"))
	w.must(w.runner.PollSource(t.Context(), w.runner.Trackers[1], repo))
	for range 4 { // one worker, so that none was under way when the first was refused
		for _, key := range keys {
			id, err := w.store.Resolve(t.Context(), key)
			w.must(err)
			w.must(w.runner.process(t.Context(), id))
		}
		w.clock.Advance(4 * time.Second)
	}
	if *moves != 1 {
		t.Errorf("the endpoint was asked %d times within the time that Jira named, want once", *moves)
	}
	if list := w.pauses(); len(list) != 1 || list[0].Tracker != "jira" || list[0].Endpoint != "transition" || list[0].Cause != store.PauseQuota {
		t.Errorf("kept of the pause: %+v", list)
	}
	if until := w.runner.gates.shut(w.clock.Now(), "jira", looking()); !until.IsZero() {
		t.Errorf("reads of issues are held until %v", until)
	}
	w.site.SetFaults(nil)
	w.settle(3)
	for _, key := range keys {
		if i, _ := w.site.Issue(key); i.StatusName != "In Progress" {
			t.Errorf("%s is %q in the end", key, i.StatusName)
		}
	}
}

func TestUnderALimitOnContentReadsContinue(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.must(w.runner.lease(t.Context()))
	key, n := w.pair("Reconcile positions")
	writes := 0
	w.hub.SetFaults(func(r *http.Request) sim.Fault {
		if r.Method == http.MethodGet {
			return sim.Fault{}
		}
		writes++
		return sim.Fault{Name: "content", Status: http.StatusForbidden, Header: map[string]string{"Content-Type": "application/json"},
			Body: `{"message":"You have exceeded a secondary rate limit and have been temporarily blocked from content creation."}`}
	})
	w.must(w.site.Transition("ana", key, "4", noEdit))
	w.settle(1)
	if list := w.pauses(); len(list) != 1 || list[0].Class != string(connectors.ClassWrite) || list[0].Tracker != "github" {
		t.Fatalf("kept of the pause after %d writes: %+v", writes, list)
	}
	before := writes
	w.must(w.hub.AddLabels("ben", repo, n, "priority:high")) // reads go on
	w.settle(1)
	if writes != before {
		t.Errorf("%d more writes within the first minute", writes-before)
	}
	if i, _ := w.site.Issue(key); i.PriorityName != "High" {
		t.Errorf("what GitHub shows was not carried over: priority %q", i.PriorityName)
	}
	w.hub.SetFaults(nil)
	w.settle(6)
	w.expect(key, n, "In Progress", "open priority:high status:in-progress", "doing")
	if list := w.pauses(); len(list) != 0 {
		t.Errorf("kept after it was over: %+v", list)
	}
}

func TestATryThatTellsNothingIsFollowedByAnother(t *testing.T) {
	t.Parallel()
	g := doorkeeper()
	g.note(refusal(connectors.RateLimit, ""), monday, "hub", looking())
	now := g.shut(monday, "hub", looking())
	for name, err := range map[string]*connectors.Error{
		"the connection broke": refusal(connectors.Transient, ""), "one issue is busy": refusal(connectors.RateLimit, connectors.ScopeIssue),
	} {
		if until := g.enter(now, "hub", looking()); !until.IsZero() {
			t.Fatalf("before %s: held back until %v", name, until)
		}
		if g.enter(now, "hub", writing).IsZero() {
			t.Fatalf("before %s: two requests go first", name)
		}
		g.note(err, now, "hub", looking())
	}
	if until := g.enter(now, "hub", writing); !until.IsZero() {
		t.Errorf("held back until %v by a try that is over", until)
	}
}

func TestAWaitOfOurOwnIsNobodysRefusal(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.runner.gates.note(refusal(connectors.Auth, ""), w.clock.Now(), "jira", looking())
	until := w.runner.gates.shut(w.clock.Now(), "jira", looking())
	wait := w.runner.waits("jira", looking())
	if wait == nil || wait.RetryAt.After(until) {
		t.Fatalf("%v, want to wait until %v", wait, until)
	}
	if w.runner.gates.note(unsent(wait), until, "jira", looking()) || !w.runner.gates.shut(until, "jira", looking()).IsZero() {
		t.Error("Parley's own wait was taken for the tracker's")
	}
}

// Those who were refused together do not come back together.
func TestLimitsWithoutAMomentAreJittered(t *testing.T) {
	t.Parallel()
	for _, tracker := range []string{"hub", "jira"} {
		pauses := map[time.Duration]bool{}
		for _, salt := range []string{"one", "two", "three"} {
			g := doorkeeper()
			g.salt = salt
			g.note(refusal(connectors.RateLimit, ""), monday, tracker, looking())
			pauses[g.shut(monday, tracker, looking()).Sub(monday)] = true
		}
		if len(pauses) < 2 {
			t.Errorf("%s: three processes wait equally long: %v", tracker, pauses)
		}
	}
}
