package runner

import (
	"context"
	"testing"
	"time"

	"parley/connectors/sim/jirasim"
)

// BenchmarkImport is a first read of Jira through HTTP, JSON, folding and the
// store, the simulator's own work included.
func BenchmarkImport(b *testing.B) {
	const issues = 2000
	w := newWorld(b)
	for range issues {
		if _, err := w.site.Create("ana", jirasim.NewIssue{Project: "OPS", Type: "Story", Summary: "Reconcile the positions of the day"}); err != nil {
			b.Fatal(err)
		}
	}
	w.clock.Advance(time.Minute)
	for b.Loop() {
		w.url = server.URL(b, b.TempDir()+"/parley.db")
		w.start()
		t := w.runner.Trackers[0]
		w.must(w.runner.PollSource(context.Background(), t, ""))
		if n, err := w.store.Counts(context.Background()); err != nil || n.Cards != issues {
			b.Fatalf("%d cards, %v", n.Cards, err)
		}
	}
	b.ReportMetric(float64(issues*b.N)/b.Elapsed().Seconds(), "issues/s")
}
