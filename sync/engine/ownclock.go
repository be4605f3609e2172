package engine

import (
	"time"

	"parley/sync/mirror"
)

// unborn reports whether a moment that Parley has noted as past is yet to come: the clock of
// then was wrong.
func (t *turn) unborn(at time.Time) bool { return at.After(t.now.Add(mirror.ClockSlack)) }

// dueAt is until when something waits that never waits for longer than most.
func (t *turn) dueAt(at time.Time, most time.Duration) time.Time {
	if at.After(t.now.Add(most)) {
		return t.now
	}
	return at
}
