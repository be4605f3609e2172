package cli

import (
	"context"
	"strconv"

	"parley/kanban"
	"parley/kanban/sheet"
)

type exportContractCommand struct {
	Unit string `help:"Only the ledger of this unit." placeholder:"KEY"`
	As   string `help:"Whose eyes to look with: ops, it, wall or unit:KEY." default:"ops" placeholder:"AUDIENCE"`
	JSON bool   `help:"Print one JSON document." name:"json"`
}

// Help says whose eyes these are.
func (exportContractCommand) Help() string { return eyes }

// Run prints the ledgers, a row for every entry.
func (c exportContractCommand) Run(ctx context.Context, s *session) (err error) {
	a, sight, err := s.sight(ctx, c.As)
	if err != nil {
		return err
	}
	defer closing(a, &err)
	lines, err := sight.Ledger(ctx, kanban.UnitKey(c.Unit))
	if err != nil {
		return noContract(a, c.Unit, err)
	}
	if c.JSON {
		return printJSON(s.Out, map[string]any{"entries": lines})
	}
	rows := [][]string{{"unit", "seq", "period", "at", "kind", "amount", "card", "other", "with", "who", "cause", "terms", "note", "reverses", "link", "ref", "outcome", "was", "basis"}}
	for _, l := range lines {
		reverses := ""
		if l.Reverses != 0 {
			reverses = strconv.FormatInt(l.Reverses, 10)
		}
		rows = append(rows, []string{string(l.Unit), strconv.FormatInt(l.Seq, 10), l.Period, moment(&l.At), string(l.Kind), strconv.Itoa(l.Amount), plain(l.Card), plain(l.Other),
			string(l.With), plain(l.Who), plain(l.Cause), strconv.Itoa(l.Terms), plain(l.Note), reverses, l.Link, plain(l.Ref), string(l.Outcome), string(l.Was), plain(l.Basis)})
	}
	return sheet.Write(s.Out, rows...)
}
