package app

import (
	"context"
	"errors"
	"net"
	"strings"

	"parley/cmd/parley/internal/config"
)

// Daemon runs an App at an address, and where the configuration is read again another in
// its place. That is a stop and a start within one process: whatever survives a restart
// survives this, and nothing had to be made able to change under way. The address stays
// open, so that whoever asks meanwhile waits instead of being refused.
type Daemon struct {
	Load func() (*config.Config, []config.Problem) // reads the configuration
	Tell func(Reload)                              // of each reading, before it takes effect
}

// Reload is what reading the configuration again came to.
type Reload struct {
	Problems []config.Problem // what is wrong or odd; an error has everything stay as it is
	Keys     []config.Changed
	Restart  []string // of these, those that a running process cannot take up
	Preview  Preview  // what the cards would be
	Err      error    // why it could not be taken up, where it is none of the above
}

// Refused says why everything stays as it is, "" where it does not. A part of a file is
// never taken up: what runs would be what no file says.
func (r Reload) Refused() string {
	switch {
	case r.Err != nil:
		return r.Err.Error()
	case config.Failed(r.Problems):
		return "the file has errors"
	case len(r.Restart) > 0:
		return strings.Join(r.Restart, " and ") + " can only be changed by a restart"
	}
	return ""
}

// Run runs first on l until ctx ends, and again by the configuration of then at each turn
// of again. It gives back what it runs, first included, and closes l.
func (d Daemon) Run(ctx context.Context, first *App, l net.Listener, again <-chan struct{}) (err error) {
	g := newGate(l)
	defer func() { err = errors.Join(err, closed(g.Close())) }()
	for a := first; a != nil; {
		next, failed := d.serve(ctx, a, g, again)
		if err = errors.Join(failed, a.Close()); err != nil && next != nil {
			return errors.Join(err, next.Close())
		}
		a = next
	}
	return err
}

// closed takes it for no failure that the server has closed the address already.
func closed(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// serve runs a until ctx ends, it fails, or there is another to run in its place.
func (d Daemon) serve(ctx context.Context, a *App, g *gate, again <-chan struct{}) (next *App, err error) {
	running, stop := context.WithCancel(ctx)
	defer stop()
	run, err := a.setOut(running, g.turn()) // not beside what follows: a reload looks at a
	if err != nil {
		return nil, err
	}
	ended := make(chan error, 1)
	go func() { ended <- run(running) }()
	for next == nil {
		select {
		case err := <-ended:
			return nil, err
		case <-again:
			next = d.prepare(running, a, g)
		}
	}
	stop()
	return next, <-ended
}

// prepare makes all of the next App that can fail while the present one still runs; nil
// where it stays.
func (d Daemon) prepare(ctx context.Context, a *App, l net.Listener) *App {
	cfg, problems := d.Load()
	r := Reload{Problems: problems}
	var next *App
	if cfg != nil {
		r.Keys = config.Differences(a.Config, cfg)
		r.Restart = config.Restart(r.Keys)
		if r.Preview, r.Err = a.compare(ctx, cfg, problems, a.Operator()); r.Err == nil {
			r.Problems = r.Preview.Problems
		}
		if r.Refused() == "" {
			next, r.Err = a.succeed(ctx, cfg, l)
		}
	}
	d.Tell(r)
	return next
}

// succeed makes the App that is to run in the place of a.
func (a *App) succeed(ctx context.Context, cfg *config.Config, l net.Listener) (*App, error) {
	o := a.Options
	o.Config = cfg
	next, err := New(ctx, o)
	if err != nil {
		return nil, err
	}
	if _, err = next.entrance(); err == nil {
		err = next.onlyHere(l)
	}
	if err != nil {
		return nil, errors.Join(err, next.Close())
	}
	return next, nil
}
