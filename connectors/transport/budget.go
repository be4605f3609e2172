package transport

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"parley/connectors"
)

// maxHere is the longest a request waits for its turn; one that would have to wait longer
// is given back, so that the schedule knows.
const maxHere = 5 * time.Second

// nearPause is how long what nobody waits for pauses after an answer has said that a
// limit is near, without saying which.
const nearPause = time.Minute

// maxGauges bounds what a strange server can make a budget remember.
const maxGauges = 256

// Held says that a request was not sent because its class has used up what it may. It is
// never sent later by itself.
type Held struct {
	Until  time.Time
	Scope  string // what waits, one of the scopes of connectors.Error
	Reason string // in words
}

// Error tells what is used up, and not until when: that is for the reader's clock.
func (h *Held) Error() string { return "held back by Parley itself: " + h.Reason }

// Budget is what is left of a tracker's limits for one host and credential. Share one
// between all clients that use them. It is safe for concurrent use, and knows no clock:
// its caller does.
type Budget struct {
	terms Terms

	mu      sync.Mutex
	tallies []map[string]*tally // per window, by key
	gauges  map[string]gauge
	near    time.Time // until then what nobody waits for pauses
	flying  int       // requests under way
}

// NewBudget makes the budget of a tracker of which nothing was asked yet.
func NewBudget(t Terms) *Budget {
	b := &Budget{terms: t, gauges: map[string]gauge{}, tallies: make([]map[string]*tally, len(t.Windows))}
	for i := range b.tallies {
		b.tallies[i] = map[string]*tally{}
	}
	return b
}

// Take asks for a request's turn. It gives the moment, now or up to a few seconds later,
// at which the request is to be sent, which counts from now on; or why it is not sent at
// all. Whoever gets a moment calls Done when the answer is there or will not come.
func (b *Budget) Take(now time.Time, class connectors.Class, q Request) (time.Time, *Held) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if held := b.short(now, class, q); held != nil {
		return time.Time{}, held
	}
	at, last := b.turn(now, q)
	if g, name := b.bucket(now, class, q); g.After(at) {
		at, last = g, Window{Name: name, Scope: connectors.ScopeEndpoint}
	}
	if at.Sub(now) > maxHere {
		return time.Time{}, &Held{Until: at, Scope: last.Scope, Reason: last.Name + " are reached"}
	}
	for i, w := range b.terms.Windows {
		if cost := w.Cost(q); cost > 0 {
			b.tally(i, q, now).add(w, cost, at, now)
		}
	}
	for name, g := range b.gauges {
		if concerns(name, q) {
			left, _ := g.now(now)
			g.left, g.at = left-1, now
			b.gauges[name] = g
		}
	}
	b.flying++
	return at, nil
}

// Return gives back a turn, as Take gave it, of a request that was not sent. It needs no
// Done.
func (b *Budget) Return(at time.Time, q Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.flying = max(b.flying-1, 0)
	for i, w := range b.terms.Windows {
		if cost := w.Cost(q); cost > 0 {
			b.tally(i, q, at).drop(at, cost)
		}
	}
}

// turn is the first moment at which all windows have room, and the window that is the
// last to have it.
func (b *Budget) turn(now time.Time, q Request) (at time.Time, last Window) {
	for at = now; ; {
		before := at
		for i, w := range b.terms.Windows {
			if cost := w.Cost(q); cost > 0 {
				if free := b.tally(i, q, now).free(w, cost, at); free.After(at) {
					at, last = free, w
				}
			}
		}
		if at.Equal(before) {
			return at, last
		}
	}
}

// tally is what was spent of a window by the key of a request. Those that are all in the
// past are forgotten now and then.
func (b *Budget) tally(i int, q Request, now time.Time) *tally {
	w, key := b.terms.Windows[i], ""
	if w.Key != nil {
		key = w.Key(q)
	}
	t := b.tallies[i][key]
	if t == nil {
		if len(b.tallies[i])%maxGauges == maxGauges-1 {
			for k, old := range b.tallies[i] {
				if old.idle(w, now) {
					delete(b.tallies[i], k)
				}
			}
		}
		t = &tally{}
		b.tallies[i][key] = t
	}
	return t
}

