package transport

import (
	"maps"
	"net/http"
	"strings"
	"sync"
	"time"

	"parley/connectors"
)

// hush gives back the requests that were waiting for their turn when the tracker asked for
// quiet: sent at their turn, they would come within the time that it has named. Those that
// are made later are for the schedule to hold, which by then knows what the refusal said.
type hush struct {
	mu      sync.Mutex
	grace   time.Duration
	asked   int                // times that it was asked for
	quieted map[string]silence // by what is to be quiet
}

// ofIssue begins what names a single issue.
const ofIssue = "issue "

// silence is what an answer has asked for.
type silence struct {
	number    int // of the asking
	at, until time.Time
}

// now is how often quiet was asked for so far.
func (h *hush) now() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.asked
}

// note takes in an answer. Without a Retry-After it asks for nothing.
func (h *hush) note(now time.Time, q Request, status int, header http.Header) {
	switch status {
	case http.StatusTooManyRequests, http.StatusForbidden, http.StatusServiceUnavailable:
	default:
		return
	}
	only := http.Header{"Retry-After": header.Values("Retry-After"), "Date": header.Values("Date")}
	until, ok := RetryAt(only, now)
	if !ok {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.clear(now)
	h.asked++
	what := quieted(q, header)
	if before := h.quieted[what].until; before.After(until) {
		until = before // another answer's word is not taken back by this one
	}
	h.quieted[what] = silence{h.asked, now, until}
}

// clear makes room: what is over goes first, then what is about single issues.
func (h *hush) clear(now time.Time) {
	if h.quieted == nil {
		h.quieted = map[string]silence{}
	}
	if len(h.quieted) < maxGauges {
		return
	}
	maps.DeleteFunc(h.quieted, func(_ string, s silence) bool { return !s.until.After(now) })
	if len(h.quieted) >= maxGauges {
		maps.DeleteFunc(h.quieted, func(what string, _ silence) bool { return strings.HasPrefix(what, ofIssue) })
	}
}

// quieted is what a refusal concerns: Jira says of some that they are about an endpoint or
// an issue, any other one is about everything.
func quieted(q Request, header http.Header) string {
	reason := header.Get("RateLimit-Reason")
	switch {
	case strings.Contains(reason, "burst"):
		return endpointOf(q)
	case strings.Contains(reason, "per-issue") && issueOf(q) != "":
		return ofIssue + issueOf(q)
	}
	return ""
}

// held says that a request, made when quiet had been asked for so many times or a moment
// after, is not to be sent; nil where it is.
func (h *hush) held(now time.Time, st *state, q Request) *Held {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, what := range []string{"", endpointOf(q), ofIssue + issueOf(q)} {
		s := h.quieted[what]
		if unheard := s.number > st.asked || st.began.Before(s.at.Add(h.grace)); unheard && s.until.After(now) {
			return &Held{Until: s.until, Scope: connectors.ScopeIssue, Reason: "the tracker asked for quiet meanwhile"}
		}
	}
	return nil
}
