package app

import (
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
// change it either; the refusal says no more than the board shows them of it.
func (i intents) may(card view.Card, in web.Intent) error {
	sight := i.Views.As(in.By)
	var why string
	switch kanban.Field(in.Field) {
	case kanban.FieldStatus:
		why = sight.MayMove(card, i.engine().Rules.Layout(), kanban.ColumnKey(in.To))
	case kanban.FieldBlocked:
		why = sight.MayBlock(card)
	case kanban.FieldPlanned:
		why = sight.MaySort(card)
	default:
		why = sight.MayPrioritise(card)
	}
	if why != "" {
		return forbidden(why)
	}
	return nil
}
