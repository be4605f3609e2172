// Package app puts Parley together: configuration, store, trackers, runner, read
// models and the web server, with one way to start and one way to stop.
package app

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync"
	"syscall"
	"time"
	_ "time/tzdata" // zones of the configuration, also where the machine has none

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"parley/cmd/parley/internal/config"
	"parley/connectors"
	"parley/kanban"
	"parley/kanban/contract"
	"parley/mapping"
	"parley/sync/engine"
	"parley/sync/runner"
	"parley/sync/store"
	"parley/sync/store/open"
	"parley/sync/store/sole"
	"parley/sync/view"
	"parley/web/hooks"
)

// Options is what an App is made of.
type Options struct {
	Config   *config.Config
	Log      *slog.Logger
	Now      func() time.Time
	Version  string
	Progress func(runner.Import)
	// Base sends the requests to the trackers; nil means the network.
	Base http.RoundTripper

	// Env is where the configuration's secrets come from when it is read again; nil means the
	// process's own.
	Env func(name string) (value string, ok bool)

	// Decided are decisions about contracts that people had taken before there was this
	// Parley. They are recorded once all was read, and before any ledger is begun; find gives
	// the card of an issue. nil: there are none.
	Decided func(find func(ref string) (kanban.CardID, error)) ([]contract.Event, error)

	budgets *budgets // of the trackers, once they are connected; nil: nobody looks
}

// App is one Parley, ready to run or to be asked.
type App struct {
	Options
	Store  *store.Store
	Runner *runner.Runner
	Views  *view.Views
	zone   *time.Location
	missed misses
	hooks  *hooks.Receiver
	claim  *sole.Claim
	plain  func() *mapping.Rules // of the configuration alone, compiled once: they are asked for with every card
	peers  *sole.Peers           // nil: the store is a file
	rung   chan struct{}         // by the store, after a commit by any process
}

// skew is the doubt about the trackers' clocks: five seconds, and one for the
// second that GitHub rounds to.
const skew = 6 * time.Second

// New opens the store and wires everything up. It sends no request.
func New(ctx context.Context, o Options) (*App, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	o.Log = quietly(o.Log)
	zone, err := time.LoadLocation(o.Config.Calendar.Timezone)
	if err != nil {
		return nil, fmt.Errorf("load time zone: %w", err)
	}
	o.budgets = &budgets{}
	trackers, err := connect(o)
	if err != nil {
		return nil, err
	}
	db, err := open.Open(ctx, o.Config.Store.URL)
	if err != nil {
		return nil, err
	}
	if err := atWork(ctx, db); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	keys, err := markKeys(ctx, db, o.Config)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	a := &App{Options: o, Store: db, zone: zone, claim: sole.New(o.Config.Store.URL), rung: make(chan struct{}, 1)}
	a.Runner = runner.New(a.among(runner.Options{
		Store: db, Trackers: trackers, Compile: a.compile,
		Write: o.Config.Sync.Write == "on", Poll: o.Config.Sync.Poll.Duration, Skew: skew,
		Now: o.Now, Zone: zone, NewID: newID, Owner: owner(), Sole: a.claim.Take, Log: o.Log, Progress: o.Progress,
		Questions: challenges(names(trackers), len(o.Config.Unit)), AnswerDue: a.answerDue,
		Stopped:  func(ctx context.Context) (map[kanban.UnitKey]string, error) { return a.Views.Stopped(ctx) }, // there are none yet
		MarkKeys: keys, Limits: limits(o.Config), Missed: a.missed.note,
	}))
	a.plain = sync.OnceValue(func() *mapping.Rules {
		rules, _ := mapping.Compile(a.Config.Mapping(), nil)
		return rules
	})
	a.hooks = a.receiver()
	a.Views = view.New(view.Options{
		Source: db, Engine: a.engine, Trackers: budgeted(counting(names(trackers), a.hooks), trackers, o.budgets, o.Now), Units: units(o.Config),
		Poll: o.Config.Sync.Poll.Duration, Zone: zone, Calendar: o.Config.Calendar.Days(zone), Floors: o.Config.Flow.Terms(), Now: o.Now, Policy: o.Config.Policy(),
		Agreements: o.Config.Contracts(),
	})
	return a, nil
}

// atWork makes sure that a store may be worked with: not one that is being moved or restored.
func atWork(ctx context.Context, db *store.Store) error {
	held, err := db.Closed(ctx)
	if err != nil || held == nil {
		return err
	}
	return held
}

// Close gives back the store, and last the claim to be alone on it.
func (a *App) Close() error { return errors.Join(a.Store.Close(), a.claim.Close(), a.parted()) }

// Zone is that of the configuration, in which people are told times.
func (a *App) Zone() *time.Location { return a.zone }

