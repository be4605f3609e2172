package kanban

import "time"

// momentLayout is the one form in which commands and records tell a moment: it sorts, and
// no country reads it the wrong way round.
const momentLayout = "2006-01-02 15:04:05"

// Moment is a moment in the form in which people are told it, "2026-11-22 18:41:20", by the
// clocks of a zone, nil being UTC. It is "" for the zero time.
func Moment(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	if zone == nil {
		zone = time.UTC
	}
	return t.In(zone).Format(momentLayout)
}
