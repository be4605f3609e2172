// Package runner drives the engine in one process: it polls the trackers, stores
// what they say, sends the requests the engine asks for and stores their answers.
// It decides nothing about values; it only sees to it that every step is stored
// before the next one begins and that no failure of one card stops another.
package runner

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"parley/connectors"
	"parley/kanban"
	"parley/mapping"
	"parley/sync/engine"
)

// Options is what a Runner needs. All of it is required but Zone, Questions, AnswerDue, Stopped, Sole, MarkKeys, Limits, Progress and Missed.
type Options struct {
	Store    Store
	Trackers []Tracker
	// Compile makes the rules from what the trackers offer; its problems of
	// severity Error keep the rules from being used.
	Compile func([]connectors.Directory) (*mapping.Rules, []mapping.Problem)
	Write   bool
	Poll    time.Duration // the longest pause between two polls of a source
	Skew    time.Duration
	Now     func() time.Time
	Zone    *time.Location // in which people are told times; nil: UTC
	NewID   func() string
	Owner   string // names this process to others that want the same store
	// Sole says whether no other process can be at work on the store, by a lock that
	// dies with its holder, and takes that lock. An error means that it cannot be
	// told here; nil: it is never told. The lease then has to run out by itself
	// before a store is taken over whose holder died.
	Sole func(context.Context) (bool, error)
	Log  *slog.Logger
	// MarkKeys prove which issues Parley has created: the first one signs, all verify.
	MarkKeys [][]byte
	Limits   Limits
	// Progress is told about a first import; nil: nobody is.
	Progress func(Import)
	// Questions says that people may put questions to the business by comments: those of the
	// repositories are read for them.
	Questions bool
	// AnswerDue is the day by whose end the contract with a unit expects the answer to a
	// question that is put now, in words; nil or "" where none is.
	AnswerDue func(unit kanban.UnitKey, now time.Time) string
	// Stopped are the units whose contracts are stopped, and why: nothing of a swap or of what is
	// put back goes on for them until they are none of these. nil: no contract ever is.
	Stopped func(context.Context) (map[kanban.UnitKey]string, error)
	// Missed is told what a slow reading found that the poll had missed; nil: nobody is.
	Missed func(Miss)
	// Peers tells which other processes on the store live; nil: see Sole.
	Peers Peers
	// Crew is how the work on a store is shared with other processes, see Serve; nil: this
	// process is the only one, see Run.
	Crew *Crew
}

// Tracker is a configured tracker and what is known of it before it answers.
type Tracker struct {
	Name string
	Kind connectors.Kind
	// Account names the credential that the tracker is asked with, where others use the same:
	// a refusal or a quota concerns them all. "" stands for one of its own. It must not give
	// the credential away.
	Account string
	Canary  string // key of an issue that must be readable before absence means anything; "" any other one serves
	connectors.Tracker
}

// beside reports whether a source only tells what moves issues of the tracker's others: it
// has no history, and is never read from end to end.
func (t Tracker) beside(source string) bool {
	b, ok := t.Tracker.(connectors.Besides)
	return ok && b.Beside(source)
}

// Import says how far the first read of a source is.
type Import struct {
	Tracker, Source string
	Issues          int // so far
	Total           int // 0: not known
	Done            bool
}

// Runner is the in-process runner. Make it with New; run it once.
type Runner struct {
	Options
	*common
	met     kept
	aside   aside
	epoch   atomic.Int64
	links   aside // issues whose remote links could not be read
	scans   scans
	trips   trips
	denials denials
	desk    bool // decides for other processes as well, see Serve

	dealt     map[kanban.CardID]dealt
	said      lead  // what was last told to all processes
	heardTo   int64 // newest notice that was taken in
	gathering chan struct{}

	quarrels   quarrels
	doubts     doubts
	offers     scans // of twins to be created
	missed     overlooked
	joined     map[string]linkage // by rule, as they were counted last; of whose turn it is to judge
	judging    chan struct{}      // holds the turn of the one judgement that is made at a time
	unjudged   atomic.Bool        // the last judgement failed: something may be planned that was not counted
	chronicles chronicles         // imports of old history
	asked      asked
}