// short says whether a quota of a period has come down to what the class leaves to others.
func (b *Budget) short(now time.Time, class connectors.Class, q Request) *Held {
	if b.near.After(now) && (class == connectors.ClassBackground || class == connectors.ClassSlow) {
		return &Held{Until: b.near, Scope: connectors.ScopeClass, Reason: "the tracker says that a limit is near"}
	}
	var worst *Held
	for name, g := range b.gauges {
		if g.reset.IsZero() || !concerns(name, q) {
			continue
		}
		until := g.enough(now, b.terms.Reserve[class])
		if until.After(now) && (worst == nil || until.After(worst.Until)) {
			worst = &Held{Until: until, Scope: connectors.ScopeClass, Reason: fmt.Sprintf("%.0f of %.0f requests are left, which are kept for people and for what matters more", max(g.left, 0), g.limit)}
		}
	}
	return worst
}

// bucket is the first moment at which the buckets have enough for the class.
func (b *Budget) bucket(now time.Time, class connectors.Class, q Request) (at time.Time, name string) {
	for key, g := range b.gauges {
		if g.reset.IsZero() && concerns(key, q) {
			if until := g.enough(now, b.terms.Reserve[class]); until.After(at) {
				at, name = until, fmt.Sprintf("%.0f requests a second of this kind", g.fill)
			}
		}
	}
	return at, name
}

// resourceOf is what GitHub counts a request for.
func resourceOf(q Request) string {
	switch {
	case strings.Contains(q.Path, "/search/"):
		return "search"
	case strings.HasSuffix(q.Path, "/graphql"):
		return "graphql"
	}
	return "core"
}

// concerns reports whether a quota counts a request. GitHub's searches and its GraphQL have
// one of their own, and its other resources are not asked; Jira's buckets are per endpoint.
func concerns(gauge string, q Request) bool {
	kind, rest, _ := strings.Cut(gauge, " ")
	switch kind {
	case "resource":
		return resourceOf(q) == rest || rest == "" && resourceOf(q) == "core"
	case "policy":
		_, endpoint, of := strings.Cut(rest, " ")
		return !of || endpoint == endpointOf(q)
	}
	return true
}

// Done takes in the headers of an answer, nil where none came.
func (b *Budget) Done(now time.Time, q Request, h http.Header) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.flying = max(b.flying-1, 0)
	if h == nil {
		return
	}
	quotas := told(h, endpointOf(q), now)
	for name, g := range quotas {
		g.left -= float64(b.flying) // the answer does not know of those
		if _, known := b.gauges[name]; known || len(b.gauges) < maxGauges {
			b.gauges[name] = g
		}
	}
	if len(quotas) == 0 && strings.EqualFold(h.Get("X-RateLimit-NearLimit"), "true") {
		b.near = now.Add(nearPause)
	}
}

// Left is a quota of a period, for people.
type Left struct {
	Name  string // what it is counted for, "" the whole
	Limit int
	Left  int
	Reset time.Time
}

// Quotas are those that are known, the one with the least left first.
func (b *Budget) Quotas(now time.Time) []Left {
	b.mu.Lock()
	defer b.mu.Unlock()
	var out []Left
	for name, g := range b.gauges {
		if left, known := g.now(now); known && !g.reset.IsZero() {
			_, what, _ := strings.Cut(name, " ")
			out = append(out, Left{Name: what, Limit: int(g.limit), Left: max(int(left), 0), Reset: g.reset})
		}
	}
	slices.SortFunc(out, func(x, y Left) int {
		return cmp.Or(cmp.Compare(x.Left*max(y.Limit, 1), y.Left*max(x.Limit, 1)), cmp.Compare(x.Name, y.Name))
	})
	return out
}
