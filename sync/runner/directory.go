package runner

import (
	"sync"
	"time"

	"parley/connectors"
	"parley/sync/engine"
)

// directories is what is known of each tracker's statuses, priorities and labels.
type directories struct {
	mu       sync.Mutex
	known    map[string]connectors.Directory
	asked    map[string]time.Time // when one was last read again
	doubted  map[string]bool      // trackers of which something may have changed since
	learning sync.Mutex           // held from a new directory to what the rules made of it mean for the cards
}

func (d *directories) set(dir connectors.Directory) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.known[dir.Tracker] = dir
}

func (d *directories) has(tracker string) bool {
	_, ok := d.of(tracker)
	return ok
}

func (d *directories) of(tracker string) (connectors.Directory, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	dir, ok := d.known[tracker]
	return dir, ok
}

func (d *directories) forget(tracker string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.known, tracker)
}

// ask reports whether a tracker may be asked again, and counts it as asked if so.
func (d *directories) ask(tracker string, now time.Time) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if last, before := d.asked[tracker]; before && now.Sub(last) < relearnAfter {
		return false
	}
	if d.asked == nil {
		d.asked = map[string]time.Time{}
	}
	d.asked[tracker] = now
	return true
}

// doubt says that a tracker may not be as it was when its directory was read.
func (d *directories) doubt(tracker string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.doubted == nil {
		d.doubted = map[string]bool{}
	}
	d.doubted[tracker] = true
}

// doubtful reports once whether a tracker's directory is doubted and may be read again.
func (d *directories) doubtful(tracker string, now time.Time) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if last, before := d.asked[tracker]; before && now.Sub(last) < relearnAfter {
		return false
	}
	was := d.doubted[tracker]
	delete(d.doubted, tracker)
	return was
}

// ranks gives how far the work is in each of a tracker's statuses, by id.
func (d *directories) ranks(tracker string) map[string]int {
	d.mu.Lock()
	defer d.mu.Unlock()
	out := map[string]int{}
	for _, s := range d.known[tracker].Statuses {
		out[s.ID] = engine.Rank(s.Category)
	}
	return out
}

func (d *directories) list(order []Tracker) []connectors.Directory {
	d.mu.Lock()
	defer d.mu.Unlock()
	var out []connectors.Directory
	for _, t := range order {
		if dir, ok := d.known[t.Name]; ok {
			out = append(out, dir)
		}
	}
	return out
}

// unlisted reports whether an issue shows a status or priority that its tracker's
// directory does not know.
func (r *Runner) unlisted(i connectors.Issue) bool {
	if i.Kind != connectors.Jira {
		return false
	}
	dir, ok := r.dirs.of(i.Tracker)
	if !ok || i.Status.ID == "" {
		return false
	}
	if outside(dir, i) {
		return true
	}
	for _, s := range dir.Statuses {
		if s.ID == i.Status.ID {
			return false
		}
	}
	return true
}
