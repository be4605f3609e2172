package contract

import (
	"fmt"
	"time"

	"parley/kanban/calendar"
)

// Period is a week from Monday to Sunday, named by its Monday, by the dates of the
// calendar's zone: the hours that a change of clocks adds or takes make no difference.
type Period calendar.Day

// PeriodOf is the period that a day lies in.
func PeriodOf(d calendar.Day) Period { return Period(d.Monday()) }

// first is the first period that begins on a day or later.
func first(d calendar.Day) Period { return PeriodOf(d + 6) }

// Monday is its first day.
func (p Period) Monday() calendar.Day { return calendar.Day(p) }

// Last is its last day.
func (p Period) Last() calendar.Day { return calendar.Day(p) + 6 }

// Next is the period after it.
func (p Period) Next() Period { return p + 7 }

// Back is the period so many periods before it.
func (p Period) Back(n int) Period { return p - Period(7*n) }

// String is its week by ISO 8601, "2026-W47".
func (p Period) String() string {
	year, week := p.Monday().Week()
	return fmt.Sprintf("%d-W%02d", year, week)
}

// Words name it as people do: "week 47".
func (p Period) Words() string {
	_, week := p.Monday().Week()
	return fmt.Sprintf("week %d", week)
}

// begin is its first moment.
func (p Period) begin(cal calendar.Calendar) time.Time { return p.Monday().Start(cal.Zone()) }

// end is the first moment after it.
func (p Period) end(cal calendar.Calendar) time.Time { return p.Next().begin(cal) }

// idle reports whether nobody works in it.
func (p Period) idle(cal calendar.Calendar) bool { return cal.Working(p.Monday(), p.Last()) == 0 }

// Moment is the cut-off of a period by a calendar; ok is false where nobody works in it.
func (c Cutoff) Moment(p Period, cal calendar.Calendar) (at time.Time, ok bool) {
	if p.idle(cal) {
		return time.Time{}, false
	}
	day := p.Monday() + calendar.Day((c.Day+6)%7)
	for day < p.Last() && !cal.Works(day) {
		day++
	}
	for !cal.Works(day) {
		day--
	}
	y, m, d := day.Start(cal.Zone()).Date()
	return time.Date(y, m, d, c.Hour, c.Minute, 0, 0, cal.Zone()), true
}

// quietPeriods is after how many in which nobody works no further cut-off is looked for.
const quietPeriods = 8

// NextCutoff is the first cut-off of a contract that is not over at a moment; ok is false where
// nothing was agreed on, or nobody works for weeks.
func (c Contract) NextCutoff(cal calendar.Calendar, now time.Time) (at time.Time, ok bool) {
	p := PeriodOf(cal.Of(now))
	for range quietPeriods {
		if terms, version := c.Version(p); version > 0 {
			if at, ok := terms.Cutoff.Moment(p, cal.Without(terms.Holidays...)); ok && !at.Before(now) {
				return at, true
			}
		}
		p = p.Next()
	}
	return time.Time{}, false
}

// endOf is the first moment after a day.
func endOf(d calendar.Day, cal calendar.Calendar) time.Time { return (d + 1).Start(cal.Zone()) }
