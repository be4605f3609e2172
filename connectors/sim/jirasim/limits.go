package jirasim

import (
	"net/http"
	"strconv"
	"time"
)

// Per-issue limits of writes, as Cloud documents them.
const (
	shortWindow, shortLimit = 2 * time.Second, 20
	longWindow, longLimit   = 30 * time.Second, 100
)

// limits counts requests for Options.WriteLimits and Options.BurstLimits.
type limits struct {
	writes  map[int64][]time.Time // per issue, ascending, within longWindow
	buckets map[string]*bucket    // per method and endpoint
}

// bucket is a token bucket.
type bucket struct {
	tokens float64
	at     time.Time
}

// rate is a bucket's size and refill per second, as the headers tell it.
type rate struct{ burst, perSecond int }

// rateOf gives the measured rate of an endpoint.
func rateOf(method, pattern string) rate {
	switch {
	case method == http.MethodGet && pattern == "/issue/{key}":
		return rate{400, 150}
	case method == http.MethodGet && pattern == "/issue/{key}/changelog":
		return rate{400, 200}
	case method == http.MethodPost && pattern == "/search/jql":
		return rate{200, 100}
	case method == http.MethodPut, method == http.MethodDelete:
		return rate{350, 50}
	}
	return rate{350, 100}
}

// spend takes a token of an endpoint's bucket; left is what remains, -1 where
// there was none to take.
func (s *Site) spend(key string, r rate) (left int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.opts.BurstLimits {
		return r.burst - 1
	}
	now := s.now()
	b := s.limits.buckets[key]
	if b == nil {
		b = &bucket{tokens: float64(r.burst), at: now}
		s.limits.buckets[key] = b
	}
	b.tokens = min(float64(r.burst), b.tokens+now.Sub(b.at).Seconds()*float64(r.perSecond))
	b.at = now
	if b.tokens < 1 {
		return -1
	}
	b.tokens--
	return int(b.tokens)
}

// countWrite counts a write to an issue and gives how long to wait where that
// is one too many.
func (s *Site) countWrite(issue int64) (wait time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.opts.WriteLimits {
		return 0
	}
	now := s.now()
	var recent []time.Time
	for _, t := range s.limits.writes[issue] {
		if now.Sub(t) < longWindow {
			recent = append(recent, t)
		}
	}
	if n := len(recent); n >= longLimit {
		wait = recent[n-longLimit].Add(longWindow).Sub(now)
	} else if n >= shortLimit {
		wait = recent[n-shortLimit].Add(shortWindow).Sub(now)
	}
	if wait <= 0 {
		recent = append(recent, now)
	}
	s.limits.writes[issue] = recent
	return max(wait, 0)
}

// rateHeaders are on every answer to an account.
func rateHeaders(h http.Header, r rate, left int) {
	h.Set("X-RateLimit-Limit", strconv.Itoa(r.burst))
	h.Set("X-RateLimit-Remaining", strconv.Itoa(left))
	h.Set("RateLimit", `"jira-burst-based";r=`+strconv.Itoa(left)+`;t=1`)
	h.Set("RateLimit-Policy", `"jira-burst-based";q=`+strconv.Itoa(r.perSecond)+`;w=1`)
	if left*5 < r.burst {
		h.Set("X-RateLimit-NearLimit", "true")
	}
}

// tooMany fills the headers of a 429.
func tooMany(h http.Header, reason string, limit int, now time.Time, wait time.Duration) {
	seconds := int((wait + time.Second - 1) / time.Second)
	h.Set("Retry-After", strconv.Itoa(max(seconds, 1)))
	h.Set("RateLimit-Reason", reason)
	h.Set("X-RateLimit-Limit", strconv.Itoa(limit))
	h.Set("X-RateLimit-Remaining", "0")
	h.Set("X-RateLimit-Reset", now.Add(wait).UTC().Format("2006-01-02T15:04Z"))
}
