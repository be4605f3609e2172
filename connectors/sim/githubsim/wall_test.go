package githubsim_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"parley/connectors/sim"
	"parley/connectors/sim/githubsim"
)

func TestCreatesAreLimited(t *testing.T) {
	t.Parallel()
	w := newWorld(t, githubsim.Options{Limits: githubsim.Limits{Creates: 3, HourlyCreates: 5, Status: 429}})
	create := func() reply { return w.do("POST", issuesPath, "t-ana", `{"title":"x"}`) }
	var got []string
	for minute := range 3 {
		for range 4 {
			r := create()
			got = append(got, fmt.Sprint(minute, " ", r.status, " ", r.header.Get("Retry-After")))
		}
		w.clock.Advance(time.Minute)
	}
	want := "0 201 |0 201 |0 201 |0 429 60|1 201 |1 201 |1 429 3540|1 429 3540|2 429 3480|2 429 3480|2 429 3480|2 429 3480"
	if have := strings.Join(got, "|"); have != want {
		t.Errorf("got  %s\nwant %s", have, want)
	}
	if r := w.do("PATCH", issuesPath+"/1", "t-ana", `{"title":"y"}`); r.status != 200 {
		t.Errorf("an edit counts as new content: %d", r.status)
	}
	if r := w.do("POST", issuesPath+"/1/comments", "t-ana", `{"body":"y"}`); r.status != 429 {
		t.Errorf("a comment is no new content: %d", r.status)
	}
	if r := w.do("POST", issuesPath+"/1/labels", "t-ana", `{"labels":["y"]}`); r.status != 200 {
		t.Errorf("a label counts as new content: %d", r.status)
	}
	w.clock.Advance(time.Hour)
	if r := create(); r.status != 201 {
		t.Errorf("an hour later: %d", r.status)
	}
	if l := githubsim.PublishedLimits(); l.Creates != 80 || l.HourlyCreates != 500 || l.Points != 900 || l.Hourly != 5000 || l.Search != 30 {
		t.Errorf("%+v", l)
	}
}

func TestSearch(t *testing.T) {
	t.Parallel()
	w := newWorld(t, githubsim.Options{Limits: githubsim.Limits{Search: 4}})
	w.issue("Pay the invoice", "bug")
	w.issue("Pay again")
	for _, tc := range []struct {
		q    string
		want int
	}{{"repo:acme/payments+is:issue+pay", 2}, {"pay+label:bug", 1}, {"pay+is:closed", 0}} {
		got := w.get("/search/issues?q=" + tc.q)
		if got.status != 200 || !strings.Contains(got.body, fmt.Sprintf(`"total_count":%d`, tc.want)) || got.header.Get("X-RateLimit-Resource") != "search" || got.header.Get("X-RateLimit-Limit") != "4" {
			t.Errorf("%s: %d %v %s", tc.q, got.status, got.header, got.body)
		}
	}
	if got := w.get("/search/issues"); got.status != 422 {
		t.Errorf("a search for nothing: %d", got.status)
	}
	if got := w.get("/search/issues?q=pay"); got.status != 403 || !strings.Contains(got.body, "rate limit exceeded") || got.header.Get("X-RateLimit-Remaining") != "0" {
		t.Errorf("the fifth in a minute: %d %s", got.status, got.body)
	}
	if got := w.get(issuesPath); got.status != 200 || got.header.Get("X-RateLimit-Resource") != "core" {
		t.Errorf("searches use up the rest: %d", got.status)
	}
	w.clock.Advance(time.Minute)
	if got := w.get("/search/issues?q=pay"); got.status != 200 {
		t.Errorf("a minute later: %d", got.status)
	}
}

func TestSingleSignOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, githubsim.Options{})
	w.must(w.hub.AddToken("ana", "t-let-in"))
	w.must(w.hub.RequireSSO("acme", "t-let-in"))
	for _, tc := range []struct {
		method, path, token string
		status              int
	}{
		{"GET", "/repos/acme/secret/issues", "t-ana", 403},
		{"GET", "/repos/acme/secret/issues", "t-let-in", 200},
		{"GET", "/repos/acme/secret/issues", "", 404},
		{"GET", issuesPath, "t-ana", 200},
		{"POST", issuesPath, "t-ana", 403},
		{"POST", issuesPath, "t-let-in", 201},
	} {
		got := w.do(tc.method, tc.path, tc.token, `{"title":"x"}`)
		if walled := strings.HasPrefix(got.header.Get("X-GitHub-SSO"), "required; url="); got.status != tc.status || walled != (tc.status == 403) {
			t.Errorf("%s %s with %s: %d %v %s", tc.method, tc.path, tc.token, got.status, got.header, got.body)
		}
	}
}

func TestWeakETags(t *testing.T) {
	t.Parallel()
	w := newWorld(t, githubsim.Options{WeakETags: true})
	w.issue("Pay")
	tag := w.get(issuesPath).header.Get("ETag")
	if !strings.HasPrefix(tag, `W/"`) {
		t.Fatalf("ETag %s", tag)
	}
	for _, have := range []string{tag, strings.TrimPrefix(tag, "W/")} {
		if got := w.get(issuesPath, "If-None-Match: "+have); got.status != 304 {
			t.Errorf("%s: %d", have, got.status)
		}
	}
}

// A time-out tells nothing of what became of the request.
func TestTimeout(t *testing.T) {
	t.Parallel()
	for _, done := range []bool{true, false} {
		w := newWorld(t, githubsim.Options{})
		w.hub.SetFaults(func(*http.Request) sim.Fault { return githubsim.Timeout(504, done) })
		got := w.do("POST", issuesPath, "t-ana", `{"title":"x"}`)
		if there := len(w.hub.Issues(pay)) == 1; got.status != 504 || there != done || !strings.Contains(got.body, "<html>") {
			t.Errorf("done %v: %d, there %v", done, got.status, there)
		}
	}
}
