package app

import (
	"sync"

	"github.com/prometheus/client_golang/prometheus"

	"parley/sync/runner"
)

// misses counts what slow readings found that the polls had missed: each is a sign that
// an assumption about a tracker does not hold.
type misses struct {
	mu sync.Mutex
	of map[missKey]int
}

type missKey struct{ tracker, source, tier string }

func (m *misses) note(miss runner.Miss) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.of == nil {
		m.of = map[missKey]int{}
	}
	m.of[missKey{miss.Tracker, miss.Source, miss.Tier}] += miss.Issues
}

// collect tells the counts as metrics.
func (m *misses) collect(desc *prometheus.Desc, out chan<- prometheus.Metric) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for key, n := range m.of {
		out <- prometheus.MustNewConstMetric(desc, prometheus.CounterValue, float64(n), key.tracker, key.source, key.tier)
	}
}
