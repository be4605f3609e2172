package cli

import (
	"context"
	"fmt"

	"parley/kanban"
	"parley/sync/view"
	"parley/web"
)

type markCommand struct {
	Card      string `arg:"" help:"Card id, Jira key or owner/repo#n."`
	Planned   bool   `help:"Somebody had planned it." xor:"as" required:"true"`
	Unplanned bool   `help:"Nobody had planned it." xor:"as" required:"true"`
	Rules     bool   `help:"Leave it to the rules of the configuration again." xor:"as" required:"true"`
	Reason    string `help:"Why, in a few words; without it the reason that was given before stays, where the card counts the same."`
	JSON      bool   `help:"Print one JSON document." name:"json"`
}

// Run corrects whether a card was planned, as whoever sits at this machine.
func (c markCommand) Run(ctx context.Context, s *session) error {
	if c.Rules && c.Reason != "" {
		return misused{"--reason says why a person decides; it goes with --planned and --unplanned, and the rules need none"}
	}
	return s.change(ctx, change{Intent: web.Intent{Card: c.Card, Field: string(kanban.FieldPlanned), To: string(c.to()), Reason: c.Reason}, json: c.JSON, words: sortWords})
}

func (c markCommand) to() kanban.Value {
	switch {
	case c.Planned:
		return kanban.SortPlanned
	case c.Unplanned:
		return kanban.SortUnplanned
	}
	return kanban.SortRules
}

// sortWords says as what a card counts now.
func sortWords(c view.Card, already bool) string {
	as, by := "unplanned", "by the rules of the configuration"
	if c.Planned {
		as = "planned"
	}
	if c.Sorted != "" {
		by = "because " + c.Sorted + " says so"
	}
	return fmt.Sprintf("%s as %s%s %s", subject(c, "counts", "count"), as, alreadyWords(already), by)
}
