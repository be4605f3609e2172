// Package calendar counts days as people do: dates in one time zone, weeks that begin
// on Monday, and working days without weekends and holidays. It is pure.
package calendar

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Day is a date, as days since 1970-01-01. The day of a moment depends on the zone in
// which it is asked for; between days there are no zones and no hours of 23 or 25.
type Day int32

// Of is the date of a moment in a zone.
func Of(t time.Time, zone *time.Location) Day {
	_, offset := t.In(zone).Zone()
	s := t.Unix() + int64(offset) // on the clocks of the zone, as if they were UTC's
	if s < 0 {
		s -= daySeconds - 1 // a date begins before its moments, also before 1970
	}
	return Day(s / daySeconds)
}

const daySeconds = 24 * 60 * 60

// On is a date of the calendar.
func On(y int, m time.Month, d int) Day {
	return Day(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60))
}

// Parse reads a date written as 2026-11-20.
func Parse(text string) (Day, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return 0, fmt.Errorf("%.40q is not a date; write it as 2026-11-20", text)
	}
	return On(t.Date()), nil
}

// date is the day as a moment, at midnight UTC.
func (d Day) date() time.Time { return time.Unix(int64(d)*24*60*60, 0).UTC() }

// String is the day as 2026-11-20.
func (d Day) String() string { return d.date().Format(time.DateOnly) }

// Format writes the day as time.Time does.
func (d Day) Format(layout string) string { return d.date().Format(layout) }

// Weekday is which day of the week it is.
func (d Day) Weekday() time.Weekday { return d.date().Weekday() }

// Monday is the first day of its week.
func (d Day) Monday() Day { return d - Day((d.Weekday()+6)%7) }

// Week is its week by ISO 8601.
func (d Day) Week() (year, week int) { return d.date().ISOWeek() }

// Start is the moment at which the day begins in a zone. Where clocks are put forward at
// midnight that is the first moment there is.
func (d Day) Start(zone *time.Location) time.Time {
	y, m, day := d.date().Date()
	t := time.Date(y, m, day, 0, 0, 0, 0, zone)
	if Of(t, zone) < d { // midnight was skipped
		return time.Date(y, m, day, 1, 0, 0, 0, zone)
	}
	return t
}

// End is the last moment of the day in a zone.
func (d Day) End(zone *time.Location) time.Time { return (d + 1).Start(zone).Add(-1) }

// Calendar says which days are worked on. The zero Calendar knows weekends only, in UTC.
type Calendar struct {
	zone     *time.Location
	holidays map[Day]bool
	weekend  map[time.Weekday]bool // nil: Saturday and Sunday
}

// New makes a calendar of a zone and its holidays.
func New(zone *time.Location, holidays ...Day) Calendar {
	c := Calendar{zone: zone, holidays: make(map[Day]bool, len(holidays))}
	for _, d := range holidays {
		c.holidays[d] = true
	}
	return c
}

// Resting is the same calendar with another weekend: nobody works on these days of the
// week.
func (c Calendar) Resting(weekend ...time.Weekday) Calendar {
	c.weekend = make(map[time.Weekday]bool, len(weekend))
	for _, d := range weekend {
		c.weekend[d] = true
	}
	return c
}

// Without is the same calendar with more holidays.
func (c Calendar) Without(holidays ...Day) Calendar {
	if len(holidays) == 0 {
		return c
	}
	all := make(map[Day]bool, len(c.holidays)+len(holidays))
	maps.Copy(all, c.holidays)
	for _, d := range holidays {
		all[d] = true
	}
	c.holidays = all
	return c
}

// String is all that the calendar goes by: its zone, the days of the week on which nobody
// works, from Sunday on, and the holidays by date. Two that count alike read alike.
func (c Calendar) String() string {
	var b strings.Builder
	b.WriteString(c.Zone().String())
	for d := time.Sunday; d <= time.Saturday; d++ {
		if c.weekend != nil && c.weekend[d] || c.weekend == nil && (d == time.Saturday || d == time.Sunday) {
			b.WriteString(" " + d.String()[:3])
		}
	}
	for _, d := range slices.Sorted(maps.Keys(c.holidays)) {
		if c.holidays[d] {
			b.WriteString(" " + d.String())
		}
	}
	return b.String()
}

// Zone is the zone of its dates.
func (c Calendar) Zone() *time.Location {
	if c.zone == nil {
		return time.UTC
	}
	return c.zone
}

// Of is the date of a moment.
func (c Calendar) Of(t time.Time) Day { return Of(t, c.Zone()) }

// Works reports whether a day is a working day.
func (c Calendar) Works(d Day) bool {
	w := d.Weekday()
	if c.weekend != nil {
		return !c.weekend[w] && !c.holidays[d]
	}
	return w != time.Saturday && w != time.Sunday && !c.holidays[d]
}

// farthest ends the search for working days in a calendar that has none.
const farthest = 3660

// After is the n-th working day after a day, which itself does not count: what is asked
// on a day and due within n working days is due at the end of that one. n below 1 is the
// day itself. Where a calendar has no working days left it is the last day looked at.
func (c Calendar) After(d Day, n int) Day {
	for last := d + farthest; n > 0 && d < last; {
		if d++; c.Works(d) {
			n--
		}
	}
	return d
}

// Working counts the working days from a to b, both included.
func (c Calendar) Working(a, b Day) int {
	n := 0
	for d := a; d <= b; d++ {
		if c.Works(d) {
			n++
		}
	}
	return n
}
