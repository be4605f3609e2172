package web

import (
	"context"
	"net/http"

	"parley/sync/view"
)

// Sync is Stories'.
func (w *world) Sync(context.Context) (view.Sync, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := view.Sync{Troubles: w.troubles}
	for _, f := range w.fresh {
		c := w.channel
		c.Fresh = f
		out.Trackers = append(out.Trackers, c)
	}
	return out, w.broken()
}

// Retry is Intents'. It counts, once per op.
func (w *world) Retry(_ context.Context, in Retry) (Answer, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.broken(); err != nil {
		return Answer{}, err
	}
	if w.refuse != nil {
		return Answer{}, w.refuse
	}
	c, err := w.find(in.Card)
	if err != nil {
		return Answer{}, &Refusal{Status: http.StatusNotFound, Reason: "there is no such card"}
	}
	if _, ok := w.answers[in.Op]; !ok {
		w.retried = append(w.retried, in)
		w.answers[in.Op] = Answer{Op: in.Op, State: "sent", Rev: c.Rev}
	}
	return w.answers[in.Op], nil
}
