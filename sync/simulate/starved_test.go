package simulate

import (
	"testing"
	"time"
)

// A source that is left alone for too long is found, unless a tracker's answer to a request
// of before the calm took the leave away meanwhile.
func TestSourceThatWaitsIsFound(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		trouble time.Duration // after the first reading; 0: none
		wait    time.Duration
		found   int
	}{
		{name: "in time", wait: 89 * time.Second},
		{name: "too late", wait: 91 * time.Second, found: 1},
		{name: "too late, told of a fault meanwhile", trouble: time.Second, wait: 91 * time.Second},
		{name: "too late, told of a fault before", trouble: -time.Second, wait: 91 * time.Second, found: 1},
	} {
		s := &sim{calm: true, calmAt: 1, now: int64(time.Hour), pace: pace{poll: 30 * time.Second}}
		j := newJournal(s)
		j.polled("github", "acme/pay")
		if c.trouble != 0 {
			s.now += int64(c.trouble)
			j.troubled("github")
			s.now -= int64(c.trouble)
		}
		s.now += int64(c.wait)
		if j.polled("github", "acme/pay"); len(j.starved) != c.found {
			t.Errorf("%s: found %q", c.name, j.starved)
		}
	}
}
