package cli

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"parley/kanban"
	"parley/sync/view"
	"parley/web"
)

type markCommand struct {
	Card      string `arg:"" help:"Card id, Jira key or owner/repo#n."`
	Planned   bool   `help:"Somebody had planned it." xor:"as" required:"true"`
	Unplanned bool   `help:"Nobody had planned it." xor:"as" required:"true"`
	Rules     bool   `help:"Leave it to the rules of the configuration again." xor:"as" required:"true"`
	Reason    string `help:"Why, in a few words."`
	JSON      bool   `help:"Print one JSON document." name:"json"`
}

// Run corrects whether a card was planned, as whoever sits at this machine.
func (c markCommand) Run(ctx context.Context, s *session) (err error) {
	a, err := s.openQuiet(ctx)
	if err != nil {
		return err
	}
	defer closing(a, &err)
	in := web.Intent{Card: c.Card, Field: string(kanban.FieldPlanned), To: string(c.to()), Reason: c.Reason, Op: a.Runner.NewID(), By: view.Somebody()}
	in.By.Name = me()
	answer, err := a.Intend(ctx, in)
	refused, ok := errors.AsType[*web.Refusal](err)
	switch {
	case ok && refused.Status == http.StatusNotFound:
		return unknownCard(in.Card)
	case ok:
		return fmt.Errorf("%s stays as it is: %s", in.Card, refused.Reason)
	case err != nil:
		return err
	}
	card, err := a.Sight().Glance(ctx, in.Card)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(s.Out, map[string]any{"card": card, "op": answer.Op, "state": answer.State, "rev": answer.Rev})
	}
	_, err = fmt.Fprintln(s.Out, plain(sortWords(card)))
	return err
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
func sortWords(c view.Card) string {
	var keys []string
	for _, s := range c.Sides {
		keys = append(keys, s.Key)
	}
	as, by := "unplanned", "by the rules of the configuration"
	if c.Planned {
		as = "planned"
	}
	if c.Sorted != "" {
		by = "because " + c.Sorted + " says so"
	}
	return fmt.Sprintf("%s counts as %s %s", orWords(strings.Join(keys, " and "), string(c.ID)), as, by)
}
