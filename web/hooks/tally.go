package hooks

import (
	"sync"
	"time"
)

// Tally counts the webhooks of one tracker since the start.
type Tally struct {
	Accepted  int64 // hints, and pings
	Duplicate int64 // came before
	Ignored   int64 // about what is not read
	Rejected  int64 // not proven to be the tracker's, or not to be read
	Today     int64 // of the first three, since the day began
	Last      time.Time
	Refused   time.Time // the last that was rejected
	Reason    string    // why, in words for whoever set it up
}

// result is what became of a webhook that is the tracker's.
type result uint8

const (
	accepted result = iota
	duplicate
	ignored
)

// tally keeps a Tally.
type tally struct {
	mu    sync.Mutex
	zone  *time.Location
	count Tally
	day   string // that Today counts
	told  time.Time
}

func newTally(zone *time.Location) *tally { return &tally{zone: zone} }

// quietly is how long the log hears nothing more of rejected webhooks.
const quietly = time.Minute

func (t *tally) took(at time.Time, r result) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.turn(at)
	switch r {
	case accepted:
		t.count.Accepted++
	case duplicate:
		t.count.Duplicate++
	case ignored:
		t.count.Ignored++
	}
	t.count.Today++
	t.count.Last = at
}

// rejected counts one, and reports whether the log is to hear of it.
func (t *tally) rejected(at time.Time, reason string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.count.Rejected++
	t.count.Refused, t.count.Reason = at, reason
	if !t.told.IsZero() && at.Sub(t.told) < quietly {
		return false
	}
	t.told = at
	return true
}

// now gives the counts as they are at a moment.
func (t *tally) now(at time.Time) Tally {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.turn(at)
	return t.count
}

// turn begins a new day.
func (t *tally) turn(at time.Time) {
	if day := at.In(t.zone).Format(time.DateOnly); day != t.day {
		t.day, t.count.Today = day, 0
	}
}
