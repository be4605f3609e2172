package mapping

import (
	"strings"
	"testing"

	"parley/connectors"
	"parley/kanban"
)

// company is a configuration as a small company would write it.
func company() Config {
	return Config{
		Columns: []ColumnConfig{
			{Key: "requests", Category: kanban.Option, Jira: []string{"Open"}, GitHub: []string{"open"}},
			{Key: "doing", Name: "In progress", Category: kanban.Active, WIP: 3, Jira: []string{"In Progress", "10007"},
				GitHub: []string{"open + label:Status:Doing"}},
			{Key: "review", Category: kanban.Active, Jira: []string{"same:doing"}, GitHub: []string{"open + label:status:review"}},
			{Key: "verify", Category: kanban.Active, Turn: kanban.Business, Jira: []string{"Resolved"}, GitHub: []string{"closed:completed"}},
			{Key: "done", Category: kanban.Done, Jira: []string{"Closed"}, GitHub: []string{"closed + label:accepted"}},
			{Key: "withdrawn", Category: kanban.Cancelled, Jira: []string{"Closed + resolution:Won't Fix"}, GitHub: []string{"closed:not_planned", "closed:duplicate"}},
		},
		Priorities: []PriorityConfig{
			{Key: "high", Name: "High", Jira: []string{"Highest"}, GitHub: []string{"label:P0"}},
			{Key: "normal", Jira: []string{"High", "Medium"}, GitHub: []string{"label:P1"}},
			{Key: "low", Jira: []string{"Low", "Lowest"}, GitHub: []string{"label:P2"}},
		},
		Pairs: []PairConfig{{Jira: "OPS", GitHub: "acme/payments"}},
		Trackers: []TrackerConfig{
			{Name: "jira", Kind: "jira", Containers: []string{"OPS"}, BaseURLs: []string{"https://acme.atlassian.net"}},
			{Name: "github", Kind: "github", Containers: []string{"acme/payments"}, BaseURLs: []string{"https://github.com"}},
		},
	}
}

// directories is what the company's trackers say of themselves.
func directories() []connectors.Directory {
	status := func(id, name string) connectors.Status {
		return connectors.Status{Option: connectors.Option{ID: id, Name: name}, Used: []string{"OPS"}}
	}
	progress := status("3", "In Arbeit")
	progress.Untranslated = "In Progress"
	return []connectors.Directory{
		{Tracker: "jira", Kind: connectors.Jira,
			Statuses: []connectors.Status{status("1", "Open"), progress, status("10007", "Building"), status("5", "Resolved"), status("6", "Closed")},
			Priorities: []connectors.Option{{ID: "1", Name: "Highest"}, {ID: "2", Name: "High"}, {ID: "3", Name: "Medium"},
				{ID: "4", Name: "Low"}, {ID: "5", Name: "Lowest"}},
			Containers: []connectors.Container{{Key: "OPS"}}},
		{Tracker: "github", Kind: connectors.GitHub,
			Labels: map[string][]string{"acme/payments": {"status:doing", "status:review", "accepted", "p0", "p1", "p2"}}},
	}
}

// compiled fails the test unless there are no problems but the expected warnings.
func compiled(tb testing.TB, c Config, dirs []connectors.Directory, warnings ...string) *Rules {
	tb.Helper()
	r, ps := Compile(c, dirs)
	for _, p := range ps {
		expected := false
		for _, w := range warnings {
			expected = expected || p.Severity == Warning && strings.Contains(p.String(), w)
		}
		if !expected {
			tb.Fatalf("unexpected %s: %s", p.Severity, p)
		}
	}
	return r
}

func companyRules(tb testing.TB) *Rules {
	tb.Helper()
	return compiled(tb, company(), directories())
}
