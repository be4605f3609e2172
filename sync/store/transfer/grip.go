package transfer

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"parley/sync/store"
	"parley/sync/store/open"
	"parley/sync/store/sole"
)

// How long the lease on a store lasts without being renewed, and how often that is done.
const (
	leaseFor   = 10 * time.Second
	leaseEvery = 2 * time.Second
)

// grip is a store on which nobody else works: no parley run can begin, none is under way.
type grip struct {
	*store.Store

	name  string
	claim *sole.Claim
	epoch int64
	stop  func()        // ends the renewing
	done  chan struct{} // closed when it has ended
}

// seize opens a store and keeps others from running on it until it is let go. The context
// ends where that cannot be kept up.
func seize(ctx context.Context, url string) (_ context.Context, _ *grip, err error) {
	g := &grip{name: open.Name(url), claim: sole.New(url), done: make(chan struct{})}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("take hold of %s: %w", g.name, err), g.claim.Close())
		}
	}()
	if g.Store, err = open.Open(ctx, url); err != nil { // a claim wants the file to be there
		return nil, nil, err
	}
	alone, untold := g.claim.Take(ctx)
	if untold == nil && !alone {
		return nil, nil, errors.Join(errRuns, g.Store.Close())
	}
	if g.epoch, err = g.lease(ctx, alone); err != nil {
		return nil, nil, errors.Join(err, g.Store.Close())
	}
	held, lost := context.WithCancelCause(ctx)
	renewing, stop := context.WithCancel(ctx)
	g.stop = stop
	go g.keep(renewing, lost)
	return held, g, nil
}

// errRuns says that a daemon works on the store.
var errRuns = errors.New("a parley run works on it; stop that first")

func (g *grip) lease(ctx context.Context, alone bool) (int64, error) {
	now := time.Now()
	owner := fmt.Sprintf("parley migrate or restore, process %d", os.Getpid())
	epoch, err := g.Acquire(ctx, store.LeaseRunner, owner, leaseFor, now)
	held, taken := errors.AsType[store.ErrHeld](err)
	if taken && alone { // whoever had it is dead
		return g.Acquire(ctx, store.LeaseRunner, owner, now.Add(leaseFor).Sub(held.Until), held.Until)
	}
	if taken {
		return 0, fmt.Errorf("%w (%w)", errRuns, held)
	}
	return epoch, err
}

// keep renews the lease until the grip is let go.
func (g *grip) keep(ctx context.Context, lost context.CancelCauseFunc) {
	defer close(g.done)
	tick := time.NewTicker(leaseEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := g.Renew(ctx, store.LeaseRunner, g.epoch, leaseFor, time.Now()); err != nil {
			lost(fmt.Errorf("keep hold of %s: %w", g.name, err))
			return
		}
	}
}

// rest ends the renewing: the lease is about to be written anew.
func (g *grip) rest() {
	g.stop()
	<-g.done
}

// Close lets the store go.
func (g *grip) Close() error {
	g.rest()
	ctx, cancel := context.WithTimeout(context.Background(), leaseEvery)
	defer cancel()
	return errors.Join(g.Release(ctx, store.LeaseRunner, g.epoch), g.Store.Close(), g.claim.Close())
}
