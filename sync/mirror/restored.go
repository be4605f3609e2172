package mirror

import "time"

// Restored is what a backup makes of a create. Between the moment at which it was made and
// now anything may have become of the create: it is looked up as one whose answer nobody
// heard, and that until a request sent just now would show.
func Restored(s Saga, made, now time.Time) Saga {
	if !s.State.Open() || s.Suspended() {
		return s
	}
	if s.FirstSent.IsZero() {
		s.FirstSent = made
	}
	s.State, s.SentAt, s.NextAt, s.Looks = Unknown, now, now, 0
	return s
}