// common is what the parts of one process share: the one that decides, where it does, and
// the one that works on cards.
type common struct {
	rules atomic.Pointer[mapping.Rules]
	dirs  directories
	gates *gates
	busy  keyed
	kick  chan struct{}
	bells bells
	clock clocks

	term   atomic.Int64             // epoch of the lease under which this process decides; 0: another one does
	orders atomic.Pointer[standing] // what was last told by the process that decides
	ahead  atomic.Int64             // nanoseconds by which the store's clock is ahead of ours
	caught atomic.Int64             // when the rules were last looked for anew, in nanoseconds since 1970
	hints  chan place               // webhooks for the process that polls
}

// New makes a runner. It talks to nobody before Run.
func New(o Options) *Runner {
	if o.Progress == nil {
		o.Progress = func(Import) {}
	}
	if o.Missed == nil {
		o.Missed = func(Miss) {}
	}
	return newRunner(o, &common{kick: make(chan struct{}, 1), dirs: directories{known: map[string]connectors.Directory{}}, gates: newGates(o), hints: make(chan place, 64)})
}

func newRunner(o Options, c *common) *Runner {
	return &Runner{Options: o, common: c, judging: make(chan struct{}, 1), gathering: make(chan struct{}, 1), dealt: map[kanban.CardID]dealt{}}
}

// Run works until ctx ends, which is not an error. It fails where another process
// holds the store, where the rules cannot be used, or when the store fails.
func (r *Runner) Run(ctx context.Context) error {
	if err := r.Prepare(ctx); err != nil {
		return quiet(ctx, err)
	}
	if err := r.lease(ctx); err != nil {
		return quiet(ctx, err)
	}
	defer r.release(ctx)
	return quiet(ctx, r.everything(ctx, r.renew))
}

// everything is all that the holder of the store does, while renew keeps it.
func (r *Runner) everything(ctx context.Context, renew func(context.Context) error) error {
	if err := r.takeUp(ctx); err != nil { // before anything is read or sent
		return err
	}
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return renew(ctx) })
	g.Go(func() error { return r.work(ctx) })
	g.Go(func() error { return r.prune(ctx) })
	g.Go(func() error { return r.mindClock(ctx) })
	g.Go(func() error { return r.trade(ctx) })
	g.Go(func() error { return r.carryQuestions(ctx) })
	for _, t := range r.Trackers {
		g.Go(func() error { return r.remember(ctx, t) })
		for _, source := range t.Sources() {
			g.Go(func() error { return r.poll(ctx, t, source) })
			if !t.beside(source) {
				g.Go(func() error { return r.slowly(ctx, t, source) })
			}
		}
		if t.Kind == connectors.Jira {
			g.Go(func() error { return r.readLinks(ctx, t) })
		}
	}
	return g.Wait()
}

// quiet turns the error of having been told to stop into none.
func quiet(ctx context.Context, err error) error {
	if ctx.Err() != nil && (errors.Is(err, context.Canceled) || err == nil) {
		return nil
	}
	return err
}

// Engine gives the machine by the present rules.
func (r *Runner) Engine() *engine.Engine {
	eng := &engine.Engine{Rules: r.rules.Load(), Write: r.Write, Skew: r.clock.doubt(r.Skew, len(r.Trackers)), NewID: r.NewID, Epoch: r.epoch.Load(), Tripped: r.trips.now(), MarkKeys: r.MarkKeys, Container: r.container, Zone: r.Zone}
	if s := r.orders.Load(); s != nil && r.hand() {
		s.guide(eng)
	}
	return eng
}

// Rules gives the present rules, nil before Prepare.
func (r *Runner) Rules() *mapping.Rules { return r.rules.Load() }

func (r *Runner) tracker(name string) (Tracker, bool) {
	i := slices.IndexFunc(r.Trackers, func(t Tracker) bool { return t.Name == name })
	if i < 0 {
		return Tracker{}, false
	}
	return r.Trackers[i], true
}

// pause waits, or gives the reason for which ctx ended.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// wake makes the worker look for cards at once.
func (r *Runner) wake() {
	select {
	case r.kick <- struct{}{}:
	default:
	}
}

// Wake has the runner look at once whether there is something to do: another process has
// changed the store.
func (r *Runner) Wake() { r.wake() }

// keyed lets one goroutine at a time work on a card.
type keyed struct{ held sync.Map }

func (k *keyed) try(key string) (release func(), ok bool) {
	if _, taken := k.held.LoadOrStore(key, true); taken {
		return nil, false
	}
	return func() { k.held.Delete(key) }, true
}
