package mirror

import (
	"slices"
	"time"
)

// Plan begins a create with what is wanted: ID, Rule, Source, SourceID, Tracker,
// Container and Reason. It waits for permission where held says so.
func (m Machine) Plan(want Saga, held bool, now time.Time) Saga {
	s := Saga{
		ID: want.ID, Rule: want.Rule, Reason: want.Reason,
		Source: want.Source, SourceID: want.SourceID, Tracker: want.Tracker, Container: want.Container,
		Mark: m.Mark(want.Source, want.SourceID, want.Container), State: Planned, Created: now,
	}
	if held {
		s.State = Held
	}
	return s
}

// Hold takes back the permission of a create that waits to be sent, Release gives it.
func Hold(s Saga, problem string) Saga {
	if s.State == Planned {
		s.State, s.Problem = Held, problem
	}
	return s
}

// Release lets a held create go, and one that was refused be tried once more.
func Release(s Saga, now time.Time) Saga {
	if s.Suspended() {
		return s
	}
	if s.State == Held || s.State == Rejected {
		s.State, s.Problem, s.NextAt, s.Closed = Planned, "", now, time.Time{}
	}
	return s
}

// Cancel ends a create that is not wanted any more, where no request can be under
// way and nothing be there that may be the mirror. Else that is resolved first.
func Cancel(s Saga, why string, now time.Time) (Saga, bool) {
	if s.State != Planned && s.State != Held && s.State != Rejected || s.Suspended() {
		return s, false
	}
	s.State, s.Problem, s.Closed = Cancelled, why, now
	return s, true
}

// Send marks a create as sent, at a moment of the store's clock and under the epoch
// of a lease. The result must be stored before the request leaves; ok is false where
// none may. The doubt about that clock is kept with it: it may be set right, and the doubt
// be gone, before anybody looks for what was made.
func (m Machine) Send(s Saga, epoch int64, now time.Time) (next Saga, ok bool) {
	if s.State != Planned || now.Before(s.NextAt) || s.Mark == "" {
		return s, false
	}
	s.State, s.Problem, s.Epoch, s.SentAt, s.Looks = Sending, "", epoch, now, 0
	s.Attempts++
	if s.FirstSent.IsZero() {
		s.FirstSent = now.Add(min(0, SlackDefault-m.Slack))
	}
	return s, true
}

// Created takes in the answer that names the new issue.
func Created(s Saga, issue string, now time.Time) Saga {
	if s = join(s, []string{issue}); !s.State.Linked() {
		s.State, s.Problem, s.Closed = Done, "", now
	}
	return s
}

// Refused takes in an answer that is definite: nothing was made, and asking again
// would not change that.
func Refused(s Saga, problem string, now time.Time) Saga {
	if s.State == Sending {
		s.State, s.Problem, s.Closed = Rejected, problem, now
	}
	return s
}

// Postponed takes in that nothing was made for a reason that passes: a rate limit, a
// token that has to be renewed, no connection at all.
func Postponed(s Saga, problem string, until time.Time) Saga {
	if s.State == Sending {
		s.State, s.Problem, s.NextAt = Planned, problem, until
	}
	return s
}

// Unanswered takes in that nobody knows what became of the request: a timeout, a
// broken connection, a server error.
func Unanswered(s Saga, problem string, now time.Time) Saga {
	if s.State == Sending {
		s.State, s.Problem, s.NextAt = Unknown, problem, now.Add(wait(0))
	}
	return s
}

// Resume is what a new start, or a new owner, makes of a create: what was being sent
// may have arrived or may yet.
func Resume(s Saga, now time.Time) Saga {
	if s.State == Sending {
		s.State, s.NextAt = Unknown, now
	}
	return s
}

// Looked takes in a whole look-up of the container that began at a moment of the
// store's clock. What carries this create's mark, trusted, is adopted. Where nothing
// does, it is looked for again, until a look-up that began at the horizon has not
// found it either: then nothing was made, and it may be sent once more, unless there is
// something that may be the mirror without its mark. Issues of which it is known what
// they are must not be among the found.
func (m Machine) Looked(s Saga, found []Item, began, now time.Time) Saga {
	if s.State != Unknown {
		return m.Seen(s, found, now)
	}
	if s = m.Seen(s, found, now); s.State.Linked() {
		return s
	}
	horizon := m.Horizon(s)
	if !began.Before(horizon) {
		return m.conclude(s, found, now)
	}
	s.Looks++
	if s.NextAt = now.Add(wait(s.Looks)); s.NextAt.After(horizon) {
		s.NextAt = horizon
	}
	if s.NextAt.Before(now) {
		s.NextAt = now
	}
	return s
}

// conclude ends a search that has found no trusted mark. Marks can be edited, so an issue
// of Parley's own account without one is a suspect, until a person has seen it.
func (m Machine) conclude(s Saga, found []Item, now time.Time) Saga {
	s.State, s.Problem, s.NextAt = Planned, "", now
	for _, it := range found {
		if m.suspect(s, it) && !slices.Contains(s.Suspects, it.Issue) {
			s.State, s.Approved = Held, false
			s.Suspects = append(slices.Clone(s.Suspects), it.Issue)
		}
	}
	return s
}

// Seen takes in issues that a poll brought, be it before the answer or long after.
// Those that carry this create's mark, trusted, are its mirror. Where there are
// several the oldest is, whatever was linked before, so that a lost store finds the
// same one again; the others are doubles.
func (m Machine) Seen(s Saga, found []Item, now time.Time) Saga {
	var mine []string
	for _, it := range found {
		if m.mine(s, it) {
			mine = append(mine, it.Issue)
		}
	}
	if len(mine) == 0 {
		return s
	}
	if s = join(s, mine); !s.State.Linked() {
		s.State, s.Problem, s.Closed = Adopted, "", now
	}
	return s
}

// join keeps the oldest of a create's issues and the others as doubles.
func join(s Saga, issues []string) Saga {
	all := append(slices.Clone(issues), s.Doubles...)
	if s.Issue != "" {
		all = append(all, s.Issue)
	}
	slices.SortFunc(all, older)
	all = slices.Compact(all)
	s.Issue, s.Doubles = all[0], nil
	if len(all) > 1 {
		s.Doubles = all[1:]
	}
	return s
}

// older orders immutable ids by age: both trackers count them up.
func older(a, b string) int {
	if d := len(a) - len(b); d != 0 {
		return d
	}
	if a < b {
		return -1
	}
	if a > b {
		return 1
	}
	return 0
}

// wait is how long to wait after the n-th look-up without a result: 1, 2, 4, … 60 s.
func wait(n int) time.Duration {
	if n >= 6 {
		return time.Minute
	}
	return time.Second << n
}
