package runner

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"parley/connectors"
	"parley/mapping"
	"parley/sync/store"
)

// directories is what is known of each tracker's statuses, priorities and labels.
type directories struct {
	mu    sync.Mutex
	known map[string]connectors.Directory
}

func (d *directories) set(dir connectors.Directory) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.known[dir.Tracker] = dir
}

func (d *directories) has(tracker string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	_, ok := d.known[tracker]
	return ok
}

// ended gives the ids of a tracker's statuses that end the work.
func (d *directories) ended(tracker string) map[string]bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	out := map[string]bool{}
	for _, s := range d.known[tracker].Statuses {
		out[s.ID] = s.Category == "done"
	}
	return out
}

func (d *directories) list(order []Tracker) []connectors.Directory {
	d.mu.Lock()
	defer d.mu.Unlock()
	var out []connectors.Directory
	for _, t := range order {
		if dir, ok := d.known[t.Name]; ok {
			out = append(out, dir)
		}
	}
	return out
}

// Prepare learns the trackers' directories, from themselves or, while one is away,
// from what was stored of it, and compiles the rules.
func (r *Runner) Prepare(ctx context.Context) error {
	for _, t := range r.Trackers {
		if err := r.learn(ctx, t); err != nil {
			return err
		}
	}
	return r.compile()
}

// learn reads one directory. While a tracker is away what was stored of it serves;
// one that was never read is asked again before its first poll.
func (r *Runner) learn(ctx context.Context, t Tracker) error {
	dir, err := t.Check(ctx)
	if err == nil {
		r.dirs.set(dir)
		return r.Store.SaveDirectory(ctx, dir, r.Now())
	}
	old, at, known := r.Store.Directory(ctx, t.Name)
	if known != nil {
		if errors.Is(known, store.ErrUnknown) {
			r.Log.WarnContext(ctx, "tracker is away and was never read", "tracker", t.Name, "error", err)
			return nil
		}
		return known
	}
	r.Log.WarnContext(ctx, "tracker is away; going by what it was like before", "tracker", t.Name, "since", at, "error", err)
	r.dirs.set(old)
	return nil
}

// compile makes the rules from the directories. Rules with errors are not used:
// an unlawful mapping would flap.
func (r *Runner) compile() error {
	rules, problems := r.Compile(r.dirs.list(r.Trackers))
	for _, p := range problems {
		if p.Severity == mapping.Error {
			return fmt.Errorf("mapping: %s: %s; %s", p.Path, p.Message, p.Fix)
		}
	}
	r.rules.Store(rules)
	return nil
}

// relearnAfter keeps a stream of unknown values from turning into a stream of
// directory reads.
const relearnAfter = 5 * time.Minute

// relearn reads a tracker's directory again because an issue shows a status or
// priority that it does not list: somebody has changed a workflow.
func (r *Runner) relearn(ctx context.Context, t Tracker) {
	now := r.Now()
	if last := r.asked.Load(); last != nil && now.Sub(*last) < relearnAfter {
		return
	}
	r.asked.Store(&now)
	if err := r.learn(ctx, t); err != nil {
		r.Log.WarnContext(ctx, "read the tracker's directory again", "tracker", t.Name, "error", err)
		return
	}
	if err := r.compile(); err != nil {
		r.Log.ErrorContext(ctx, "the tracker has changed and the mapping no longer fits; going on with the old one", "tracker", t.Name, "error", err)
	}
}

// unlisted reports whether an issue shows a status or priority that its tracker's
// directory does not know.
func (r *Runner) unlisted(i connectors.Issue) bool {
	if i.Kind != connectors.Jira {
		return false
	}
	r.dirs.mu.Lock()
	defer r.dirs.mu.Unlock()
	dir, ok := r.dirs.known[i.Tracker]
	if !ok || i.Status.ID == "" {
		return false
	}
	for _, s := range dir.Statuses {
		if s.ID == i.Status.ID {
			return false
		}
	}
	return true
}

// gates holds back requests to a tracker that asked for quiet or refused the
// credential, until the moment it named.
type gates struct {
	mu    sync.Mutex
	until map[string]time.Time
}

// shut says until when a tracker is left in peace; zero if it is not.
func (g *gates) shut(tracker string, now time.Time) time.Time {
	g.mu.Lock()
	defer g.mu.Unlock()
	if u := g.until[tracker]; u.After(now) {
		return u
	}
	return time.Time{}
}

// note takes a failure in: only those that concern the whole tracker shut its gate.
func (g *gates) note(tracker string, err error, now time.Time) {
	var e *connectors.Error
	if !errors.As(err, &e) {
		return
	}
	until := e.RetryAt
	switch {
	case e.Kind == connectors.Auth:
		until = now.Add(time.Minute)
	case e.Kind != connectors.RateLimit || e.Scope != "":
		return
	case until.IsZero():
		until = now.Add(time.Minute)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if until.After(g.until[tracker]) {
		g.until[tracker] = until
	}
}

// Remember compiles the rules by what was stored of the trackers, asking none.
func (r *Runner) Remember(ctx context.Context) error {
	for _, t := range r.Trackers {
		dir, _, err := r.Store.Directory(ctx, t.Name)
		if errors.Is(err, store.ErrUnknown) {
			continue
		}
		if err != nil {
			return err
		}
		r.dirs.set(dir)
	}
	return r.compile()
}
