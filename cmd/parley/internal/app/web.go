package app

import (
	"context"
	"errors"
	"net/http"
	"time"

	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/runner"
	"parley/sync/store"
	"parley/sync/view"
	"parley/web"
)

// handler is the web server's.
func (a *App) handler(ctx context.Context, in entrance) http.Handler {
	o := web.Options{
		Readers: func(w view.Viewer) web.Reader { return a.Views.As(w) },
		Links:   a.Links(), Intents: intents{a}, Signal: newWatch(ctx, a.Store, a.rung), Health: a.Views,
		Hooks:     a.hooks,
		Mapper:    mapper{a},
		Metrics:   a.served(),
		PublicURL: a.Config.Server.PublicURL, Now: a.Now, Zone: a.zone, Log: a.Log,
	}
	if a.Config.Server.Auth == "none" {
		o.Limits = web.LocalLimits()
	}
	in.let(&o)
	return web.New(o)
}

// intents hands what people do on the board to the runner.
type intents struct{ *App }

// Intend takes one change. The error is a *web.Refusal where it cannot be done.
func (a *App) Intend(ctx context.Context, in web.Intent) (web.Answer, error) {
	return intents{a}.Intend(ctx, in)
}

// named is the card that a text names, as its sender sees it. A key counts only for those
// who may know it: else whoever asks for changes by one key after the other learns which
// of them there are.
func (i intents) named(ctx context.Context, ref string, by view.Viewer) (view.Card, error) {
	card, err := i.Views.As(by).Glance(ctx, ref)
	if errors.Is(err, view.ErrUnknown) {
		return card, &web.Refusal{Status: http.StatusNotFound, Reason: "there is no such card; name a card id, a Jira key or owner/repo#n"}
	}
	if several, ok := errors.AsType[*view.SeveralError](err); ok {
		return card, &web.Refusal{Status: http.StatusConflict, Reason: several.Error()}
	}
	return card, err
}

// Intend takes one change.
func (i intents) Intend(ctx context.Context, in web.Intent) (web.Answer, error) {
	card, err := i.named(ctx, in.Card, in.By)
	if err != nil {
		return web.Answer{}, err
	}
	if err := i.may(card, in); err != nil {
		return web.Answer{}, err
	}
	side, why := in.By.Role.Acts(in.Side)
	if why != "" {
		return web.Answer{}, forbidden(why)
	}
	answer, err := i.Runner.Intend(ctx, engine.Intent{
		Key: in.Op, Card: card.ID, Field: kanban.Field(in.Field), To: kanban.Value(in.To), Reason: in.Reason, Expect: expected(in), Rev: in.Rev, Actor: in.By.Name, Side: side,
	})
	return i.answer(ctx, card.ID, in.By, answer, err)
}

// Undo takes one change back. Who did it may, and an ops lead.
func (i intents) Undo(ctx context.Context, u web.Undo) (web.Answer, error) {
	card, err := i.named(ctx, u.Card, u.By)
	if err != nil {
		return web.Answer{}, err
	}
	if why := u.By.Role.MayUndo(); why != "" {
		return web.Answer{}, forbidden(why)
	}
	side, _ := u.By.Role.Acts("")
	answer, err := i.Runner.Undo(ctx, engine.Undo{Key: u.Op, Card: card.ID, Rev: u.Rev, Actor: u.By.Name, Side: side, Anybody: u.By.Role == kanban.Ops})
	return i.answer(ctx, card.ID, u.By, answer, err)
}

// answer is what the runner said, in the terms of the web.
func (i intents) answer(ctx context.Context, id kanban.CardID, by view.Viewer, a runner.Answer, err error) (web.Answer, error) {
	if refused, ok := errors.AsType[*engine.Refusal](err); ok {
		return web.Answer{}, i.refusal(ctx, id, by, refused)
	}
	return web.Answer{Op: a.Op, State: string(a.State), Rev: a.Rev}, err
}

// expected is what the asker saw, in the engine's terms.
func expected(in web.Intent) *kanban.Value {
	if in.Expect == nil {
		return nil
	}
	v := kanban.Value(*in.Expect)
	if v == view.ColumnUnmapped {
		v = ""
	}
	return &v
}

func (i intents) refusal(ctx context.Context, id kanban.CardID, by view.Viewer, r *engine.Refusal) error {
	out := &web.Refusal{Status: http.StatusUnprocessableEntity, Reason: r.Reason}
	switch {
	case r.Denied:
		return forbidden(r.Reason)
	case r.Stale:
		out.Status = http.StatusConflict
	}
	for _, v := range r.Allowed {
		out.Allowed = append(out.Allowed, string(v))
	}
	if r.Limit != nil {
		i.tellFull(ctx, out, id, by, r)
	}
	if card, err := i.Views.As(by).Card(ctx, string(id)); err == nil {
		out.Card = &card
	}
	return out
}

// tellFull says which limit keeps a card out, and what holds it, as far as that may be known.
func (i intents) tellFull(ctx context.Context, out *web.Refusal, id kanban.CardID, by view.Viewer, r *engine.Refusal) {
	full, err := i.Views.As(by).Full(ctx, id, *r.Limit, r.Count)
	if err != nil {
		out.Reason = "a hard limit of work in progress keeps it out" // whose may not be told unread
		return
	}
	if out.Reason = full.Reason; full.Limit != nil {
		out.Full = &full
	}
}

// watchEvery is how soon a change made by another process is seen where the store cannot ring.
const watchEvery = 250 * time.Millisecond

// watch tells listeners that the data sequence has moved.
type watch struct {
	hub *broadcast
}

func newWatch(ctx context.Context, s *store.Store, rung <-chan struct{}) watch {
	w := watch{hub: &broadcast{listeners: map[chan struct{}]bool{}}}
	go w.follow(ctx, s, rung)
	return w
}

// follow asks the store, so that it sees what any process wrote, and at once where the store
// rings.
func (w watch) follow(ctx context.Context, s *store.Store, rung <-chan struct{}) {
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	var last int64
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-rung:
		}
		if seq, err := s.Seq(ctx); err == nil && seq != last {
			last = seq
			w.hub.ring()
		}
	}
}

// Watch gives a channel that fires after changes, and the way to end it.
func (w watch) Watch() (<-chan struct{}, func()) { return w.hub.join() }
