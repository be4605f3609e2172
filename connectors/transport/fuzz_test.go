package transport

import (
	"net/http"
	"testing"
	"time"
)

var fuzzNow = time.Date(2026, 11, 2, 9, 0, 30, 0, time.UTC)

// FuzzRetryAt: whatever headers ask for, the moment lies ahead and not beyond the most.
func FuzzRetryAt(f *testing.F) {
	for _, x := range [][3]string{
		{"5", "", ""}, {"0", "1793610000", ""}, {"1e300", "", ""}, {"-1", "9223372036854775807", ""}, {"NaN", "NaN", ""}, {"Inf", "", ""},
		{"Mon, 02 Nov 2026 09:05:00 GMT", "", "Mon, 02 Nov 2026 09:00:00 GMT"}, {"", "2026-11-02T09:10Z", "Fri, 31 Dec 9999 23:59:59 GMT"},
	} {
		f.Add(x[0], x[1], x[2])
	}
	f.Fuzz(func(t *testing.T, after, reset, date string) {
		h := http.Header{"Retry-After": {after}, "X-Ratelimit-Reset": {reset}, "Date": {date}}
		at, ok := RetryAt(h, fuzzNow)
		if ok != !at.IsZero() || ok && (!at.After(fuzzNow) || at.After(fuzzNow.Add(maxPark))) {
			t.Fatalf("%v, %v", at, ok)
		}
	})
}

// FuzzQuotas: whatever answers tell of quotas, what is made of them holds a request back
// for a day at most.
func FuzzQuotas(f *testing.F) {
	for _, x := range [][6]string{
		{"5000", "12", "1793610000", "core", "", ""}, {"350", "1", "", "", `"jira-burst-based";r=3;t=1`, `"jira-burst-based";q=100;w=1`},
		{"100", "9", "", "", "", "10"}, {"0", "9", "x", "", `;;;,"a";r=-1`, `"a";q=0;w=0`}, {"1", "1", "99999999999999", "", `"q";r=1;t=99999999999`, `"q";q=1099511627775;w=61`},
	} {
		f.Add(x[0], x[1], x[2], x[3], x[4], x[5])
	}
	f.Fuzz(func(t *testing.T, limit, left, reset, resource, state, policy string) {
		h := http.Header{
			"X-Ratelimit-Limit": {limit}, "X-Ratelimit-Remaining": {left}, "X-Ratelimit-Reset": {reset}, "X-Ratelimit-Resource": {resource},
			"Ratelimit": {state}, "Ratelimit-Policy": {policy}, "X-Ratelimit-Fillrate": {policy}, "X-Ratelimit-Interval-Seconds": {reset},
		}
		if policy == "" {
			h.Del("X-RateLimit-FillRate")
		}
		for name, g := range told(h, "GET issue/*", fuzzNow) {
			at := g.enough(fuzzNow, 0.5)
			if at.Before(fuzzNow) || at.After(fuzzNow.Add(maxPark)) || g.limit <= 0 || g.left < 0 || g.left > g.limit {
				t.Fatalf("%q: %+v, enough at %v", name, g, at)
			}
		}
	})
}

// FuzzIsJSON: a page is never taken for JSON.
func FuzzIsJSON(f *testing.F) {
	for _, x := range []string{"application/json;charset=UTF-8", "application/problem+json", "text/html", "application/json; charset", ";", ""} {
		f.Add(x)
	}
	f.Fuzz(func(t *testing.T, kind string) {
		h := http.Header{"Content-Type": {kind}}
		if err := CheckJSON(h); (err == nil) != IsJSON(h) || err != nil && len(err.Error()) > 600 {
			t.Fatalf("%q: %v", kind, err)
		}
	})
}
