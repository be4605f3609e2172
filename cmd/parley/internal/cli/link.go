package cli

import (
	"context"
	"fmt"

	"parley/cmd/parley/internal/app"
	"parley/kanban"
	"parley/sync/view"
)

type linkCommand struct {
	A    string `arg:"" help:"One issue: a key or owner/repo#n."`
	B    string `arg:"" help:"The other one."`
	JSON bool   `help:"Print one JSON document." name:"json"`
}

// Run pairs two issues. Where they are one card already nothing is changed.
func (c linkCommand) Run(ctx context.Context, s *session) (err error) {
	a, err := s.openQuiet(ctx)
	if err != nil {
		return err
	}
	defer closing(a, &err)
	first, err := issueOf(ctx, a, c.A)
	if err != nil {
		return err
	}
	other, err := issueOf(ctx, a, c.B)
	if err != nil {
		return err
	}
	if first.card.ID == other.card.ID && first.key != other.key {
		return s.told(ctx, a, c.JSON, []kanban.CardID{first.card.ID}, fmt.Sprintf("%s and %s are one card already: %s", first.key, other.key, first.card.ID))
	}
	card, err := a.Runner.Link(ctx, first.key, other.key, me())
	if err != nil {
		return err
	}
	if a.Config.Sync.Write == "on" {
		if err := a.Runner.RemoteLink(ctx, card); err != nil {
			fmt.Fprintf(s.Err, "parley: they are one card now, but Jira did not take the remote link: %v\n", err)
		}
	}
	return s.told(ctx, a, c.JSON, []kanban.CardID{card.ID}, fmt.Sprintf("%s and %s are one card: %s", first.key, other.key, card.ID))
}

// linked is an issue by the key that its tracker gives it, and its card.
type linked struct {
	card view.Card
	key  string
}

// issueOf finds the issue that a text names. Of a card that has two the text has to be the
// key of one.
func issueOf(ctx context.Context, a *app.App, text string) (linked, error) {
	card, err := a.Sight().Glance(ctx, text)
	if err != nil {
		return linked{}, unknownCard(text, err)
	}
	for _, side := range card.Sides {
		if len(card.Sides) == 1 || view.Names(text, side.Key) {
			return linked{card, side.Key}, nil
		}
	}
	return linked{}, misused{fmt.Sprintf("%s has an issue on each side: name one by its key, %s", text, subject(card, "", ""))}
}

type unlinkCommand struct {
	Card string `arg:"" help:"Card id, Jira key or owner/repo#n."`
	JSON bool   `help:"Print one JSON document." name:"json"`
}

// Run parts a pair.
func (c unlinkCommand) Run(ctx context.Context, s *session) (err error) {
	a, err := s.openQuiet(ctx)
	if err != nil {
		return err
	}
	defer closing(a, &err)
	card, err := a.Sight().Glance(ctx, c.Card)
	if err != nil {
		return unknownCard(c.Card, err)
	}
	if len(card.Sides) < 2 {
		return fmt.Errorf("%s has an issue on one side only: there is no pair to part", c.Card)
	}
	keep, own, err := a.Runner.Unlink(ctx, string(card.ID), me())
	if err != nil {
		return err
	}
	return s.told(ctx, a, c.JSON, []kanban.CardID{keep.ID, own.ID}, fmt.Sprintf("two cards now: %s (%s) and %s (%s)", keep.Keys(), keep.ID, own.Keys(), own.ID))
}

// told prints the cards a command was about.
func (s *session) told(ctx context.Context, a *app.App, asJSON bool, ids []kanban.CardID, sentence string) error {
	if !asJSON {
		_, err := fmt.Fprintln(s.Out, sentence)
		return err
	}
	cards := make([]view.Card, 0, len(ids))
	for _, id := range ids {
		card, err := a.Sight().Card(ctx, string(id))
		if err != nil {
			return err
		}
		cards = append(cards, card)
	}
	return printJSON(s.Out, map[string]any{"cards": cards})
}
