package githubsim

import (
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// Limits are GitHub's rate limits. The zero value enforces only the 60 requests
// an hour of who is not signed in; everybody else is told of 5,000 that never run
// out.
type Limits struct {
	// Hourly is the primary limit in requests per hour and user. 0: not enforced.
	Hourly int
	// Anonymous is the same per address without a token. 0: 60; below 0: not enforced.
	Anonymous int
	// Points is the secondary limit per minute and user, a read costing 1 and a
	// write 5; GitHub has 900. 0: none.
	Points int
	// Writes is the secondary limit of writes per minute and user; GitHub has 80. 0: none.
	Writes int
	// Concurrent is how many requests may be under way at once; GitHub has 100. 0: no limit.
	Concurrent int
	// Status is that of the refusals, 403 or 429; GitHub sends both. 0: 403.
	Status int
	// NoRetryAfter leaves Retry-After away from secondary refusals, as GitHub
	// sometimes does.
	NoRetryAfter bool
}

type limiter struct {
	Limits
	windows map[string]*window
	running int
}

// window counts what one user or address did.
type window struct {
	limit          int
	enforced       bool
	used           int
	reset          time.Time
	minute         time.Time
	points, writes int
}

func newLimiter(l Limits) limiter {
	if l.Status == 0 {
		l.Status = http.StatusForbidden
	}
	return limiter{Limits: l, windows: map[string]*window{}}
}

// window gives the counters of a caller, started anew where their time is over.
func (l *limiter) window(c *call) *window {
	key := "ip " + c.address
	if c.user != nil {
		key = "user " + strconv.FormatInt(c.user.ID, 10)
	}
	if c.asApp != nil {
		key = "app " + strconv.FormatInt(c.asApp.ID, 10)
	}
	w := l.windows[key]
	if w == nil {
		w = &window{limit: 5000, enforced: l.Hourly > 0}
		if l.Hourly > 0 {
			w.limit = l.Hourly
		}
		if c.user == nil && c.asApp == nil {
			w.limit, w.enforced = 60, l.Anonymous >= 0
			if l.Anonymous > 0 {
				w.limit = l.Anonymous
			}
		}
		l.windows[key] = w
	}
	if !c.now.Before(w.reset) {
		w.used, w.reset = 0, c.now.Add(time.Hour).Truncate(time.Second)
	}
	if c.now.Sub(w.minute) >= time.Minute || c.now.Before(w.minute) {
		w.minute, w.points, w.writes = c.now, 0, 0
	}
	return w
}

// remaining never reaches 0 where nothing is enforced: clients believe it.
func (w *window) remaining() int {
	if w.enforced {
		return max(w.limit-w.used, 0)
	}
	return max(w.limit-w.used, 1)
}

// admit refuses a call that is over a limit.
func (l *limiter) admit(c *call) error {
	w := l.window(c)
	if w.enforced && w.used >= w.limit {
		return l.primary(c)
	}
	cost, writes := 1, 0
	if c.writes() {
		cost, writes = 5, 1
	}
	if l.Points > 0 && w.points+cost > l.Points || l.Writes > 0 && w.writes+writes > l.Writes ||
		l.Concurrent > 0 && l.running > l.Concurrent {
		return l.secondary(w.minute.Add(time.Minute).Sub(c.now))
	}
	w.points, w.writes = w.points+cost, w.writes+writes
	return nil
}

func (l *limiter) primary(c *call) error {
	who := fmt.Sprintf("%s. (But here's the good news: Authenticated requests get a higher rate limit. Check out the documentation for more details.)", c.address)
	if c.user != nil {
		who = fmt.Sprintf("user ID %d.", c.user.ID)
	}
	return &Refusal{Status: l.Status, Message: "API rate limit exceeded for " + who,
		DocumentationURL: "https://docs.github.com/rest/overview/rate-limits-for-the-rest-api"}
}

func (l *limiter) secondary(wait time.Duration) error {
	r := &Refusal{Status: l.Status, Message: secondaryMessage, DocumentationURL: secondaryDoc}
	if !l.NoRetryAfter {
		r.header = map[string]string{"Retry-After": strconv.Itoa(int(max(wait, time.Second).Seconds()))}
	}
	return r
}

const (
	secondaryMessage = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
	secondaryDoc     = "https://docs.github.com/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits"
)

// charge counts an answered call. A 304 costs who is signed in nothing.
func (l *limiter) charge(c *call, status int) {
	if c.free || status == http.StatusNotModified && c.user != nil {
		return
	}
	l.window(c).used++
}

func (w *window) headers(h http.Header) {
	h.Set("X-RateLimit-Limit", strconv.Itoa(w.limit))
	h.Set("X-RateLimit-Remaining", strconv.Itoa(w.remaining()))
	h.Set("X-RateLimit-Used", strconv.Itoa(w.limit-w.remaining()))
	h.Set("X-RateLimit-Reset", strconv.FormatInt(w.reset.Unix(), 10))
	h.Set("X-RateLimit-Resource", "core")
}
