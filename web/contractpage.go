package web

import (
	"fmt"
	"net/url"
	"slices"
	"time"

	"parley/kanban"
	"parley/kanban/contract"
	"parley/sync/view"
)

// contractData is the page of one contract.
type contractData struct {
	frame
	C      view.Contract
	D      dealing
	board  view.Board
	ledger view.LedgerSheet
	week   string // that was asked for, "" for the present one
	after  string // the verdict behind which the list was asked for, "" for the first ones
}

// shownEntries is how many lines of the ledger the page has room for.
const (
	shownEntries = 20
	shownWeeks   = 8
)

// At is an address below the contract's.
func (d contractData) At(below string) string { return contractAt(d.C.Unit, below) }

// Choosing is what can be chosen for a request over the contract, nil where nothing can.
func (d contractData) Choosing(card kanban.CardID) *view.Choosing {
	i := slices.IndexFunc(d.D.Choices, func(c view.Choosing) bool { return c.Card == card })
	if i < 0 {
		return nil
	}
	return &d.D.Choices[i]
}

// contractSide is what one side promised, and what came of it. There are two, alike.
type contractSide struct {
	Party  kanban.Party
	Name   string
	Score  string
	Weeks  []string
	Soon   []soonDue
	Rows   []promiseRow
	Missed []view.Promised
	More   int // that were not kept and are not listed
}

// soonDue is what the next three days decide.
type soonDue struct {
	view.Promised
	What   string
	By     string
	Urgent bool
}

// Sides are IT and the unit.
func (d contractData) Sides() []contractSide {
	out := []contractSide{{Party: kanban.IT, Name: "IT"}, {Party: kanban.Business, Name: d.C.Name}}
	weeks := d.weeks()
	for i := range out {
		side := &out[i]
		side.Weeks, side.Rows = weeks, d.rows(side.Party, weeks)
		for _, s := range d.C.Scores {
			if s.By == side.Party {
				side.Score, side.Missed, side.More = s.Text, s.Missed, s.More
			}
		}
		for _, p := range d.C.AtRisk {
			if p.By == side.Party {
				side.Soon = append(side.Soon, soonDue{p, duty(p.Promise), dueOf(p), p.Failing || p.Due.Sub(d.C.At) < 36*time.Hour})
			}
		}
	}
	return out
}

// weeks are those that scores are told of, the earliest first.
func (d contractData) weeks() []string {
	var out []string
	for _, p := range d.Statements() {
		out = append(out, p.Period)
	}
	slices.Reverse(out)
	return out
}

// Statements are the weeks, the present one first.
func (d contractData) Statements() []view.ContractPeriod {
	if d.C.Period == nil {
		return nil
	}
	all := append([]view.ContractPeriod{*d.C.Period}, d.C.Past...)
	return all[:min(len(all), shownWeeks)]
}

// Expedites are those of four weeks.
func (d contractData) Expedites() (n int) {
	for i, p := range d.Statements() {
		if i < 4 {
			n += p.Expedites
		}
	}
	return n
}

// Used is how many slots of the present week are.
func (d contractData) Used() int { return d.C.Period.Used }

// ToTake is how many requests IT has to take on this week yet.
func (d contractData) ToTake() int { return d.C.Period.Missed }

// Boxes are the free slots that are drawn.
func (d contractData) Boxes() []struct{} { return make([]struct{}, min(max(d.C.Free, 0), 12)) }

// Paged reports whether the list of verdicts was asked for behind one of them.
func (d contractData) Paged() bool { return d.after != "" }

// First is the address of the list of verdicts from its beginning.
func (d contractData) First() string { return d.verdictsAt("") }

// Next is where the list of verdicts goes on, "" where it does not.
func (d contractData) Next() string {
	if d.C.NextVerdicts == "" {
		return ""
	}
	return d.verdictsAt(d.C.NextVerdicts)
}

func (d contractData) verdictsAt(after string) string {
	q := url.Values{}
	if d.week != "" {
		q.Set("week", d.week)
	}
	if after != "" {
		q.Set("after", after)
	}
	if len(q) == 0 {
		return d.At("#verdicts")
	}
	return d.At("?" + q.Encode() + "#verdicts")
}

// Hours is the bar of whose time the work in progress was.
func (d contractData) Hours() []segment {
	var out []segment
	at := 0
	for _, c := range d.C.Clock {
		if c.Percent == 0 {
			continue
		}
		width := min(c.Percent, 100-at)
		out = append(out, segment{Kind: string(c.Party), Text: fmt.Sprintf("%s, %d %%", d.Name(c.Party), c.Percent), X: fmt.Sprintf("%d%%", at), Width: fmt.Sprintf("%d%%", width)})
		at += width
	}
	return out
}

// Name is what a side of this contract is called.
func (d contractData) Name(p kanban.Party) string {
	if p == kanban.Business {
		return d.C.Name
	}
	return turnName(p)
}

// ColumnName is what people call a column.
func (d contractData) ColumnName(key string) string {
	for _, c := range d.board.Columns {
		if string(c.Key) == key {
			return c.Name
		}
	}
	return key
}

// dueWords is a moment that decides: a midnight is the end of a day.
func dueWords(t time.Time) string {
	switch {
	case t.IsZero():
		return ""
	case midnight(t):
		return "the end of " + t.Add(-time.Minute).Format("Mon\u00a02\u00a0Jan")
	}
	return t.Format("Mon\u00a02\u00a0Jan\u00a015:04")
}

// cutoffMoment is a moment at which requests are counted: a midnight is the start of a day.
func cutoffMoment(t time.Time) string {
	text := t.Format("Mon\u00a02\u00a0Jan\u00a015:04")
	if midnight(t) {
		text += ", the start of that day"
	}
	return text
}

func midnight(t time.Time) bool { return t.Hour() == 0 && t.Minute() == 0 }

// dueOf is the moment that decides a promise.
func dueOf(p view.Promised) string {
	if p.Promise == contract.Order {
		return cutoffMoment(p.Due)
	}
	return dueWords(p.Due)
}

// outcomeOf is how a promise stands, in the word of its chip.
func outcomeOf(p view.Promised) string {
	switch {
	case p.Contested:
		return "contested"
	case p.Outcome == contract.Pending && p.Failing:
		return "at risk"
	case p.Outcome == contract.Pending:
		return "open"
	}
	return string(p.Outcome)
}
