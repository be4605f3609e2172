package world

import (
	"parley/connectors"
	"parley/kanban"
	"parley/mapping"
)

// Names of the trackers and containers of Board.
const (
	JiraName   = "jira"
	GitHubName = "github"
	Project    = "OPS"
	OtherProj  = "FIN"
	Repo       = "acme/payments"
	OtherRepo  = "acme/infra"
)

// Board is the mapping of a world that was given none: six columns and four
// priorities. Jira cannot tell doing from review, GitHub has one label for two
// statuses and for two priorities, and cancelled is told from done by a resolution.
// One rule pairs OPS with acme/payments and mirrors both ways; FIN and acme/infra
// are read, but not paired.
func Board() mapping.Config {
	return mapping.Config{
		Columns: []mapping.ColumnConfig{
			column("backlog", kanban.Option, jiras("Backlog"), "open"),
			column("ready", kanban.Queue, jiras("Selected"), "open + label:status:ready"),
			column("doing", kanban.Active, jiras("In Progress", "Building"), "open + label:status:doing"),
			column("review", kanban.Active, jiras("same:doing"), "open + label:status:review"),
			column("done", kanban.Done, jiras("Done"), "closed:completed"),
			column("cancelled", kanban.Cancelled, jiras("Done + resolution:Won't Do"), "closed:not_planned", "closed:duplicate"),
		},
		Priorities: []mapping.PriorityConfig{
			{Key: "urgent", Jira: jiras("Highest"), GitHub: []string{"label:P0"}},
			{Key: "high", Jira: jiras("High"), GitHub: []string{"label:P1"}},
			{Key: "normal", Jira: jiras("Medium"), GitHub: []string{"label:P2"}},
			{Key: "low", Jira: jiras("Low", "Lowest"), GitHub: []string{"label:P3"}},
		},
		Pairs: []mapping.PairConfig{{Jira: Project, GitHub: Repo, Mirror: mapping.MirrorBoth}},
		Persons: []mapping.PersonConfig{
			{Name: "Ana", Jira: "ana", GitHub: "ana-codes"},
			{Name: "Ben", Jira: "ben", GitHub: "ben-codes"},
			{Name: "Cleo", Jira: "cleo", GitHub: "cleo-codes"},
		},
		Trackers: []mapping.TrackerConfig{
			{Name: JiraName, Kind: string(connectors.Jira), Containers: []string{Project, OtherProj}, BaseURLs: []string{"https://acme.example"}},
			{Name: GitHubName, Kind: string(connectors.GitHub), Containers: []string{Repo, OtherRepo}, BaseURLs: []string{"https://github.example"}},
		},
	}
}

func column(key string, c kanban.Category, jira []string, github ...string) mapping.ColumnConfig {
	return mapping.ColumnConfig{Key: key, Category: c, Jira: jira, GitHub: github}
}

func jiras(names ...string) []string { return names }
