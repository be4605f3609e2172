package mirror

import "time"

// ClockSlack is how far ahead of now a moment may lie that Parley itself has noted: the
// clocks of processes that share a store differ a little. What lies further ahead was noted by
// a clock that was wrong and has been set back since, and is no reason to wait until then.
const ClockSlack = 2 * time.Minute

// Redated makes a create that was sent in the future one that was sent just now: what has
// become of it will be known for certain when that would be. How long ago the first request
// was nobody knows: not before since, a moment of a tracker's clock.
func Redated(s Saga, since, now time.Time) Saga {
	if s.SentAt.After(now.Add(ClockSlack)) {
		s.SentAt, s.NextAt = now, now
	}
	if s.FirstSent.After(now.Add(ClockSlack)) {
		s.FirstSent = since
	}
	return s
}
