package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"parley/cmd/parley/internal/app"
	"parley/cmd/parley/internal/config"
	"parley/cmd/parley/internal/demo"
	"parley/cmd/parley/internal/meeting"
	"parley/kanban"
	"parley/kanban/contract"
)

type runCommand struct{}

// Run runs the daemon until it is told to stop.
func (runCommand) Run(ctx context.Context, s *session) (err error) {
	sparing()
	a, err := s.open(ctx)
	if err != nil {
		return err
	}
	l, err := a.Listen(ctx)
	if err != nil {
		return errors.Join(err, a.Close())
	}
	fmt.Fprintf(s.Out, "board: %s\n", boardURL(l))
	if a.Config.Sync.Write != "on" {
		fmt.Fprintln(s.Out, `plan mode: every write is computed and none is sent; sync.write = "on" lets them go`)
	}
	again, stop := hangups(ctx)
	defer stop()
	d := app.Daemon{Load: func() (*config.Config, []config.Problem) { return config.Inspect(s.path, os.LookupEnv) }, Tell: s.tellReload}
	return d.Run(ctx, a, l, again)
}

func boardURL(l net.Listener) string { return "http://" + l.Addr().String() + "/" }

type demoCommand struct {
	Listen string `help:"Address of the board; by default port 8080, or a free one." placeholder:"HOST:PORT"`
	Seed   uint64 `help:"Makes another company." default:"1"`
	Still  bool   `help:"No colleagues at work: only you change things."`
}

// Run shows the simulated company until it is told to stop, and leaves nothing.
func (c demoCommand) Run(ctx context.Context, s *session) (err error) {
	dir, err := os.MkdirTemp("", "parley-demo-")
	if err != nil {
		return fmt.Errorf("make a place for the demo: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	world, err := startWorld(ctx, worldOptions{jira: "127.0.0.1:0", github: "127.0.0.1:0", seed: c.Seed, asOf: time.Now()})
	if err != nil {
		return err
	}
	defer world.close()
	l, err := c.listen(ctx)
	if err != nil {
		return err
	}
	a, err := s.demoApp(ctx, world, dir, l)
	if err != nil {
		return err
	}
	defer closing(a, &err)
	c.greet(s, world, l)
	var people sync.WaitGroup
	if !c.Still {
		colleagues := demo.NewColleagues(world.site, world.hub, world.access, demo.Life{Seed: c.Seed})
		people.Go(func() { colleagues.Run(ctx) })
		people.Go(func() { (&meeting.Swap{Board: a, Views: a.Views, People: colleagues, Log: s.log}).Run(ctx) })
		people.Go(func() { (&meeting.Challenge{Views: a.Views, People: colleagues, Log: s.log}).Run(ctx) })
	}
	err = a.Run(ctx, l)
	stop()
	people.Wait()
	return err
}

// listen takes the address that was asked for, or port 8080, or a free one.
func (c demoCommand) listen(ctx context.Context) (net.Listener, error) {
	var lc net.ListenConfig
	if c.Listen != "" {
		return lc.Listen(ctx, "tcp", c.Listen)
	}
	if l, err := lc.Listen(ctx, "tcp", "127.0.0.1:8080"); err == nil {
		return l, nil
	}
	return lc.Listen(ctx, "tcp", "127.0.0.1:0")
}

// demoApp wires Parley up with the company as it would with any other.
func (s *session) demoApp(ctx context.Context, w *world, dir string, l net.Listener) (*app.App, error) {
	text := demo.ConfigTOML(w.access, w.settings(l, "sqlite:parley.db"))
	path := filepath.Join(dir, "config.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		return nil, fmt.Errorf("write the demo's configuration: %w", err)
	}
	cfg, problems := config.LoadEnv(path, w.access.LookupEnv)
	if config.Failed(problems) {
		return nil, fmt.Errorf("the demo's configuration: %v", problems)
	}
	decided := func(find func(string) (kanban.CardID, error)) ([]contract.Event, error) {
		return meeting.Decided(w.access.Decided, find)
	}
	return app.New(ctx, app.Options{Config: cfg, Log: s.log, Version: s.version, Env: w.access.LookupEnv, Decided: decided})
}

func (w *world) settings(l net.Listener, storeURL string) demo.Settings {
	return demo.Settings{
		JiraURL: w.jiraURL, GitHubURL: w.githubURL, Listen: l.Addr().String(),
		PublicURL: strings.TrimSuffix(boardURL(l), "/"), StoreURL: storeURL,
	}
}

func (c demoCommand) greet(s *session, w *world, l net.Listener) {
	fmt.Fprintf(s.Out, "Parley demo: one board over a simulated Jira and a simulated GitHub.\n\n  %s\n\n", boardURL(l))
	for _, line := range demo.ThreeThings(w.access, w.settings(l, "")) {
		fmt.Fprintln(s.Out, line)
	}
	fmt.Fprintln(s.Out, "\nStop with Ctrl-C; nothing is left behind.")
}
