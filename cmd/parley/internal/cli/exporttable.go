package cli

import (
	"context"
	"strings"

	"parley/sync/view"
)

type exportTable struct {
	As   string `help:"Whose eyes to look with: ops, it, wall or unit:KEY." required:"true" placeholder:"AUDIENCE"`
	Unit string `help:"Only cards of this business unit." placeholder:"KEY"`
}

type exportCardsCommand struct {
	exportTable `embed:""`

	Done bool `help:"Also cards that ended more than 14 days ago."`
}

// Help names the columns.
func (exportCardsCommand) Help() string {
	return `UTF-8, lines end with CR LF (RFC 4180), the first one names the columns. Every cell is in double quotes; what a spreadsheet could run as a formula is given a leading apostrophe. What the audience may not know is empty.

Columns: ` + strings.Join(view.CardColumns(), ", ") + `. docs/EXPORTS.md says what each one means.`
}

// Run prints the cards as an audience sees them.
func (c exportCardsCommand) Run(ctx context.Context, s *session) error {
	return c.print(ctx, s, func(v *view.Sight) (view.Table, error) {
		return v.CardTable(ctx, view.Query{Unit: c.Unit, Earlier: c.Done})
	})
}

type exportEventsCommand struct {
	exportTable `embed:""`
}

// Help names the columns.
func (exportEventsCommand) Help() string {
	return `One line for each creation, move, block and unblock, by card and in the order of time; parley export flow reads it. UTF-8, lines end with CR LF (RFC 4180), the first one names the columns. Every cell is in double quotes; what a spreadsheet could run as a formula is given a leading apostrophe. What the audience may not know is empty.

Columns: ` + strings.Join(view.EventColumns(), ", ") + `. docs/EXPORTS.md says what each one means.`
}

// Run prints what happened to the cards that an audience knows of.
func (c exportEventsCommand) Run(ctx context.Context, s *session) error {
	return c.print(ctx, s, func(v *view.Sight) (view.Table, error) { return v.EventTable(ctx, view.Query{Unit: c.Unit}) })
}

// print writes a table as an audience sees it.
func (c exportTable) print(ctx context.Context, s *session, read func(*view.Sight) (view.Table, error)) (err error) {
	a, sight, err := s.sight(ctx, c.As)
	if err != nil {
		return err
	}
	defer closing(a, &err)
	table, err := read(sight)
	if err != nil {
		return asUsage(err)
	}
	return table.Write(s.Out)
}
