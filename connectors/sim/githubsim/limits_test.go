package githubsim_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"parley/connectors/sim"
	"parley/connectors/sim/githubsim"
)

func (r reply) remaining(t testing.TB) int {
	t.Helper()
	n, err := strconv.Atoi(r.header.Get("X-RateLimit-Remaining"))
	if err != nil {
		t.Fatalf("no rate headers: %v", r.header)
	}
	return n
}

func TestRateHeaders(t *testing.T) {
	t.Parallel()
	w := newWorld(t, githubsim.Options{})
	first := w.get(issuesPath)
	if first.remaining(t) != 4999 || first.header.Get("X-RateLimit-Limit") != "5000" || first.header.Get("X-RateLimit-Used") != "1" ||
		first.header.Get("X-RateLimit-Resource") != "core" || first.header.Get("X-RateLimit-Reset") != strconv.FormatInt(start.Add(time.Hour).Unix(), 10) {
		t.Errorf("headers %v", first.header)
	}
	if got := w.get(issuesPath, "If-None-Match: "+first.header.Get("ETag")); got.status != 304 || got.remaining(t) != 4999 {
		t.Errorf("a 304 costs: %d left %d", got.status, got.remaining(t))
	}
	if got := w.get("/rate_limit"); got.remaining(t) != 4999 || !strings.Contains(got.body, `"remaining":4999`) {
		t.Errorf("/rate_limit costs: %s", got.body)
	}
	if got := w.do("GET", issuesPath, "t-bo", ""); got.remaining(t) != 4999 {
		t.Errorf("another user shares the quota: %d", got.remaining(t))
	}
	w.clock.Advance(time.Hour)
	if got := w.get(issuesPath); got.remaining(t) != 4999 {
		t.Errorf("the hour did not reset: %d", got.remaining(t))
	}
	if date := w.get("/meta").header.Get("Date"); date != start.Add(time.Hour).Format(http.TimeFormat) {
		t.Errorf("Date %s", date)
	}
}

func TestPrimaryLimit(t *testing.T) {
	t.Parallel()
	for _, status := range []int{403, 429} {
		w := newWorld(t, githubsim.Options{Limits: githubsim.Limits{Hourly: 2, Status: status}})
		w.get("/meta")
		last := w.get("/meta")
		got := w.get("/meta")
		if last.status != 200 || last.remaining(t) != 0 || got.status != status || got.remaining(t) != 0 || !strings.Contains(got.body, "API rate limit exceeded for user ID") {
			t.Errorf("%d: %d %s", status, got.status, got.body)
		}
		if got := w.get("/rate_limit"); got.status != 200 {
			t.Errorf("/rate_limit: %d", got.status)
		}
		w.clock.Advance(time.Hour)
		if got := w.get("/meta"); got.status != 200 {
			t.Errorf("after the reset: %d", got.status)
		}
	}
}

func TestAnonymousLimit(t *testing.T) {
	t.Parallel()
	w := newWorld(t, githubsim.Options{})
	for range 60 {
		if got := w.do("GET", "/meta", "", ""); got.status != 200 {
			t.Fatalf("%d %s", got.status, got.body)
		}
	}
	if got := w.do("GET", "/meta", "", ""); got.status != 403 || !strings.Contains(got.body, "good news") {
		t.Errorf("request 61: %d %s", got.status, got.body)
	}
	w.hub.SetLimits(githubsim.Limits{Anonymous: -1})
	for range 70 {
		if got := w.do("GET", "/meta", "", ""); got.status != 200 || got.remaining(t) < 1 {
			t.Fatalf("not enforced: %d, left %d", got.status, got.remaining(t))
		}
	}
}

func TestSecondaryLimits(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		limits githubsim.Limits
		ok     int // requests before the refusal
		method string
		retry  string
	}{
		"points of reads":  {githubsim.Limits{Points: 3}, 3, "GET", "60"},
		"points of writes": {githubsim.Limits{Points: 12}, 2, "PATCH", "60"},
		"writes":           {githubsim.Limits{Writes: 2, Status: 429}, 2, "PATCH", "60"},
		"no Retry-After":   {githubsim.Limits{Points: 1, NoRetryAfter: true}, 1, "GET", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, githubsim.Options{Limits: tc.limits})
			w.issue("A")
			for range tc.ok {
				if got := w.do(tc.method, issuesPath+"/1", "t-ana", "{}"); got.status != 200 {
					t.Fatalf("too early: %d %s", got.status, got.body)
				}
			}
			got := w.do(tc.method, issuesPath+"/1", "t-ana", `{"state":"closed"}`)
			if want := max(tc.limits.Status, 403); got.status != want || !strings.Contains(got.body, "secondary rate limit") || got.header.Get("Retry-After") != tc.retry {
				t.Errorf("%d, Retry-After %q, %s", got.status, got.header.Get("Retry-After"), got.body)
			}
			if w.state(1).State != "open" || got.remaining(t) == 0 {
				t.Error("the refused request did something")
			}
			w.clock.Advance(time.Minute)
			if got := w.do(tc.method, issuesPath+"/1", "t-ana", "{}"); got.status != 200 {
				t.Errorf("a minute later: %d", got.status)
			}
		})
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	w := newWorld(t, githubsim.Options{})
	w.issue("A")
	for _, tc := range []struct {
		fault  sim.Fault
		header string
		want   string
		says   string
	}{
		{githubsim.PrimaryLimit(429, start.Add(time.Minute)), "X-RateLimit-Remaining", "0", "API rate limit exceeded"},
		{githubsim.SecondaryLimit(403, time.Minute), "Retry-After", "60", "secondary rate limit"},
		{githubsim.SecondaryLimit(429, 0), "Retry-After", "", "secondary rate limit"},
		{githubsim.Outage(502), "Content-Type", "text/html; charset=utf-8", "Unicorn"},
	} {
		w.hub.SetFaults(func(*http.Request) sim.Fault { return tc.fault })
		got := w.do("PATCH", issuesPath+"/1", "t-ana", `{"state":"closed"}`)
		if got.status != tc.fault.Status || got.header.Get(tc.header) != tc.want || !strings.Contains(got.body, tc.says) {
			t.Errorf("%s: %d %v %s", tc.fault.Name, got.status, got.header, got.body)
		}
	}
	if w.state(1).State != "open" {
		t.Error("a fault that answers did the work")
	}
	w.hub.SetFaults(func(*http.Request) sim.Fault { return sim.Fault{Name: "lost", Lost: true} })
	req, err := http.NewRequest("PATCH", w.url+issuesPath+"/1", strings.NewReader(`{"state":"closed"}`))
	w.must(err)
	req.Header.Set("Authorization", "Bearer t-ana")
	if resp, err := http.DefaultClient.Do(req); err == nil {
		resp.Body.Close()
		t.Errorf("a lost reply arrived: %d", resp.StatusCode)
	}
	if w.state(1).State != "closed" {
		t.Error("the work of a lost reply is undone")
	}
	w.hub.SetFaults(nil)
	if got := w.hub.Log().Mutations(); len(got) != 5 || got[4].Fault != "lost" || got[4].Body != `{"state":"closed"}` {
		t.Errorf("log %+v", got)
	}
}
