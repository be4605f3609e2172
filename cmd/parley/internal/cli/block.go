package cli

import (
	"context"
	"fmt"

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
	return s.change(ctx, change{Intent: web.Intent{Card: c.Card, Field: string(kanban.FieldBlocked), To: c.Party, Reason: c.Reason}, json: c.JSON, words: blockWords})
}

type unblockCommand struct {
	Card string `arg:"" help:"Card id, Jira key or owner/repo#n."`
	JSON bool   `help:"Print one JSON document." name:"json"`
}

// Run unblocks a card.
func (c unblockCommand) Run(ctx context.Context, s *session) error {
	free := func(card view.Card) bool { return card.Blocked == nil }
	return s.change(ctx, change{Intent: web.Intent{Card: c.Card, Field: string(kanban.FieldBlocked)}, json: c.JSON, is: free, words: blockWords})
}

// blockWords says how a card stands now.
func blockWords(c view.Card, already bool) string {
	about, still := subject(c, "is", "are"), alreadyWords(already)
	switch {
	case c.Blocked == nil && already:
		return about + " not blocked; nothing was changed"
	case c.Blocked == nil:
		return about + " not blocked any more"
	case !c.Blocked.Here:
		return about + " not blocked in Parley any more; a rule of the configuration still says so"
	}
	return fmt.Sprintf("%s blocked%s, waiting for %s: %s", about, still, c.Blocked.Party.Words(), c.Blocked.Reason)
}
