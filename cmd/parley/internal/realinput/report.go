package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"parley/cmd/parley/internal/rig"
)

// report prints what the run cost.
func report(out io.Writer, p progress, idle idleness, d *rig.Daemon) {
	row := func(name, format string, args ...any) {
		fmt.Fprintf(out, "%-36s %s\n", name, fmt.Sprintf(format, args...))
	}
	row("every issue on the board after", "%s (%.0f issues/s)", seconds(p.shown), float64(p.issues)/p.shown.Seconds())
	row("remote links read as well after", "%s", seconds(p.whole))
	for _, name := range slices.Sorted(maps.Keys(p.tracker)) {
		row("requests to "+name, "%d", p.tracker[name])
	}
	for _, kind := range slices.Sorted(maps.Keys(p.requests)) {
		row("  "+kind, "%d, the last after %s", p.requests[kind], seconds(p.phase[kind]))
	}
	row("peak memory of the daemon", "%s", size(d.PeakMemory))
	row("database", "%s", size(d.DatabaseSize))
	fmt.Fprintln(out)
	for _, name := range slices.Sorted(maps.Keys(idle.asked)) {
		for _, r := range idle.asked[name] {
			row("idle poll of "+name, "%s %s → %d", r.Method, r.Path, r.Status)
		}
	}
}

func seconds(d time.Duration) string { return d.Round(100 * time.Millisecond).String() }

func size(of func() (int64, error)) string {
	n, err := of()
	if err != nil {
		return "not known: " + err.Error()
	}
	return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
}
