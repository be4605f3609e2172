package mapping

import (
	"slices"
	"strings"

	"parley/connectors"
	"parley/kanban"
)

// Replayed is an issue after one more change of its history, of a label or a custom field.
// The issue that it is given stays as it is.
func Replayed(i connectors.Issue, c kanban.Change) connectors.Issue {
	if c.Field == kanban.ChangeLabel {
		i.Labels = slices.DeleteFunc(slices.Clone(i.Labels), func(l string) bool { return fold(l) == fold(c.From) || fold(l) == fold(c.To) })
		if c.To != "" {
			i.Labels = append(i.Labels, c.To)
		}
		return i
	}
	custom := make(map[string]string, len(i.Custom)+1)
	for name, value := range i.Custom {
		if fold(name) != fold(c.Field) {
			custom[name] = value
		}
	}
	if value := or(c.ToName, c.To); value != "" {
		custom[c.Field] = value
	}
	i.Custom = custom
	return i
}

// Hindering tells whether any rule calls cards blocked, and whether an issue's history says
// since when: not where a rule goes by nothing but what histories are silent about, as a
// milestone.
func (r *Rules) Hindering() (some, told bool) {
	told = true
	for _, rule := range r.rules {
		if rule.Set.Blocked != "" {
			some = true
			told = told && slices.ContainsFunc(slices.Concat(rule.When.Jira, rule.When.GitHub), func(t Test) bool {
				return t.Property == PropertyLabel || t.Property == PropertyField
			})
		}
	}
	return some, told
}

// Hinders reports whether a change of an issue may make a rule call its card blocked, or
// not any more.
func (r *Rules) Hinders(c kanban.Change) bool {
	for _, rule := range r.rules {
		if rule.Set.Blocked == "" {
			continue
		}
		for _, test := range slices.Concat(rule.When.Jira, rule.When.GitHub) {
			if test.Property == PropertyLabel && c.Field == kanban.ChangeLabel || test.Property == PropertyField && fold(test.Name) == fold(c.Field) {
				return true
			}
		}
	}
	return false
}

// Profiles reports whether a change of an issue's history may make it another unit's, of
// another class or complete: whatever Retraced knows.
func (r *Rules) Profiles(c kanban.Change) bool {
	switch c.Field {
	case kanban.ChangeLabel, kanban.ChangeDue, kanban.ChangeAssignee, changeComponents, changeType, changeKey:
		return true
	}
	for _, when := range r.conditions() {
		if slices.ContainsFunc(when, func(t Test) bool { return t.Property == PropertyField && fold(t.Name) == fold(c.Field) }) {
			return true
		}
	}
	return false
}

// conditions are what the issues of units and of rules have to meet.
func (r *Rules) conditions() [][]Test {
	var out [][]Test
	for _, u := range r.units {
		out = append(out, u.Match.Jira, u.Match.GitHub)
	}
	for _, rule := range r.rules {
		out = append(out, rule.When.Jira, rule.When.GitHub)
	}
	return out
}

// What Jira's history calls changes that only profiles go by.
const (
	changeComponents = "components"
	changeType       = "issuetype"
	changeKey        = "key"
)

// Retraced is an issue after one more change of its history, of anything that Profiles
// goes by. The issue that it is given stays as it is.
func Retraced(i connectors.Issue, c kanban.Change) connectors.Issue {
	switch c.Field {
	case kanban.ChangeDue:
		i.Due = c.To
	case kanban.ChangeAssignee:
		i.Assignees = slices.DeleteFunc(slices.Clone(i.Assignees), func(p connectors.Person) bool { return p.ID == c.From || p.ID == c.To })
		if c.To != "" {
			i.Assignees = append(i.Assignees, connectors.Person{ID: c.To, Name: c.ToName})
		}
	case changeComponents:
		i.Components = slices.DeleteFunc(slices.Clone(i.Components), func(n string) bool { return n == c.FromName || n == c.ToName })
		if c.ToName != "" {
			i.Components = append(i.Components, c.ToName)
		}
	case changeType:
		i.Type = or(c.ToName, i.Type)
	case changeKey:
		if project, _, ok := strings.Cut(c.To, "-"); ok {
			i.Key, i.Container = c.To, project
		}
	default:
		return Replayed(i, c)
	}
	return i
}
