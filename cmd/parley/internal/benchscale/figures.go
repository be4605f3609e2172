package main

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"parley/cmd/parley/internal/rig"
	"parley/connectors/sim"
	"parley/connectors/sim/jirasim"
)

// figures are what one size costs.
type figures struct {
	issues int

	shown, whole          time.Duration // until the board was whole, and until nothing of the past was left to read
	importAsked, later    int           // requests until the one and after it
	shownBy, wholeBy      time.Duration // of a processor, for the one and for both
	importPeak            int64         // bytes of main memory
	idleAsked, idleRounds int           // requests, and polls of both sources
	idleCPU               time.Duration // processor time of the daemon, a poll of both sources
	idleKinds             map[string]int
	changed               int           // issues, on both sides together
	carried               time.Duration // until the last change had reached the other side
	changeAsked           int           // requests for it
	changeKinds           map[string]int
	changeCPU             time.Duration
	pages                 []opened
	peak, disk            int64         // bytes
	ready, drawn, drawnBy time.Duration // drawnBy is of a processor
	restartAsked          int
	restartPages          []opened
	restartPeak           int64
}

// opened is how long a page took that nobody had opened before, and once more.
type opened struct {
	page          string
	first, second time.Duration
}

// open opens the pages that are made of all cards, one after the other.
func open(ctx context.Context, d *rig.Daemon) ([]opened, error) {
	var out []opened
	for _, page := range []string{"/", "/flow", "/workload", "/people", "/sync"} {
		o := opened{page: page}
		for _, took := range []*time.Duration{&o.first, &o.second} {
			begun := time.Now()
			if err := d.Read(ctx, page, nil); err != nil {
				return nil, err
			}
			*took = time.Since(begun)
		}
		out = append(out, o)
	}
	return out, nil
}

// looks has somebody open the pages, while all that they are made of is kept.
func (f *figures) looks(ctx context.Context, _ *company, d *rig.Daemon) (err error) {
	f.pages, err = open(ctx, d)
	return err
}

// imports waits until both trackers were read, and until the background is done with the past.
func (f *figures) imports(ctx context.Context, c *company, d *rig.Daemon) error {
	begun := time.Now()
	if err := up(ctx, d); err != nil {
		return err
	}
	f.shown, f.importAsked = time.Since(begun), c.asked()
	var err error
	if f.shownBy, err = d.CPU(); err != nil {
		return err
	}
	if err := quiet(ctx, c, d); err != nil {
		return err
	}
	f.whole, f.later = time.Since(begun)-calm, c.asked()-f.importAsked
	if f.wholeBy, err = d.CPU(); err != nil {
		return err
	}
	f.importPeak, err = d.PeakMemory()
	return err
}

// up waits for the first picture of both trackers.
func up(ctx context.Context, d *rig.Daemon) error {
	return rig.Every(ctx, 20*time.Millisecond, func() (bool, error) {
		code, err := d.Get(ctx, "/readyz", nil)
		return err == nil && code == http.StatusOK, d.Alive()
	})
}

// calm is how long nothing but polls is asked before a phase counts as over.
const calm = 4 * poll

// quiet waits until the daemon has asked for nothing but polls for a while, has had little to
// compute, and tells of no history that is still to be read: between requests it may be at work
// on what they brought.
func quiet(ctx context.Context, c *company, d *rig.Daemon) error {
	since, used := time.Now(), time.Duration(0)
	return rig.Every(ctx, time.Second, func() (bool, error) {
		now, err := d.CPU()
		if err != nil {
			return false, err
		}
		if c.worked(since) || now-used > idleShare(time.Since(since)) {
			since, used = time.Now(), now
		}
		if time.Since(since) < calm {
			return false, d.Alive()
		}
		var board struct {
			Freshness []struct{ History string }
		}
		err = d.Read(ctx, "/api/v1/board?limit=1", &board)
		reading := slices.ContainsFunc(board.Freshness, func(f struct{ History string }) bool { return f.History != "" })
		if reading {
			since, used = time.Now(), now
		}
		return !reading, err
	})
}

// idleShare is how much of a time a daemon may compute that has nothing to do.
func idleShare(d time.Duration) time.Duration { return max(d/10, time.Second) }

// worked reports whether anything but polls was asked since a moment.
func (c *company) worked(since time.Time) bool {
	for _, l := range c.logs() {
		all := l.Requests()
		if i := slices.IndexFunc(all, func(r sim.Request) bool { return r.At.After(since) }); i >= 0 && slices.ContainsFunc(all[i:], work) {
			return true
		}
	}
	return false
}

