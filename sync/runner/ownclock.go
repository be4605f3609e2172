package runner

import (
	"context"
	"errors"
	"time"

	"parley/sync/mirror"
	"parley/sync/store"
)

// clockEvery is how often it is looked whether this machine's clock was set back.
const clockEvery = 10 * time.Second

// passed reports whether a time has passed since a moment that Parley has noted. One that is
// yet to come was noted by a clock that was wrong, and nobody knows how long ago it was.
func (r *Runner) passed(since time.Time, lasts time.Duration) bool {
	d := r.Now().Sub(since)
	return d >= lasts || d < -mirror.ClockSlack
}

// mindClock sees to it that nothing waits for as long as this machine's clock was ahead, where
// it is set back: in memory Go compares moments by a clock that nobody sets, but what is stored
// goes by the one that people read.
func (r *Runner) mindClock(ctx context.Context) error {
	for last := r.Now(); ; last = r.Now() {
		if err := pause(ctx, clockEvery); err != nil {
			return err
		}
		if err := r.mindSince(ctx, last); err != nil {
			return err
		}
	}
}

// mindSince looks whether the clock was set back since it showed last.
func (r *Runner) mindSince(ctx context.Context, last time.Time) error {
	by := last.Round(0).Sub(r.Now().Round(0))
	if by <= mirror.ClockSlack {
		return nil
	}
	if err := r.setBack(ctx, by); err != nil {
		return err
	}
	return r.takeUpRemarks(ctx)
}

// mindStart is mindClock for the time in which nothing ran: a source that was read in the
// future tells of it.
func (r *Runner) mindStart(ctx context.Context) error {
	var last time.Time
	for _, t := range r.Trackers {
		for _, source := range t.Sources() {
			st, err := r.Store.Source(ctx, t.Name, source)
			if err != nil && !errors.Is(err, store.ErrUnknown) {
				return err
			}
			if st.TriedAt.After(last) {
				last = st.TriedAt
			}
		}
	}
	if by := last.Sub(r.Now()); by > mirror.ClockSlack {
		return r.setBack(ctx, by)
	}
	return nil
}

// setBack has every card looked at that may wait for a moment that a wrong clock has set.
func (r *Runner) setBack(ctx context.Context, by time.Duration) error {
	r.Log.WarnContext(ctx, "this machine's clock was set back; what was to wait is looked at now", "by", by.Round(time.Second))
	rules, known, err := r.Store.Setting(ctx, store.SettingMapping)
	if err != nil || !known {
		return err
	}
	if _, err := r.Store.TouchAll(ctx, r.Now(), rules); err != nil {
		return err
	}
	r.wake()
	return nil
}
