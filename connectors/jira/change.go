package jira

import (
	"slices"
	"strings"

	"parley/connectors"
)

// changes puts one item of a history entry into the connectors' terms. The field is
// known by its id where Jira tells it, because names are translated. A change of
// labels becomes one Change for each label; the other items stay one.
func changes(i wireItem) []connectors.Change {
	field := string(i.FieldID)
	if field == "" {
		field = strings.ToLower(string(i.Field))
	}
	switch field {
	case "labels":
		return labelChanges(string(i.FromName), string(i.ToName))
	case "summary":
		return []connectors.Change{{Field: "title", From: cut(string(i.FromName)), To: cut(string(i.ToName))}}
	case "duedate":
		return []connectors.Change{{Field: "due", From: day(i.From, i.FromName), To: day(i.To, i.ToName)}}
	case "key", "issuekey":
		return []connectors.Change{{Field: "key", From: string(i.FromName), To: string(i.ToName), FromName: string(i.FromName), ToName: string(i.ToName)}}
	}
	return []connectors.Change{{
		Field: field, From: cut(string(i.From)), To: cut(string(i.To)),
		FromName: cut(string(i.FromName)), ToName: cut(string(i.ToName)),
	}}
}

// labelChanges takes apart the lists of labels before and after, in which spaces
// separate: first what went, then what came, both in the order of their list. A list
// is never cut, for that would name labels that do not exist.
func labelChanges(before, after string) []connectors.Change {
	from, to := strings.Fields(before), strings.Fields(after)
	var out []connectors.Change
	add := func(c connectors.Change) {
		if !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	for _, l := range from {
		if !slices.Contains(to, l) {
			add(connectors.Change{Field: "label", From: l})
		}
	}
	for _, l := range to {
		if !slices.Contains(from, l) {
			add(connectors.Change{Field: "label", To: l})
		}
	}
	if len(out) == 0 {
		return []connectors.Change{{Field: "labels"}} // put into another order
	}
	return out
}

// day is the date of an item of the due date: YYYY-MM-DD, with a time behind it in
// the texts for people, which some products give alone.
func day(id, name text) string {
	s := strings.TrimSpace(string(id))
	if s == "" {
		s = strings.TrimSpace(string(name))
	}
	if len(s) > len("2026-12-24") && (s[10] == ' ' || s[10] == 'T') {
		s = s[:10]
	}
	return cut(s)
}
