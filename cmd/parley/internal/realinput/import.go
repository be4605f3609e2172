package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"parley/cmd/parley/internal/rig"
	"parley/connectors/sim"
)

// quietFor is how long nothing but polls must be asked before the import counts as
// over; the background reader of remote links pauses for less.
const quietFor = 4 * poll

// progress is how the first read of everything went.
type progress struct {
	issues   int
	shown    time.Duration            // until every tracker was read once
	whole    time.Duration            // until the background reading was done as well
	requests map[string]int           // by tracker and kind
	tracker  map[string]int           // by tracker
	phase    map[string]time.Duration // until the last request of a kind
}

// importAll waits until the daemon has read both trackers and asks for nothing more.
func (w *trackers) importAll(ctx context.Context, d *rig.Daemon) (progress, error) {
	begun := time.Now()
	p := progress{issues: w.issues + w.gitHub.Issues}
	err := rig.Every(ctx, 100*time.Millisecond, func() (bool, error) {
		if p.shown == 0 {
			if code, err := d.Get(ctx, "/readyz", nil); err == nil && code == http.StatusOK {
				p.shown = time.Since(begun)
			}
			return false, d.Alive()
		}
		last := w.lastWork()
		p.whole = last.Sub(begun)
		return time.Since(last) > quietFor, d.Alive()
	})
	p.tally(begun, w)
	if err != nil {
		return p, fmt.Errorf("wait for the import: %w", err)
	}
	return p, nil
}

// lastWork is when the last request was answered that no idle poll makes.
func (w *trackers) lastWork() time.Time {
	var last time.Time
	for name, log := range w.logs() {
		previous := time.Time{}
		for _, r := range log.Requests() {
			if kind := kindOf(name, r); kind != "poll" || r.At.Sub(previous) < poll/2 {
				last = later(last, r.At)
			}
			previous = r.At
		}
	}
	return last
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func (p *progress) tally(begun time.Time, w *trackers) {
	p.requests, p.tracker, p.phase = map[string]int{}, map[string]int{}, map[string]time.Duration{}
	for name, log := range w.logs() {
		for _, r := range log.Requests() {
			kind := name + " " + kindOf(name, r)
			p.tracker[name]++
			p.requests[kind]++
			p.phase[kind] = r.At.Sub(begun)
		}
	}
}

// kindOf tells requests apart by what they are for.
func kindOf(tracker string, r sim.Request) string {
	switch {
	case strings.HasSuffix(r.Path, "/remotelink"):
		return "remote links"
	case tracker == "jira" && strings.Contains(r.Path, "/search"), tracker == "github" && strings.HasSuffix(r.Path, "/issues"):
		return "poll"
	case strings.HasSuffix(r.Path, "/issues/events"):
		return "feed"
	case strings.HasSuffix(r.Path, "/events"), strings.HasSuffix(r.Path, "/changelog"), strings.HasSuffix(r.Path, "/changelog/bulkfetch"):
		return "histories"
	}
	return "directory"
}
