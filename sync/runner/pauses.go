package runner

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"strings"
	"time"

	"parley/connectors"
	"parley/kanban"
	"parley/sync/store"
)

// pauses are the doors that are shut, once for each tracker that they concern, and the
// version of the gates they belong to. A door that is being tried counts as shut: nobody
// knows better yet.
func (g *gates) pauses(now time.Time) ([]store.Pause, int64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	out := []store.Pause{}
	for at, d := range g.doors {
		if !d.shutAt(now) || d.trying && g.shared { // each process tries for itself
			continue
		}
		p := store.Pause{Cause: d.cause, Since: d.since, Until: d.until, Why: d.why}
		if class, ok := strings.CutPrefix(at.part, classPart("")); ok {
			p.Class = class
		} else {
			p.Endpoint = at.part
		}
		if d.cause == store.PauseLocked {
			p.Until = time.Time{}
		}
		for tracker, account := range g.account {
			if p.Tracker = tracker; account == at.account {
				out = append(out, p)
			}
		}
	}
	slices.SortFunc(out, func(a, b store.Pause) int {
		return cmp.Or(cmp.Compare(a.Tracker, b.Tracker), cmp.Compare(a.Class, b.Class), cmp.Compare(a.Endpoint, b.Endpoint))
	})
	return out, g.version
}

// adopt keeps the pauses that other processes keep, and reports whether a quota is used up
// that they do not know of.
func (g *gates) adopt(list []store.Pause, now time.Time) (untold bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	told := map[lane]bool{}
	for _, p := range list {
		part := p.Endpoint
		if p.Class != "" {
			part = classPart(connectors.Class(p.Class))
		}
		until := p.Until
		if until.IsZero() {
			until = ever()
		}
		at := g.at(p.Tracker, part)
		told[at] = true
		if d := g.doors[at]; p.Cause == store.PauseDenied || d.standing(now) && !until.After(d.until) {
			continue
		}
		d := g.door(p.Tracker, part)
		d.cause, d.until, d.since, d.why, d.trying = p.Cause, until, p.Since, p.Why, false
		g.version++
	}
	for at, d := range g.doors {
		untold = untold || d.standing(now) && d.cause == store.PauseQuota && !told[at]
	}
	return untold
}

// refused takes in that a tracker did not do what it was asked on some errands. What
// follows for the requests after it is told to people.
func (r *Runner) refused(ctx context.Context, err error, tracker string, errands ...errand) {
	if r.gates.note(err, r.Now(), tracker, errands...) {
		r.logShut(ctx, tracker)
		r.tellPauses(ctx)
	}
}

// heard takes in that a tracker has answered.
func (r *Runner) heard(ctx context.Context, tracker string, e errand) {
	if r.gates.answered(r.Now(), tracker, e) {
		r.tellPauses(ctx)
	}
}

// may reports whether a request can be made now. Whoever is told yes makes one.
func (r *Runner) may(tracker string, e errand) bool {
	return r.gates.enter(r.Now(), tracker, e).IsZero()
}

// waits is why a request cannot be made now, nil where it can. Whoever gets nil makes one.
func (r *Runner) waits(tracker string, e errand) *connectors.Error {
	until := r.gates.enter(r.Now(), tracker, e)
	if until.IsZero() {
		return nil
	}
	return r.held(tracker, until)
}

// goesOn is why a reading of several requests does not go on, nil where it does.
func (r *Runner) goesOn(tracker string, e errand) error {
	if until := r.gates.meanwhile(r.Now(), tracker, e); !until.IsZero() {
		return r.held(tracker, until)
	}
	return nil
}

// asleep is the longest that a card sleeps over a pause without an end: a pause ends with
// the process, and what is stored of a card does not.
const asleep = 5 * time.Minute

// held says of an errand that it has to wait.
func (r *Runner) held(tracker string, until time.Time) *connectors.Error {
	out := &connectors.Error{Kind: connectors.RateLimit, Tracker: tracker, Doing: "wait", RetryAt: until, Err: errHeld,
		Message: "requests are paused until " + kanban.Moment(until, r.Zone)}
	if why, lasts := r.gates.refusal(r.Now(), tracker); lasts {
		out.Message = "requests are paused: " + why
		out.RetryAt = r.Now().Add(asleep)
		if until.Before(out.RetryAt) {
			out.RetryAt = until
		}
	}
	return out
}

// Paused tells of the pause in which a tracker is asked nothing at all; ok is false where
// there is none. Its Why begins with the tracker's name.
func (r *Runner) Paused(tracker string) (p store.Pause, ok bool) {
	list, _ := r.gates.pauses(r.Now())
	i := slices.IndexFunc(list, func(p store.Pause) bool { return p.Tracker == tracker && p.Class == "" && p.Endpoint == "" })
	if i < 0 {
		return store.Pause{}, false
	}
	return list[i], true
}

// refusal is why the credential of a tracker is not used now, if it is not.
func (g *gates) refusal(now time.Time, tracker string) (why string, is bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	d := g.doors[g.at(tracker, everything)]
	if !d.shutAt(now) || d.cause != store.PauseRefused && d.cause != store.PauseLocked {
		return "", false
	}
	return d.why, true
}

// logShut says once that a credential is not used any more, and until when.
func (r *Runner) logShut(ctx context.Context, tracker string) {
	pauses, _ := r.gates.pauses(r.Now())
	for _, p := range pauses {
		if p.Tracker != tracker || p.Endpoint != "" || p.Class != "" {
			continue
		}
		switch p.Cause {
		case store.PauseLocked:
			r.Log.ErrorContext(ctx, "the account is locked; nothing is asked with it before a restart", "tracker", tracker, "error", p.Why)
		case store.PauseRefused:
			r.Log.ErrorContext(ctx, "the credential is refused; nothing is asked with it for a while", "tracker", tracker, "until", p.Until, "error", p.Why)
		default:
			r.Log.LogAttrs(ctx, slog.LevelWarn, "requests are paused", slog.String("tracker", tracker), slog.Time("until", p.Until), slog.String("error", p.Why))
		}
	}
}

// tellPauses keeps what is paused where pages and commands find it. Only the process that
// works on the cards tells: another one makes no requests that matter. A store that fails
// is noticed by whoever has more to lose.
func (r *Runner) tellPauses(ctx context.Context) {
	r.tellList(ctx, store.SettingPauses, func() ([]store.Pause, int64) { return r.gates.pauses(r.Now()) })
}

// tellList keeps a list under a key until it is the one that there is now.
func (r *Runner) tellList(ctx context.Context, key string, now func() (list []store.Pause, version int64)) {
	if r.epoch.Load() == 0 && r.Crew == nil {
		return
	}
	for {
		list, version := now()
		text, err := store.EncodePauses(list)
		if err == nil {
			err = r.keepSetting(ctx, key, text)
		}
		if err != nil {
			r.Log.DebugContext(ctx, "keep what is paused or denied", "setting", key, "error", err)
			return
		}
		if _, newest := now(); newest == version {
			return
		}
	}
}
