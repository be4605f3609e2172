package app

import (
	"strings"

	"github.com/prometheus/client_golang/prometheus"

	"parley/cmd/parley/internal/config"
	"parley/sync/view"
	"parley/web/hooks"
)

// receiver takes the webhooks of all trackers that have a secret for them.
func (a *App) receiver() *hooks.Receiver {
	var targets []hooks.Target
	for _, j := range a.Config.Jira {
		targets = append(targets, hooks.Target{Kind: hooks.Jira, Name: j.Name, Secret: j.WebhookSecret.Reveal(), Containers: j.Projects})
	}
	for _, h := range a.Config.GitHub {
		targets = append(targets, hooks.Target{Kind: hooks.GitHub, Name: h.Name, Secret: h.WebhookSecret.Reveal(), Containers: h.Repos})
	}
	hint := func(h hooks.Hint) { a.Runner.Hint(h.Tracker, h.Container) }
	return hooks.New(hooks.Options{Targets: targets, Hint: hint, Now: a.Now, Zone: a.zone, Log: a.Log})
}

// counting lets the pages tell what webhooks bring.
func counting(names []view.TrackerName, from *hooks.Receiver) []view.TrackerName {
	for i, n := range names {
		if _, on := from.Tally(n.Kind, n.Name); on {
			names[i].Hooks = func() view.Hooks {
				t, _ := from.Tally(n.Kind, n.Name)
				return view.Hooks{Last: t.Last, Today: t.Today, Accepted: t.Accepted, Duplicate: t.Duplicate, Ignored: t.Ignored, Rejected: t.Rejected, Refused: t.Refused, Reason: t.Reason}
			}
		}
	}
	return names
}

// collectHooks tells the counts as metrics.
func (g gauges) collectHooks(out chan<- prometheus.Metric) {
	for _, t := range g.Views.Trackers {
		if t.Hooks == nil {
			continue
		}
		h := t.Hooks()
		for result, n := range map[string]int64{"accepted": h.Accepted, "duplicate": h.Duplicate, "ignored": h.Ignored, "rejected": h.Rejected} {
			out <- prometheus.MustNewConstMetric(g.hooks, prometheus.CounterValue, float64(n), t.Name, result)
		}
	}
}

// Hooked says of one tracker how webhooks reach Parley.
type Hooked struct {
	Tracker string   `json:"tracker"`
	Kind    string   `json:"kind"`
	On      bool     `json:"on"`
	URL     string   `json:"url,omitempty"`    // to register there
	Events  []string `json:"events,omitempty"` // to choose there
}

// Hooks says for each tracker of a configuration whether webhooks are taken, and how to
// have them sent.
func Hooks(c *config.Config) []Hooked {
	root := strings.TrimSuffix(c.Server.PublicURL, "/") + hooks.Prefix
	var out []Hooked
	add := func(kind, name string, on bool, events ...string) {
		h := Hooked{Tracker: name, Kind: kind, On: on}
		if on {
			h.URL, h.Events = root+kind+"/"+name, events
		}
		out = append(out, h)
	}
	for _, j := range c.Jira {
		add(hooks.Jira, j.Name, j.WebhookSecret.Set(), "jira:issue_created", "jira:issue_updated", "jira:issue_deleted", "comment_created", "comment_updated", "comment_deleted")
	}
	for _, h := range c.GitHub {
		add(hooks.GitHub, h.Name, h.WebhookSecret.Set(), "issues", "issue_comment", "sub_issues")
	}
	return out
}
