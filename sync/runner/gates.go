package runner

import (
	"errors"
	"hash/fnv"
	"strconv"
	"sync"
	"time"

	"parley/connectors"
	"parley/sync/store"
)

// gates hold back requests to a tracker that asked for quiet, refused the credential or
// is not well. A tracker that is only tired of one part of what it is asked is left in
// peace with that. What holds for a credential holds for all trackers that use it.
type gates struct {
	mu      sync.Mutex
	salt    string                     // keeps the pauses of processes apart
	account map[string]string          // tracker → the credential it is asked with
	kind    map[string]connectors.Kind // of a tracker
	doors   map[lane]*door
	row     map[string]int // failures of an account's tracker in a row
	version int64          // counts what has changed
	shared  bool           // with other processes
}

// lane is a part of what is asked with a credential; the part may be everything.
type lane struct{ account, part string }

// door is a lane that is shut, or was and has not been tried since.
type door struct {
	tracker string // by whose request it was shut
	until   time.Time
	since   time.Time
	cause   store.PauseCause
	why     string
	strikes int  // refusals in a row that named no moment
	trying  bool // its time is over, and one request is under way to see
}

// shutAt reports whether a door holds requests back. One that is tried is shut for the
// others.
func (d *door) shutAt(now time.Time) bool { return d != nil && d.until.After(now) }

// standing reports whether a door was shut and is not being tried: what comes now are
// answers to requests that were under way when it was closed.
func (d *door) standing(now time.Time) bool { return d.shutAt(now) && !d.trying }

func newGates(o Options) *gates {
	g := &gates{salt: o.Owner, account: map[string]string{}, kind: map[string]connectors.Kind{}, doors: map[lane]*door{}, row: map[string]int{}, shared: o.Crew != nil}
	for _, t := range o.Trackers {
		g.account[t.Name], g.kind[t.Name] = t.Name, t.Kind
		if t.Account != "" {
			g.account[t.Name] = "account " + t.Account
		}
	}
	return g
}

// at gives a lane. A tracker that is not configured is an account of its own.
func (g *gates) at(tracker, part string) lane {
	if account, known := g.account[tracker]; known {
		return lane{account, part}
	}
	return lane{tracker, part}
}

// shut says until when requests for an errand are held back; zero if they are not.
func (g *gates) shut(now time.Time, tracker string, e errand) time.Time {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.longest(now, tracker, e)
}

func (g *gates) longest(now time.Time, tracker string, e errand) (until time.Time) {
	for _, part := range e.parts() {
		if d := g.doors[g.at(tracker, part)]; d.shutAt(now) && d.until.After(until) {
			until = d.until
		}
	}
	return until
}

// meanwhile is until when whoever has begun to make requests has to stop, zero where they
// may go on: a door was shut since, and nobody is trying it.
func (g *gates) meanwhile(now time.Time, tracker string, e errand) (until time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, part := range e.parts() {
		if d := g.doors[g.at(tracker, part)]; d != nil && d.standing(now) && d.until.After(until) {
			until = d.until
		}
	}
	return until
}

// enter is shut for whoever makes a request now unless it is held back. Where nobody
// knows whether the tracker has recovered, one request goes first and the others wait
// for what it is told.
func (g *gates) enter(now time.Time, tracker string, e errand) time.Time {
	g.mu.Lock()
	defer g.mu.Unlock()
	if until := g.longest(now, tracker, e); !until.IsZero() {
		return until
	}
	for _, part := range e.parts() {
		if d := g.doors[g.at(tracker, part)]; d != nil && d.cause != store.PauseQuota || d != nil && d.strikes > 0 {
			d.trying, d.until = true, now.Add(tryFor)
		}
	}
	return time.Time{}
}

// answered takes in that a request was answered, and reports whether that opens a door.
func (g *gates) answered(now time.Time, tracker string, e errand) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	before := g.version
	delete(g.row, g.at(tracker, everything).account)
	for _, part := range e.parts() {
		at := g.at(tracker, part)
		if d := g.doors[at]; d != nil && !d.standing(now) {
			delete(g.doors, at)
			g.version++
		}
	}
	return g.version != before
}

// errHeld is the cause of a failure that no tracker has told of: a gate is shut.
var errHeld = errors.New("held back by Parley itself")

