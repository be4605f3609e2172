package dispatch

import "time"

// Kind says what is known after a try.
type Kind int

// Kinds of Answer.
const (
	Failed  Kind = iota // it surely was not taken, and may be later
	Taken               // it was taken
	Turned              // it was refused for good
	Unclear             // it may have been taken
	Delayed             // it is on its way by steps of its own, as a comment
	Paused              // it is held on its way, as a comment
)

// Answer is what came of a try.
type Answer struct {
	Kind    Kind
	Problem string    // in plain words, without secrets
	RetryAt time.Time // not before, where the receiver said so
}

// Pauses between two tries: the first is leastPause, each is twice as long as the one
// before, and none is longer than mostPause.
const (
	leastPause = time.Minute
	mostPause  = 6 * time.Hour
)

// Take notes what came of a try.
func (m Machine) Take(d Dispatch, a Answer, now time.Time) Dispatch {
	switch {
	case a.Kind == Taken:
		return d.end(Sent, "", now)
	case a.Kind == Turned:
		return d.end(Refused, a.Problem, now)
	case a.Kind == Unclear && !d.Channel.repeats():
		return d.end(Unknown, a.Problem+"; it may have arrived and is not repeated by itself", now)
	case a.Kind == Delayed:
		d.State, d.Problem = Waiting, a.Problem
		return d
	case a.Kind == Paused:
		d.State, d.Problem = Held, a.Problem
		return d
	}
	d.State, d.Problem, d.NextAt = Waiting, a.Problem, now.Add(pause(d.Tries))
	if a.RetryAt.After(d.NextAt) {
		d.NextAt = a.RetryAt
	}
	if latest := now.Add(mostPause); d.NextAt.After(latest) { // a receiver cannot ask for a week
		d.NextAt = latest
	}
	return d
}

// pause is how long to wait after so many tries.
func pause(tries int) time.Duration {
	p := leastPause
	for range tries - 1 {
		if p *= 2; p >= mostPause {
			return mostPause
		}
	}
	return p
}
