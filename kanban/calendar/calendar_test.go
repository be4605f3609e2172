package calendar_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/kanban/calendar"
)

func parse(t *testing.T, text string) calendar.Day {
	t.Helper()
	d, err := calendar.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDaysAreDatesOfAZone(t *testing.T) {
	t.Parallel()
	tokyo := time.FixedZone("Tokyo", 9*60*60)
	at := time.Date(2026, 11, 20, 20, 0, 0, 0, time.UTC)
	if got := calendar.Of(at, tokyo).String(); got != "2026-11-21" {
		t.Errorf("in Tokyo it is %s", got)
	}
	d := parse(t, "2026-11-22")
	if y, w := d.Week(); d.Weekday() != time.Sunday || d.Monday().String() != "2026-11-16" || y != 2026 || w != 47 || d.Format("2 Jan") != "22 Nov" {
		t.Errorf("%v, %v, week %d of %d", d.Weekday(), d.Monday(), w, y)
	}
	if calendar.On(1969, 12, 31) != -1 || parse(t, "1970-01-01") != 0 {
		t.Error("the first days")
	}
	if _, err := calendar.Parse("20.11.2026"); err == nil {
		t.Error("any text is a date")
	}
}

func TestADayBeginsWhereItsFirstMomentIs(t *testing.T) {
	t.Parallel()
	cairo, err := time.LoadLocation("Africa/Cairo") // clocks go forward at midnight
	if err != nil {
		t.Skip(err)
	}
	d := parse(t, "2024-04-26")
	start := d.Start(cairo)
	if end := (d - 1).End(cairo); !end.Equal(start.Add(-1)) || calendar.Of(end, cairo) != d-1 {
		t.Errorf("the day before ends at %v", end)
	}
	if calendar.Of(start, cairo) != d || calendar.Of(start.Add(-time.Second), cairo) != d-1 {
		t.Errorf("it begins at %v", start)
	}
}

func TestDutiesAreDueByWorkingDays(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		asked, holiday, due string
		days                int
	}{
		{"2026-11-05", "2026-12-25", "2026-11-09", 2},
		{"2026-11-06", "2026-12-25", "2026-11-10", 2},
		{"2026-11-10", "2026-11-11", "2026-11-13", 2},
		{"2026-11-14", "2026-12-25", "2026-11-17", 2}, // a Saturday: counting starts on Monday
		{"2026-11-14", "2026-12-25", "2026-11-14", 0},
	} {
		cal := calendar.New(time.UTC, parse(t, c.holiday))
		if got := cal.After(parse(t, c.asked), c.days).String(); got != c.due {
			t.Errorf("%d days after %s: %s, want %s", c.days, c.asked, got, c.due)
		}
	}
	var free []calendar.Day
	for d := range calendar.Day(5000) {
		free = append(free, d)
	}
	if got := calendar.New(nil, free...).After(0, 1); got < 3000 {
		t.Errorf("without any working day: %v", got)
	}
	if (calendar.Calendar{}).Zone() != time.UTC {
		t.Error("the zero calendar has no zone")
	}
}

func TestWorkingDaysAddUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		day := rapid.Map(rapid.IntRange(0, 400), func(n int) calendar.Day { return calendar.Day(20000 + n) })
		cal := calendar.New(time.UTC, rapid.SliceOfN(day, 0, 30).Draw(t, "holidays")...)
		a, n := day.Draw(t, "from"), rapid.IntRange(1, 60).Draw(t, "days")
		end := cal.After(a, n)
		if !cal.Works(end) || cal.Working(a+1, end) != n {
			t.Fatalf("%d working days after %v is %v: %d", n, a, end, cal.Working(a+1, end))
		}
		for d := a; d <= end; d++ {
			if m := d.Monday(); m > d || d-m > 6 || m.Weekday() != time.Monday {
				t.Fatalf("the Monday of %v is %v", d, m)
			}
		}
	})
}

func TestAnotherWeekend(t *testing.T) {
	t.Parallel()
	friday := calendar.On(2026, time.November, 20)
	c := calendar.New(time.UTC, friday+2).Resting(time.Friday, time.Saturday)
	for d, want := range map[calendar.Day]bool{friday: false, friday + 1: false, friday + 2: false, friday + 3: true, friday - 1: true} {
		if c.Works(d) != want {
			t.Errorf("%s: works %v", d, !want)
		}
	}
	if !c.Resting().Works(friday) {
		t.Error("a week without a weekend has one")
	}
}

func TestMoreHolidays(t *testing.T) {
	t.Parallel()
	friday := calendar.On(2026, time.November, 20)
	c := calendar.New(time.UTC, friday)
	more := c.Without(friday-1, friday-2)
	if more.Works(friday) || more.Works(friday-1) || more.Works(friday-2) || !more.Works(friday-3) {
		t.Error("days off are lost or made up")
	}
	if !c.Works(friday-1) || !c.Without().Works(friday-1) {
		t.Error("another calendar took them over")
	}
}
