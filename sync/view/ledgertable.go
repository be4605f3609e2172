package view

import (
	"strconv"
	"time"
)

// LedgerTable is the export of lines of ledgers, each a row.
func LedgerTable(lines []LedgerLine) Table {
	t := Table{Columns: LedgerColumns(), Rows: [][]string{}}
	for _, l := range lines {
		reverses := ""
		if l.Reverses != 0 {
			reverses = strconv.FormatInt(l.Reverses, 10)
		}
		t.Rows = append(t.Rows, []string{
			string(l.Unit), strconv.FormatInt(l.Seq, 10), l.Period, l.At.UTC().Format(time.RFC3339), string(l.Kind), strconv.Itoa(l.Amount), l.Card, l.Other,
			string(l.With), l.Who, l.Cause, strconv.Itoa(l.Terms), l.Note, reverses, l.Link, l.Ref, string(l.Outcome), string(l.Was), l.Basis,
		})
	}
	return t
}

// LedgerColumns are the columns of an export of ledgers.
func LedgerColumns() []string {
	return []string{"unit", "seq", "period", "at", "kind", "amount", "card", "other", "with", "who", "cause", "terms", "note", "reverses", "link", "ref", "outcome", "was", "basis"}
}
