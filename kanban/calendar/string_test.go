package calendar_test

import (
	"testing"
	"time"

	"parley/kanban/calendar"
)

// Two calendars read alike where they count alike, and no others do.
func TestACalendarReadsAsItCounts(t *testing.T) {
	t.Parallel()
	day := calendar.On(2026, time.December, 24)
	for want, c := range map[string]calendar.Calendar{
		"UTC Sun Sat":                       {},
		"UTC Sun Sat 2026-12-24":            calendar.New(nil, day),
		"UTC Fri Sat":                       calendar.New(time.UTC).Resting(time.Friday, time.Saturday),
		"UTC":                               calendar.New(time.UTC).Resting(),
		"UTC Sun Sat 2026-12-24 2026-12-25": calendar.New(time.UTC, day+1).Without(day),
	} {
		if got := c.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
