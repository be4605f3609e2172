package reconcile

import (
	"strconv"
	"testing"

	"parley/kanban"
)

// BenchmarkFold folds the history of a busy card: every tenth entry is a write's own.
func BenchmarkFold(b *testing.B) {
	m := machine(identity(), Policy{CarryBoth, GitHubWins})
	start := rested(m, "a", "a")
	const n = 1000
	events, ops := make([]kanban.Event, n), make([]Op, 0, 4)
	for i := range 4 {
		ops = append(ops, wrote(strconv.Itoa(i), "c", int64(i), Sending))
	}
	for i := range events {
		events[i] = sets(int64(i+2), 10*i, kanban.Native("ab"[i%2:i%2+1]))
		if i%10 == 9 {
			events[i].Own, events[i].Op = true, strconv.Itoa(i%4)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		if s, _ := m.Fold(start, kanban.GitHub, events, ops); s.Sides[kanban.GitHub].Seq != n+1 {
			b.Fatal("not folded")
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "events/s")
}

// BenchmarkPlan plans many pairs, of which one in sixteen has something to write.
func BenchmarkPlan(b *testing.B) {
	m := machine(partial(), Policy{CarryBoth, GitHubWins})
	const n = 4096
	states := make([]State, n)
	due := 0
	for i := range states {
		states[i] = rested(m, "a", []kanban.Native{"a", silent}[i%2])
		if i%16 == 0 {
			states[i], _ = m.Fold(states[i], kanban.Jira, []kanban.Event{sets(2, 20, "b")}, nil)
			due++
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		wants := 0
		for i := range states {
			wants += len(m.Plan(states[i]))
		}
		if wants != due {
			b.Fatalf("%d writes wanted, %d due", wants, due)
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "pairs/s")
}
