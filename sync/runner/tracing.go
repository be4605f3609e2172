package runner

import (
	"errors"
	"slices"
	"strings"

	"parley/connectors"
	"parley/internal/trace"
	"parley/sync/engine"
	"parley/sync/store"
)

// What is told of the work to whoever traces it: names of the configuration, ids of
// Parley's own, numbers and words from small sets. Never a title, a name, a value or the
// key of an issue.

// Failing is the kind of a failure, in a word from a small set.
func Failing(err error) string {
	if e, ok := errors.AsType[*connectors.Error](err); ok {
		return string(e.Kind)
	}
	switch {
	case errors.Is(err, errHeld):
		return "held"
	case errors.Is(err, errLed):
		return "other-rules"
	}
	return store.Refusal(err)
}

// refusalIn is why a request came to nothing, nil where it did not.
func refusalIn(ev engine.Event) error {
	switch ev := ev.(type) {
	case engine.Answered:
		return ev.Err
	case engine.Created:
		return ev.Err
	case engine.LookedUp:
		return ev.Err
	case engine.Failed:
		return ev.Err
	}
	return nil
}

// ended ends a span by what came of what it is about.
func ended(span trace.Span, err error) {
	if err != nil && span.On() {
		span.Fail(Failing(err))
	}
	span.End()
}

// trace tells what a reading has brought so far.
func (rd *reading) trace(span trace.Span, requests int) {
	span.Number("parley.requests", requests)
	span.Number("parley.pages", rd.pages)
	span.Number("parley.issues", rd.count)
	span.Number("parley.changes", rd.changes)
}

// tellStep tells what was decided about a card: what is asked next and for which write,
// and what happened, by kind.
func tellStep(span trace.Span, ask *engine.Request, rec engine.Record) {
	if !span.On() {
		return
	}
	span.Text("parley.decision", "rest")
	if ask != nil {
		span.Text("parley.decision", string(ask.Kind))
		span.Text("parley.op", ask.Op)
	}
	var did []string
	for _, a := range rec.Activity {
		if !slices.Contains(did, a.Kind) {
			did = append(did, a.Kind)
		}
	}
	span.Text("parley.did", strings.Join(did, " "))
}

// tellRequest tells what is asked of a tracker, and for which write.
func tellRequest(span trace.Span, q engine.Request) {
	if !span.On() {
		return
	}
	span.Text("parley.decision", string(q.Kind))
	span.Text("parley.tracker", q.Ref.Tracker)
	span.Text("parley.op", q.Op)
	span.Text("parley.endpoint", errandOf(q).endpoint)
}
