package kanban_test

import (
	"testing"
	"time"

	"parley/kanban"
)

func TestMoment(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 22, 23, 41, 20, 9, time.UTC)
	for want, c := range map[string]struct {
		at   time.Time
		zone *time.Location
	}{
		"2026-11-23 00:41:20": {at, time.FixedZone("CET", 3600)},
		"2026-11-22 23:41:20": {at.In(time.FixedZone("CET", 3600)), nil},
		"":                    {time.Time{}, time.UTC},
	} {
		if got := kanban.Moment(c.at, c.zone); got != want {
			t.Errorf("Moment(%v, %v) = %q, want %q", c.at, c.zone, got, want)
		}
	}
}
