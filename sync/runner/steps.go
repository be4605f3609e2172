package runner

import (
	"context"

	"parley/kanban"
	"parley/sync/store"
)

// The single steps that Run repeats, for a driver that schedules them itself and
// decides when time passes: the simulation. Run is made of the same ones.

// Lease tries once to take the store for this process; store.ErrHeld says who has it.
func (r *Runner) Lease(ctx context.Context) error {
	epoch, err := r.Store.Acquire(ctx, store.LeaseRunner, r.Owner, leaseFor, r.storeNow())
	if err == nil {
		r.epoch.Store(epoch)
	}
	return err
}

// Keep renews the lease once; store.ErrFenced says that it is lost.
func (r *Runner) Keep(ctx context.Context) error {
	return r.Store.Renew(ctx, store.LeaseRunner, r.epoch.Load(), leaseFor, r.Now())
}

// Release gives the lease back, as at the end of Run.
func (r *Runner) Release(ctx context.Context) { r.release(ctx) }

// Epoch is that of the lease this process took last; 0 before it took one.
func (r *Runner) Epoch() int64 { return r.epoch.Load() }

// TakeUp makes every card with an open write due, as work does at its start.
func (r *Runner) TakeUp(ctx context.Context) error { return r.takeUp(ctx) }

// Due lists the cards that are due now and not left in peace; none while a reading is
// between two of its pages.
func (r *Runner) Due(ctx context.Context) ([]kanban.CardID, error) {
	if r.scans.under() {
		return nil, nil
	}
	ids, err := r.Store.Due(ctx, r.Now(), workBatch+workers+r.aside.count(r.Now()))
	if err != nil {
		return nil, err
	}
	free := ids[:0:0]
	for _, id := range ids {
		if !r.isAside(id) {
			free = append(free, id)
		}
	}
	return free, nil
}

// Work takes one card as far as it gets, unless it is being worked on already. The
// error ends the run, as in work.
func (r *Runner) Work(ctx context.Context, id kanban.CardID) error {
	release, free := r.busy.try(string(id))
	if !free {
		return nil
	}
	defer release()
	return r.guarded(ctx, id)
}
