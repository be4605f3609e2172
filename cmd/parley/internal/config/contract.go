package config

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

var (
	weekForm   = regexp.MustCompile(`^(\d{4})-W(\d{2})$`)
	cutoffForm = regexp.MustCompile(`^(mon|tue|wed|thu|fri|sat|sun) ([01]\d|2[0-3]):[0-5]\d$`)
)

// contract checks one version of the terms of a unit.
func (c *checker) contract(path string, t Contract) {
	if !isStart(t.From) {
		c.errorf(path+".from", `write a week, "2026-W47", or a date, "2026-11-16"`, "%q is neither", t.From)
	}
	c.word(path+".period", t.Period, "week")
	if t.Cutoff != "" && !cutoffForm.MatchString(strings.ToLower(t.Cutoff)) {
		c.errorf(path+".cutoff", `write "tue 12:00"`, "%q is not a day and a time", t.Cutoff)
	}
	counts := map[string]int{"slots": t.Slots, "expedite": t.Expedite, "sle_days": t.SLEDays,
		"answer_days": t.AnswerDays, "accept_days": t.AcceptDays}
	if t.Carry != nil {
		counts["carry"] = *t.Carry
	}
	for key, n := range counts {
		if n < 0 {
			c.errorf(path+"."+key, "", "is negative")
		}
	}
	c.percent(path+".sle_share", t.SLEShare)
	c.percent(path+".unplanned", t.Unplanned)
	c.dates(path+".holidays", t.Holidays)
	for i, field := range t.Ready {
		if strings.TrimSpace(field) == "" {
			c.errorf(fmt.Sprintf("%s.ready[%d]", path, i), "name a field", "is empty")
		}
	}
}

// isStart reports whether text names a day or a week that exists.
func isStart(text string) bool {
	if _, err := time.Parse(time.DateOnly, text); err == nil {
		return true
	}
	parts := weekForm.FindStringSubmatch(text)
	if parts == nil {
		return false
	}
	year, _ := strconv.Atoi(parts[1])
	week, _ := strconv.Atoi(parts[2])
	_, last := time.Date(year, time.December, 28, 0, 0, 0, 0, time.UTC).ISOWeek() // always in the last week
	return week >= 1 && week <= last
}
