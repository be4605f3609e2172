package githubsim

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
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
	// Writes is a secondary limit of writes of any sort per minute and user. 0: none.
	Writes int
	// Creates and HourlyCreates are the secondary limits of new issues and comments per
	// minute and per hour and user; GitHub has 80 and 500. 0: none.
	Creates, HourlyCreates int
	// Search is how many searches a user has in a minute; GitHub gives 30. 0: not enforced.
	Search int
	// Graph is how many points of GraphQL a user has in an hour; GitHub gives 5,000. 0:
	// not enforced.
	Graph int
	// Concurrent is how many requests may be under way at once; GitHub has 100. 0: no limit.
	Concurrent int
	// Status is that of the refusals, 403 or 429; GitHub sends both. 0: 403.
	Status int
	// NoRetryAfter leaves Retry-After away from secondary refusals, as GitHub
	// sometimes does.
	NoRetryAfter bool
}

// PublishedLimits are those that GitHub documents for a person's token.
func PublishedLimits() Limits {
	return Limits{Hourly: 5000, Points: 900, Creates: 80, HourlyCreates: 500, Concurrent: 100, Search: 30, Graph: 5000}
}

type limiter struct {
	Limits
	windows map[string]*window
	running int
}

// window counts what one user or address did.
type window struct {
	resource string // core, search
	span     time.Duration
	limit    int
	enforced bool
	used     int
	reset    time.Time

	minute         time.Time
	points, writes int
	creates        int // in the minute
	hour           time.Time
	hourCreates    int
}

func newLimiter(l Limits) limiter {
	if l.Status == 0 {
		l.Status = http.StatusForbidden
	}
	return limiter{Limits: l, windows: map[string]*window{}}
}

// window gives the counters that a call counts in, started anew where their time is over.
func (l *limiter) window(c *call) *window { return l.of(c, c.resource()) }

// The resources that are counted apart.
const (
	resourceCore   = "core"
	resourceSearch = "search"
	resourceGraph  = "graphql"
)

// resource is what a call counts for.
func (c *call) resource() string {
	switch path := strings.TrimPrefix(c.r.URL.Path, strings.TrimSuffix(enterprise, "/")); {
	case strings.HasPrefix(path, "/search/"):
		return resourceSearch
	case asksGraph(c.r.URL.Path):
		return resourceGraph
	}
	return resourceCore
}

// of gives a caller's counters of a resource.
func (l *limiter) of(c *call, resource string) *window {
	key := "ip " + c.address
	if c.user != nil {
		key = "user " + strconv.FormatInt(c.user.ID, 10)
	}
	if c.asApp != nil {
		key = "app " + strconv.FormatInt(c.asApp.ID, 10)
	}
	if resource != resourceCore {
		key = resource + " " + key
	}
	w := l.windows[key]
	if w == nil {
		w = &window{resource: resource, span: time.Hour, limit: 5000, enforced: l.Hourly > 0}
		if l.Hourly > 0 {
			w.limit = l.Hourly
		}
		if c.user == nil && c.asApp == nil {
			w.limit, w.enforced = 60, l.Anonymous >= 0
			if l.Anonymous > 0 {
				w.limit = l.Anonymous
			}
		}
		switch resource {
		case resourceSearch:
			w.span, w.limit, w.enforced = time.Minute, 30, l.Search > 0
			if l.Search > 0 {
				w.limit = l.Search
			}
		case resourceGraph:
			w.limit, w.enforced = 5000, l.Graph > 0
			if l.Graph > 0 {
				w.limit = l.Graph
			}
		}
		l.windows[key] = w
	}
	w.renew(c.now)
	return w
}

// renew starts the counters anew whose time is over.
func (w *window) renew(now time.Time) {
	if !now.Before(w.reset) {
		w.used, w.reset = 0, now.Add(w.span).Truncate(time.Second)
	}
	if now.Sub(w.minute) >= time.Minute || now.Before(w.minute) {
		w.minute, w.points, w.writes, w.creates = now, 0, 0, 0
	}
	if now.Sub(w.hour) >= time.Hour || now.Before(w.hour) {
		w.hour, w.hourCreates = now, 0
	}
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
	if w.enforced && w.used >= w.limit && w.resource != resourceGraph { // there the answer itself says so
		return l.primary(c)
	}
	cost, writes, creates := 1, 0, 0
	if c.changesSomething() {
		cost, writes = 5, 1
	}
	if c.createsContent() {
		creates = 1
	}
	over := func(limit, used int) bool { return limit > 0 && used > limit }
	wait := w.minute.Add(time.Minute).Sub(c.now)
	switch {
	case over(l.HourlyCreates, w.hourCreates+creates) && creates > 0:
		return l.secondary(contentMessage, w.hour.Add(time.Hour).Sub(c.now))
	case over(l.pointsOf(w.resource), w.points+cost), over(l.Concurrent, l.running):
		return l.secondary(secondaryMessage, wait)
	case over(l.Writes, w.writes+writes), over(l.Creates, w.creates+creates) && creates > 0:
		return l.secondary(contentMessage, wait)
	}
	w.points, w.writes, w.creates, w.hourCreates = w.points+cost, w.writes+writes, w.creates+creates, w.hourCreates+creates
	return nil
}

// pointsOf is the secondary limit a minute of a resource: GraphQL has 2,000 where the
// others have 900.
func (l *limiter) pointsOf(resource string) int {
	if resource == resourceGraph {
		return l.Points * 20 / 9
	}
	return l.Points
}

// createsContent reports whether a call makes an issue or a comment.
func (c *call) createsContent() bool {
	path := strings.TrimSuffix(c.r.URL.Path, "/")
	return c.r.Method == http.MethodPost && (strings.HasSuffix(path, "/issues") || strings.HasSuffix(path, "/comments"))
}

func (l *limiter) primary(c *call) error {
	who := fmt.Sprintf("%s. (But here's the good news: Authenticated requests get a higher rate limit. Check out the documentation for more details.)", c.address)
	if c.user != nil {
		who = fmt.Sprintf("user ID %d.", c.user.ID)
	}
	return &Refusal{Status: l.Status, Message: "API rate limit exceeded for " + who,
		DocumentationURL: "https://docs.github.com/rest/overview/rate-limits-for-the-rest-api"}
}

func (l *limiter) secondary(message string, wait time.Duration) error {
	r := &Refusal{Status: l.Status, Message: message, DocumentationURL: secondaryDoc}
	if !l.NoRetryAfter {
		r.header = map[string]string{"Retry-After": strconv.Itoa(int(max(wait, time.Second).Seconds()))}
	}
	return r
}

const (
	contentMessage   = "You have exceeded a secondary rate limit and have been temporarily blocked from content creation. Please retry your request again later."
	secondaryMessage = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
	secondaryDoc     = "https://docs.github.com/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits"
)

// charge counts an answered call. A 304 costs who is signed in nothing.
func (l *limiter) charge(c *call, status int) {
	if c.free || status == http.StatusNotModified && c.user != nil {
		return
	}
	l.window(c).used += max(c.points, 1)
}

func (w *window) headers(h http.Header) {
	h.Set("X-RateLimit-Limit", strconv.Itoa(w.limit))
	h.Set("X-RateLimit-Remaining", strconv.Itoa(w.remaining()))
	h.Set("X-RateLimit-Used", strconv.Itoa(w.limit-w.remaining()))
	h.Set("X-RateLimit-Reset", strconv.FormatInt(w.reset.Unix(), 10))
	h.Set("X-RateLimit-Resource", w.resource)
}
