package jira

import (
	"encoding/json"

	"parley/connectors"
)

// markerProperty is the issue property that holds Parley's mark. A property follows
// its issue on a move, shows nowhere in Jira's pages and leaves no trace in the history.
const markerProperty = "parley.link"

func ourProperties() []string { return []string{markerProperty} }

// mark is the property's value.
type mark struct {
	Mark string `json:"mark"`
}

// marker is the mark among an issue's properties, "" where there is none or where it
// is none that Parley could have written. Whether it is genuine is for others to judge.
func marker(properties map[string]json.RawMessage) string {
	return markIn(properties[markerProperty])
}

// markIn is the mark that the value of a property holds.
func markIn(value json.RawMessage) string {
	var m mark
	if json.Unmarshal(value, &m) != nil || !connectors.IsMarker(m.Mark) {
		return ""
	}
	return m.Mark
}
