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

// Settle is what the command line and the web share; it asks nobody's role. The same op is
// about the same conflicts again, tells the writes that it told first, and goes on where it
// was broken off. With an error the results still tell what was settled and what failed.
func (a *App) Settle(ctx context.Context, in web.Settlement) (web.Settled, error) {
	begun, err := a.begin(ctx, in)
	if err != nil {
		return web.Settled{}, err
	}
	out := web.Settled{Op: in.Op, Dry: in.Dry, Writes: begun.Writes, More: begun.More, Results: make([]web.SettledOne, 0, len(begun.Conflicts))}
	for _, d := range decisions(in, begun.Conflicts) {
		one := web.SettledOne{Conflict: d.Conflict, State: web.SettledFailed, Problem: "it could not be stored; send the same op again to go on"}
		switch {
		case in.Dry:
			one = begun.would(d.Conflict)
		case err == nil:
			var done web.SettledOne
			if done, err = a.settle(ctx, in.By, d); err == nil {
				one = done
			}
		}
		out.Results = append(out.Results, one)
	}
	return out, err
}

// decisions are one for each conflict, with an op of its own.
func decisions(in web.Settlement, conflicts []string) []runner.Decision {
	out := make([]runner.Decision, 0, len(conflicts))
	for _, id := range conflicts {
		out = append(out, runner.Decision{Key: in.Op + "/" + id, Conflict: id, Choice: runner.Choice(in.Choice), By: in.By.Name})
	}
	return out
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
