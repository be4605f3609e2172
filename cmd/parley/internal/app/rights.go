package app

import (
	"net/http"

	"parley/kanban"
	"parley/sync/view"
	"parley/web"
)

// Operator is whoever sits at this machine: an ops lead, who is taken at their word where
// people sign in, as whoever reads the configuration and the store holds more than any sign-in
// shows. Without sign-in they are the board's somebody, to whom restricted cards stay closed:
// a command never shows an audience more than its page does.
func (a *App) Operator() view.Viewer {
	w := view.Somebody()
	w.Proved = a.Config.Server.Auth != "none"
	return w
}

// Sight is what whoever sits at this machine sees.
func (a *App) Sight() *view.Sight { return a.Views.As(a.Operator()) }

// SightAs is what an audience sees by the configuration of the moment: whoever signs in as
// one, or with server.auth = "none" whoever looks.
func (a *App) SightAs(audience view.Audience) *view.Sight {
	if audience == view.AudienceOps {
		return a.Sight()
	}
	return a.Views.As(view.Viewer{Audience: audience, Proved: a.Operator().Proved})
}

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
