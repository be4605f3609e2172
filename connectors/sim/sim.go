// Package sim is what the simulated trackers share: a clock that can be held
// still, a log of every request, and the switch for faults. It knows nothing of
// Parley; the simulators on it are of use to anybody's tests.
package sim

import (
	"sync"
	"time"
)

// Clock tells a simulated tracker what time it is.
type Clock interface {
	Now() time.Time
}

// Wall is the machine's own clock.
type Wall struct{}

// Now is the present moment in UTC.
func (Wall) Now() time.Time { return time.Now().UTC() }

// Manual is a clock that only moves when it is told to.
type Manual struct {
	mu  sync.Mutex
	now time.Time
}

// NewManual makes a clock that stands at t.
func NewManual(t time.Time) *Manual { return &Manual{now: t.UTC()} }

// Now is where the clock stands.
func (m *Manual) Now() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.now
}

// Set puts the clock at t, which may lie in the past: seeding history does that.
func (m *Manual) Set(t time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now = t.UTC()
}

// Advance moves the clock on by d and returns where it stands then.
func (m *Manual) Advance(d time.Duration) time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now = m.now.Add(d)
	return m.now
}
