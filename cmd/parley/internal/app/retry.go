package app

import (
	"context"

	"parley/web"
)

// Retry has a card tried again now.
func (i intents) Retry(ctx context.Context, in web.Retry) (web.Answer, error) {
	if why := in.By.Role.MayDecide(); why != "" {
		return web.Answer{}, forbidden(why)
	}
	card, err := i.named(ctx, in.Card, in.By)
	if err != nil {
		return web.Answer{}, err
	}
	answer, err := i.Runner.Retry(ctx, card.ID, in.Op, in.By.Name)
	return web.Answer{Op: answer.Op, State: string(answer.State), Rev: answer.Rev}, err
}
