package view

import (
	"fmt"
	"time"
)

// Hooks says what a tracker's webhooks have brought since Parley was started. Text and
// Problem are made of the counts.
type Hooks struct {
	Text      string    `json:"text"`              // "last 14:02, 120 today"
	Last      time.Time `json:"last_at,omitzero"`  // of those that are the tracker's; zero: none came
	Today     int64     `json:"today"`             // of those, in the time zone of the configuration
	Accepted  int64     `json:"accepted"`          // each had the tracker asked
	Duplicate int64     `json:"duplicate"`         // had come before
	Ignored   int64     `json:"ignored"`           // about what is not read
	Rejected  int64     `json:"rejected"`          // not proven to be the tracker's
	Problem   string    `json:"problem,omitempty"` // what is wrong with those that are rejected

	// Refused is when the last one was rejected, and Reason why.
	Refused time.Time `json:"-"`
	Reason  string    `json:"-"`
}

// complaint is how long a rejected webhook is told of.
const complaint = 24 * time.Hour

// told puts the counts into words.
func (h Hooks) told(now time.Time, zone *time.Location) *Hooks {
	h.Text = "none yet"
	if !h.Last.IsZero() {
		h.Text = fmt.Sprintf("last %s, %d today", hour(h.Last, now, zone), h.Today)
	}
	if h.Rejected > 0 && now.Sub(h.Refused) < complaint {
		h.Problem = fmt.Sprintf("%d rejected, the last at %s: %s", h.Rejected, hour(h.Refused, now, zone), h.Reason)
	}
	return &h
}
