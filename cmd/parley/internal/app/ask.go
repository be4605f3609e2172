package app

import (
	"context"
	"errors"
	"fmt"

	"parley/connectors"
	"parley/kanban"
	"parley/sync/store"
)

// PollOnce reads every source once and looks for twins until there are no more. It
// sends no write.
func (a *App) PollOnce(ctx context.Context) error {
	if err := a.Runner.Prepare(ctx); err != nil {
		return err
	}
	for _, t := range a.Runner.Trackers {
		for _, source := range t.Sources() {
			if err := a.Runner.PollSource(ctx, t, source); err != nil {
				return err
			}
			if err := a.readable(ctx, t.Name, source); err != nil {
				return err
			}
		}
	}
	return a.twins(ctx)
}

// readable turns a failed poll, which the daemon would live with, into an error.
func (a *App) readable(ctx context.Context, tracker, source string) error {
	st, err := a.Store.Source(ctx, tracker, source)
	if err != nil && !errors.Is(err, store.ErrUnknown) {
		return err
	}
	if st.Error != "" && st.RetryAt.After(a.Now()) {
		return fmt.Errorf("%s; it is asked again at %s", st.Error, kanban.Moment(st.RetryAt, a.zone))
	}
	if st.Error != "" {
		return errors.New(st.Error)
	}
	if !st.Imported {
		return a.unread(tracker)
	}
	return nil
}

// unread says that a tracker was not read, and why where it is left in peace.
func (a *App) unread(tracker string) error {
	p, paused := a.Runner.Paused(tracker)
	switch {
	case !paused || p.Why == "":
		return fmt.Errorf("%s was not read", tracker)
	case p.Cause == store.PauseQuota:
		return fmt.Errorf("%s; it is asked again at %s", p.Why, kanban.Moment(p.Until, a.zone))
	}
	return errors.New(p.Why)
}

// twins reads the remote links that were not read yet. An issue whose links cannot be
// read stays without its twin; the others are found.
func (a *App) twins(ctx context.Context) error {
	for _, t := range a.Runner.Trackers {
		if t.Kind != connectors.Jira {
			continue
		}
		if err := a.Runner.LinkRound(ctx, t); err != nil {
			return err
		}
	}
	return nil
}

// Remember compiles the rules by what was stored of the trackers, asking none.
func (a *App) Remember(ctx context.Context) error { return a.Runner.Remember(ctx) }
