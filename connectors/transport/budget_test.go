package transport_test

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/connectors"
	"parley/connectors/transport"
)

func noon() time.Time { return time.Date(2026, 11, 16, 12, 0, 0, 0, time.UTC) }

// sent is a request that a budget let through.
type sent struct {
	at time.Time
	q  transport.Request
}

// most is the largest sum of costs within any span.
func most(log []sent, span time.Duration, cost func(transport.Request) int) int {
	best := 0
	for _, from := range log {
		sum := 0
		for _, s := range log {
			if d := s.at.Sub(from.at); d >= 0 && d < span {
				sum += cost(s.q)
			}
		}
		best = max(best, sum)
	}
	return best
}

// Whatever comes when, no published limit is ever exceeded.
func TestNoLimitIsExceeded(t *testing.T) {
	t.Parallel()
	points := func(q transport.Request) int {
		if q.Read {
			return 1
		}
		return 5
	}
	creates := func(q transport.Request) int {
		if q.Method == http.MethodPost && q.Path == "/repos/a/b/issues" {
			return 1
		}
		return 0
	}
	of := func(id string) func(transport.Request) int {
		return func(q transport.Request) int {
			if !q.Read && q.Path == "/rest/api/2/issue/"+id {
				return 1
			}
			return 0
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		terms, requests := transport.GitHubTerms(), []transport.Request{
			{Method: "GET", Path: "/repos/a/b/issues", Read: true}, {Method: "POST", Path: "/repos/a/b/issues"}, {Method: "PATCH", Path: "/repos/a/b/issues/7"},
		}
		if rapid.Bool().Draw(t, "jira") {
			terms, requests = transport.JiraTerms(), []transport.Request{
				{Method: "PUT", Path: "/rest/api/2/issue/1"}, {Method: "PUT", Path: "/rest/api/2/issue/2"}, {Method: "GET", Path: "/rest/api/2/issue/1", Read: true},
			}
		}
		b, now := transport.NewBudget(terms), noon()
		var log []sent
		for range rapid.IntRange(1, 40).Draw(t, "bursts") {
			now = now.Add(time.Duration(rapid.IntRange(0, 20_000).Draw(t, "pause")) * time.Millisecond)
			q := rapid.SampledFrom(requests).Draw(t, "request")
			for range rapid.IntRange(1, 60).Draw(t, "many") {
				at, held := b.Take(now, connectors.ClassCard, q)
				if held != nil {
					if !held.Until.After(now) || held.Reason == "" {
						t.Fatalf("held back until %v at %v: %q", held.Until, now, held.Reason)
					}
					break
				}
				if at.Before(now) || at.Sub(now) > 5*time.Second {
					t.Fatalf("a turn at %v, asked at %v", at, now)
				}
				if n := len(log); n > 0 && len(terms.Windows) == 3 && at.Before(log[n-1].at) {
					t.Fatalf("a turn at %v, before one that was given earlier", at)
				}
				log = append(log, sent{at, q})
			}
		}
		for _, l := range []struct {
			name string
			span time.Duration
			most int
			cost func(transport.Request) int
		}{
			{"points", time.Minute, 900, points}, {"creates a minute", time.Minute, 80, creates}, {"creates an hour", time.Hour, 500, creates},
			{"writes in 2 s", 2 * time.Second, 20, of("1")}, {"writes in 30 s", 30 * time.Second, 100, of("1")}, {"writes in 2 s", 2 * time.Second, 20, of("2")},
		} {
			if l.name == "points" && len(terms.Windows) < 3 {
				continue
			}
			if n := most(log, l.span, l.cost); n > l.most {
				t.Fatalf("%s: %d of %d", l.name, n, l.most)
			}
		}
	})
}

// hourly is GitHub's quota as its answers tell it.
func hourly(limit, left int, reset time.Time) http.Header {
	h := http.Header{}
	for k, v := range map[string]string{"X-RateLimit-Limit": strconv.Itoa(limit), "X-RateLimit-Remaining": strconv.Itoa(left),
		"X-RateLimit-Reset": strconv.FormatInt(reset.Unix(), 10), "X-RateLimit-Resource": "core"} {
		h.Set(k, v)
	}
	return h
}

var list = transport.Request{Method: "GET", Path: "/repos/a/b/issues", Read: true}

