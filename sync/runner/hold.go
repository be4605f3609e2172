package runner

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"parley/sync/store"
)

// holdFor is how long a process holds one card without saying so again. Half of it has to be
// left when a request leaves.
const holdFor = 10 * time.Second

// hold is a lease that work goes on under: every commit carries its epoch, and is refused
// once somebody else has taken it.
type hold struct {
	*Runner
	name  string
	epoch int64
	lasts time.Duration

	mu    sync.Mutex
	until time.Time // by our own clock, reckoned from before the lease was asked for
}

type holdKey struct{}

// holdOf is the hold under which work goes on; nil where it is the runner's own lease, or none.
func holdOf(ctx context.Context) *hold {
	h, _ := ctx.Value(holdKey{}).(*hold)
	return h
}

// put commits under the lease that the work goes on under.
func (r *Runner) put(ctx context.Context, c store.Commit) (int64, error) {
	c.Epoch = r.epoch.Load()
	if h := holdOf(ctx); h != nil {
		c.Lease, c.Epoch = h.name, h.epoch
		r.mentions(&c)
	}
	r.underway(&c)
	return r.Store.Commit(ctx, c)
}

// storeNow is the time by the store's own clock, by which leases end.
func (r *Runner) storeNow() time.Time { return r.Now().Add(time.Duration(r.ahead.Load())) }

// grasp takes the lease of this name; a store.ErrHeld says who has it. The lease of a
// process that is gone is taken over at once.
func (r *Runner) grasp(ctx context.Context, name string, lasts time.Duration) (*hold, error) {
	before := r.Now()
	epoch, err := r.Store.Acquire(ctx, name, r.Owner, lasts, r.storeNow())
	if held, is := errors.AsType[store.ErrHeld](err); is && r.isGone(ctx, held.Owner) {
		epoch, err = r.inherit(ctx, name, lasts, held)
	}
	if err != nil {
		return nil, err
	}
	return &hold{Runner: r, name: name, epoch: epoch, lasts: lasts, until: before.Add(lasts)}, nil
}

// left is how long the lease is ours for sure.
func (h *hold) left() time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.until.Sub(h.Now())
}

// renew keeps the lease for another while. What counts is when it was asked for: nobody
// knows how long the answer was on its way.
func (h *hold) renew(ctx context.Context) error {
	before := h.Now()
	if err := h.Store.Renew(ctx, h.name, h.epoch, h.lasts, h.storeNow()); err != nil {
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.until = before.Add(h.lasts)
	return nil
}

// keep renews the lease until end is called. The context ends before the lease does, with
// it every request under way.
func (h *hold) keep(ctx context.Context) (under context.Context, end func()) {
	under, cancel := context.WithCancelCause(context.WithValue(ctx, holdKey{}, h))
	var kept sync.WaitGroup
	kept.Go(func() {
		for {
			if pause(under, h.lasts/5) != nil {
				return
			}
			if err := h.extend(under); errors.Is(err, store.ErrFenced) || h.left() <= h.lasts/5 {
				cancel(fmt.Errorf("keep %s: %w", h.name, store.ErrFenced))
				return
			}
		}
	})
	return under, func() {
		cancel(nil)
		kept.Wait()
	}
}

// extend renews the lease, and gives up in time where the store does not answer.
func (h *hold) extend(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, max(h.left()-h.lasts/5, time.Millisecond))
	defer cancel()
	return h.renew(ctx)
}

// giveBack gives the lease back, also where the work was told to stop.
func (h *hold) giveBack(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	if err := h.Store.Release(ctx, h.name, h.epoch); err != nil {
		h.Log.DebugContext(ctx, "give a lease back", "lease", h.name, "error", err)
	}
}

// assured makes sure, before a request leaves, that the lease lasts for a while. A process
// may have been stopped since it last looked, and another one may be at work.
func (r *Runner) assured(ctx context.Context) error {
	h := holdOf(ctx)
	if h == nil || h.left() >= h.lasts/2 {
		return nil
	}
	if err := h.renew(ctx); err != nil {
		return err
	}
	if h.left() < h.lasts/2 {
		return fmt.Errorf("keep %s: %w", h.name, store.ErrFenced)
	}
	return nil
}
