package jirasim

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// History is one changelog entry: what one account changed at one moment.
type History struct {
	ID       int64
	At       time.Time
	Author   string // account id, "" where it is missing (automation)
	Items    []Item
	Metadata json.RawMessage // historyMetadata the change came with
}

// Item is one changed field of an entry. From and To are ids where the field
// has them; an empty text is null, except for fields whose value is a text.
type Item struct {
	Field     string // display name, may be translated
	FieldID   string // "" for changes that are no field, as "Workflow"
	FieldType string // jira or custom
	From, To  string
	FromText  string
	ToText    string
}

// historyDelay is how much later than fields.updated an entry says it was
// made; recorded answers show a few milliseconds.
const historyDelay = 7 * time.Millisecond

// item makes an entry's item for a field with ids and names.
func item(field, from, fromText, to, toText string) Item {
	return Item{Field: field, FieldID: fieldIDs[field], FieldType: "jira",
		From: from, FromText: fromText, To: to, ToText: toText}
}

// fieldIDs are the ids of fields by the names that a changelog shows.
var fieldIDs = map[string]string{
	"status": "status", "priority": "priority", "resolution": "resolution",
	"summary": "summary", "description": "description", "labels": "labels",
	"Component": "components", "Fix Version": "fixVersions", "assignee": "assignee",
	"reporter": "reporter", "duedate": "duedate", "security": "security",
	"project": "project", "issuetype": "issuetype",
}

// listItem is how a change of labels shows: both lists whole, as text.
func listItem(field string, from, to []string) Item {
	return item(field, "", strings.Join(from, " "), "", strings.Join(to, " "))
}

// textual reports whether a field's null is written as an empty text.
func (it Item) textual() bool {
	return it.Field == "labels" || it.Field == "Sprint" || it.Field == "Rank"
}

func (s *Site) statusItem(from, to string) Item {
	return item("status", from, s.catalog.status(from).Name, to, s.catalog.status(to).Name)
}

func (s *Site) priorityItem(from, to string) Item {
	name := func(id string) string {
		if p := s.catalog.priority(id); p != nil && id != "" {
			return p.Name
		}
		return ""
	}
	return item("priority", from, name(from), to, name(to))
}

func (s *Site) resolutionItem(from, to string) Item {
	name := func(id string) string {
		if r := s.catalog.resolution(id); r != nil && id != "" {
			return r.Name
		}
		return ""
	}
	return item("resolution", from, name(from), to, name(to))
}

func (s *Site) userItem(field, from, to string) Item {
	return item(field, from, s.displayName(from), to, s.displayName(to))
}

func (s *Site) displayName(account string) string {
	if u := s.catalog.users[account]; u != nil {
		return u.DisplayName
	}
	return account
}

// addHistory appends an entry to a draft. The versions of an issue share what they have
// of its history: each ends where it ended, and there is one draft at a time.
func (s *Site) addHistory(d *Issue, actor string, at time.Time, items []Item, meta json.RawMessage) {
	if len(items) == 0 {
		return
	}
	h := History{ID: s.takeID("changelog"), At: at.Add(historyDelay), Author: actor, Items: items, Metadata: meta}
	d.History = append(d.History, h)
}

func (h History) id() string { return strconv.FormatInt(h.ID, 10) }
