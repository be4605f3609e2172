package config

import (
	"fmt"
	"slices"
	"time"

	"parley/kanban/calendar"
)

// weekdays are the days of the week as the file names them, from Sunday on as time.Weekday
// counts them.
func weekdays() []string { return []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"} }

func (c *checker) calendar(cal Calendar) {
	if _, err := time.LoadLocation(cal.Timezone); err != nil || cal.Timezone == "" || cal.Timezone == "Local" {
		c.errorf("calendar.timezone", `write a name such as "Europe/Paris"`, "there is no time zone %q", cal.Timezone)
	}
	c.dates("calendar.holidays", cal.Holidays)
	for i, d := range cal.Weekend {
		c.word(fmt.Sprintf("calendar.weekend[%d]", i), d, weekdays()...)
	}
	if week := slices.Compact(slices.Sorted(slices.Values(cal.Weekend))); len(week) == len(weekdays()) {
		c.errorf("calendar.weekend", "leave out the days that are worked on", "no day of the week is left to work on")
	}
}

// Days is the calendar of working days in a zone, which is the configured one. What is no
// date or day of the week, as the check has told, is left out.
func (c Calendar) Days(zone *time.Location) calendar.Calendar {
	var holidays []calendar.Day
	for _, text := range c.Holidays {
		if d, err := calendar.Parse(text); err == nil {
			holidays = append(holidays, d)
		}
	}
	var weekend []time.Weekday
	for _, name := range c.Weekend {
		if i := slices.Index(weekdays(), name); i >= 0 {
			weekend = append(weekend, time.Weekday(i))
		}
	}
	return calendar.New(zone, holidays...).Resting(weekend...)
}
