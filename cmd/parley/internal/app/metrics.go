package app

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"parley/sync/reconcile"
)

// metrics is a registry of its own: nothing is registered globally.
func (a *App) metrics() *prometheus.Registry {
	r := prometheus.NewRegistry()
	r.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), newGauges(a))
	return r
}

// gauges reads the store when it is scraped.
type gauges struct {
	*App
	age, requests, failing, writes, cards, seq, missed, tripped, hooks, doubles *prometheus.Desc
}

func newGauges(a *App) gauges {
	ofSource := []string{"tracker", "source"}
	return gauges{
		App:      a,
		age:      prometheus.NewDesc("parley_source_age_seconds", "Time since the source was last read successfully.", ofSource, nil),
		requests: prometheus.NewDesc("parley_source_requests_total", "Polling requests sent for the source.", ofSource, nil),
		failing:  prometheus.NewDesc("parley_source_failing", "1 while the last poll of the source failed.", ofSource, nil),
		writes:   prometheus.NewDesc("parley_writes_open", "Writes that are not settled, by state.", []string{"state"}, nil),
		cards:    prometheus.NewDesc("parley_cards", "Cards on the board.", nil, nil),
		missed:   prometheus.NewDesc("parley_cursor_miss_total", "Changes that a slow reading found and the poll had missed.", []string{"tracker", "source", "tier"}, nil),
		tripped:  prometheus.NewDesc("parley_breaker_tripped", "1 while the writes of a pair rule are held because too many were due at once.", []string{"rule"}, nil),
		hooks:    prometheus.NewDesc("parley_hooks_total", "Webhooks that arrived, by what became of them: accepted, duplicate, ignored or rejected.", []string{"tracker", "result"}, nil),
		doubles:  prometheus.NewDesc("parley_duplicate_total", "Second twins of one issue that were met; there should be none.", nil, nil),
		seq:      prometheus.NewDesc("parley_data_sequence", "Changes stored so far.", nil, nil),
	}
}

// Describe names the metrics.
func (g gauges) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{g.age, g.requests, g.failing, g.writes, g.cards, g.seq, g.missed, g.tripped, g.hooks, g.doubles} {
		out <- d
	}
}

// scrape is the longest a scrape may keep the store busy.
const scrape = 5 * time.Second

// Collect reads the metrics; what cannot be read is left out.
func (g gauges) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), scrape)
	defer cancel()
	g.collectSources(ctx, out)
	g.collectWrites(ctx, out)
	g.collectHooks(out)
	g.App.missed.collect(g.missed, out)
	if n, err := g.Runner.Doubles(ctx); err == nil {
		out <- prometheus.MustNewConstMetric(g.doubles, prometheus.CounterValue, float64(n))
	}
	for _, t := range g.Runner.Tripped() {
		out <- prometheus.MustNewConstMetric(g.tripped, prometheus.GaugeValue, 1, t.Rule)
	}
	if n, err := g.Store.Counts(ctx); err == nil {
		out <- prometheus.MustNewConstMetric(g.cards, prometheus.GaugeValue, float64(n.Cards))
	}
	if seq, err := g.Store.Seq(ctx); err == nil {
		out <- prometheus.MustNewConstMetric(g.seq, prometheus.CounterValue, float64(seq))
	}
}

func (g gauges) collectSources(ctx context.Context, out chan<- prometheus.Metric) {
	states, err := g.Store.Sources(ctx)
	if err != nil {
		return
	}
	for _, s := range states {
		failing := 0.0
		if s.Error != "" {
			failing = 1
		}
		out <- prometheus.MustNewConstMetric(g.failing, prometheus.GaugeValue, failing, s.Tracker, s.Source)
		out <- prometheus.MustNewConstMetric(g.requests, prometheus.CounterValue, float64(s.Requests), s.Tracker, s.Source)
		if !s.OKAt.IsZero() {
			out <- prometheus.MustNewConstMetric(g.age, prometheus.GaugeValue, g.Now().Sub(s.OKAt).Seconds(), s.Tracker, s.Source)
		}
	}
}

func (g gauges) collectWrites(ctx context.Context, out chan<- prometheus.Metric) {
	count, err := g.Store.OpenStates(ctx)
	if err != nil {
		return
	}
	for _, state := range []reconcile.OpState{reconcile.Planned, reconcile.Held, reconcile.Sending, reconcile.Acked, reconcile.Uncertain} {
		out <- prometheus.MustNewConstMetric(g.writes, prometheus.GaugeValue, float64(count[state]), string(state))
	}
}
