package demo

import (
	"math"
	"time"
)

// agreement is a unit's contract as far as the company's history has to know it.
type agreement struct {
	unit     string
	slots    int    // a week
	business string // who agreed for the unit
}

func agreements() []agreement {
	return []agreement{{trading, 2, "Hanna Lindqvist"}, {risk, 2, "Leila Rahimi"}, {finance, 1, "Ibrahim Sesay"}}
}

// contractWeeks is how many full weeks old the contracts are today.
const contractWeeks = 8

// Weeks of the contracts in which something went wrong, counted back from the present one.
const (
	lateWeek  = -6 // IT took on one request of Trading too few
	shortWeek = -4 // Risk had one request too few ready
)

// urgentWeeks are those in which something broke for a unit, the latest first: Risk has
// three expedites in four weeks, one more than was agreed on.
func urgentWeeks(unit string) []int {
	switch unit {
	case trading:
		return []int{-7, -11, -14, -17, -19, -21}
	case risk:
		return []int{-5, -6, -8, -13, -16, -20}
	}
	return []int{-6, -9, -12, -15, -18, -21}
}

// week is the beginning of a week, n weeks after the one that t lies in.
func (o office) week(t time.Time, n int) time.Time {
	y, m, d := t.In(o.zone).Date()
	back := (int(t.In(o.zone).Weekday()) + 6) % 7
	return time.Date(y, m, d-back+7*n, 0, 0, 0, 0, o.zone)
}

// weekOf is in which week after that of now a moment lies, below 0 before it.
func (o office) weekOf(now, t time.Time) int {
	days := o.week(t, 0).Add(12*time.Hour).Sub(o.week(now, 0)).Hours() / 24 // half a day, for changes of clocks
	return int(math.Floor(days / 7))
}

// working is the time between two moments in which somebody is in the office.
func (o office) working(from, to time.Time) time.Duration {
	var sum time.Duration
	for from.Before(to) {
		opening, closing := o.day(from)
		if opening.Before(from) {
			opening = from
		}
		if to.Before(closing) {
			closing = to
		}
		if d := closing.Sub(opening); d > 0 {
			sum += d
		}
		y, m, d := from.In(o.zone).Date()
		from = time.Date(y, m, d+1, 0, 0, 0, 0, o.zone)
	}
	return sum
}
