package app

import (
	"context"
	"errors"

	"parley/sync/engine"
	"parley/sync/runner"
	"parley/sync/store"
	"parley/sync/view"
	"parley/web"
)

// Settle takes one decision about several conflicts, each as an operation of its own, or
// with Dry only tells what would come of it.
func (i intents) Settle(ctx context.Context, in web.Settlement) (web.Settled, error) {
	if why := in.By.Role.MayDecide(); why != "" {
		return web.Settled{}, forbidden(why)
	}
	return i.App.Settle(ctx, in)
}

// Settle is what the command line and the web share; it asks nobody's role.
func (a *App) Settle(ctx context.Context, in web.Settlement) (web.Settled, error) {
	var ds []runner.Decision
	for _, id := range in.Conflicts {
		ds = append(ds, runner.Decision{Key: in.Op + "/" + id, Conflict: id, Choice: runner.Choice(in.Choice), By: in.By.Name})
	}
	forecast, err := a.Runner.Foresee(ctx, ds)
	if err != nil {
		return web.Settled{}, err
	}
	out := web.Settled{Dry: in.Dry, Writes: forecast.Writes, Results: make([]web.SettledOne, 0, len(ds))}
	for _, d := range ds {
		one := web.SettledOne{Conflict: d.Conflict, State: web.SettledWould, Problem: forecast.Refused[d.Conflict]}
		if !in.Dry {
			if one, err = a.settle(ctx, in.By, d); err != nil {
				return out, err // what was taken so far is stored, and the same op goes on from there
			}
		} else if one.Problem != "" {
			one.State = web.SettledRefused
		}
		out.Results = append(out.Results, one)
	}
	return out, nil
}

// settle takes one of several decisions.
func (a *App) settle(ctx context.Context, by view.Viewer, d runner.Decision) (web.SettledOne, error) {
	answer, err := a.Runner.Decide(ctx, d)
	out := web.SettledOne{Conflict: d.Conflict, State: string(answer.State)}
	refused, ok := errors.AsType[*engine.Refusal](err)
	switch {
	case ok:
		said, _ := errors.AsType[*web.Refusal](intents{a}.refusal(ctx, "", by, refused))
		out.State, out.Problem = web.SettledRefused, said.Reason
	case errors.Is(err, store.ErrUnknown):
		out.State, out.Problem = web.SettledRefused, "the conflict or its card is gone"
	case err != nil:
		return out, err
	}
	return out, nil
}
