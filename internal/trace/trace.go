// Package trace lets any part of Parley tell what it does as spans, without knowing who
// listens. A context carries the listener; without one nothing is kept and nothing costs
// more than to look for it. It must never be told tracker text, names of people, secrets or
// queries of addresses: only keys and ids of Parley's own, names of the configuration,
// numbers, and the kind of what went wrong.
package trace

import "context"

// Tracer listens. It is safe for concurrent use and never waits for anybody.
type Tracer interface {
	// Begin begins a span as a part of the one that ctx is in, if any. The Recorder is nil
	// where this one is not kept.
	Begin(ctx context.Context, name string) (context.Context, Recorder)
}

// Recorder takes in one span. Its keys are in lower case with dots between.
type Recorder interface {
	Text(key, value string)
	Number(key string, n int64)
	// Rename gives the span another name, where what it is about is learned late.
	Rename(name string)
	// Fail says that what the span is about did not succeed; kind is a word from a small set.
	Fail(kind string)
	End()
}

type tracerKey struct{}

type spanKey struct{}

// With has all that is done with the context told to t.
func With(ctx context.Context, t Tracer) context.Context {
	return context.WithValue(ctx, tracerKey{}, t)
}

// Span is something that is being done. The zero value is one that nobody listens to.
type Span struct{ to Recorder }

// Begin begins a span where the context carries a listener. Whoever begins one ends it.
func Begin(ctx context.Context, name string) (context.Context, Span) {
	t, ok := ctx.Value(tracerKey{}).(Tracer)
	if !ok {
		return ctx, Span{}
	}
	ctx, to := t.Begin(ctx, name)
	s := Span{to}
	return context.WithValue(ctx, spanKey{}, s), s
}

// Of is the span that a context is in.
func Of(ctx context.Context) Span {
	s, _ := ctx.Value(spanKey{}).(Span)
	return s
}

// On reports whether anybody listens: what costs something to find out is then worth it.
func (s Span) On() bool { return s.to != nil }

// Text tells one thing about the span. See the package for what must not be told.
func (s Span) Text(key, value string) {
	if s.to != nil {
		s.to.Text(key, value)
	}
}

// Number tells one number about the span.
func (s Span) Number(key string, n int) {
	if s.to != nil {
		s.to.Number(key, int64(n))
	}
}

// Rename gives the span another name.
func (s Span) Rename(name string) {
	if s.to != nil {
		s.to.Rename(name)
	}
}

// Fail says that it did not succeed, in a word from a small set.
func (s Span) Fail(kind string) {
	if s.to != nil {
		s.to.Fail(kind)
	}
}

// End ends the span.
func (s Span) End() {
	if s.to != nil {
		s.to.End()
	}
}
