package flow

import (
	"time"

	"parley/kanban"
	"parley/kanban/calendar"
)

// Traits are what is known of a card besides its way over the board.
type Traits struct {
	Unit     kanban.UnitKey
	Class    string // class of service
	Type     string // work type
	Rank     int    // of its priority, 1 the highest, 0 none
	Assignee string // who works on it, as people call them
	Person   string // the same by the configuration's name, "" where it does not know the account
	Team     string
	Group    string // epic, parent or milestone
	GroupDue string // date by which the milestone is due
	GroupIn  string // the repository or project whose it is; "" where its name says that
	Title    string
	Key      string   // of its leading issue, "" where it is not told
	Traces   []string // what it has in common with others, see NewTraces
	Due      string   // date, 2006-01-02
	// Touched are the days on which anything at all happened to it, ascending.
	Touched   []calendar.Day
	Unplanned bool
	Hidden    bool // who works on it, and in which team, is not told to whoever looks
}

// Item is one card as flow sees it: its track up to a moment, and its traits. Neither is
// nil, and neither is changed: items of different moments share them.
type Item struct {
	*Track
	*Traits
}

// Span is a run of days, both ends included.
type Span struct{ From, To calendar.Day }

// Len is how many days it has.
func (s Span) Len() int { return max(int(s.To-s.From)+1, 0) }

// Has reports whether a day lies in it.
func (s Span) Has(d calendar.Day) bool { return s.From <= d && d <= s.To }

// Since is what is left of it from a day on: no days of it where the day lies behind it.
func (s Span) Since(d calendar.Day) Span { return Span{From: max(s.From, d), To: s.To} }

// Recorded is what is left of it from the day of the first thing known on, and its last
// week at least: the rate of three days would promise too much.
func (s Span) Recorded(first calendar.Day) Span { return s.Since(min(first, s.To-6)) }

// moments are the first moment of a span, and the first one after it or now.
func (s Span) moments(c Clock) (from, to time.Time) {
	from, to = s.From.Start(c.Zone), (s.To + 1).Start(c.Zone)
	if c.Now.Before(to) {
		to = c.Now
	}
	return from, to
}

// Weeks are the Mondays of the weeks that it touches.
func (s Span) Weeks() []calendar.Day {
	var out []calendar.Day
	for d := s.From.Monday(); d <= s.To; d += 7 {
		out = append(out, d)
	}
	return out
}

// Clock is the moment from which things are looked at, and the zone of its days.
type Clock struct {
	Now  time.Time
	Zone *time.Location
}

// Today is the day it is.
func (c Clock) Today() calendar.Day { return calendar.Of(c.Now, c.Zone) }

// Day is the day of a moment. What a tracker's clock, or one that is told to the minute, has
// in the future has happened now: a card that is begun is one day old at once.
func (c Clock) Day(t time.Time) calendar.Day { return calendar.Of(c.past(t), c.Zone) }

func (c Clock) past(t time.Time) time.Time {
	if t.After(c.Now) {
		return c.Now
	}
	return t
}

// Days counts the dates touched from a to b, as kanban.Days does: 1 within one day, 0 where b
// lies before a.
func (c Clock) Days(a, b time.Time) int { return kanban.Days(c.past(a), c.past(b), c.Zone) }

// Times are the durations of one card. Those that do not apply are nil.
type Times struct {
	Created      time.Time
	Committed    *time.Time // of the present stint, or the last one
	Started      *time.Time
	Done         *time.Time
	Cancelled    *time.Time
	CycleDays    *int           // started → done
	Cycle        *time.Duration // the same to the second
	LeadDays     *int           // committed → done: what the contract counts
	CustomerLead *int           // created → done, in days
	AgeDays      *int           // started → now, while it is open
	CommittedAge *int           // committed → now, while it is open
	Worked       bool           // the three that follow apply: started and not given up
	Active       time.Duration
	Wait         time.Duration
	Blocked      time.Duration
	Reopened     int
	Backflow     int
}

// Times takes a card's times. A stint that went back to the options counts for none of
// them: the card waits to be committed to again.
func (i Item) Times(c Clock) Times {
	out := Times{Created: i.Created, Backflow: i.Backflow}
	s := i.Stint()
	if s == nil || s.Outcome == Returned {
		return out
	}
	out.Committed, out.Started, out.Reopened = &s.Committed, moment(s.Started), s.Reopened
	out.Worked = out.Started != nil && s.Outcome != Cancelled
	if out.Worked {
		out.Active, out.Wait, out.Blocked = s.Active, s.Wait, s.Blocked
	}
	days := func(from, to time.Time) *int { n := c.Days(from, to); return &n }
	switch s.Outcome {
	case Done:
		cycle := s.Ended.Sub(s.Started)
		out.Done, out.Cycle, out.CycleDays = &s.Ended, &cycle, days(s.Started, s.Ended)
		out.LeadDays, out.CustomerLead = days(s.Committed, s.Ended), days(i.Created, s.Ended)
	case Cancelled:
		out.Cancelled = &s.Ended
	default:
		out.CommittedAge = days(s.Committed, c.Now)
		if out.Started != nil {
			out.AgeDays = days(s.Started, c.Now)
		}
	}
	return out
}

func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// finished is the stint that ended with delivery within a span, nil where there is none.
func (i Item) finished(c Clock, span Span) *Stint {
	if s := i.Stint(); s != nil && s.Outcome == Done && span.Has(c.Day(s.Ended)) {
		return s
	}
	return nil
}

// UnderWay is the stint that is started and not ended, nil where there is none.
func (i Item) UnderWay() *Stint {
	if s := i.Stint(); s != nil && s.Outcome == Open && !s.Started.IsZero() {
		return s
	}
	return nil
}
