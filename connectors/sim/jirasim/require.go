package jirasim

import (
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// maxTitle is how long a summary may be, in characters.
const maxTitle = 255

// checkTitle holds a summary to what Jira takes; that there is one is checked elsewhere.
func checkTitle(title string) *Refusal {
	switch {
	case strings.ContainsAny(title, "\r\n"):
		return refuseField("summary", "The summary is invalid because it contains newline characters.")
	case utf8.RuneCountInString(title) > maxTitle:
		return refuseField("summary", "Summary can't exceed %d characters.", maxTitle)
	}
	return nil
}

// lacks refuses a new issue without fields that the project requires.
func (p *Project) lacks(v *Issue) *Refusal {
	var r *Refusal
	for _, field := range p.Required {
		if !v.given(field) {
			r = merge(r, refuseField(field, "%s is required.", field))
		}
	}
	return r
}

// given reports whether an issue has a value in a field.
func (v *Issue) given(field string) bool {
	switch field {
	case "description":
		return v.Description != ""
	case "labels":
		return len(v.Labels) > 0
	case "components":
		return len(v.Components) > 0
	case "fixVersions":
		return len(v.FixVersions) > 0
	case "assignee":
		return v.Assignee != ""
	case "duedate":
		return v.Due != ""
	case "security":
		return v.Security != ""
	case "parent":
		return v.Parent != ""
	}
	raw, set := v.Custom[field]
	return set && string(raw) != "null"
}

// checkProperties holds the properties of a new issue to the limits of each.
func checkProperties(set map[string]json.RawMessage) *Refusal {
	for key, value := range set {
		if r := checkProperty(key, value); r != nil {
			return r
		}
	}
	return nil
}

func checkProperty(key string, value json.RawMessage) *Refusal {
	if key == "" || len(key) > maxPropertyKey {
		return invalid("The property key cannot be empty or longer than %d characters.", maxPropertyKey)
	}
	if len(value) > maxPropertyValue {
		return invalid("The property value cannot be longer than %d characters.", maxPropertyValue)
	}
	return nil
}
