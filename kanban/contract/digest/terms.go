package digest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"parley/kanban"
	"parley/kanban/calendar"
	"parley/kanban/contract"
)

// changes tells the versions of the terms that begin after a period, the next first, and
// what each changes.
func changes(c contract.Contract, p contract.Period) []string {
	begin := map[contract.Period]bool{}
	for _, t := range c.Versions {
		if from := contract.PeriodOf(t.From + 6); from > p { // it holds from the first period that begins then
			begin[from] = true
		}
	}
	out := []string{}
	for _, from := range sorted(begin) {
		now, n := c.Version(from)
		was, had := c.Version(from.Back(1))
		if had == 0 || had == n {
			continue
		}
		said := difference(was, now)
		if len(said) == 0 {
			said = []string{"nothing but who agreed"}
		}
		out = append(out, short(fmt.Sprintf("From %s on, version %d: %s. Agreed by %s and %s.", from, n, strings.Join(said, "; "), now.Agreed.Business, now.Agreed.IT)))
	}
	return out
}

func sorted(set map[contract.Period]bool) []contract.Period {
	var out []contract.Period
	for p := range set {
		out = append(out, p)
	}
	slices.Sort(out)
	return out
}

// difference names what one version says otherwise than the one before, in the words of
// the configuration.
func difference(was, now contract.Terms) []string {
	var out []string
	say := func(name, a, b string) {
		if a != b {
			out = append(out, fmt.Sprintf("%s %s → %s", name, cmp.Or(a, "none"), cmp.Or(b, "none")))
		}
	}
	number := func(name string, a, b int) { say(name, fmt.Sprint(a), fmt.Sprint(b)) }
	percent := func(name string, a, b int) { say(name, fmt.Sprintf("%d %%", a), fmt.Sprintf("%d %%", b)) }
	number("slots", was.Slots, now.Slots)
	number("most carried over", was.Carry, now.Carry)
	say("cut-off", was.Cutoff.Words(), now.Cutoff.Words())
	number("expedites in four weeks", was.Expedites, now.Expedites)
	number("days to deliver", was.SLEDays, now.SLEDays)
	percent("share delivered in time", was.SLEShare, now.SLEShare)
	number("days to answer", was.AnswerDays, now.AnswerDays)
	number("days to accept", was.AcceptDays, now.AcceptDays)
	percent("unplanned work", was.Unplanned, now.Unplanned)
	say("a ready request has", strings.Join(was.Ready, ", "), strings.Join(now.Ready, ", "))
	say("holidays", days(was.Holidays), days(now.Holidays))
	say("priorities that ask for a slot", keys(was.Priorities), keys(now.Priorities))
	say("over the contract", string(cmp.Or(was.Over, contract.Show)), string(cmp.Or(now.Over, contract.Show)))
	number("days to choose", was.ChooseDays, now.ChooseDays)
	return out
}

func days(list []calendar.Day) string {
	var out []string
	for _, d := range list {
		out = append(out, d.String())
	}
	return strings.Join(out, ", ")
}

func keys(list []kanban.PriorityKey) string {
	var out []string
	for _, p := range list {
		out = append(out, string(p))
	}
	return strings.Join(out, ", ")
}
