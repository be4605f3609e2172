package world

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/connectors"
	"parley/internal/race"
)

// The cursors of the world are those of the connectors: on lists of several pages,
// with many changes in one second and changes between pages, both ask for the same,
// find the same and end with the same watermark. Where a rule of a connector's cursor
// is changed, this test sees it.
func TestCursorsAreThoseOfTheConnectors(t *testing.T) {
	t.Parallel()
	for seed := range uint64(race.Of(2, 1)) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			tw := newTwin(t, seed)
			r := rand.New(rand.NewPCG(seed, 1))
			for n := range 420 {
				d := Deed{N: int64(n), Act: Raise, Kind: connectors.Jira, Box: Project, Who: "Ana", To: fmt.Sprint("Issue ", n)}
				if n%2 == 0 {
					d.Kind, d.Box = connectors.GitHub, Repo
				}
				tw.w.Do(d)
				tw.raise(d)
				if n < 100 || n > 350 {
					tw.pass(time.Duration(r.IntN(900)) * time.Millisecond)
				}
			}
			tw.walk(r)
		})
	}
}

// pass lets time go by in both.
func (tw *twin) pass(d time.Duration) {
	tw.w.Advance(d)
	tw.clock.Set(tw.w.now)
}

// walk reads a page of each source in turn while people go on.
func (tw *twin) walk(r *rand.Rand) {
	sources := []struct {
		ours, theirs connectors.Tracker
		source       string
		a, b         connectors.Cursor
	}{{ours: tw.w.jira, theirs: tw.jira}, {ours: tw.w.github, theirs: tw.hubC, source: Repo}}
	for n := range 150 {
		for k := range sources {
			s := &sources[k]
			s.a.Source, s.b.Source = s.source, s.source
			p, err := s.ours.Changes(tw.t.Context(), s.a)
			tw.must(err)
			q, err := s.theirs.Changes(tw.t.Context(), s.b)
			tw.must(err)
			if diff := cmp.Diff(story(q), story(p)); diff != "" {
				tw.t.Fatalf("step %d, page of %q (-connector +world):\n%s", n, s.source, diff)
			}
			s.a, s.b = p.Next, q.Next
		}
		tw.busy(r)
	}
}

// busy lets people change a few issues, some of them at the same moment.
func (tw *twin) busy(r *rand.Rand) {
	for range r.IntN(6) {
		i := pick(r, tw.w.issues)
		d := Deed{N: int64(r.IntN(1000)), Act: Comment, Kind: i.kind, Issue: i.id, Who: "Ben"}
		was := i.now().state
		tw.w.Do(d)
		if i.kind == connectors.Jira {
			tw.jiraDeed(i, was, d)
		} else {
			tw.hubDeed(i, was, d)
		}
	}
	tw.pass(pick(r, []time.Duration{0, 200 * time.Millisecond, 3 * time.Second, 40 * time.Second, 3 * time.Minute}))
}

// story is what a page says, without what each writes in its own way.
func story(p connectors.Page) []string {
	var out []string
	for _, o := range p.Observations {
		out = append(out, fmt.Sprint(o.Issue.Key, " ", o.Issue.Updated))
	}
	n := p.Next
	return append(out, fmt.Sprint(p.More, p.Unchanged, p.ServerTime, n.Watermark, n.Since, n.ETag != "", n.Scan.Started, n.Scan.Pages))
}
