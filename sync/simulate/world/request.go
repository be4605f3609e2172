package world

import (
	"context"

	"parley/connectors"
)

// request is one request on its way.
type request struct {
	h     *host
	name  string
	issue string
	n     int64
	write bool
	fault Fault
}

// begin counts a request, calls the hook before its effect and draws what goes wrong.
func (h *host) begin(name, issue string, write bool) request {
	w := h.w
	w.requests++
	q := request{h: h, name: name, issue: issue, n: w.requests, write: write}
	q.hook(false)
	q.fault = w.draw(&q)
	return q
}

func (q *request) hook(after bool) {
	if q.h.w.opts.Hook != nil {
		q.h.w.opts.Hook(Point{Tracker: q.h.name, Request: q.name, Issue: q.issue, After: after, N: q.n})
	}
}

// end calls the hook after the effect.
func (q *request) end() { q.hook(true) }

// as is Parley as the author of a request's effect.
func (q *request) as(op string) author {
	return author{account: q.h.me, cause: ByParley, op: op, request: q.n}
}

// stopped is the error of a request that is not sent because ctx has ended.
func (h *host) stopped(ctx context.Context, doing string) error {
	if err := ctx.Err(); err != nil {
		return &connectors.Error{Kind: connectors.Transient, Tracker: h.name, Doing: doing, Message: "not sent", Err: err}
	}
	return nil
}

// fail makes an error of a refusal.
func (q *request) fail(kind connectors.ErrorKind, status int, message string) *connectors.Error {
	return &connectors.Error{Kind: kind, Tracker: q.h.name, Doing: q.name + " " + q.issue, Status: status, Message: message}
}
