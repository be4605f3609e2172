package connectors_test

import (
	"testing"
	"time"

	"parley/connectors"
)

func TestExpiryNotice(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC)
	for left, want := range map[time.Duration]string{
		14*24*time.Hour + time.Second: "",
		14 * 24 * time.Hour:           "the token ends on 2026-11-30 09:00:00, in 14 days",
		47 * time.Hour:                "the token ends on 2026-11-18 08:00:00, in a day",
		time.Hour:                     "the token ends on 2026-11-16 10:00:00, in less than a day",
		0:                             "the token ended on 2026-11-16 09:00:00",
		-time.Hour:                    "the token ended on 2026-11-16 08:00:00",
	} {
		if got := connectors.ExpiryNotice(now.Add(left), now); got != want {
			t.Errorf("%s: %q, want %q", left, got, want)
		}
	}
	if got := connectors.ExpiryNotice(time.Time{}, now); got != "" {
		t.Errorf("no end: %q", got)
	}
}
