package jirasim

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// loadIssue is as much of Jira's JSON of an issue as the simulator keeps.
type loadIssue struct {
	ID        flexible   `json:"id"`
	Key       string     `json:"key"`
	Fields    loadFields `json:"fields"`
	Changelog struct {
		Histories []loadHistory `json:"histories"`
	} `json:"changelog"`
	Properties map[string]json.RawMessage `json:"properties"`
}

type loadFields struct {
	Summary     string          `json:"summary"`
	Description json.RawMessage `json:"description"`
	Project     struct {
		ID   flexible `json:"id"`
		Key  string   `json:"key"`
		Name string   `json:"name"`
	} `json:"project"`
	Type            loadRef    `json:"issuetype"`
	Status          loadStatus `json:"status"`
	Priority        loadRef    `json:"priority"`
	Resolution      loadRef    `json:"resolution"`
	Security        loadRef    `json:"security"`
	Parent          loadRef    `json:"parent"`
	Labels          []string   `json:"labels"`
	Components      []loadRef  `json:"components"`
	FixVersions     []loadRef  `json:"fixVersions"`
	Assignee        loadUser   `json:"assignee"`
	Reporter        loadUser   `json:"reporter"`
	Creator         loadUser   `json:"creator"`
	Created         loadTime   `json:"created"`
	Updated         loadTime   `json:"updated"`
	ResolutionDate  loadTime   `json:"resolutiondate"`
	CategoryChanged loadTime   `json:"statuscategorychangedate"`
	Due             string     `json:"duedate"`
	Comment         struct {
		Comments []loadComment `json:"comments"`
	} `json:"comment"`

	rest map[string]json.RawMessage // custom fields with a value
}

// UnmarshalJSON reads the known fields, and the custom ones as they are.
func (f *loadFields) UnmarshalJSON(raw []byte) error {
	type plain loadFields
	if err := json.Unmarshal(raw, (*plain)(f)); err != nil {
		return fmt.Errorf("read fields: %w", err)
	}
	if !strings.Contains(string(raw), `"customfield_`) {
		return nil
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(raw, &all); err != nil {
		return fmt.Errorf("read custom fields: %w", err)
	}
	f.rest = map[string]json.RawMessage{}
	for name, value := range all {
		if strings.HasPrefix(name, "customfield_") && string(value) != "null" {
			f.rest[name] = value
		}
	}
	return nil
}

type loadRef struct {
	ID   flexible `json:"id"`
	Key  string   `json:"key"`
	Name string   `json:"name"`
}

type loadStatus struct {
	ID       flexible `json:"id"`
	Name     string   `json:"name"`
	Category struct {
		Key string `json:"key"`
	} `json:"statusCategory"`
}

// loadUser is an account of Cloud (accountId) or of Data Center (name).
type loadUser struct {
	AccountID   string `json:"accountId"`
	Name        string `json:"name"`
	DisplayName string `json:"displayName"`
	Email       string `json:"emailAddress"`
	Type        string `json:"accountType"`
	Zone        string `json:"timeZone"`
	Active      *bool  `json:"active"`
}

type loadHistory struct {
	ID       flexible        `json:"id"`
	Author   loadUser        `json:"author"`
	Created  loadTime        `json:"created"`
	Items    []loadItem      `json:"items"`
	Metadata json.RawMessage `json:"historyMetadata"`
}

type loadItem struct {
	Field     string `json:"field"`
	FieldID   string `json:"fieldId"`
	FieldType string `json:"fieldtype"`
	From      string `json:"from"`
	FromText  string `json:"fromString"`
	To        string `json:"to"`
	ToText    string `json:"toString"`
}

type loadComment struct {
	ID      flexible        `json:"id"`
	Author  loadUser        `json:"author"`
	Body    json.RawMessage `json:"body"`
	Created loadTime        `json:"created"`
	Updated loadTime        `json:"updated"`

	Visibility *Visibility `json:"visibility"`
	Public     *bool       `json:"jsdPublic"`
	Properties []struct {
		Key   string          `json:"key"`
		Value json.RawMessage `json:"value"`
	} `json:"properties"`
}

// loadTime is a time in Jira's form or in RFC 3339; null and "" are zero.
type loadTime struct{ time.Time }

// UnmarshalJSON reads either form.
func (t *loadTime) UnmarshalJSON(raw []byte) error {
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		return fmt.Errorf("read time: %w", err)
	}
	if text == "" {
		return nil
	}
	at, err := time.Parse(timeLayout, text)
	if err != nil {
		at, err = time.Parse(time.RFC3339, text)
	}
	if err != nil {
		return fmt.Errorf("read time: %w", err)
	}
	t.Time = at.UTC().Truncate(time.Millisecond)
	return nil
}
