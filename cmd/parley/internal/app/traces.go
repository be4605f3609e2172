package app

import (
	"context"
	"os"

	"parley/cmd/parley/internal/tracing"
	"parley/internal/trace"
)

// traced has what is done with the context told to the collector of the configuration, if
// there is one, until end. What is wrong with traces stops nothing else.
func (a *App) traced(ctx context.Context) (_ context.Context, end func()) {
	at := a.Config.Tracing
	o := tracing.Options{Endpoint: at.Address(), Headers: at.Headers(), Sample: at.Sample.Share, Version: a.Version, Instance: a.Runner.Owner, Log: a.Log, Env: a.Env}
	if o.Env == nil {
		o.Env = os.LookupEnv
	}
	if !o.On() {
		return ctx, func() {}
	}
	t, err := tracing.Open(ctx, o)
	if err != nil {
		a.Log.ErrorContext(ctx, "no traces are sent", "error", err)
		return ctx, func() {}
	}
	return trace.With(ctx, t), func() {
		if err := t.Close(ctx); err != nil {
			a.Log.DebugContext(ctx, "some traces were left", "error", err)
		}
	}
}