// note takes a failure in that was met on some errands, and reports whether it shuts a
// door: one that concerns the whole tracker, or the part that it concerns.
func (g *gates) note(err error, now time.Time, tracker string, errands ...errand) bool {
	var e *connectors.Error
	if !errors.As(err, &e) || errors.Is(err, errHeld) {
		return false
	}
	if !down(e) && e.Kind != connectors.Auth && e.Kind != connectors.RateLimit {
		changed := false
		for _, on := range errands { // an answer, if not the one hoped for
			changed = g.answered(now, tracker, on) || changed
		}
		return changed
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	before := g.version
	g.tried(now, tracker, errands)
	switch {
	case down(e):
		g.failed(e, now, tracker)
	case e.Kind == connectors.Auth:
		g.refused(e, now, tracker)
	default:
		for _, part := range concerned(e.Scope, errands) {
			g.limit(e, now, tracker, part)
		}
	}
	return g.version != before
}

// tried ends the trying of doors by a request that failed. What its failure says of them
// is for the caller to judge; a door that it says nothing of is tried by the next one.
func (g *gates) tried(now time.Time, tracker string, errands []errand) {
	for _, e := range errands {
		for _, part := range e.parts() {
			if d := g.doors[g.at(tracker, part)]; d != nil && d.trying {
				d.trying, d.until = false, now
			}
		}
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

// concerned gives the parts that a limit of a scope concerns. One on a single issue is a
// matter for its card.
func concerned(scope string, errands []errand) (parts []string) {
	switch scope {
	case connectors.ScopeIssue:
		return nil
	case connectors.ScopeContent:
		return []string{classPart(connectors.ClassWrite)}
	case connectors.ScopeEndpoint:
		for _, e := range errands {
			parts = append(parts, e.endpoint)
		}
		return parts
	case connectors.ScopeClass:
		for _, e := range errands {
			parts = append(parts, classPart(e.class))
		}
		return parts
	}
	return []string{everything}
}

// limit shuts a door until the moment that the tracker named. Where it named none the
// pause grows from one refusal to the next.
func (g *gates) limit(e *connectors.Error, now time.Time, tracker, part string) {
	d := g.door(tracker, part)
	if e.RetryAt.After(now) {
		if !d.standing(now) || e.RetryAt.After(d.until) {
			g.close(d, e, now, store.PauseQuota, e.RetryAt)
		}
		return
	}
	if d.standing(now) {
		return
	}
	d.strikes++
	g.close(d, e, now, store.PauseQuota, now.Add(unnamed(g.kind[tracker], d.strikes, g.chance(tracker, part, d.strikes))))
}

// refused shuts out a credential: each further attempt may make it worse.
func (g *gates) refused(e *connectors.Error, now time.Time, tracker string) {
	d := g.door(tracker, everything)
	switch {
	case d.cause == store.PauseLocked:
	case e.Locked:
		g.close(d, e, now, store.PauseLocked, ever())
	case d.cause != store.PauseRefused || !d.standing(now):
		if d.cause != store.PauseRefused {
			d.strikes = 0
		}
		d.strikes++
		until := now.Add(shutOut(d.strikes))
		if d.standing(now) && d.until.After(until) {
			until = d.until // a quota is used up as well
		}
		g.close(d, e, now, store.PauseRefused, until)
	}
}

// failed counts a failure of a tracker as a whole, and leaves it in peace for a while if
// there were too many of them in a row, or it has said for how long.
func (g *gates) failed(e *connectors.Error, now time.Time, tracker string) {
	d := g.doors[g.at(tracker, everything)]
	if d.standing(now) {
		return
	}
	account := g.at(tracker, everything).account
	g.row[account]++
	until := now.Add(resting(g.row[account]))
	if e.RetryAt.After(until) {
		until = e.RetryAt
	}
	if until.After(now) {
		g.close(g.door(tracker, everything), e, now, store.PauseFailing, until)
	}
}

func (g *gates) door(tracker, part string) *door {
	at := g.at(tracker, part)
	if g.doors[at] == nil {
		g.doors[at] = &door{tracker: tracker}
	}
	return g.doors[at]
}

func (g *gates) close(d *door, e *connectors.Error, now time.Time, cause store.PauseCause, until time.Time) {
	if d.cause != cause || d.since.IsZero() {
		d.since = now
	}
	d.cause, d.until, d.why, d.trying = cause, until, sentence(e), false
	g.version++
}

// chance is a number from 0 to 1 that differs between processes, doors and times.
func (g *gates) chance(tracker, part string, strikes int) float64 {
	h := fnv.New32a()
	for _, s := range []string{g.salt, tracker, part, strconv.Itoa(strikes)} {
		_, _ = h.Write([]byte(s + "\n"))
	}
	return float64(h.Sum32()) / (1 << 32)
}
