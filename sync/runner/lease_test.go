package runner

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"parley/sync/store"
	"parley/sync/store/sqlite"
)

// contest is two runners that want one store, in virtual time. The first has it.
type contest struct {
	t     *testing.T
	store *store.Store
	first *Runner
}

func inContest(t *testing.T, test func(c contest)) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "parley.db")
	synctest.Test(t, func(t *testing.T) {
		db, err := sqlite.Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = db.Close() }()
		c := contest{t: t, store: db}
		c.first = c.runner("first", nil)
		if err := c.first.lease(t.Context()); err != nil {
			t.Fatal(err)
		}
		test(c)
	})
}

func (c contest) runner(owner string, sole func(context.Context) (bool, error)) *Runner {
	return New(Options{Store: c.store, Owner: owner, Sole: sole, Now: time.Now, Log: slog.New(slog.DiscardHandler)})
}

// lease tries to take the store and says how long that took.
func (c contest) lease(r *Runner) (time.Duration, error) {
	began := time.Now()
	err := r.lease(c.t.Context())
	return time.Since(began), err
}

func TestLeaseOfTheDeadIsTakenOverAtOnce(t *testing.T) {
	t.Parallel()
	inContest(t, func(c contest) {
		second := c.runner("second", func(context.Context) (bool, error) { return true, nil })
		took, err := c.lease(second)
		if err != nil || took != 0 {
			c.t.Fatalf("took %v, %v; want no wait at all", took, err)
		}
		if was, is := c.first.epoch.Load(), second.epoch.Load(); is <= was {
			c.t.Errorf("epoch %d after %d, want a higher one", is, was)
		}
		err = c.store.Renew(c.t.Context(), store.LeaseRunner, c.first.epoch.Load(), leaseFor, time.Now())
		if !errors.Is(err, store.ErrFenced) {
			c.t.Errorf("the first renews: %v, want ErrFenced", err)
		}
		c.lasts(leaseFor)
	})
}

// lasts fails unless the lease ends just then for somebody who cannot tell anything.
func (c contest) lasts(d time.Duration) {
	c.t.Helper()
	took, err := c.lease(c.runner("third", nil))
	if err != nil || took < d || took > d+leaseTry {
		c.t.Errorf("the lease lasted %v, %v; want %v", took, err, d)
	}
}

func TestLeaseOfTheLivingIsRefused(t *testing.T) {
	t.Parallel()
	inContest(t, func(c contest) {
		ctx, stop := context.WithCancel(c.t.Context())
		ended := make(chan error, 1)
		go func() { ended <- c.first.renew(ctx) }()
		for name, sole := range map[string]func(context.Context) (bool, error){
			"known to live": func(context.Context) (bool, error) { return false, nil },
			"untold":        func(context.Context) (bool, error) { return false, errUntold },
			"not asked":     nil,
		} {
			took, err := c.lease(c.runner("second", sole))
			if err == nil || !strings.Contains(err.Error(), "another parley run (first)") {
				c.t.Errorf("%s: %v, want a refusal that names the holder", name, err)
			}
			if took < leaseFor || took > 2*leaseFor+2*leaseTry {
				c.t.Errorf("%s: refused after %v", name, took)
			}
		}
		stop()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			c.t.Errorf("the first was disturbed: %v", err)
		}
	})
}

// TestHolderThatHangsIsReplaced holds that a lock whose holder renews nothing does not
// keep a store for ever: a machine may vanish and a server not notice.
func TestHolderThatHangsIsReplaced(t *testing.T) {
	t.Parallel()
	inContest(t, func(c contest) {
		took, err := c.lease(c.runner("second", func(context.Context) (bool, error) { return false, nil }))
		if err != nil || took < leaseFor || took > leaseFor+2*leaseTry {
			c.t.Errorf("took %v, %v; want what a lease lasts", took, err)
		}
	})
}

// TestNobodyStartsBesideTheLock holds that of two that begin together the one with the
// lock wins, also where the other one is quicker to ask for the lease.
func TestNobodyStartsBesideTheLock(t *testing.T) {
	t.Parallel()
	inContest(t, func(c contest) {
		c.first.release(c.t.Context())
		began := time.Now()
		without := c.runner("without", func(context.Context) (bool, error) { return time.Since(began) > time.Minute, nil })
		if _, err := without.acquire(c.t.Context(), 0); !errors.As(err, new(store.ErrHeld)) {
			c.t.Errorf("without the lock: %v, want to be told to wait", err)
		}
		if took, err := c.lease(c.runner("with", func(context.Context) (bool, error) { return true, nil })); err != nil || took != 0 {
			c.t.Errorf("with the lock: %v, %v", took, err)
		}
	})
}

// TestRenewedLeaseIsNotInherited holds that only the very lease that was seen is taken
// over: its holder may have renewed it since, or another one may have been quicker.
func TestRenewedLeaseIsNotInherited(t *testing.T) {
	t.Parallel()
	inContest(t, func(c contest) {
		second := c.runner("second", nil)
		_, err := second.acquire(c.t.Context(), 0)
		var seen store.ErrHeld
		if !errors.As(err, &seen) {
			c.t.Fatal(err)
		}
		if err := pause(c.t.Context(), time.Second); err != nil {
			c.t.Fatal(err)
		}
		if err := c.store.Renew(c.t.Context(), store.LeaseRunner, c.first.epoch.Load(), leaseFor, time.Now()); err != nil {
			c.t.Fatal(err)
		}
		if _, err := second.inherit(c.t.Context(), store.LeaseRunner, leaseFor, seen); !errors.As(err, new(store.ErrHeld)) {
			c.t.Errorf("inherit = %v, want ErrHeld", err)
		}
	})
}
