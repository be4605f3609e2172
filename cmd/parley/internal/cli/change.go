package cli

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"parley/cmd/parley/internal/app"
	"parley/sync/view"
	"parley/web"
)

// change is what a command asks of one card, and how it tells the outcome. Asked for again
// it changes nothing, says what already is, and has not failed.
type change struct {
	web.Intent

	json  bool
	is    func(view.Card) bool // whether the card is so already; nil: only Parley knows
	words func(c view.Card, already bool) string
}

// change asks what a page would ask, as whoever sits at this machine.
func (s *session) change(ctx context.Context, c change) (err error) {
	a, err := s.openQuiet(ctx)
	if err != nil {
		return err
	}
	defer closing(a, &err)
	before, err := a.Sight().Glance(ctx, c.Card)
	if err != nil {
		return unknownCard(c.Card, err)
	}
	answer := web.Answer{State: "done", Rev: before.Rev}
	if c.is == nil || !c.is(before) {
		if answer, err = s.intend(ctx, a, c.Intent); err != nil {
			return err
		}
	}
	card, err := a.Sight().Glance(ctx, string(before.ID))
	if err != nil {
		return err
	}
	if c.json {
		return printJSON(s.Out, map[string]any{"card": card, "op": answer.Op, "state": answer.State, "rev": answer.Rev})
	}
	_, err = fmt.Fprintln(s.Out, plain(c.words(card, answer.Rev == before.Rev)))
	return err
}

// intend asks for a change. That it cannot be done is told in the card's name.
func (s *session) intend(ctx context.Context, a *app.App, in web.Intent) (web.Answer, error) {
	in.Op, in.By = a.Runner.NewID(), asker(a)
	answer, err := a.Intend(ctx, in)
	refused, ok := errors.AsType[*web.Refusal](err)
	switch {
	case ok && refused.Status == http.StatusNotFound:
		return answer, unknownCard(in.Card, view.ErrUnknown)
	case ok:
		return answer, fmt.Errorf("%s stays as it is: %s", in.Card, refused.Reason)
	}
	return answer, err
}

// asker is whoever sits at this machine, by their name.
func asker(a *app.App) view.Viewer {
	w := a.Operator()
	w.Name = me()
	return w
}

// subject is a card as the subject of a sentence: its keys, and the verb that goes with them.
func subject(c view.Card, one, several string) string {
	var keys []string
	for _, s := range c.Sides {
		keys = append(keys, s.Key)
	}
	if len(keys) > 1 {
		return strings.Join(keys, " and ") + " " + several
	}
	return orWords(strings.Join(keys, ""), string(c.ID)) + " " + one
}

// alreadyWords comes after a verb where nothing had to be done.
func alreadyWords(already bool) string {
	if already {
		return " already"
	}
	return ""
}