// compile makes the rules and reports what is only odd about them.
func (a *App) compile(dirs []connectors.Directory) (*mapping.Rules, []mapping.Problem) {
	rules, problems := mapping.Compile(a.Config.Mapping(), dirs)
	for i, p := range a.Config.Locate(problems) { // whoever prints one does not know the file
		if problems[i].Path = fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Path); p.Also > 0 {
			problems[i].Message += fmt.Sprintf(" (see also line %d)", p.Also)
		}
	}
	return rules, problems
}

// engine gives the machine by the rules of the moment. Before the trackers were
// asked they are those of the configuration alone.
func (a *App) engine() *engine.Engine {
	eng := a.Runner.Engine()
	if eng.Rules == nil {
		eng.Rules = a.plain()
	}
	return eng
}

// limits is how much may be written at once.
func limits(c *config.Config) runner.Limits {
	return runner.Limits{Change: c.Sync.MaxChange.Share, Close: c.Sync.MaxClose.Share, Create: c.Sync.MaxCreate}
}

// newID makes the ids of operations and conflicts: UUIDs that sort by time.
func newID() string { return uuid.Must(uuid.NewV7()).String() }

// owner names this process to others.
func owner() string {
	host, err := os.Hostname()
	if err != nil {
		host = "somewhere"
	}
	nonce := make([]byte, 4)
	_, _ = rand.Read(nonce) // never fails
	return fmt.Sprintf("%s, process %d, %s", host, os.Getpid(), hex.EncodeToString(nonce))
}

func names(ts []runner.Tracker) []view.TrackerName {
	out := make([]view.TrackerName, 0, len(ts))
	for _, t := range ts {
		name := view.TrackerName{Name: t.Name, Kind: string(t.Kind), Sources: t.Sources()}
		if e, ok := t.Tracker.(connectors.Expiring); ok {
			name.Expires = e.Expires
		}
		out = append(out, name)
	}
	return out
}

func units(c *config.Config) []view.Named {
	out := make([]view.Named, 0, len(c.Unit))
	for _, u := range c.Unit {
		out = append(out, view.Named{Key: u.Key, Name: u.Name})
	}
	return out
}

// Listen opens the board's address.
func (a *App) Listen(ctx context.Context) (net.Listener, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", a.Config.Server.Listen)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("open the board's address %s: something else listens there, perhaps another parley; stop it or set server.listen", a.Config.Server.Listen)
	}
	if err != nil {
		return nil, fmt.Errorf("open the board's address: %w", err)
	}
	if err := a.onlyHere(l); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

// How long requests under way have to end when Parley stops.
const graceful = 5 * time.Second

// Run polls, writes and serves the board on l until ctx ends.
func (a *App) Run(ctx context.Context, l net.Listener) error {
	run, err := a.setOut(ctx, l)
	if err != nil {
		return err
	}
	return run(ctx)
}

// setOut makes all of Run that changes the App itself: from then on others may look at it
// while run does the rest. Whoever sets out has to run, also with a context that has ended.
func (a *App) setOut(ctx context.Context, l net.Listener) (run func(context.Context) error, err error) {
	if err := a.onlyHere(l); err != nil {
		return nil, err
	}
	in, err := a.entrance()
	if err != nil {
		return nil, err
	}
	work, end, err := a.work(ctx)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context) error {
		defer end()
		ctx, flush := a.traced(ctx)
		defer flush()
		return a.run(ctx, l, in, work)
	}, nil
}

// run does the work and serves the board until ctx ends.
func (a *App) run(ctx context.Context, l net.Listener, in entrance, work func(context.Context) error) error {
	g, ctx := errgroup.WithContext(ctx)
	server := a.server(ctx, a.handler(ctx, in), patient())
	if in.door != nil {
		g.Go(func() error { in.door.Prepare(ctx); return nil })
	}
	g.Go(func() error { return work(ctx) })
	g.Go(func() error { return a.keepLedgers(ctx) })
	g.Go(func() error { return a.sendDigests(ctx) })
	g.Go(func() error { return serve(ctx, server, l) })
	return g.Wait()
}

// serve has a server answer on l until ctx ends, and everybody have their answers who asked
// until then.
func serve(ctx context.Context, s *http.Server, l net.Listener) error {
	here, served := newCallers(), make(chan error, 1)
	s.ConnState = here.note
	go func() { served <- s.Serve(l) }()
	select {
	case err := <-served:
		return fmt.Errorf("serve the board: %w", err)
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), graceful)
	defer cancel()
	_ = l.Close()
	if err := <-served; !errors.Is(err, net.ErrClosed) { // it is: nobody comes in any more
		return errors.Join(fmt.Errorf("serve the board: %w", err), s.Close())
	}
	s.SetKeepAlivesEnabled(false)
	here.leave(stop)
	if err := s.Shutdown(stop); err != nil {
		return s.Close()
	}
	return nil
}
