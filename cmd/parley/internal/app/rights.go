package app

import (
	"context"
	"net/http"

	"parley/kanban"
	"parley/sync/view"
	"parley/web"
)

// Sight is what whoever sits at this machine sees.
func (a *App) Sight() *view.Sight { return a.Views.As(view.Somebody()) }

// forbidden is the refusal of something that a role may not do.
func forbidden(why string) *web.Refusal {
	return &web.Refusal{Status: http.StatusForbidden, Reason: "you may not do this: " + why}
}

// may reports whether a person may change a card so. Who may not read a card may not
// change it either, and learns nothing of it.
func (i intents) may(ctx context.Context, id kanban.CardID, in web.Intent) error {
	card, err := i.Views.As(in.By).Card(ctx, string(id))
	if err != nil {
		return err
	}
	own := in.By.Owns(card.Unit)
	why := in.By.Role.MayPrioritise(own, card.Unit != kanban.UnitUnassigned)
	if kanban.Field(in.Field) == kanban.FieldStatus {
		layout := i.engine().Rules.Layout()
		from, _ := layout.Column(kanban.ColumnKey(card.Column))
		to, _ := layout.Column(kanban.ColumnKey(in.To))
		why = in.By.Role.MayMove(own, from, to)
	}
	if why == "" && card.Masked && in.By.Role != kanban.Ops {
		why = "its words are not for you"
	}
	if why != "" {
		return forbidden(why)
	}
	return nil
}
