package kanban

import "time"

// Moment is a moment in the form in which people are told it, "2026-11-22 18:41:20", by the
// clocks of a zone, nil being UTC: it sorts, and no country reads it the wrong way round. It is "" for the zero time.
func Moment(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	if zone == nil {
		zone = time.UTC
	}
	return t.In(zone).Format(time.DateTime)
}
