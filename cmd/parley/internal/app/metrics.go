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
	age, requests, failing, writes, oldest, cards, due, conflicts, seq, missed, tripped, hooks, doubles, left, limit, paused, stopped, waiting, build *prometheus.Desc
	digests, decides, processes, holds, takeovers                                                                                                     *prometheus.Desc
}

func newGauges(a *App) gauges {
	ofSource := []string{"tracker", "source"}
	return gauges{
		App:       a,
		age:       prometheus.NewDesc("parley_source_age_seconds", "Time since the source was last read successfully.", ofSource, nil),
		requests:  prometheus.NewDesc("parley_source_requests_total", "Polling requests sent for the source.", ofSource, nil),
		failing:   prometheus.NewDesc("parley_source_failing", "1 while the last poll of the source failed.", ofSource, nil),
		writes:    prometheus.NewDesc("parley_writes_open", "Writes that are not settled, by state.", []string{"state"}, nil),
		oldest:    prometheus.NewDesc("parley_write_oldest_seconds", "Age of the write that has been under way longest; 0 where none is. Held ones do not count.", nil, nil),
		due:       prometheus.NewDesc("parley_cards_due", "Cards that wait for another step, now or later.", nil, nil),
		conflicts: prometheus.NewDesc("parley_conflicts_open", "Conflicts that wait for a person.", nil, nil),
		left:      prometheus.NewDesc("parley_quota_left", "Requests that the tracker still allows until its quota begins anew.", []string{"tracker", "quota"}, nil),
		limit:     prometheus.NewDesc("parley_quota_limit", "Requests that the quota of a tracker allows in all.", []string{"tracker", "quota"}, nil),
		paused:    prometheus.NewDesc("parley_tracker_paused", "1 while a tracker is asked nothing at all.", []string{"tracker"}, nil),
		stopped:   prometheus.NewDesc("parley_contracts_stopped", "Contracts of which something that was decided cannot be read, so that their ledgers are not extended.", nil, nil),
		waiting:   prometheus.NewDesc("parley_verdicts_waiting_seconds", "Time since the first verdict was decided that waits to be entered in the ledger of the contract; 0 where none does.", []string{"unit"}, nil),
		digests:   prometheus.NewDesc("parley_digests", "Digests of the last two weeks that are over, one for each receiver, by how they go out and how far they have come: waiting, held, sending, sent, unknown (it may have arrived), refused or lapsed (given up).", []string{"channel", "state"}, nil),
		build:     prometheus.NewDesc("parley_build_info", "1, by the version that runs.", []string{"version"}, nil),
		cards:     prometheus.NewDesc("parley_cards", "Cards on the board.", nil, nil),
		missed:    prometheus.NewDesc("parley_cursor_miss_total", "Changes that a slow reading found and the poll had missed.", []string{"tracker", "source", "tier"}, nil),
		tripped:   prometheus.NewDesc("parley_breaker_tripped", "1 while the writes of a pair rule are held because too many were due at once.", []string{"rule"}, nil),
		hooks:     prometheus.NewDesc("parley_hooks_total", "Webhooks that arrived, by what became of them: accepted, duplicate, ignored or rejected.", []string{"tracker", "result"}, nil),
		doubles:   prometheus.NewDesc("parley_duplicate_total", "Second twins of one issue that were met; there should be none.", nil, nil),
		decides:   prometheus.NewDesc("parley_decides", "1 while this process polls and deals out cards, 0 while another one does.", nil, nil),
		processes: prometheus.NewDesc("parley_processes", "Processes that share the work on the store, by their configuration.", []string{"config"}, nil),
		holds:     prometheus.NewDesc("parley_cards_held", "Cards that a process works on at this moment.", []string{"process"}, nil),
		takeovers: prometheus.NewDesc("parley_takeovers_total", "Leases that were taken from a process that had not given them back.", nil, nil),
		seq:       prometheus.NewDesc("parley_changes_total", "Changes stored so far: the data sequence of the newest one.", nil, nil),
	}
}

// Describe names the metrics.
func (g gauges) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{g.age, g.requests, g.failing, g.writes, g.oldest, g.cards, g.due, g.conflicts, g.seq, g.missed, g.tripped, g.hooks, g.doubles, g.left, g.limit, g.paused, g.stopped, g.waiting, g.digests, g.build, g.decides, g.processes, g.holds, g.takeovers} {
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
	g.collectTrackers(out)
	g.collectHooks(out)
	g.collectCrew(ctx, out)
	out <- prometheus.MustNewConstMetric(g.build, prometheus.GaugeValue, 1, g.Version)
	g.App.missed.collect(g.missed, out)
	if n, err := g.Runner.Doubles(ctx); err == nil {
		out <- prometheus.MustNewConstMetric(g.doubles, prometheus.CounterValue, float64(n))
	}
	for _, t := range g.Runner.Tripped() {
		out <- prometheus.MustNewConstMetric(g.tripped, prometheus.GaugeValue, 1, t.Rule)
	}
	if n, err := g.Store.Counts(ctx); err == nil {
		out <- prometheus.MustNewConstMetric(g.cards, prometheus.GaugeValue, float64(n.Cards))
		out <- prometheus.MustNewConstMetric(g.due, prometheus.GaugeValue, float64(n.Due))
		out <- prometheus.MustNewConstMetric(g.conflicts, prometheus.GaugeValue, float64(n.Conflicts))
	}
	if stopped, err := g.Views.Stopped(ctx); err == nil {
		out <- prometheus.MustNewConstMetric(g.stopped, prometheus.GaugeValue, float64(len(stopped)))
	}
	if waiting, err := g.Views.Waiting(ctx); err == nil {
		for _, c := range g.Views.Agreements {
			age := 0.0
			if since, some := waiting[c.Unit]; some {
				age = g.Now().Sub(since).Seconds()
			}
			out <- prometheus.MustNewConstMetric(g.waiting, prometheus.GaugeValue, age, string(c.Unit))
		}
	}
	if counts, err := g.Views.DigestCounts(ctx); err == nil {
		for _, c := range counts {
			out <- prometheus.MustNewConstMetric(g.digests, prometheus.GaugeValue, float64(c.Count), string(c.Channel), string(c.State))
		}
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
	oldest, err := g.Store.OldestOpen(ctx)
	if err != nil {
		return
	}
	age := 0.0
	if !oldest.IsZero() {
		age = g.Now().Sub(oldest).Seconds()
	}
	out <- prometheus.MustNewConstMetric(g.oldest, prometheus.GaugeValue, age)
}

func (g gauges) collectTrackers(out chan<- prometheus.Metric) {
	for _, t := range g.Views.Trackers {
		paused := 0.0
		if _, is := g.Runner.Paused(t.Name); is {
			paused = 1
		}
		out <- prometheus.MustNewConstMetric(g.paused, prometheus.GaugeValue, paused, t.Name)
		for _, q := range t.Quotas() {
			out <- prometheus.MustNewConstMetric(g.left, prometheus.GaugeValue, float64(q.Left), t.Name, q.Name)
			out <- prometheus.MustNewConstMetric(g.limit, prometheus.GaugeValue, float64(q.Limit), t.Name, q.Name)
		}
	}
}
