package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"parley/cmd/parley/internal/config"
	"parley/kanban"
	"parley/kanban/contract/digest"
	"parley/sync/dispatch"
	"parley/sync/store"
	"parley/sync/store/transfer"
	"parley/sync/view"
)

// How often it is looked for digests to be sent, and for periods that are over.
const (
	postEvery  = time.Second
	digestMake = 15 * time.Second
)

// wholeFor is how long everything has to be read before a digest is made: an import of
// histories shows a moment after the first reading.
const wholeFor = time.Minute

// sendDigests sends the digest of each contract once its period is over, until ctx ends.
// Whatever is wrong with one of them stops nothing else.
func (a *App) sendDigests(ctx context.Context) error {
	if !slices.ContainsFunc(a.Config.Unit, func(u config.Unit) bool { return u.Digest.On() }) {
		return nil
	}
	tick := time.NewTicker(postEvery)
	defer tick.Stop()
	p := newPostman(a)
	for {
		if err := p.round(ctx); err != nil && ctx.Err() == nil {
			a.Log.WarnContext(ctx, "digests could not be looked after; the next try is soon", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// postman brings digests to their receivers.
type postman struct {
	*App

	made  time.Time // when it was last looked for periods that are over
	whole time.Time // since when everything is read; zero: it is not
	lacks time.Time // since when something is missing, by what this process knows; zero: nothing is

	mu    sync.Mutex
	known map[string]dispatch.Dispatch // what came of a try, where that could not be stored yet
}

func newPostman(a *App) *postman { return &postman{App: a, known: map[string]dispatch.Dispatch{}} }

// round makes the digests whose time has come and takes those on their way a step further.
func (p *postman) round(ctx context.Context) error {
	if p.Runner.Term() == 0 {
		return nil // another process has the store
	}
	var failed error
	if now := p.Now(); now.Sub(p.made) >= digestMake || now.Before(p.made) {
		failed = p.make(ctx)
		p.made = now
	}
	open, err := p.Store.OpenDispatches(ctx)
	if err != nil {
		return errors.Join(failed, err)
	}
	var g errgroup.Group
	g.SetLimit(4) // a mail server that does not answer keeps no webhook waiting
	for _, d := range open {
		g.Go(func() error { return lost(p.step(ctx, d)) })
	}
	return errors.Join(failed, g.Wait())
}

// make records the digests of periods that are over, for each receiver, before any is sent.
// What was not read yet would be told as not done: so nothing is made before all is read, but
// where the patience of a digest is over and what is missing may be so for ever.
func (p *postman) make(ctx context.Context) error {
	lacking, err := p.Views.Unread(ctx)
	if err != nil {
		return err
	}
	now := p.Now()
	switch whole := len(lacking) == 0; {
	case whole && p.whole.IsZero():
		p.whole, p.lacks = now, time.Time{}
	case !whole && p.lacks.IsZero():
		p.whole, p.lacks = time.Time{}, now
	}
	if p.lacks.IsZero() && now.Sub(p.whole) < wholeFor {
		return nil
	}
	var failed error
	for _, u := range p.Config.Unit {
		if !u.Digest.On() || len(u.Contract) == 0 {
			continue
		}
		failed = errors.Join(failed, lost(p.makeOf(ctx, u)))
	}
	return failed
}

func (p *postman) makeOf(ctx context.Context, u config.Unit) error {
	is, err := p.Views.Digest(ctx, kanban.UnitKey(u.Key), "", p.page(u))
	if errors.Is(err, view.ErrUnknown) {
		return nil // no period is over
	}
	if err != nil || is.Wait != "" || !p.dares(is) {
		return err
	}
	more, err := p.missing(ctx, u, is)
	if err != nil || len(more) == 0 {
		return err
	}
	_, err = p.Store.Commit(ctx, store.Commit{Epoch: p.Runner.Term(), Now: p.Now(), Dispatches: more})
	return err
}

// dares reports whether a digest goes out in spite of what is missing: its patience is over,
// and the trackers fail at all of that, or nothing has come of it since this process began to
// wait for as long. A store that was lost is filled again meanwhile, and told nothing by.
func (p *postman) dares(is view.PeriodDigest) bool {
	if len(is.Missing) == 0 {
		return !p.whole.IsZero()
	}
	stuck := !slices.ContainsFunc(is.Missing, func(u view.Unread) bool { return !u.Stuck() })
	return is.Overdue && !p.lacks.IsZero() && (stuck && p.Now().Sub(p.lacks) >= wholeFor || p.Now().Sub(p.lacks) >= view.DigestPatience)
}

// missing begins a dispatch for each receiver that the digest has none for yet. All get the
// digest as it was first made.
func (a *App) missing(ctx context.Context, u config.Unit, is view.PeriodDigest) ([]dispatch.Dispatch, error) {
	known, err := a.Store.DispatchesOf(ctx, is.Digest.ID)
	if err != nil {
		return nil, err
	}
	var body string
	if len(known) > 0 {
		body = known[0].Body
	} else {
		text, err := json.Marshal(is.Digest)
		if err != nil {
			return nil, fmt.Errorf("write digest %s: %w", is.Digest.ID, err)
		}
		body = string(text)
	}
	restored, _, err := transfer.RestoredFrom(ctx, a.Store)
	if err != nil {
		return nil, err
	}
	var out []dispatch.Dispatch
	for _, d := range receivers(u, is) {
		if slices.ContainsFunc(known, func(k dispatch.Dispatch) bool { return k.ID == d.ID }) {
			continue
		}
		d.Body = body
		d = a.posting().New(d, a.Now().UTC())
		if is.Ended.Before(restored.At) { // the store may have lost that it was sent
			d = dispatch.Restored(d, restored.Made, a.Now().UTC())
		}
		out = append(out, d)
	}
	return out, nil
}

// receivers are those that the configuration names for a unit's digest.
func receivers(u config.Unit, is view.PeriodDigest) []dispatch.Dispatch {
	of := dispatch.Dispatch{Digest: is.Digest.ID, Unit: kanban.UnitKey(u.Key), Period: is.Digest.Period, Until: is.Ended.Add(dispatch.Life).UTC()}
	var out []dispatch.Dispatch
	add := func(c dispatch.Channel, name, to string) {
		d := of
		d.ID, d.Channel, d.To = dispatch.ID(of.Digest, c, name), c, to
		out = append(out, d)
	}
	if u.Digest.JiraIssue != "" {
		add(dispatch.Comment, "", u.Digest.JiraIssue)
	}
	for _, to := range u.Digest.Email {
		add(dispatch.Mail, strings.ToLower(to), to)
	}
	if u.Digest.Webhook.Set() {
		add(dispatch.Hook, "", u.Digest.Host())
	}
	return out
}

// page is the address of a contract's page, "" where nobody said how people reach the
// board.
func (a *App) page(u config.Unit) string {
	if a.Config.Server.PublicURL == config.DefaultPublicURL {
		return ""
	}
	return strings.TrimSuffix(a.Config.Server.PublicURL, "/") + "/contract/" + u.Key
}

func (a *App) posting() dispatch.Machine { return dispatch.Machine{Write: a.Config.Sync.Write == "on"} }

// step takes one digest on its way further: what it becomes is stored before it is sent,
// and what came of that after.
func (p *postman) step(ctx context.Context, was dispatch.Dispatch) error {
	if d, ok := p.outcome(was); ok {
		return p.keep(ctx, was, d)
	}
	d, act := p.posting().Next(was, p.Now().UTC())
	if act == dispatch.Send && d.Channel == dispatch.Comment {
		d = p.posting().Take(d, p.comment(ctx, d), p.Now().UTC()) // it is stored and sent by steps of its own
		return p.keep(ctx, was, d)
	}
	if err := p.keep(ctx, was, d); err != nil || act == dispatch.Rest {
		return err
	}
	if act == dispatch.Drop {
		return p.drop(ctx, d)
	}
	d.Lock++
	took := p.posting().Take(d, p.send(ctx, d), p.Now().UTC())
	err := p.keep(context.WithoutCancel(ctx), d, took)
	if err != nil {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.known[d.ID] = took
	}
	return err
}

// outcome is what came of the try under which a dispatch stands, where this process knows
// and the store does not.
func (p *postman) outcome(was dispatch.Dispatch) (dispatch.Dispatch, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	d, ok := p.known[was.ID]
	delete(p.known, was.ID)
	return d, ok && d.Lock == was.Lock && was.State == dispatch.Sending
}

// lost passes over that somebody else has changed a dispatch: the next look sees it.
func lost(err error) error {
	if errors.Is(err, store.ErrStale) {
		return nil
	}
	return err
}

// keep stores what a dispatch has become, where that is something else than it was.
func (p *postman) keep(ctx context.Context, was, d dispatch.Dispatch) error {
	if was == d {
		return nil
	}
	_, err := p.Store.Commit(ctx, store.Commit{Epoch: p.Runner.Term(), Now: p.Now(), Dispatches: []dispatch.Dispatch{d}})
	if err == nil && d.Problem != "" && d.Problem != was.Problem && d.Channel != dispatch.Comment { // the words of Jira are for the page about sync
		p.Log.WarnContext(ctx, "a digest has not arrived", "unit", d.Unit, "period", d.Period, "channel", d.Channel, "state", d.State, "problem", d.Problem)
	}
	return err
}

// read is the digest that a dispatch brings.
func read(d dispatch.Dispatch) (digest.Digest, error) {
	var out digest.Digest
	if err := json.Unmarshal([]byte(d.Body), &out); err != nil {
		return out, fmt.Errorf("read digest %s: %w", d.Digest, err)
	}
	return out, nil
}
