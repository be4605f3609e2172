package mapping

import (
	"slices"

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
