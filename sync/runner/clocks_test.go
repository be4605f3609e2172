package runner

import (
	"testing"
	"time"
)

func TestDoubtGrowsWithTheClocksThatAreMeasured(t *testing.T) {
	t.Parallel()
	const least = 6 * time.Second
	for _, c := range []struct {
		name         string
		jira, github time.Duration
		want         time.Duration
	}{
		{"both right", 0, 0, least},
		{"a second off, as answers are", -time.Second, time.Second, least},
		{"one late", -40 * time.Second, 0, 42 * time.Second},
		{"apart in both directions", -20 * time.Second, 30 * time.Second, 52 * time.Second},
		{"both off by the same: the board's clock is ours", time.Minute, time.Minute, 62 * time.Second},
	} {
		var k clocks
		k.note("jira", monday.Add(c.jira), monday)
		k.note("github", monday.Add(c.github), monday)
		k.note("github", time.Time{}, monday)
		if got := k.doubt(least, 2); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	var k clocks
	if got := k.doubt(least, 2); got != 2*unmeasured+resolution {
		t.Errorf("before anything was measured: %s", got)
	}
	k.note("jira", monday.Add(3*time.Minute), monday)
	if got := k.doubt(least, 2); got != 4*time.Minute+resolution {
		t.Errorf("before GitHub's was measured: %s", got)
	}
}

// An edit that was dated by a clock while it was off is read when it may be right again.
func TestDoubtStaysForADay(t *testing.T) {
	t.Parallel()
	const least = 6 * time.Second
	var k clocks
	now := monday
	for _, c := range []struct {
		after, off, want time.Duration
	}{
		{0, 0, least},
		{time.Minute, 2 * time.Minute, 2*time.Minute + resolution},
		{time.Minute, 0, 2*time.Minute + resolution},
		{23 * time.Hour, 0, 2*time.Minute + resolution},
		{26 * time.Hour, 0, least},
	} {
		now = now.Add(c.after)
		k.note("jira", now.Add(c.off), now)
		k.note("github", now, now)
		if got := k.doubt(least, 2); got != c.want {
			t.Errorf("at %s: %s, want %s", now.Format(time.DateTime), got, c.want)
		}
	}
}
