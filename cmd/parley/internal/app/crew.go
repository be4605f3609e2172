package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"

	"parley/cmd/parley/internal/config"
	"parley/sync/runner"
	"parley/sync/runner/river"
	"parley/sync/store/postgres"
	"parley/sync/store/sole"
)

// On a store in PostgreSQL any number of processes share the work, on one in a file a
// single process does all of it.

// shared reports whether several processes may work on the store at once.
func (a *App) shared() bool {
	_, file := a.Config.StorePath()
	return !file
}

// among tells a runner how to know whether the holder of a lease lives.
func (a *App) among(o runner.Options) runner.Options {
	if a.shared() {
		a.peers = sole.NewPeers(a.Config.Store.URL, o.Owner)
		o.Sole, o.Peers = nil, a.peers
	}
	return o
}

// parted tells the other processes that this one ends.
func (a *App) parted() error {
	if a.peers == nil {
		return nil
	}
	return a.peers.Close()
}

// work is what the process does beside serving pages, and how that is ended.
func (a *App) work(ctx context.Context) (do func(context.Context) error, end func(), err error) {
	if !a.shared() {
		return a.Runner.Run, func() {}, nil
	}
	own, err := fingerprint(a)
	if err != nil {
		return nil, nil, err
	}
	q, err := river.Open(ctx, river.Options{URL: a.Config.Store.URL, Log: a.Log})
	if err != nil {
		return nil, nil, err
	}
	o := a.Runner.Options
	o.Crew = &runner.Crew{Config: own, Deal: q.Deal}
	a.Runner = runner.New(o)
	return func(ctx context.Context) error {
		g, ctx := errgroup.WithContext(ctx)
		g.Go(func() error { return q.Run(ctx, a.Runner) })
		g.Go(func() error { a.listen(ctx); return nil })
		return g.Wait()
	}, q.Close, nil
}

// listen has pages and the runner look at the store when another process has changed it.
func (a *App) listen(ctx context.Context) {
	heard := func() {
		a.Runner.Wake()
		select {
		case a.rung <- struct{}{}:
		default:
		}
	}
	failed := func(err error) {
		a.Log.WarnContext(ctx, "changes by other processes are seen a little later", "error", err)
	}
	postgres.Listen(ctx, a.Config.Store.URL, heard, failed)
}

// fingerprint tells a configuration from another one, but for the address of the board and
// where traces go: those are each process's own. Secrets are no part of it.
func fingerprint(a *App) (string, error) {
	c := *a.Config
	c.Server.Listen, c.Tracing = "", config.Tracing{}
	text, err := json.Marshal(c)
	if err != nil {
		return "", fmt.Errorf("tell the configuration from others: %w", err)
	}
	sum := sha256.Sum256(append(text, a.Version...))
	return hex.EncodeToString(sum[:6]), nil
}

// collectCrew tells which process does what.
func (g gauges) collectCrew(ctx context.Context, out chan<- prometheus.Metric) {
	decides := 0.0
	if g.Runner.Term() != 0 {
		decides = 1
	}
	out <- prometheus.MustNewConstMetric(g.decides, prometheus.GaugeValue, decides)
	if n, err := g.Store.Takeovers(ctx); err == nil {
		out <- prometheus.MustNewConstMetric(g.takeovers, prometheus.CounterValue, float64(n))
	}
	all, err := g.Runner.Processes(ctx)
	if err != nil {
		return
	}
	configs := map[string]int{}
	for _, p := range all {
		configs[p.Config]++
		out <- prometheus.MustNewConstMetric(g.holds, prometheus.GaugeValue, float64(p.Cards), p.Owner)
	}
	for config, n := range configs {
		out <- prometheus.MustNewConstMetric(g.processes, prometheus.GaugeValue, float64(n), config)
	}
}