func TestClassesLeaveTheirReserve(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		left    int
		stopped int // how many of the classes, the first to wait first
	}{{5000, 0}, {2501, 0}, {2500, 1}, {1501, 1}, {1500, 2}, {751, 2}, {750, 3}, {501, 3}, {500, 5}, {0, 5}} {
		b := transport.NewBudget(transport.GitHubTerms())
		if _, held := b.Take(noon(), connectors.ClassBackground, list); held != nil {
			t.Fatalf("held back before anything is known: %v", held)
		}
		reset := noon().Add(20 * time.Minute)
		b.Done(noon(), list, hourly(5000, c.left, reset))
		for i, class := range connectors.Classes() {
			_, held := b.Take(noon(), class, list)
			if (held != nil) != (i < c.stopped) {
				t.Errorf("with %d of 5000 left %s is held back: %v", c.left, class, held)
			}
			if held == nil {
				b.Done(noon(), list, hourly(5000, c.left, reset))
				continue
			}
			if !held.Until.Equal(reset) || held.Scope != connectors.ScopeClass {
				t.Errorf("%s waits until %v, scope %q", class, held.Until, held.Scope)
			}
		}
		for _, class := range connectors.Classes() {
			if _, held := b.Take(reset, class, list); held != nil {
				t.Errorf("%s is held back after the reset", class)
			}
		}
	}
}

// However answers and requests overlap, and whoever else uses the quota, no class goes
// below what it has to leave by more than the others took unseen.
func TestTheReserveIsKept(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b, now := transport.NewBudget(transport.GitHubTerms()), noon()
		reset := now.Add(time.Hour)
		limit := rapid.IntRange(20, 400).Draw(t, "limit")
		left, flying := limit, 0
		b.Take(now, connectors.ClassCard, list)
		b.Done(now, list, hourly(limit, left, reset))
		reserve := transport.DefaultReserve()
		for range rapid.IntRange(1, 600).Draw(t, "steps") {
			now = now.Add(time.Second)
			if !now.Before(reset) {
				return
			}
			if flying > 0 && rapid.Bool().Draw(t, "answer") {
				flying--
				b.Done(now, list, hourly(limit, left+flying, reset)) // those under way are not counted yet
				continue
			}
			class := rapid.SampledFrom(connectors.Classes()).Draw(t, "class")
			if _, held := b.Take(now, class, list); held != nil {
				continue
			}
			flying++
			left--
			if float64(left) < reserve[class]*float64(limit) {
				t.Fatalf("%s leaves %d of %d", class, left, limit)
			}
		}
	})
}

func TestQuotasOfAllProducts(t *testing.T) {
	t.Parallel()
	header := func(pairs ...string) http.Header {
		h := http.Header{}
		for i := 0; i < len(pairs); i += 2 {
			h.Set(pairs[i], pairs[i+1])
		}
		return h
	}
	get := transport.Request{Method: "GET", Path: "/rest/api/2/issue/10001", Read: true}
	other := transport.Request{Method: "POST", Path: "/rest/api/2/search/jql", Read: true}
	for name, c := range map[string]struct {
		h           http.Header
		same, other time.Duration // how long a slow reading waits; below 0: it is held back for so long
	}{
		"nothing is told":      {header(), 0, 0},
		"burst, plenty":        {header("X-RateLimit-Limit", "350", "X-RateLimit-Remaining", "349", "RateLimit", `"jira-burst-based";r=349;t=1`, "RateLimit-Policy", `"jira-burst-based";q=100;w=1`), 0, 0},
		"burst, nearly gone":   {header("X-RateLimit-Limit", "350", "X-RateLimit-Remaining", "5", "RateLimit", `"jira-burst-based";r=5;t=1`, "RateLimit-Policy", `"jira-burst-based";q=100;w=1`), 1011 * time.Millisecond, 0},
		"quota":                {header("RateLimit", `"jira-burst-based";r=349;t=1, "global-app-quota";r=1000;t=900`, "RateLimit-Policy", `"jira-burst-based";q=100;w=1, "global-app-quota";q=65000;w=3600`), -15 * time.Minute, -15 * time.Minute},
		"quota in beta":        {header("RateLimit", `"Beta-global-app-quota";r=1000;t=900`, "RateLimit-Policy", `"Beta-global-app-quota";q=65000;w=3600`), 0, 0},
		"near, unnamed":        {header("X-RateLimit-NearLimit", "true"), -time.Minute, -time.Minute},
		"data center":          {header("X-RateLimit-Limit", "100", "X-RateLimit-Remaining", "20", "X-RateLimit-Interval-Seconds", "10", "X-RateLimit-FillRate", "50", "Retry-After", "0"), 2201 * time.Millisecond, 2201 * time.Millisecond},
		"a reset behind":       {header("X-RateLimit-Limit", "100", "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", "2026-11-16T11:00Z"), 0, 0},
		"no numbers":           {header("X-RateLimit-Limit", "many", "X-RateLimit-Remaining", "-3", "RateLimit", `;;;=,"x";r=1e9`, "RateLimit-Policy", `"x";q=-1;w=0`), 0, 0},
		"more left than quota": {header("X-RateLimit-Limit", "10", "X-RateLimit-Remaining", "11", "X-RateLimit-Reset", "2026-11-16T13:00Z"), 0, 0},
	} {
		for q, want := range map[transport.Request]time.Duration{get: c.same, other: c.other} {
			b := transport.NewBudget(transport.JiraTerms())
			b.Take(noon(), connectors.ClassCard, get)
			b.Done(noon(), get, c.h)
			at, held := b.Take(noon(), connectors.ClassSlow, q)
			got := at.Sub(noon())
			if held != nil {
				got = noon().Sub(held.Until)
			}
			if d := got - want; d < -2*time.Millisecond || d > 2*time.Millisecond {
				t.Errorf("%s: %s %s waits %v, want %v", name, q.Method, q.Path, got, want)
			}
		}
	}
}