// work reports whether a request is more than a look whether anything has changed.
func work(r sim.Request) bool {
	return !strings.Contains(r.Path, "/search") && (!strings.HasSuffix(r.Path, "/issues") || r.Status != http.StatusNotModified)
}

// idles counts what is asked while nobody does anything.
func (f *figures) idles(ctx context.Context, c *company, d *rig.Daemon) error {
	c.forget()
	before, err := d.CPU()
	if err != nil {
		return err
	}
	const rounds = 6
	if err := rig.Every(ctx, rounds*poll, func() (bool, error) { return true, d.Alive() }); err != nil {
		return err
	}
	after, err := d.CPU()
	f.idleAsked, f.idleRounds, f.idleCPU, f.idleKinds = c.asked(), rounds, (after-before)/rounds, c.kinds()
	return err
}

// changes has one of a hundred issues of each side be given another priority, and waits until
// the twins have it too.
func (f *figures) changes(ctx context.Context, c *company, d *rig.Daemon) error {
	twins := c.change()
	f.changed = len(twins)
	c.forget()
	before, err := d.CPU()
	if err != nil {
		return err
	}
	begun := time.Now()
	err = rig.Every(ctx, 100*time.Millisecond, func() (bool, error) {
		twins = slices.DeleteFunc(twins, c.arrived)
		return len(twins) == 0, d.Alive()
	})
	if err != nil {
		return fmt.Errorf("%d changes have not arrived: %w", len(twins), err)
	}
	f.carried, f.changeAsked, f.changeKinds = time.Since(begun), c.asked(), c.kinds()
	after, err := d.CPU()
	f.changeCPU = after - before
	return err
}

// twin is a pair of which one side was changed; the other one has to get the value.
type twin struct {
	number  int
	inJira  bool
	changed priority
}

// change edits one of a hundred issues of each side, pairs all of them.
func (c *company) change() []twin {
	var out []twin
	for k := range c.n / 100 {
		for _, inJira := range []bool{true, false} {
			t := twin{number: 8 + 100*k, inJira: inJira}
			if !inJira {
				t.number += 50
			}
			t.changed = priorities()[(t.number+1)%3]
			out = append(out, t)
			c.edit(t)
		}
	}
	return out
}

func (c *company) edit(t twin) {
	if t.inJira {
		_ = c.site.Edit("person-1", fmt.Sprintf("%s-%d", project, t.number), jirasim.Edit{Priority: &t.changed.jira})
		return
	}
	_ = c.hub.SetLabels("ben", repo, t.number, withoutPriority(of(t.number).label, t.changed.label)...)
}

func withoutPriority(status, priority string) []string {
	return slices.DeleteFunc([]string{status, priority}, func(l string) bool { return l == "" })
}

// arrived reports whether the side that was not edited shows the value.
func (c *company) arrived(t twin) bool {
	if t.inJira {
		is, err := c.hub.Issue(repo, t.number)
		return err == nil && slices.Contains(is.Labels, t.changed.label)
	}
	is, ok := c.site.Issue(fmt.Sprintf("%s-%d", project, t.number))
	p := slices.IndexFunc(c.site.Priorities(), func(p jirasim.Priority) bool { return p.Name == t.changed.jira })
	return ok && p >= 0 && is.Priority == c.site.Priorities()[p].ID
}

func (f *figures) sizes(d *rig.Daemon) (err error) {
	if f.peak, err = d.PeakMemory(); err == nil {
		f.disk, err = d.DatabaseSize()
	}
	return err
}

// restarts measures a start on a store that is full.
func (f *figures) restarts(ctx context.Context, c *company, d *rig.Daemon) error {
	c.forget()
	begun := time.Now()
	err := rig.Every(ctx, 20*time.Millisecond, func() (bool, error) {
		code, err := d.Get(ctx, "/", nil)
		return err == nil && code == http.StatusOK, d.Alive()
	})
	if err != nil {
		return err
	}
	f.drawn = time.Since(begun)
	if f.drawnBy, err = d.CPU(); err != nil {
		return err
	}
	if err := up(ctx, d); err != nil {
		return err
	}
	f.ready, f.restartAsked = time.Since(begun), c.asked()
	if f.restartPages, err = open(ctx, d); err != nil {
		return err
	}
	f.restartPeak, err = d.PeakMemory()
	return err
}
