package runner

import (
	"context"
	"errors"
	"fmt"
	"time"

	"parley/sync/store"
)

// How long a lease lasts without being renewed, and how often that is done.
const (
	leaseFor   = 6 * time.Second
	leaseEvery = 2 * time.Second
	leaseTry   = 250 * time.Millisecond // between two tries to get it
)

// lease takes the store for this process. It waits for a former holder that may have
// died, and for one that is just ending.
func (r *Runner) lease(ctx context.Context) error {
	began := r.Now()
	for first := true; ; first = false {
		lives, err := r.acquire(ctx, r.Now().Sub(began))
		var held store.ErrHeld
		if !errors.As(err, &held) {
			return err
		}
		waited := r.Now().Sub(began)
		if waited > 2*leaseFor || lives && waited > leaseFor {
			return fmt.Errorf("another parley run (%s) works on this store; stop it first", held.Owner)
		}
		if first {
			r.Log.WarnContext(ctx, "another parley run works on this store, or ended without giving it back; waiting for it", "owner", held.Owner, "until", held.Until)
		}
		if err := pause(ctx, leaseTry); err != nil {
			return err
		}
	}
}

// acquire takes the lease if it can be had: because nobody has it, because it ran out,
// or because its holder is dead. An ErrHeld says that it cannot; lives is true where
// the holder is known to live.
func (r *Runner) acquire(ctx context.Context, waited time.Duration) (lives bool, err error) {
	if r.Peers != nil {
		r.here(ctx)
		h, err := r.grasp(ctx, store.LeaseRunner, leaseFor)
		if err == nil {
			r.epoch.Store(h.epoch)
		}
		return true, err
	}
	alone, unknown := r.alone(ctx)
	lives = !alone && unknown == nil
	if lives && waited <= leaseFor {
		// Whoever has the lock may be just about to take the lease. One that has not
		// renewed it for so long hangs, and is replaced as if it were dead.
		return true, store.ErrHeld{Owner: "a process that has it locked", Until: r.Now().Add(leaseFor)}
	}
	epoch, err := r.Store.Acquire(ctx, store.LeaseRunner, r.Owner, leaseFor, r.storeNow())
	var held store.ErrHeld
	if alone && errors.As(err, &held) {
		epoch, err = r.inherit(ctx, store.LeaseRunner, leaseFor, held)
	}
	if err == nil {
		r.epoch.Store(epoch)
	}
	return lives, err
}

// inherit takes a lease over whose holder is dead, as if it had run out. That fails
// where somebody has renewed it after all. The epoch grows, so that a holder that
// lives against all appearance can store nothing any more.
func (r *Runner) inherit(ctx context.Context, name string, lasts time.Duration, dead store.ErrHeld) (int64, error) {
	r.Log.InfoContext(ctx, "a parley run on this store ended without giving back what it held; taking over", "lease", name, "owner", dead.Owner)
	until := r.storeNow().Add(lasts)
	return r.Store.Acquire(ctx, name, r.Owner, until.Sub(dead.Until), dead.Until)
}

// errUntold says that there is no way to tell whether this process is alone.
var errUntold = errors.New("nobody was asked")

func (r *Runner) alone(ctx context.Context) (bool, error) {
	if r.Sole == nil {
		return false, errUntold
	}
	alone, err := r.Sole(ctx)
	if err != nil {
		r.Log.DebugContext(ctx, "whether another parley run is alive cannot be told", "error", err)
	}
	return alone, err
}

func (r *Runner) release(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	if err := r.Store.Release(ctx, store.LeaseRunner, r.epoch.Load()); err != nil {
		r.Log.WarnContext(ctx, "give the store back", "error", err)
	}
}

// renew keeps the lease, and the lock that shows others that its holder lives: a
// connection to a server may break and take the lock with it.
func (r *Runner) renew(ctx context.Context) error {
	for {
		if err := pause(ctx, leaseEvery); err != nil {
			return err
		}
		if err := r.Store.Renew(ctx, store.LeaseRunner, r.epoch.Load(), leaseFor, r.Now()); err != nil {
			return fmt.Errorf("keep the store: %w", err)
		}
		_, _ = r.alone(ctx)
	}
}
