// Command benchscale measures how Parley grows: for one size after the other it fills both
// simulated trackers with so many issues, runs the daemon on them as a process of its own, and
// prints what the first import, an idle poll, a change of one issue in a hundred, and a new
// start cost in time, requests, memory and disk.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"

	"parley/cmd/parley/internal/rig"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	list := flag.String("sizes", "1000,10000,100000", "how many `issues` each tracker has, one run after the other")
	flag.Parse()
	err := run(ctx, os.Stdout, *list)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench-scale:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer, list string) error {
	var all []figures
	for text := range strings.SplitSeq(list, ",") {
		n, err := strconv.Atoi(text)
		if err != nil || n < 200 {
			return fmt.Errorf("-sizes %s: %q is no number of 200 or more issues", list, text)
		}
		f, err := measure(ctx, out, n)
		if err != nil {
			return fmt.Errorf("%d issues a tracker: %w", n, err)
		}
		all = append(all, f)
	}
	table(out, all)
	return nil
}

// measure runs one Parley from its first start to the end of its second one.
func measure(ctx context.Context, out io.Writer, n int) (f figures, failed error) {
	f.issues = n
	dir, err := os.MkdirTemp("", "parley-bench-scale-")
	if err != nil {
		return f, fmt.Errorf("make a place for the run: %w", err)
	}
	defer func() { failed = errors.Join(failed, os.RemoveAll(dir)) }()
	c, err := found(ctx, n)
	if err != nil {
		return f, err
	}
	defer c.servers.Close()
	fmt.Fprintf(out, "%d issues a tracker are there\n", n)
	listen, err := rig.FreeAddress(ctx)
	if err != nil {
		return f, err
	}
	start := func() (*rig.Daemon, error) { return rig.Start(ctx, dir, listen, c.config(listen)) }
	if err := first(ctx, out, c, start, &f); err != nil {
		return f, err
	}
	return f, second(ctx, out, c, start, &f)
}

// first imports, does nothing for a while, and carries the changes of one issue in a hundred.
func first(ctx context.Context, out io.Writer, c *company, start func() (*rig.Daemon, error), f *figures) (failed error) {
	d, err := start()
	if err != nil {
		return err
	}
	defer func() { failed = ended(d, failed) }()
	for _, phase := range []struct {
		name string
		do   func(context.Context, *company, *rig.Daemon) error
	}{{"import", f.imports}, {"idle", f.idles}, {"pages", f.looks}, {"changes", f.changes}} {
		begun := time.Now()
		if err := phase.do(ctx, c, d); err != nil {
			return fmt.Errorf("%s: %w", phase.name, err)
		}
		fmt.Fprintf(out, "  %s measured in %s\n", phase.name, time.Since(begun).Round(time.Second))
	}
	return f.sizes(d)
}

// second starts on the store that is there.
func second(ctx context.Context, out io.Writer, c *company, start func() (*rig.Daemon, error), f *figures) (failed error) {
	d, err := start()
	if err != nil {
		return err
	}
	defer func() { failed = ended(d, failed) }()
	fmt.Fprintln(out, "  started again")
	return f.restarts(ctx, c, d)
}

// ended stops the daemon, and lets it say its last words where something failed.
func ended(d *rig.Daemon, failed error) error {
	if failed != nil {
		failed = errors.Join(failed, d.LastWords())
	}
	return errors.Join(failed, d.Stop())
}
