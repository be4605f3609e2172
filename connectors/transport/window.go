package transport

import (
	"slices"
	"time"
)

// Request is what a budget knows of a request that is about to be sent.
type Request struct {
	Method string
	Path   string // of the address, without the host
	Read   bool   // it changes nothing, whatever its method
}

// Window is a limit of so much within so long, as trackers publish them. Whichever
// moment it is counted from, it is kept.
type Window struct {
	Name string // in words: "900 points a minute"
	Span time.Duration
	Most int
	// Cost is what a request counts; 0: it is no matter for this limit.
	Cost func(Request) int
	// Key tells what is counted apart, such as the issues; nil: all is counted together.
	Key func(Request) string
	// Scope is what waits where the limit is reached, one of the scopes of
	// connectors.Error.
	Scope string
}

// spent is one request in a window.
type spent struct {
	at   time.Time
	cost int
}

// tally is what was spent of one key of a window, ascending by time.
type tally struct{ log []spent }

// free gives the first moment from at on at which cost more fits. The requests take their
// turns: none comes before the one that was let go last.
func (t *tally) free(w Window, cost int, at time.Time) time.Time {
	if n := len(t.log); n > 0 && t.log[n-1].at.After(at) {
		at = t.log[n-1].at
	}
	sum := cost
	for _, s := range slices.Backward(t.log) {
		if sum += s.cost; sum > w.Most {
			if over := s.at.Add(w.Span); over.After(at) {
				return over
			}
			return at
		}
	}
	return at
}

// add takes a request in.
func (t *tally) add(w Window, cost int, at, now time.Time) {
	old := now.Add(-w.Span)
	t.log = slices.DeleteFunc(t.log, func(s spent) bool { return !s.at.After(old) })
	t.log = append(t.log, spent{at, cost})
}

// drop takes a request out that was not sent.
func (t *tally) drop(at time.Time, cost int) {
	if i := slices.Index(t.log, spent{at, cost}); i >= 0 {
		t.log = slices.Delete(t.log, i, i+1)
	}
}

// idle reports whether all that was spent lies behind.
func (t *tally) idle(w Window, now time.Time) bool {
	n := len(t.log)
	return n == 0 || !t.log[n-1].at.Add(w.Span).After(now)
}
