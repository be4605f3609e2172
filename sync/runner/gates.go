package runner

import (
	"errors"
	"sync"
	"time"

	"parley/connectors"
)

// gates holds back requests to a tracker that asked for quiet or refused the
// credential, until the moment it named. A tracker that is only tired of one kind of
// request is left in peace with that: each such kind is a lane.
type gates struct {
	mu    sync.Mutex
	until map[lane]time.Time
	row   map[string]int // failures of a tracker in a row
}

// lane is a kind of request to a tracker; the empty kind is all of them.
type lane struct{ tracker, kind string }

// lanes of background reads. What is asked for a card has none: the card waits.
const linkLane = "links"

func pollLane(source string) string { return "poll " + source }

// shut says until when a tracker, or one of these lanes of it, is left in peace; zero
// if it is not.
func (g *gates) shut(now time.Time, tracker string, lanes ...string) time.Time {
	g.mu.Lock()
	defer g.mu.Unlock()
	until := g.until[lane{tracker, ""}]
	for _, kind := range lanes {
		if u := g.until[lane{tracker, kind}]; u.After(until) {
			until = u
		}
	}
	if until.After(now) {
		return until
	}
	return time.Time{}
}

// A tracker that fails again and again is left in peace, with one request now and then
// to see whether it has come back.
const (
	failuresInARow = 5
	shortestRest   = 30 * time.Second
	longestRest    = 10 * time.Minute
)

// answered forgets a tracker's failures.
func (g *gates) answered(tracker string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.row, tracker)
}

// failed counts a failure of a tracker as a whole, and gives the moment until which it
// is left in peace because of too many of them.
func (g *gates) failed(tracker string, now time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	at := lane{tracker, ""}
	if g.until[at].After(now) {
		return // of requests that were under way when it was closed
	}
	if g.row == nil {
		g.row = map[string]int{}
	}
	g.row[tracker]++
	if n := g.row[tracker] - failuresInARow; n >= 0 {
		g.until[at] = now.Add(min(shortestRest<<min(n, 10), longestRest))
	}
}

// down reports whether an error says that the tracker itself fails.
func down(e *connectors.Error) bool {
	switch e.Kind {
	case connectors.Transient, connectors.Malformed, connectors.Unknown:
		return true
	}
	return false
}

// note takes a failure in: one that concerns the whole tracker shuts its gate, one
// that concerns a kind of request shuts these lanes.
func (g *gates) note(err error, now time.Time, tracker string, lanes ...string) {
	var e *connectors.Error
	if !errors.As(err, &e) {
		return
	}
	if down(e) {
		g.failed(tracker, now)
		return
	}
	if e.Kind != connectors.Auth && e.Kind != connectors.RateLimit {
		g.answered(tracker) // an answer, if not the one hoped for
		return
	}
	until := e.RetryAt
	if e.Kind == connectors.Auth || until.IsZero() {
		until = now.Add(time.Minute)
	}
	if e.Kind == connectors.Auth || e.Scope == "" {
		lanes = []string{""}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, kind := range lanes {
		if at := (lane{tracker, kind}); until.After(g.until[at]) {
			g.until[at] = until
		}
	}
}
