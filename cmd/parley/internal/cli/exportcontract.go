package cli

import (
	"context"

	"parley/kanban"
	"parley/sync/view"
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
	table := view.LedgerTable(lines)
	for _, row := range table.Rows {
		for i, cell := range row {
			row[i] = plain(cell) // a note may hold what a terminal obeys
		}
	}
	return table.Write(s.Out)
}
