package simulate

import (
	"context"

	"parley/connectors"
)

// line is a process' connection to a tracker: before and after each request the
// coroutine stops, and the process may die.
type line struct {
	connectors.Tracker
	of   *process
	name string
}

// request is one request with the stops around it.
func request[T any](l *line, what string, do func() (T, error)) (T, error) {
	l.of.before(what)
	stormy := !l.of.calm
	out, err := do()
	l.of.answered(what)
	if err != nil && stormy {
		l.of.journal.troubled(l.name)
	}
	if connectors.KindOf(err) == connectors.Auth {
		l.of.journal.shutOut(l.name)
	}
	return out, err
}

// Check learns the directory.
func (l *line) Check(ctx context.Context) (connectors.Directory, error) {
	return request(l, "check", func() (connectors.Directory, error) { return l.Tracker.Check(ctx) })
}

// Changes reads a page of what changed.
func (l *line) Changes(ctx context.Context, c connectors.Cursor) (connectors.Page, error) {
	return request(l, "changes", func() (connectors.Page, error) {
		if c.Scan == (connectors.Scan{}) && l.of.leads() {
			l.of.journal.polled(l.name, c.Source)
		}
		page, err := l.Tracker.Changes(ctx, c)
		l.of.journal.paged(l.name, &page, err)
		return page, err
	})
}

// leads reports whether the process has the lease. One that has lost it and does not know
// yet was not told what its successor was: that it reads a source is nobody's leave.
func (p *process) leads() bool { return p.runner.Epoch() == p.journal.epoch }

// Feed reads a page of a source's history.
func (l *line) Feed(ctx context.Context, source, token string) (connectors.FeedPage, error) {
	return request(l, "feed", func() (connectors.FeedPage, error) { return l.Tracker.Feed(ctx, source, token) })
}

// Read reads one issue.
func (l *line) Read(ctx context.Context, ref connectors.Ref) (connectors.Observation, error) {
	return request(l, "read", func() (connectors.Observation, error) { return l.Tracker.Read(ctx, ref) })
}

// Transitions lists the ways out of a status.
func (l *line) Transitions(ctx context.Context, ref connectors.Ref) ([]connectors.Transition, error) {
	return request(l, "transitions", func() ([]connectors.Transition, error) { return l.Tracker.Transitions(ctx, ref) })
}

// Links lists the remote links of an issue.
func (l *line) Links(ctx context.Context, ref connectors.Ref) ([]connectors.Link, error) {
	return request(l, "links", func() ([]connectors.Link, error) { return l.Tracker.Links(ctx, ref) })
}

// Send performs a write. What leaves must have been recorded (P6).
func (l *line) Send(ctx context.Context, w connectors.Write) (connectors.Receipt, error) {
	return request(l, "send", func() (connectors.Receipt, error) {
		l.of.journal.sent(l.of, &w)
		faults := len(l.of.world.Incidents())
		receipt, err := l.Tracker.Send(ctx, w)
		if err != nil && len(l.of.world.Incidents()) > faults {
			l.of.journal.failed(&w)
		}
		return receipt, err
	})
}

// History reads the entries of one issue.
func (l *line) History(ctx context.Context, ref connectors.Ref, since int64) (entries []connectors.Entry, more bool, err error) {
	entries, err = request(l, "history", func() (out []connectors.Entry, err error) {
		out, more, err = l.Tracker.History(ctx, ref, since)
		return out, err
	})
	return entries, more, err
}

// Create makes an issue. What leaves must have been recorded (P6).
func (l *line) Create(ctx context.Context, d connectors.Draft) (connectors.Issue, error) {
	return request(l, "create", func() (connectors.Issue, error) {
		l.of.journal.drafted(l.of, &d)
		return l.mirrors().Create(ctx, d)
	})
}

// Created lists what Parley has made.
func (l *line) Created(ctx context.Context, s connectors.Search) ([]connectors.Issue, error) {
	return request(l, "created", func() ([]connectors.Issue, error) { return l.mirrors().Created(ctx, s) })
}

// mirrors is the world's tracker as one in which issues can be created; each is.
func (l *line) mirrors() connectors.Mirrors { return l.Tracker.(connectors.Mirrors) } //nolint:errcheck,forcetypeassert // see world.Tracker
