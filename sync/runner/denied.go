package runner

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"

	"parley/connectors"
	"parley/sync/engine"
	"parley/sync/store"
)

// denials are the projects and repositories in which a tracker does not let the account
// write, since when, and in which words. Each is told once, however many cards are
// refused, until a write to it goes through.
type denials struct {
	mu      sync.Mutex
	places  map[place]store.Pause
	version int64 // counts what has changed
}

type place struct{ tracker, container string }

// note takes in what came of a write, and reports whether that is news.
func (d *denials) note(at place, p store.Pause, refused bool) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, told := d.places[at]; told == refused {
		return false
	}
	if d.places == nil {
		d.places = map[place]store.Pause{}
	}
	d.version++
	if refused {
		d.places[at] = p
	} else {
		delete(d.places, at)
	}
	return true
}

// set replaces what is known by what other processes tell.
func (d *denials) set(list []store.Pause) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.places = map[place]store.Pause{}
	for _, p := range list {
		d.places[place{p.Tracker, p.Endpoint}] = p
	}
}

func (d *denials) list() ([]store.Pause, int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	out := []store.Pause{}
	for _, p := range d.places {
		out = append(out, p)
	}
	slices.SortFunc(out, func(a, b store.Pause) int {
		return cmp.Or(cmp.Compare(a.Tracker, b.Tracker), cmp.Compare(a.Endpoint, b.Endpoint))
	})
	return out, d.version
}

// wrote takes in what came of a write to a project or repository. Only a no that is about
// what the account may do, and a yes, tell anything about it.
func (r *Runner) wrote(ctx context.Context, tracker, container string, err error) {
	refused := err != nil && connectors.KindOf(err) == connectors.Forbidden && teller(err, tracker) == tracker
	if err != nil && !refused || container == "" {
		return
	}
	p := store.Pause{Tracker: tracker, Endpoint: container, Cause: store.PauseDenied, Since: r.Now()}
	if e, ok := errors.AsType[*connectors.Error](err); ok {
		p.Why = sentence(e)
	}
	if !r.denials.note(place{tracker, container}, p, refused) {
		return
	}
	if refused {
		r.Log.WarnContext(ctx, "the account may not write there; cards are left as they are", "tracker", tracker, "container", container, "error", err)
	} else {
		r.Log.InfoContext(ctx, "writes go through again", "tracker", tracker, "container", container)
	}
	r.tellDenials(ctx)
}

// outcome is what a tracker has answered to a write; a create tells in its event of one
// that was not sent.
func outcome(ev engine.Event, err error) error {
	if c, ok := ev.(engine.Created); ok && err == nil {
		return c.Err
	}
	return err
}

// tellDenials keeps what is denied where pages and commands find it; see tellPauses.
func (r *Runner) tellDenials(ctx context.Context) {
	r.tellList(ctx, store.SettingDenied, r.denials.list)
}

// recallDenials goes by what was denied when the last process ended. What the
// configuration does not name any more is forgotten.
func (r *Runner) recallDenials(ctx context.Context) error {
	text, _, err := r.Store.Setting(ctx, store.SettingDenied)
	if err != nil {
		return err
	}
	list, err := store.DecodePauses(text, r.Now())
	if err != nil {
		return err
	}
	for _, p := range list {
		if r.container(p.Tracker, p.Endpoint).ID != "" {
			r.denials.note(place{p.Tracker, p.Endpoint}, p, true)
		}
	}
	return nil
}
