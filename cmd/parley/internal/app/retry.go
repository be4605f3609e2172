package app

import (
	"context"
	"errors"
	"net/http"

	"parley/sync/store"
	"parley/web"
)

// Retry has a card tried again now.
func (i intents) Retry(ctx context.Context, in web.Retry) (web.Answer, error) {
	if why := in.By.Role.MayDecide(); why != "" {
		return web.Answer{}, forbidden(why)
	}
	id, err := i.Store.Resolve(ctx, in.Card)
	if err == nil {
		answer, err := i.Runner.Retry(ctx, id, in.Op, in.By.Name)
		return web.Answer{Op: answer.Op, State: string(answer.State), Rev: answer.Rev}, err
	}
	if errors.Is(err, store.ErrUnknown) {
		err = &web.Refusal{Status: http.StatusNotFound, Reason: "there is no such card"}
	}
	return web.Answer{}, err
}
