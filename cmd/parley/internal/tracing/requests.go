package tracing

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"time"

	"parley/connectors/transport"
	"parley/internal/trace"
)

// requesting is the span of a request to a tracker, with all its repetitions and waits.
const requesting = "request"

// tries follows one request through its attempts.
type tries struct {
	attempts atomic.Int64
	waited   atomic.Int64 // milliseconds
}

type triesKey struct{}

func triesOf(ctx context.Context) *tries {
	t, _ := ctx.Value(triesKey{}).(*tries)
	return t
}

// Watch has the attempts and the waits of a client counted. Give it the options that the
// client is made of, and Client the client.
func Watch(o transport.Options) transport.Options {
	if o.Base != nil {
		o.Base = attempts{o.Base}
	} else {
		o.Base = attempts{transport.Base()}
	}
	wait := o.Wait
	if wait == nil {
		wait = transport.Sleep
	}
	o.Wait = func(ctx context.Context, d time.Duration) error {
		if t := triesOf(ctx); t != nil {
			t.waited.Add(d.Milliseconds())
		}
		return wait(ctx, d)
	}
	return o
}

// Client has each request of a client told as a span.
func Client(c *http.Client) *http.Client {
	c.Transport = requests{c.Transport}
	return c
}

// attempts counts what is really sent.
type attempts struct{ http.RoundTripper }

// RoundTrip makes one attempt.
func (a attempts) RoundTrip(r *http.Request) (*http.Response, error) {
	if t := triesOf(r.Context()); t != nil {
		t.attempts.Add(1)
	}
	return a.RoundTripper.RoundTrip(r)
}

// CloseIdleConnections lets http.Client reach the transport underneath.
func (a attempts) CloseIdleConnections() { closeIdle(a.RoundTripper) }

// requests tells of each request its method, its host, its route and what came of it, up to
// the head of the answer.
type requests struct{ http.RoundTripper }

// RoundTrip makes one request.
func (q requests) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx, span := trace.Begin(r.Context(), requesting)
	if !span.On() {
		return q.RoundTripper.RoundTrip(r)
	}
	defer span.End()
	route, count := Route(r.URL.Path), &tries{}
	span.Rename(r.Method + " " + route)
	span.Text("http.request.method", r.Method)
	span.Text("server.address", r.URL.Hostname())
	span.Text("url.template", route)
	resp, err := q.RoundTripper.RoundTrip(r.WithContext(context.WithValue(ctx, triesKey{}, count)))
	if n := int(count.attempts.Load()); n > 1 {
		span.Number("http.request.resend_count", n-1)
	}
	if ms := int(count.waited.Load()); ms > 0 {
		span.Number("parley.wait_ms", ms)
	}
	if err != nil {
		span.Fail(unanswered(err))
		return nil, err
	}
	span.Number("http.response.status_code", resp.StatusCode)
	if resp.StatusCode >= http.StatusBadRequest {
		span.Fail(class(resp.StatusCode))
	}
	return resp, nil
}

// CloseIdleConnections lets http.Client reach the transport underneath.
func (q requests) CloseIdleConnections() { closeIdle(q.RoundTripper) }

func closeIdle(t http.RoundTripper) {
	if c, ok := t.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}

// unanswered is why there is no answer.
func unanswered(err error) string {
	if _, held := errors.AsType[*transport.Held](err); held {
		return "held-back"
	}
	switch {
	case errors.Is(err, context.Canceled):
		return "stopped"
	case errors.Is(err, context.DeadlineExceeded):
		return "timeout"
	case transport.NotSent(err):
		return "not-sent"
	}
	return "broken-off"
}

// class is the kind of a refusal.
func class(status int) string {
	switch {
	case status == http.StatusTooManyRequests:
		return "rate-limit"
	case status >= http.StatusInternalServerError:
		return "5xx"
	}
	return "4xx"
}
