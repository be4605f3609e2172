package runner

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"parley/kanban"
	"parley/sync/store"
)

// Several processes on one store share the work like this. One of them decides: it holds
// the store's lease, polls, counts how much is to be written before anything is, and deals
// out the cards that are due. All of them, that one too, take cards that were dealt, each
// under a lease of its own, and carry them through: read, decide, write, look. The journal
// is the truth; what was dealt is only a hint. Where the one that decides is gone another
// one takes its place, as a process does that starts after a crash.

// Crew is what a process needs to share the work on a store with others.
type Crew struct {
	// Config tells the configuration. A process takes no cards from one that has another.
	Config string
	// Deal offers cards to whichever process is free to take them with Take. It tells of
	// each job whether it was not on offer yet. Jobs may get lost, come twice and come late.
	Deal func(ctx context.Context, jobs []Job) (fresh []bool, err error)
}

// Job offers a card.
type Job struct {
	Card kanban.CardID
	Term int64 // epoch of the lease under which it was dealt
	Turn int   // grows when it is dealt anew because nobody seems to have taken it
}

// Peers tells which processes on a store live. Each is known by its Options.Owner.
type Peers interface {
	// Here shows to others that this process lives, as long as it does.
	Here(ctx context.Context) error
	// Gone reports whether a process is known not to live any more.
	Gone(ctx context.Context, owner string) (bool, error)
	// Now is the time by the store's own clock.
	Now(ctx context.Context) (time.Time, error)
}

// What a process tells the others, and how often it looks what they tell.
const (
	leaseProcess = "process/"
	processFor   = 15 * time.Second
	lookEvery    = time.Second
	decideEvery  = time.Second // between two tries to become the one that decides
)

func leaseCard(id kanban.CardID) string { return "card/" + string(id) }

// hand reports whether this part of the process only works on cards.
func (r *Runner) hand() bool { return r.Crew != nil && !r.desk }

// Term is the epoch under which this process decides for the store; 0 while another one
// does, or none.
func (r *Runner) Term() int64 {
	if r.Crew != nil {
		return r.term.Load()
	}
	return r.epoch.Load()
}

// Serve shares the work on the store with other processes until ctx ends, which is not an
// error. It fails where the rules cannot be used at the start. A store that fails later is
// waited for.
func (r *Runner) Serve(ctx context.Context) error {
	if err := r.Prepare(ctx); err != nil {
		return quiet(ctx, err)
	}
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return r.attend(ctx) })
	g.Go(func() error { return r.takeTerms(ctx) })
	g.Go(func() error { return r.passHints(ctx) })
	return quiet(ctx, g.Wait())
}

// attend shows that this process is there, and keeps up with what the others tell.
func (r *Runner) attend(ctx context.Context) error {
	place := &hold{Runner: r, name: leaseProcess + r.Crew.Config + "/" + r.Owner}
	defer place.giveBack(ctx)
	warned := false
	for n := 0; ; n++ {
		r.here(ctx)
		err := r.look(ctx)
		if n%5 == 0 {
			epoch, held := r.Store.Acquire(ctx, place.name, r.Owner, processFor, r.storeNow())
			if held == nil {
				place.epoch = epoch
			}
			err = errors.Join(err, held)
			warned = r.compare(ctx, warned)
		}
		if err != nil && ctx.Err() == nil {
			r.Log.DebugContext(ctx, "look what the other processes tell", "error", err)
		}
		if err := pause(ctx, lookEvery); err != nil {
			return err
		}
	}
}

// compare warns once of processes that run by another configuration: neither works for
// the other.
func (r *Runner) compare(ctx context.Context, warned bool) bool {
	all, err := r.Processes(ctx)
	if err != nil {
		return warned
	}
	for _, p := range all {
		if p.Config == r.Crew.Config {
			continue
		}
		if !warned {
			r.Log.WarnContext(ctx, "another parley run works on this store by another configuration; cards are worked on by those whose configuration is that of the one that decides. Give all the same one", "owner", p.Owner)
		}
		return true
	}
	return false
}

// takeTerms takes the part of the one that decides whenever nobody has it.
func (r *Runner) takeTerms(ctx context.Context) error {
	for {
		d := newRunner(r.Options, r.common)
		d.desk = true
		err := d.reign(ctx)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		switch _, held := errors.AsType[store.ErrHeld](err); {
		case held:
		case errors.Is(err, store.ErrFenced):
			r.Log.InfoContext(ctx, "another parley run decides from now on", "error", err)
		default:
			r.Log.ErrorContext(ctx, "what this process decides for the store has failed; trying again soon", "error", err)
		}
		if err := pause(ctx, decideEvery); err != nil {
			return err
		}
	}
}

// reign decides as long as the lease can be kept. It does not wait for the lease.
func (r *Runner) reign(ctx context.Context) error {
	r.here(ctx)
	h, err := r.grasp(ctx, store.LeaseRunner, leaseFor)
	if err != nil {
		return err
	}
	defer h.giveBack(ctx)
	r.epoch.Store(h.epoch)
	r.Log.InfoContext(ctx, "this process decides for the store", "term", h.epoch)
	under, end := h.keep(ctx)
	defer end()
	if err := r.Remember(under); err != nil { // another process may have learned since
		if _, bad := errors.AsType[misfit](err); !bad || r.Rules() == nil {
			return fmt.Errorf("go by what is known of the trackers: %w", err)
		}
		r.Log.ErrorContext(ctx, "a tracker has changed and the mapping no longer fits; going on with the old one", "error", err)
	}
	r.term.Store(h.epoch)
	defer r.term.Store(0)
	err = r.everything(under, func(ctx context.Context) error {
		<-ctx.Done()
		return context.Cause(ctx)
	})
	if cause := context.Cause(under); errors.Is(cause, store.ErrFenced) {
		return cause
	}
	return err
}

// here shows that this process lives, and learns the time of the store.
func (r *Runner) here(ctx context.Context) {
	if r.Peers == nil {
		return
	}
	err := r.Peers.Here(ctx)
	before := r.Now()
	now, failed := r.Peers.Now(ctx)
	if failed == nil {
		r.ahead.Store(int64(now.Sub(before)))
	}
	if err := errors.Join(err, failed); err != nil && ctx.Err() == nil {
		r.Log.DebugContext(ctx, "show that this process lives", "error", err)
	}
}

// isGone reports whether a process is known to be dead.
func (r *Runner) isGone(ctx context.Context, owner string) bool {
	if r.Peers == nil || owner == r.Owner {
		return false
	}
	dead, err := r.Peers.Gone(ctx, owner)
	if err != nil {
		r.Log.DebugContext(ctx, "whether another parley run lives cannot be told", "error", err)
	}
	return dead && err == nil
}

// passHints tells the process that polls of webhooks that came here.
func (r *Runner) passHints(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case at := <-r.hints:
			r.tell(ctx, word{Tracker: at.tracker, Container: at.container, Hint: true})
		}
	}
}

// Process is a parley run that works on the store.
type Process struct {
	Owner   string
	Config  string // tells its configuration from another one
	Decides bool
	Cards   int // that it works on
}

// Processes lists the processes that work on the store.
func (r *Runner) Processes(ctx context.Context) ([]Process, error) {
	leases, err := r.Store.Leases(ctx, "")
	if err != nil {
		return nil, err
	}
	return processes(leases, r.storeNow()), nil
}
