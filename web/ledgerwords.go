package web

import (
	"cmp"
	"fmt"
	"strings"

	"parley/kanban"
	"parley/kanban/contract"
	"parley/sync/view"
)

// entryLine is a line of the ledger in words.
type entryLine struct {
	view.LedgerRow
	Text string
}

// Entries are the lines about slots that there is room for, the latest first, and with them
// those that take a verdict back.
func (d contractData) Entries() entryList { return d.worded(d.ledger.Booked) }

// Judged are the other lines about verdicts.
func (d contractData) Judged() entryList { return d.worded(d.ledger.Judged) }

// entryList is lines of the ledger, the latest first, and how many there are besides.
type entryList struct {
	Lines []entryLine
	More  int // earlier ones, in the file alone
}

// restOf is how many entries are in the file alone, and where that is.
type restOf struct {
	More int
	At   string
}

// Rest is what is left out of a list of entries.
func (d contractData) Rest(more int) restOf { return restOf{more, d.At("/ledger.csv")} }

func (d contractData) worded(rows view.LedgerRows) entryList {
	out := entryList{More: rows.More}
	for _, l := range rows.Lines {
		out.Lines = append(out.Lines, entryLine{l, entryWords(l.LedgerLine)})
	}
	return out
}

// entryWords says what a line of the ledger books.
func entryWords(l view.LedgerLine) string {
	card, n := cmp.Or(l.Card, "A request"), slotWords(max(l.Amount, -l.Amount))
	words := map[contract.EntryKind]string{
		contract.Grant:   n + " for week " + weekName(l.Period),
		contract.Commit:  card + " takes a slot",
		contract.Release: card + " was withdrawn before it was begun; its slot is free",
		contract.Swap:    card + " has the slot of " + cmp.Or(l.Other, "another request"),
		contract.Void:    "A swap was written and does not count: " + l.Note,
		contract.Forfeit: n + " not used: too little was ready",
		contract.Refund:  card + " was given back by IT; its slot is free",
		contract.Expire:  n + " not owed by IT any more: beyond what carries over",
		contract.Contest: cmp.Or(l.Note, "A verdict is contested"),
	}[l.Kind]
	if l.Kind == contract.Lend {
		words = n + " lent to " + string(l.With)
		if l.Amount > 0 {
			words = n + " borrowed from " + string(l.With)
		}
	}
	switch {
	case l.Kind == contract.Judged:
		return judgedWords(l)
	case l.Kind == contract.Contest && l.Ref != "" && l.Reverses == 0:
		return contestWords(l)
	}
	if l.Reverses > 0 {
		words = fmt.Sprintf("Takes line %d back: it does not follow from the trackers any more", l.Reverses)
	}
	return cmp.Or(words, string(l.Kind))
}

// verdictWords name the verdict that a line is about by its promise, its week and its card.
func verdictWords(l view.LedgerLine) string {
	words := fmt.Sprintf("%s of week %s", cmp.Or(l.Promise.Words(), "A promise"), weekName(l.Of))
	if l.Card != "" {
		words += ", " + l.Card
	}
	return words
}

// contestWords say what a side says of a verdict.
func contestWords(l view.LedgerLine) string {
	said := strings.TrimPrefix(l.Note, l.Ref)
	if !strings.HasPrefix(said, " is ") {
		said = " is contested" + said
	}
	return verdictWords(l) + said
}

// judgedWords says how a promise turned out, and what was said of it before.
func judgedWords(l view.LedgerLine) string {
	is := map[contract.Outcome]string{contract.NotApplicable: "does not apply", contract.Pending: "is not decided any more"}[l.Outcome]
	words := verdictWords(l) + ": " + cmp.Or(is, string(l.Outcome))
	if l.Reverses > 0 {
		words += fmt.Sprintf("; line %d said %s", l.Reverses, cmp.Or(map[contract.Outcome]string{contract.NotApplicable: "that it does not apply"}[l.Was], string(l.Was)))
	}
	if l.Note != "" {
		words += "; " + l.Note
	}
	return words
}

// loanWords say which slots of a week came from other units, went to them, or were given back
// for requests taken on before; "" where none did.
func loanWords(p view.ContractPeriod) string {
	var out []string
	for _, f := range []struct {
		n    int
		what string
	}{{p.Borrowed, "borrowed"}, {p.Lent, "lent"}, {p.Back, "given back"}} {
		if f.n != 0 {
			out = append(out, fmt.Sprintf("%d %s", f.n, f.what))
		}
	}
	return strings.Join(out, ", ")
}

func slotWords(n int) string { return kanban.Count(n, "slot", "slots") }

// weekName is the number of a week: 47 of 2026-W47.
func weekName(period string) string {
	_, week, _ := strings.Cut(period, "-W")
	return strings.TrimPrefix(week, "0")
}
