package transfer

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
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
	url   string
	claim *sole.Claim
	peers *sole.Peers // nil: the store is a file
	epoch int64
	stop  func()        // ends the renewing
	done  chan struct{} // closed when it has ended
}

// seize opens a store and keeps others from running on it until it is let go. The context
// ends where that cannot be kept up.
func seize(ctx context.Context, url string) (_ context.Context, _ *grip, err error) {
	g := &grip{name: open.Name(url), url: url, claim: sole.New(url), done: make(chan struct{})}
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
	if g.epoch, err = g.lease(ctx, alone, open.Embedded(url)); err != nil {
		return nil, nil, errors.Join(err, g.Store.Close(), g.left())
	}
	held, lost := context.WithCancelCause(ctx)
	renewing, stop := context.WithCancel(ctx)
	g.stop = stop
	go g.keep(renewing, lost)
	return held, g, nil
}

// errRuns says that a daemon works on the store.
var errRuns = errors.New("a parley run works on it; stop that first")

// mover begins the name under which a move or a restoring holds a store.
const mover = "parley migrate or restore"

// lease takes the lease of the daemon, also from one that is dead: where the store is a file
// its lock tells, of which there is one. In PostgreSQL, where several processes may work on a
// store, that is known of another mover alone; the lease of a daemon that was killed runs out
// within seconds.
func (g *grip) lease(ctx context.Context, alone, file bool) (int64, error) {
	now := time.Now()
	if err := g.free(ctx, now, func(owner string) bool { return alone && (file || strings.HasPrefix(owner, mover)) }); err != nil {
		return 0, err
	}
	owner := fmt.Sprintf("%s, process %d", mover, os.Getpid())
	if !file { // else daemons that start would take it for dead
		g.peers = sole.NewPeers(g.url, owner)
		if err := g.peers.Here(ctx); err != nil {
			return 0, err
		}
	}
	epoch, err := g.Acquire(ctx, store.LeaseRunner, owner, leaseFor, now)
	if held, taken := errors.AsType[store.ErrHeld](err); taken {
		return g.Acquire(ctx, store.LeaseRunner, owner, now.Add(leaseFor).Sub(held.Until), held.Until)
	}
	return epoch, err
}

// free makes sure that nobody who lives holds any lease on the store.
func (g *grip) free(ctx context.Context, now time.Time, dead func(owner string) bool) error {
	return g.Picture(ctx, func(r store.Rows) error {
		tables, err := r.Tables(ctx)
		if err != nil {
			return err
		}
		for _, t := range tables {
			if t.Name != tableLease {
				continue
			}
			err = r.Each(ctx, t, nil, 0, func(row []any) error {
				owner, _ := row[t.At("owner")].(string)
				until, _ := row[t.At("until_at")].(int64)
				if until <= now.UnixMicro() || owner == "" || dead(owner) {
					return nil
				}
				return fmt.Errorf("%w (%w)", errRuns, store.ErrHeld{Owner: owner, Until: time.UnixMicro(until)})
			})
		}
		return err
	})
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

// because gives the reason for which the context of a grip ended, where something failed
// since it did.
func because(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
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
	return errors.Join(g.Release(ctx, store.LeaseRunner, g.epoch), g.Store.Close(), g.claim.Close(), g.left())
}

// left tells other processes that this one has let go.
func (g *grip) left() error {
	if g.peers == nil {
		return nil
	}
	return g.peers.Close()
}
