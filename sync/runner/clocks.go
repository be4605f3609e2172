package runner

import (
	"sync"
	"time"
)

// clocks measures how far the trackers' clocks are apart, by what their answers say the
// time is: what is believed of the order of two edits is only as good as that.
type clocks struct {
	mu     sync.Mutex
	offset map[string]drift
}

// drift is by how much a tracker's clock was off ours, in this period and the one before:
// what it has dated meanwhile may be read later, when it is right again.
type drift struct {
	since     time.Time
	now, past span
}

// span is from the most that a clock was behind to the most that it was ahead.
type span struct{ low, high time.Duration }

func (s span) with(o span) span { return span{min(s.low, o.low), max(s.high, o.high)} }

// resolution is what an answer's date leaves open: it has whole seconds, and was on
// its way for a while. A drift is remembered for driftFor to twice as long.
const (
	resolution = 2 * time.Second
	driftFor   = 24 * time.Hour
)

// note takes in what a tracker said the time was in an answer that came now.
func (c *clocks) note(tracker string, said, now time.Time) {
	if said.IsZero() {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.offset == nil {
		c.offset = map[string]drift{}
	}
	off := said.Sub(now)
	d, known := c.offset[tracker]
	switch age := now.Sub(d.since); {
	case !known || age > 2*driftFor:
		d = drift{since: now, now: span{off, off}, past: span{off, off}}
	case age > driftFor:
		d = drift{since: now, now: span{off, off}, past: d.now}
	}
	d.now = d.now.with(span{off, off})
	c.offset[tracker] = d
}

// unmeasured is how far a clock may be off that was not looked at yet, either way: a
// process that has just started may read one tracker's edits before it has asked the other.
const unmeasured = time.Minute

// doubt is how far apart two clocks of so many trackers may be: at least what is always
// reckoned with, more where more was measured or one was not measured yet.
func (c *clocks) doubt(least time.Duration, trackers int) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	var apart span // our own clock dates what the board asks for
	if len(c.offset) < trackers {
		apart = span{-unmeasured, unmeasured}
	}
	for _, d := range c.offset {
		apart = apart.with(d.now).with(d.past)
	}
	if apart.high-apart.low > resolution {
		return max(least, apart.high-apart.low+resolution)
	}
	return least
}