func TestTheClientAsksItsBudget(t *testing.T) {
	t.Parallel()
	now := noon()
	b := transport.NewBudget(transport.GitHubTerms())
	x := setup(t, transport.Options{Budget: b, Now: func() time.Time { return now }}, func(n int, w http.ResponseWriter, _ *http.Request) {
		maps.Copy(w.Header(), hourly(5000, 1400, now.Add(time.Hour)))
		w.Header().Set("Date", now.Format(http.TimeFormat))
		if n == 1 {
			w.WriteHeader(http.StatusBadGateway)
		}
	})
	if a, err := x.send(t.Context(), t, http.MethodGet); err != nil || a.Status != http.StatusOK || x.calls.Load() != 2 {
		t.Fatalf("%v, %v after %d calls", a.Status, err, x.calls.Load())
	}
	if left := b.Quotas(now); len(left) != 1 || left[0].Left != 1400 || left[0].Limit != 5000 || left[0].Name != "core" {
		t.Errorf("left: %+v", left)
	}
	slow := connectors.WithClass(t.Context(), connectors.ClassSlow)
	_, err := x.send(slow, t, http.MethodPost)
	held, ok := errors.AsType[*transport.Held](err)
	if !ok || !held.Until.Equal(now.Add(time.Hour)) || !transport.NotSent(err) || x.calls.Load() != 2 {
		t.Errorf("%v after %d calls, want it held back unsent", err, x.calls.Load())
	}
	if _, err := x.send(connectors.WithClass(context.Background(), connectors.ClassWrite), t, http.MethodPost); err != nil {
		t.Errorf("a write: %v", err)
	}
}

// One that has to wait a little lets nobody pass who counts for the same limit.
func TestTurnsAreTakenInOrder(t *testing.T) {
	t.Parallel()
	b := transport.NewBudget(transport.GitHubTerms())
	create := transport.Request{Method: "POST", Path: "/repos/a/b/issues"}
	for range 80 {
		if at, held := b.Take(noon(), connectors.ClassWrite, create); held != nil || !at.Equal(noon()) {
			t.Fatal(at, held)
		}
	}
	early, late := noon().Add(30*time.Second), noon().Add(58*time.Second)
	if _, held := b.Take(early, connectors.ClassWrite, create); held == nil || held.Scope != connectors.ScopeEndpoint || !held.Until.Equal(noon().Add(61*time.Second)) {
		t.Fatalf("the 81st create within a minute: %+v", held)
	}
	turn, held := b.Take(late, connectors.ClassWrite, create)
	if held != nil || !turn.Equal(noon().Add(61*time.Second)) {
		t.Fatal(turn, held)
	}
	if at, _ := b.Take(late, connectors.ClassCard, list); at.Before(turn) {
		t.Errorf("a read passes at %v", at)
	}
}

// TestGraphQLHasAQuotaOfItsOwn: REST goes on where its points are used up, and the other
// way round.
func TestGraphQLHasAQuotaOfItsOwn(t *testing.T) {
	t.Parallel()
	b := transport.NewBudget(transport.GitHubTerms())
	graph := transport.Request{Method: "POST", Path: "/graphql", Read: true}
	h := hourly(5000, 0, noon().Add(time.Hour))
	h.Set("X-RateLimit-Resource", "graphql")
	b.Take(noon(), connectors.ClassPoll, graph)
	b.Done(noon(), graph, h)
	if _, held := b.Take(noon(), connectors.ClassPoll, graph); held == nil {
		t.Error("GraphQL goes on without points")
	}
	if _, held := b.Take(noon(), connectors.ClassPoll, list); held != nil {
		t.Errorf("REST waits for GraphQL: %v", held)
	}
}
