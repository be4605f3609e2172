package demo

import (
	"fmt"
	"time"
	_ "time/tzdata" // a bare machine may lack the zones
)

// office knows when people of the company are at work: Monday to Friday, 8:30 to
// 18:00 in Paris.
type office struct{ zone *time.Location }

const (
	opens  = 8*time.Hour + 30*time.Minute
	closes = 18 * time.Hour
)

func newOffice() (office, error) {
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		return office{}, fmt.Errorf("find the office's time zone: %w", err)
	}
	return office{zone}, nil
}

// day gives opening and closing of t's date, equal at weekends.
func (o office) day(t time.Time) (from, to time.Time) {
	y, m, d := t.In(o.zone).Date()
	from = time.Date(y, m, d, 8, 30, 0, 0, o.zone)
	to = from.Add(closes - opens)
	if wd := from.Weekday(); wd == time.Saturday || wd == time.Sunday {
		to = from
	}
	return from, to
}

// before gives the moment that lies an amount of working time before t.
func (o office) before(t time.Time, work time.Duration) time.Time {
	for {
		from, to := o.day(t)
		if t.After(to) {
			t = to
		}
		if have := t.Sub(from); have > 0 {
			if work < have {
				return t.Add(-work).UTC()
			}
			work -= have
		}
		t = o.endOfDayBefore(from)
	}
}

// endOfDayBefore is the last moment of the calendar day before t's.
func (o office) endOfDayBefore(t time.Time) time.Time {
	y, m, d := t.In(o.zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, o.zone).Add(-time.Second)
}

// open reports whether somebody is in the office, give or take a little slack
// after closing for those who finish what they were typing.
func (o office) open(t time.Time, slack time.Duration) bool {
	from, to := o.day(t)
	return to.After(from) && !t.Before(from) && t.Before(to.Add(slack))
}
