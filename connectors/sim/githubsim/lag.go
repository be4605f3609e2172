package githubsim

import "time"

// lateState is what lists, or reads of a copy that lags behind, show of an issue until
// a moment; nil says that they do not show it yet.
type lateState struct {
	until time.Time
	state *state
}

// late are the former states that one kind of read still shows.
type late []lateState

// keep adds the state before a change that is shown until later.
func (l late) keep(was *state, now, until time.Time) late {
	kept := l[:0:0]
	for _, old := range l {
		if old.until.After(now) {
			kept = append(kept, old)
		}
	}
	if was == nil || len(kept) == 0 || kept[len(kept)-1].until.Before(until) {
		kept = append(kept, lateState{until, was})
	}
	return kept
}

// at is the state shown at a moment, nil where the issue is not shown yet.
func (l late) at(now time.Time, present *state) *state {
	for _, old := range l {
		if old.until.After(now) {
			return old.state
		}
	}
	return present
}

// lag is how long a change of an issue stays unseen by one kind of read.
func (is *issue) lag(of func(string, int) time.Duration) time.Duration {
	if of == nil {
		return 0
	}
	return max(of(is.repo.full(), is.number), 0)
}

// listed is the state that lists show at a moment, nil when they do not show the
// issue.
func (is *issue) listed(now time.Time) *state { return is.inLists.at(now, is.state) }

// read is the state that a read of the issue itself shows.
func (is *issue) read(now time.Time) *state { return is.inReads.at(now, is.state) }

// fed leaves out the entries that come later to a history.
func fed(events []*event, now time.Time, of func(string, int) time.Duration) []*event {
	if of == nil {
		return events
	}
	out := make([]*event, 0, len(events))
	for _, e := range events {
		if !e.at.Add(e.issue.lag(of)).After(now) {
			out = append(out, e)
		}
	}
	return out
}
