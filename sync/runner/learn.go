package runner

import (
	"context"
	"errors"
	"time"

	"parley/connectors"
	"parley/mapping"
	"parley/sync/store"
)

// Prepare learns the trackers' directories, from themselves or, while one is away,
// from what was stored of it, and compiles the rules.
func (r *Runner) Prepare(ctx context.Context) error {
	for _, t := range r.Trackers {
		if err := r.recallPeople(ctx, t); err != nil {
			return err
		}
		if err := r.learn(ctx, t); err != nil {
			return err
		}
	}
	return r.compile()
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

// learn reads one directory before the start. While a tracker is away what was
// stored of it serves; one that was never read is asked again before its first poll.
func (r *Runner) learn(ctx context.Context, t Tracker) error {
	dir, err := t.Check(directing().on(ctx))
	if err == nil {
		r.dirs.set(dir)
		return r.Store.SaveDirectory(ctx, dir, r.Now())
	}
	r.refused(ctx, err, t.Name, directing())
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

// misfit says that the mapping does not fit what the trackers offer.
type misfit struct{ problem mapping.Problem }

func (m misfit) Error() string {
	text := m.problem.Path + ": " + m.problem.Message
	if m.problem.Fix != "" {
		text += "; " + m.problem.Fix
	}
	return text
}

// compile makes the rules from the directories. Rules with errors are not used:
// an unlawful mapping would flap. Such an error is a misfit.
func (r *Runner) compile() error {
	rules, problems := r.Compile(r.dirs.list(r.Trackers))
	for _, p := range problems {
		if p.Severity == mapping.Error {
			return misfit{p}
		}
	}
	r.rules.Store(rules)
	return nil
}

// adopt goes by a directory read while Parley runs: it is kept, the rules are made
// anew, and every card is read by them if they changed. Where the mapping does not
// fit it, which is a misfit, all goes on as it was.
func (r *Runner) adopt(ctx context.Context, dir connectors.Directory) error {
	r.dirs.learning.Lock()
	defer r.dirs.learning.Unlock()
	if err := r.Store.SaveDirectory(ctx, dir, r.Now()); err != nil {
		return err
	}
	old, had := r.dirs.of(dir.Tracker)
	r.dirs.set(dir)
	if err := r.compile(); err != nil {
		if r.dirs.forget(dir.Tracker); had {
			r.dirs.set(old)
		}
		return err
	}
	if r.epoch.Load() == 0 {
		return nil // another process works on the cards, by its own rules
	}
	return r.remap(ctx)
}

// acquaint sees to it that a tracker's directory is known before its issues are
// read. Where the mapping does not fit it, its issues mean nothing, and that is what
// is wrong with the source; the other trackers go on.
func (r *Runner) acquaint(ctx context.Context, t Tracker) error {
	if r.dirs.has(t.Name) {
		return nil
	}
	dir, err := t.Check(ctx)
	if err != nil {
		return err
	}
	err = r.adopt(ctx, dir)
	if bad, ok := errors.AsType[misfit](err); ok {
		return &connectors.Error{Kind: connectors.Invalid, Tracker: t.Name, Doing: "fit the mapping to it", Message: bad.problem.Path + ": " + bad.problem.Message, Hint: bad.problem.Fix}
	}
	return err
}

// relearnAfter keeps a stream of unknown values from turning into a stream of
// directory reads.
const relearnAfter = 5 * time.Minute

// relearn reads a tracker's directory again because an issue shows a status or
// priority that it does not list: somebody has changed a workflow. The error is
// the store's.
func (r *Runner) relearn(ctx context.Context, t Tracker) error {
	if !r.dirs.ask(t.Name, r.Now()) {
		return nil
	}
	if !r.may(t.Name, directing()) {
		return nil
	}
	dir, err := t.Check(directing().on(ctx))
	if err != nil {
		r.refused(ctx, err, t.Name, directing())
		r.Log.WarnContext(ctx, "read the tracker's directory again", "tracker", t.Name, "error", err)
		return nil
	}
	r.heard(ctx, t.Name, directing())
	err = r.adopt(ctx, dir)
	if _, bad := errors.AsType[misfit](err); bad {
		r.Log.ErrorContext(ctx, "the tracker has changed and the mapping no longer fits; going on with the old one", "tracker", t.Name, "error", err)
		return nil
	}
	return err
}
