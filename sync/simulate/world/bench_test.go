package world

import (
	"context"
	"io"
	"testing"
	"time"

	"parley/connectors"
)

// BenchmarkOperations is a bridge's mix of requests on a world with every fault; one
// operation is a request or a deed.
func BenchmarkOperations(b *testing.B) {
	ctx := context.Background()
	r := newReader(Options{Seed: 7, Swarm: Draw(7), Items: 40, Pairs: 15}, io.Discard)
	r.w.opts.Hook = nil
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		if n%20_000 == 19_999 { // as a run would, begin anew
			b.StopTimer()
			r = newReader(Options{Seed: uint64(n), Swarm: Draw(uint64(n)), Items: 40, Pairs: 15}, io.Discard)
			r.w.opts.Hook = nil
			b.StartTimer()
		}
		one(ctx, r, n)
	}
}

func one(ctx context.Context, r *reader, n int) {
	j, g := r.w.jira, r.w.github
	i := r.w.issues[n%len(r.w.issues)]
	ref := i.ref(i.last())
	switch n % 8 {
	case 0:
		c := r.cursors["j"]
		if p, err := j.Changes(ctx, c); err == nil {
			r.cursors["j"] = p.Next
		}
		r.w.Advance(10 * time.Second)
	case 1:
		c := r.cursors["g"]
		c.Source = Repo
		if p, err := g.Changes(ctx, c); err == nil {
			r.cursors["g"] = p.Next
		}
	case 2:
		_, _ = g.Feed(ctx, Repo, "")
	case 3, 4:
		if i.kind == connectors.Jira {
			_, _ = j.Read(ctx, ref)
		} else {
			_, _, _ = g.History(ctx, ref, 0)
		}
	case 5:
		_, _ = g.Send(ctx, connectors.Write{Issue: ref, Op: "op", AddLabel: "status:doing"})
	case 6:
		_, _ = j.Send(ctx, connectors.Write{Issue: ref, Op: "op", Priority: "2"})
	default:
		r.w.Deed()
	}
}
