package app

import (
	"context"
	"errors"
	"net/http"

	"parley/sync/engine"
	"parley/sync/runner"
	"parley/sync/store"
	"parley/sync/view"
	"parley/web"
)

// Decide takes what a person makes of a conflict.
func (i intents) Decide(ctx context.Context, d web.Decision) (web.Answer, error) {
	if why := d.By.Role.MayDecide(); why != "" {
		return web.Answer{}, forbidden(why)
	}
	answer, clash, err := i.App.Decide(ctx, d.Conflict, runner.Decision{Key: d.Op, Choice: runner.Choice(d.Choice), By: d.By.Name})
	if refused, ok := errors.AsType[*engine.Refusal](err); ok {
		return web.Answer{}, i.refusal(ctx, clash.Card, d.By, refused)
	}
	if errors.Is(err, store.ErrUnknown) {
		return web.Answer{}, &web.Refusal{Status: http.StatusNotFound, Reason: err.Error()}
	}
	return web.Answer{Op: answer.Op, State: string(answer.State), Rev: answer.Rev}, err
}

// Decide takes a decision about the conflict that name, its id or the beginning of it,
// names. The error is a store.ErrUnknown where it names none or several, and an
// *engine.Refusal where the decision cannot be taken.
func (a *App) Decide(ctx context.Context, name string, d runner.Decision) (runner.Answer, view.Clash, error) {
	clash, err := a.Sight().Conflict(ctx, name)
	if bad, ok := errors.AsType[*view.NameError](err); ok {
		return runner.Answer{}, clash, unnamed{bad.Reason, bad}
	}
	if err != nil {
		return runner.Answer{}, clash, err
	}
	d.Conflict = clash.ID
	answer, err := a.Runner.Decide(ctx, d)
	if errors.Is(err, store.ErrUnknown) {
		err = unnamed{"the card of this conflict is gone", err}
	}
	return answer, clash, err
}

// unnamed is a store.ErrUnknown in words of its own.
type unnamed struct {
	reason string
	err    error
}

func (u unnamed) Error() string        { return u.reason }
func (u unnamed) Unwrap() error        { return u.err }
func (u unnamed) Is(target error) bool { return target == store.ErrUnknown }
