package world

import (
	"context"
	"fmt"
	"hash/fnv"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/connectors"
	"parley/mapping"
)

// reader drives a world as something between a bridge and a monkey: it polls both
// trackers and writes now and then.
type reader struct {
	w       *World
	out     io.Writer // the trace
	cursors map[string]connectors.Cursor
	known   []connectors.Issue
	ops     int
}

func newReader(o Options, out io.Writer) *reader {
	r := &reader{out: out, cursors: map[string]connectors.Cursor{}}
	o.Hook = func(p Point) { r.say(p) }
	w, err := New(o)
	if err != nil {
		panic(err)
	}
	r.w = w
	return r
}

// say adds a line to the trace, if anybody reads it.
func (r *reader) say(parts ...any) {
	if r.out != io.Discard {
		_, _ = fmt.Fprintln(r.out, parts...)
	}
}

// round polls everything once, writes once and lets people do something.
func (r *reader) round(n int) {
	ctx := context.Background()
	for _, t := range r.w.Trackers() {
		for _, source := range t.Sources() {
			r.poll(ctx, t, source)
		}
	}
	if len(r.known) > 0 {
		r.write(ctx, r.known[n%len(r.known)], n)
	}
	r.say(r.w.Deed())
	r.w.Advance(time.Duration(1+n%40) * time.Second)
}

func (r *reader) poll(ctx context.Context, t Tracker, source string) {
	at := t.Name + source
	c := r.cursors[at]
	c.Source = source
	p, err := t.Changes(ctx, c)
	if err != nil {
		r.say(err)
		return
	}
	for _, o := range p.Observations {
		r.say(o.Issue.Key, o.Issue.Updated, o.Issue.Status, o.Issue.State, o.Issue.Labels, len(o.Entries), o.Since)
		if len(r.known) < 64 {
			r.known = append(r.known, o.Issue)
		}
	}
	r.say(p.Next, p.More, p.Unchanged, p.ServerTime, len(p.Broken))
	r.cursors[at] = p.Next
}

func (r *reader) write(ctx context.Context, i connectors.Issue, n int) {
	t := r.w.Trackers()[0]
	if i.Kind == connectors.GitHub {
		t = r.w.Trackers()[1]
	}
	o, err := t.Read(ctx, i.Ref)
	h, more, herr := t.History(ctx, i.Ref, -1)
	f, ferr := t.Feed(ctx, i.Container, "")
	r.say(o.Issue.Updated, err, len(h), more, herr, len(f.Entries), ferr)
	r.ops++
	wr := connectors.Write{Issue: i.Ref, Op: fmt.Sprint("op", r.ops)}
	ways, _ := t.Transitions(ctx, i.Ref)
	switch {
	case len(ways) > 0 && n%2 == 0:
		wr.Transition = ways[n%len(ways)].ID
	case i.Kind == connectors.Jira:
		wr.Priority = "2"
	case n%3 == 0:
		wr.State, wr.Reason = "closed", "completed"
	default:
		wr.AddLabel = "status:doing"
	}
	receipt, err := t.Send(ctx, wr)
	r.say(receipt.Labels, len(receipt.Entries), err)
	r.create(ctx, t, n)
}

func (r *reader) create(ctx context.Context, t Tracker, n int) {
	if n%10 > 0 {
		return
	}
	d := connectors.Draft{Op: fmt.Sprint("create", n), Container: Project, Title: fmt.Sprint("mirror ", n), Marker: fmt.Sprint("v1 m=", n)}
	if t.Kind == connectors.GitHub {
		d.Container = Repo
	}
	i, err := t.Tracker.(connectors.Mirrors).Create(ctx, d)
	found, ferr := t.Tracker.(connectors.Mirrors).Created(ctx, connectors.Search{Container: d.Container, After: "OPS-1"})
	r.say(i.Key, err, len(found), ferr)
}

func TestSameSeedSameTrace(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		run := func() uint64 {
			h := fnv.New64a()
			r := newReader(Options{Seed: seed, Swarm: Draw(seed), Items: 12, Pairs: 4}, h)
			for n := range 200 {
				r.round(n)
			}
			r.w.Calm()
			r.round(1)
			for _, i := range r.w.Truth().Issues {
				fmt.Fprintln(h, i.ID, i.Now(), len(i.Edits))
			}
			return h.Sum64()
		}
		if a, b := run(), run(); a != b {
			t.Fatalf("seed %d: two runs differ", seed)
		}
	}
}

// What was recorded of people can be done again in another world of the same seed.
func TestDeedsCanBeDoneAgain(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		o := Options{Seed: seed, Swarm: Draw(seed), Items: 12, Pairs: 4}
		run := func(deed func(*World, int)) string {
			w, err := New(o)
			if err != nil {
				t.Fatal(err)
			}
			for n := range 300 {
				deed(w, n)
				w.Advance(3 * time.Second)
			}
			var all []string
			for _, i := range w.Truth().Issues {
				all = append(all, fmt.Sprint(i.ID, i.Now(), len(i.Edits), i.Gone()))
			}
			return strings.Join(all, "\n")
		}
		var script []Deed
		first := run(func(w *World, _ int) { w.Deed(); script = w.Script() })
		if diff := cmp.Diff(first, run(func(w *World, n int) { w.Do(script[n]) })); diff != "" {
			t.Fatalf("seed %d: %s", seed, diff)
		}
	}
}

func TestBoardCompiles(t *testing.T) {
	t.Parallel()
	w, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	var dirs []connectors.Directory
	for _, tr := range w.Trackers() {
		d, err := tr.Check(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		dirs = append(dirs, d)
	}
	_, problems := mapping.Compile(w.Mapping(), dirs)
	for _, p := range problems {
		if p.Severity == mapping.Error {
			t.Error(p)
		} else {
			t.Log(p)
		}
	}
}

// Everything that can go wrong and everything that people do must really happen.
func TestEverythingHappens(t *testing.T) {
	t.Parallel()
	const seeds, enough = 300, 20
	fired := map[string]int{}
	for seed := range uint64(seeds) {
		s := Draw(seed)
		if seed%10 == 0 {
			s.Fighting, s.Shared, s.TwinCreate = 0.3, true, true
		}
		r := newReader(Options{Seed: seed, Swarm: s, Items: 12, Pairs: 4}, io.Discard)
		for n := range 150 {
			r.round(n)
		}
		for k, n := range r.w.Fired() {
			fired[k] += n
		}
	}
	for _, f := range Faults() {
		if fired[f.String()] < enough {
			t.Errorf("fault %s hit %d times", f, fired[f.String()])
		}
	}
	for _, a := range []Act{Move, Sloppy, Prioritise, Revert, Agree, Retitle, Redate, Assign, Unassign, AddLabel, DropLabel, Describe,
		Raise, Clone, Forge, Bulk, Transfer, Delete, Hide, Archive, Migrate, RenameStat, RenameLab} {
		if fired[string(a)] < enough {
			t.Errorf("people did %s %d times", a, fired[string(a)])
		}
	}
	for _, k := range []string{"touched", "dawdled", "lag", "lag beyond Λ", "late effect", "automation", "301", "304", "410"} {
		if fired[k] < enough {
			t.Errorf("%s happened %d times", k, fired[k])
		}
	}
}
