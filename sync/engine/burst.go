package engine

import (
	"time"
)

// Jira Cloud takes at most 20 writes to one issue in 2 s and 100 in 30 s (jira.md, limits
// per issue). A bucket of burst writes that fills at refill a second keeps to both:
// 13 + 2·2.8 < 20, 13 + 30·2.8 < 100.
const (
	burst  = 13
	refill = 2.8
)

// Pace is how many writes to one issue were spent lately.
type Pace struct {
	Spent float64   `json:"spent"`
	At    time.Time `json:"at"`
}

// at is the pace at a moment: what was spent is forgotten at the rate of refill.
func (p Pace) at(now time.Time) Pace {
	p.Spent = max(0, p.Spent-refill*max(0, now.Sub(p.At).Seconds()))
	p.At = now
	return p
}

// free is the moment from which one more write may be sent.
func (p Pace) free(now time.Time) time.Time {
	over := p.at(now).Spent + 1 - burst
	if over <= 0 {
		return now
	}
	return now.Add(time.Duration(over/refill*float64(time.Second)) + time.Millisecond)
}

// spend counts one more write to a side's issue.
func (s *Side) spend(now time.Time) {
	s.Pace = s.Pace.at(now)
	s.Pace.Spent++
}
