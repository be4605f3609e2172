package config

import (
	"maps"
	"net/url"
	"slices"
	"strings"

	"parley/connectors"
	"parley/kanban"
	"parley/mapping"
)

// Mapping is the part of the configuration that mapping.Compile reads. The paths of
// its problems are found in the file by Locate.
func (c *Config) Mapping() mapping.Config {
	m := mapping.Config{Visibility: mapping.VisibilityConfig{
		RestrictedSecurity: c.Visibility.Restricted.JiraSecurity,
		RestrictedLabels:   c.Visibility.Restricted.Labels,
	}, Arrival: c.Flow.ArrivedWithin.Duration}
	for _, col := range c.Column {
		m.Columns = append(m.Columns, mapping.ColumnConfig{Key: col.Key, Name: col.Name, Category: kanban.Category(col.Category),
			Turn: kanban.Party(col.Turn), WIP: col.WIP, WIPHard: col.WIPHard, Jira: col.Jira, GitHub: col.GitHub})
	}
	for _, p := range c.Priority {
		m.Priorities = append(m.Priorities, mapping.PriorityConfig(p))
	}
	for _, p := range c.Pair {
		m.Pairs = append(m.Pairs, p.mapping())
	}
	for _, u := range c.Unit {
		m.Units = append(m.Units, mapping.UnitConfig{Key: u.Key, Name: u.Name, Match: u.Match.condition(), WIP: u.WIP, Hard: u.WIPHard})
	}
	for _, r := range c.Rule {
		m.Rules = append(m.Rules, mapping.RuleConfig{When: r.When.condition(), Set: mapping.Setting{Class: r.Set.Class,
			Planned: r.Set.Planned, Type: r.Set.Type, Blocked: kanban.Party(r.Set.Blocked), Reason: r.Set.Reason}})
	}
	for _, p := range c.Person {
		m.Persons = append(m.Persons, mapping.PersonConfig{Name: p.Name, Jira: p.Jira, GitHub: p.GitHub, Team: p.Team, WIP: p.WIP, Hard: p.WIPHard})
	}
	for _, l := range c.Limit {
		m.Limits = append(m.Limits, mapping.LimitConfig(l))
	}
	m.Trackers = c.mappingTrackers()
	return m
}

func (c *Config) mappingTrackers() []mapping.TrackerConfig {
	var ts []mapping.TrackerConfig
	for _, j := range c.Jira {
		ts = append(ts, mapping.TrackerConfig{Name: j.Name, Kind: string(connectors.Jira), Containers: j.Projects,
			BaseURLs: []string{strings.TrimSuffix(j.URL, "/")}})
	}
	for _, g := range c.GitHub {
		ts = append(ts, mapping.TrackerConfig{Name: g.Name, Kind: string(connectors.GitHub), Containers: g.Repos,
			BaseURLs: []string{g.WebURL()}, Fields: g.Fields()})
	}
	return ts
}

// Where a GitHub holds the status or the priority of its issues.
const (
	inLabels  = "labels"
	inProject = "project"
	inField   = "field"
)

// Fields says which of status and priority are held in fields of options, nil for none.
func (g GitHub) Fields() map[kanban.Field]mapping.FieldConfig {
	var out map[kanban.Field]mapping.FieldConfig
	for f, at := range map[kanban.Field]struct{ in, name string }{kanban.FieldStatus: {g.Status, g.StatusField}, kanban.FieldPriority: {g.Priority, g.PriorityField}} {
		held := mapping.FieldConfig{Name: at.name}
		switch at.in {
		case inProject:
			held.Project = g.Project
		case inField:
		default:
			continue
		}
		if out == nil {
			out = map[kanban.Field]mapping.FieldConfig{}
		}
		out[f] = held
	}
	return out
}

// WebURL is where people see what the REST root serves: https://github.com for
// https://api.github.com, the server itself for GitHub Enterprise.
func (g GitHub) WebURL() string {
	u, err := url.Parse(g.URL)
	if err != nil {
		return ""
	}
	u.Path = strings.TrimSuffix(strings.TrimSuffix(u.Path, "/"), "/api/v3")
	if strings.HasPrefix(u.Host, "api.") && u.Path == "" {
		u.Host = strings.TrimPrefix(u.Host, "api.")
	}
	return u.String()
}

func (p Pair) mapping() mapping.PairConfig {
	m := mapping.PairConfig{Jira: p.Jira, GitHub: p.GitHub, Mirror: mapping.Mirror(p.Mirror), MirrorText: mapping.MirrorText(p.MirrorText)}
	if p.Match != nil {
		m.Match = make([]mapping.Evidence, 0, len(p.Match))
	}
	for _, e := range p.Match {
		m.Match = append(m.Match, mapping.Evidence(e))
	}
	if p.Fields != nil {
		m.Fields = map[kanban.Field]mapping.Direction{}
	}
	for f, d := range p.Fields {
		m.Fields[kanban.Field(f)] = mapping.Direction(d)
	}
	if p.Conflict != nil {
		m.Conflict = map[kanban.Field]mapping.Policy{}
	}
	for f, policy := range p.Conflict {
		m.Conflict[kanban.Field(f)] = mapping.Policy(policy)
	}
	return m
}

// condition lists the tests in a fixed order.
func (w When) condition() mapping.Condition {
	var c mapping.Condition
	jira := func(p mapping.Property, name string, v Values) {
		if v != nil {
			c.Jira = append(c.Jira, mapping.Test{Property: p, Name: name, Any: v})
		}
	}
	jira(mapping.PropertyContainer, "", w.JiraProject)
	jira(mapping.PropertyType, "", w.JiraType)
	jira(mapping.PropertyLabel, "", w.JiraLabel)
	jira(mapping.PropertyComponent, "", w.JiraComponent)
	jira(mapping.PropertyPriority, "", w.JiraPriority)
	jira(mapping.PropertySecurity, "", w.JiraSecurity)
	jira(mapping.PropertyReporter, "", w.JiraReporter)
	jira(mapping.PropertyMilestone, "", w.JiraVersion)
	jira(mapping.PropertyTitle, "", w.JiraTitle)
	for _, name := range slices.Sorted(maps.Keys(w.JiraField)) {
		jira(mapping.PropertyField, name, w.JiraField[name])
	}
	github := func(p mapping.Property, v Values) {
		if v != nil {
			c.GitHub = append(c.GitHub, mapping.Test{Property: p, Any: v})
		}
	}
	github(mapping.PropertyContainer, w.GitHubRepo)
	github(mapping.PropertyType, w.GitHubType)
	github(mapping.PropertyLabel, w.GitHubLabel)
	github(mapping.PropertyReporter, w.GitHubAuthor)
	github(mapping.PropertyMilestone, w.GitHubMilestone)
	github(mapping.PropertyTitle, w.GitHubTitle)
	return c
}
