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

type blockCommand struct {
	Card   string `arg:"" help:"Card id, Jira key or owner/repo#n."`
	Party  string `help:"For whom the card waits: business, it or third." enum:"business,it,third" required:"true"`
	Reason string `help:"Why, in a few words." required:"true"`
	JSON   bool   `help:"Print one JSON document." name:"json"`
}

// Run blocks a card.
func (c blockCommand) Run(ctx context.Context, s *session) error {
	return s.block(ctx, web.Intent{Card: c.Card, To: c.Party, Reason: c.Reason}, c.JSON)
}

type unblockCommand struct {
	Card string `arg:"" help:"Card id, Jira key or owner/repo#n."`
	JSON bool   `help:"Print one JSON document." name:"json"`
}

// Run unblocks a card.
func (c unblockCommand) Run(ctx context.Context, s *session) error {
	return s.block(ctx, web.Intent{Card: c.Card}, c.JSON)
}

// block asks what a page would ask, as whoever sits at this machine.
func (s *session) block(ctx context.Context, in web.Intent, asJSON bool) (err error) {
	a, err := s.openQuiet(ctx)
	if err != nil {
		return err
	}
	defer closing(a, &err)
	in.Field, in.Op, in.By = string(kanban.FieldBlocked), a.Runner.NewID(), view.Somebody()
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
	if asJSON {
		return printJSON(s.Out, map[string]any{"card": card, "op": answer.Op, "state": answer.State, "rev": answer.Rev})
	}
	_, err = fmt.Fprintln(s.Out, plain(blockWords(card)))
	return err
}

// blockWords says how a card stands now.
func blockWords(c view.Card) string {
	var keys []string
	for _, s := range c.Sides {
		keys = append(keys, s.Key)
	}
	about := orWords(strings.Join(keys, " and "), string(c.ID))
	switch {
	case c.Blocked == nil:
		return about + " is not blocked any more"
	case !c.Blocked.Here:
		return about + " is not blocked in Parley any more; a rule of the configuration calls it blocked still"
	}
	waits := map[kanban.Party]string{kanban.Business: "the business", kanban.IT: "IT", kanban.Third: "a third party"}[c.Blocked.Party]
	return fmt.Sprintf("%s is blocked and waits for %s: %s", about, waits, c.Blocked.Reason)
}
