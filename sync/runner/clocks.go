package runner

import (
	"sync"
	"time"
)

// clocks measures how far the trackers' clocks are apart, by what their answers say the
// time is: what is believed of the order of two edits is only as good as that.
type clocks struct {
	mu     sync.Mutex
	offset map[string]time.Duration // of a tracker's clock from ours, as last seen
}

// resolution is what an answer's date leaves open: it has whole seconds, and was on its
// way for a while.
const resolution = 2 * time.Second

// note takes in what a tracker said the time was in an answer that came now.
func (c *clocks) note(tracker string, said, now time.Time) {
	if said.IsZero() {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.offset == nil {
		c.offset = map[string]time.Duration{}
	}
	c.offset[tracker] = said.Sub(now)
}

// doubt is how far apart two clocks may be: at least what is always reckoned with, more
// where more was measured.
func (c *clocks) doubt(least time.Duration) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	low, high := time.Duration(0), time.Duration(0) // our own clock dates what the board asks for
	for _, d := range c.offset {
		low, high = min(low, d), max(high, d)
	}
	if apart := high - low; apart > resolution {
		return max(least, apart+resolution)
	}
	return least
}
