package web

import (
	"fmt"
	"strings"

	"parley/kanban"
	"parley/kanban/contract"
	"parley/sync/view"
)

// promiseRow is one promise, week by week.
type promiseRow struct {
	Name, Note string
	Cells      []promiseCell
}

// promiseCell is what came of a promise in a week.
type promiseCell struct {
	Kind  string // kept, broken, open, at risk, unknown, contested; "" where it did not apply
	Text  string // beside the mark, "" where the mark says all
	Words string
}

// rows are the promises that a side made, as far as they were agreed on.
func (d contractData) rows(by kanban.Party, weeks []string) []promiseRow {
	if d.C.Terms == nil {
		return nil
	}
	type place struct {
		promise contract.Promise
		week    string
	}
	found := map[place]view.PromiseTally{}
	for _, t := range d.C.Tally {
		found[place{t.Promise, t.Period}] = t
	}
	var out []promiseRow
	for _, p := range contract.Promises() {
		name, note := agreedWords(p, *d.C.Terms)
		if p.By() != by || name == "" {
			continue
		}
		row := promiseRow{Name: name, Note: note}
		for _, week := range weeks {
			row.Cells = append(row.Cells, cellOf(week, found[place{p, week}]))
		}
		out = append(out, row)
	}
	return out
}

// cellOf sums up what was decided of a promise in a week: what is worst gives the mark.
func cellOf(week string, of view.PromiseTally) promiseCell {
	count := map[string]int{"kept": of.Kept, "broken": of.Broken, "contested": of.Contested, "unknown": of.Unknown, "at risk": of.AtRisk, "open": of.Open}
	decided := of.Kept + of.Broken
	c := promiseCell{Words: "week " + weekName(week) + ": did not apply"}
	for _, kind := range []string{"broken", "contested", "unknown", "at risk", "kept", "open"} {
		if count[kind] == 0 {
			continue
		}
		c.Kind = kind
		if n := count[kind]; kind == "broken" && decided > 1 {
			c.Text = fmt.Sprintf("%d/%d", n, decided)
		} else if n > 1 {
			c.Text = fmt.Sprint(n)
		}
		break
	}
	if c.Kind == "" {
		return c
	}
	var parts []string
	for _, kind := range []string{"kept", "broken", "contested", "unknown", "at risk", "open"} {
		if n := count[kind]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, kind))
		}
	}
	c.Words = "week " + weekName(week) + ": " + strings.Join(parts, ", ")
	return c
}

// agreedWords are what a side said it would do, in words; "" where that was not agreed on.
func agreedWords(p contract.Promise, t view.ContractTerms) (name, note string) {
	days := func(n int, words string) string {
		if n == 0 {
			return ""
		}
		return fmt.Sprintf(words, daysWords(n))
	}
	switch p {
	case contract.TakeOn:
		return fmt.Sprintf("Takes %s on", kanban.Count(t.Slots, "request", "requests")), "or as many as are ready at the cut-off"
	case contract.Deliver:
		if t.SLEDays == 0 {
			return "", ""
		}
		return fmt.Sprintf("%d %% done in %s", t.SLEShare, kanban.Count(t.SLEDays, "day", "days")), "on IT’s own clock, last 13 weeks"
	case contract.Reply:
		return days(t.AnswerDays, "A first reply in %s"), "to every new request"
	case contract.Shield:
		if t.Unplanned == 0 {
			return "", ""
		}
		return fmt.Sprintf("Unplanned work up to %d %%", t.Unplanned), "or its cause is noted"
	case contract.AnswerDuty:
		return days(t.AnswerDays, "Answers in %s"), "to every question"
	case contract.Accept:
		return days(t.AcceptDays, "Accepts in %s"), "or says what is missing"
	case contract.Order:
		return "Keeps its own requests in order", "as Jira’s boards have them at the cut-off; without, by priority and due date"
	case contract.Restrain:
		return fmt.Sprintf("At most %s in 4 weeks", kanban.Count(t.Expedites, "expedite", "expedites")), "each with somebody who approved it"
	case contract.Prepare:
		return "Requests arrive ready", "80 % complete at the first reply"
	}
	return string(p), ""
}

func daysWords(n int) string { return kanban.Count(n, "working day", "working days") }

// duty is what has to be done about a promise before it is decided.
func duty(p contract.Promise) string {
	return map[contract.Promise]string{
		contract.TakeOn: "Take on what is ready", contract.Deliver: "Deliver within the days agreed on", contract.Reply: "Give a first reply", contract.Shield: "Note why work was unplanned",
		contract.AnswerDuty: "Answer the question", contract.Accept: "Accept, or say what is missing", contract.Order: "Put the requests in order",
		contract.Restrain: "Have expedites approved", contract.Prepare: "Complete the requests",
	}[p]
}

// overTerms says what follows from a priority that is raised without a free slot.
func overTerms(t view.ContractTerms) string {
	return map[contract.Answer]string{
		contract.Show: "A priority raised without a free slot is shown as such.", contract.Ask: "A priority raised without a free slot asks its unit to swap, borrow or wait.",
		contract.Enforce: "A priority raised without a free slot is written back, once, where nobody chooses in time.",
	}[t.Over]
}

// slotsInAdvance says that more was used than there was.
func slotsInAdvance(free int) string {
	return view.Capital(slotWords(-free)) + " taken in advance, out of the next weeks."
}
