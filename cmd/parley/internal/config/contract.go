package config

import (
	"cmp"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/kanban"
	"parley/kanban/calendar"
	"parley/kanban/contract"
	"parley/sync/view"
)

var (
	weekForm   = regexp.MustCompile(`^(\d{4})-W(\d{2})$`)
	cutoffForm = regexp.MustCompile(`^(mon|tue|wed|thu|fri|sat|sun) ([01]\d|2[0-3]):([0-5]\d)$`)
)

// contract checks one version of the terms of a unit.
func (c *checker) contract(path string, t Contract, config *Config) {
	if _, ok := startOf(t.From); !ok {
		c.errorf(path+".from", `write a week, "2026-W47", or a date, "2026-11-16"`, "%q is neither", t.From)
	}
	c.word(path+".period", t.Period, "week")
	if _, ok := cutoffOf(t.Cutoff); !ok {
		c.errorf(path+".cutoff", `write "tue 12:00"`, "%q is not a day and a time", t.Cutoff)
	}
	c.counts(path, t)
	c.percent(path+".sle_share", t.SLEShare)
	c.percent(path+".unplanned", t.Unplanned)
	c.dates(path+".holidays", t.Holidays)
	for i, field := range t.Ready {
		c.word(fmt.Sprintf("%s.ready[%d]", path, i), field, view.ReadyFields()...)
	}
	c.word(path+".over", t.Over, string(contract.Show), string(contract.Ask), string(contract.Enforce))
	var keys []string
	for _, p := range config.Priority {
		keys = append(keys, p.Key)
	}
	for i, p := range t.Priorities {
		c.word(fmt.Sprintf("%s.priorities[%d]", path, i), p, keys...)
	}
	if t.Agreed.Business == "" || t.Agreed.IT == "" {
		c.errorf(path+".agreed", `write agreed = { business = "Mia, head of trading", it = "Ana, IT" }`, "does not say who agreed for both sides")
	}
}

// most is the largest number that terms can name: more slots or days than that nobody means.
const most = 1000

func (c *checker) counts(path string, t Contract) {
	counts := map[string]int{"slots": t.Slots, "carry": t.carry(), "expedite": t.Expedite, "sle_days": t.SLEDays,
		"answer_days": t.AnswerDays, "accept_days": t.AcceptDays, "choose_days": t.ChooseDays}
	for key, n := range counts {
		switch {
		case n < 0:
			c.errorf(path+"."+key, "write 0 or more", "is negative")
		case n > most:
			c.errorf(path+"."+key, fmt.Sprintf("write %d or less", most), "is more than anybody can keep to")
		}
	}
	if t.SLEDays > 0 && t.SLEShare.Share == 0 && t.SLEShare.err == nil {
		c.errorf(path+".sle_share", `write sle_share = "85%"`, "sle_days needs to say how often they are kept")
	}
}

// versions checks the versions of a contract against each other.
func (c *checker) versions(path string, u Unit) {
	seen := map[calendar.Day]int{}
	for k, t := range u.Contract {
		from, ok := startOf(t.From)
		if !ok {
			continue
		}
		if first, twice := seen[from]; twice {
			c.errorf(fmt.Sprintf("%s.contract[%d].from", path, k), "give each version a start of its own, and keep the versions of before as they were",
				"begins with the same period as version %d", first+1)
		}
		seen[from] = k
		if from < contract.Earliest() { // a slip of the pen would make a line of the ledger for each week since
			c.errorf(fmt.Sprintf("%s.contract[%d].from", path, k), fmt.Sprintf("write a week or a date from %s on", contract.Earliest()),
				"%q is before anybody could have agreed on it", t.From)
		}
	}
}

// startOf is the first day from which a version holds: that of a week, or a date. The
// period that it begins with is the first one that begins then or later.
func startOf(text string) (calendar.Day, bool) {
	if d, err := calendar.Parse(text); err == nil {
		if m := d.Monday(); m < d {
			return m + 7, true
		}
		return d, true
	}
	parts := weekForm.FindStringSubmatch(text)
	if parts == nil {
		return 0, false
	}
	year, _ := strconv.Atoi(parts[1])
	week, _ := strconv.Atoi(parts[2])
	last := calendar.On(year, time.December, 28) // always in the last week
	if _, n := last.Week(); week < 1 || week > n {
		return 0, false
	}
	return calendar.On(year, time.January, 4).Monday() + calendar.Day(7*(week-1)), true // the 4th is always in the first
}

func cutoffOf(text string) (contract.Cutoff, bool) {
	parts := cutoffForm.FindStringSubmatch(strings.ToLower(text))
	if parts == nil {
		return contract.Cutoff{}, false
	}
	hour, _ := strconv.Atoi(parts[2])
	minute, _ := strconv.Atoi(parts[3])
	return contract.Cutoff{Day: time.Weekday(slices.Index(weekdays(), parts[1])), Hour: hour, Minute: minute}, true
}

// Contracts are what was agreed on with the units, in the order of the file. Of terms that
// the check has refused they say nothing that could be relied on.
func (c *Config) Contracts() []contract.Contract {
	var out []contract.Contract
	for _, u := range c.Unit {
		if len(u.Contract) == 0 {
			continue
		}
		of := contract.Contract{Unit: kanban.UnitKey(u.Key), Name: cmp.Or(u.Name, u.Key)}
		for _, t := range u.Contract {
			of.Versions = append(of.Versions, t.terms())
		}
		out = append(out, of)
	}
	return out
}

func (t Contract) terms() contract.Terms {
	out := contract.Terms{Slots: t.Slots, Carry: t.carry(), Expedites: t.Expedite, SLEDays: t.SLEDays, SLEShare: t.SLEShare.hundredths(),
		AnswerDays: t.AnswerDays, AcceptDays: t.AcceptDays, Unplanned: t.Unplanned.hundredths(), Ready: t.Ready,
		Over: contract.Answer(t.Over), ChooseDays: t.ChooseDays, Agreed: contract.Agreed(t.Agreed)}
	out.From, _ = startOf(t.From)
	out.Cutoff, _ = cutoffOf(t.Cutoff)
	for _, text := range t.Holidays {
		if d, err := calendar.Parse(text); err == nil {
			out.Holidays = append(out.Holidays, d)
		}
	}
	for _, p := range t.Priorities {
		out.Priorities = append(out.Priorities, kanban.PriorityKey(p))
	}
	return out
}

func (t Contract) carry() int {
	if t.Carry == nil {
		return t.Slots
	}
	return *t.Carry
}

// hundredths is the share in whole percent.
func (p Percent) hundredths() int { return int(math.Round(p.Share * 100)) }
