package jira

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"parley/connectors"
)

// systemFields are asked for by name: the answer's default is ids alone on
// Cloud and everything on Data Center. Unknown names are ignored by both.
var systemFields = []string{
	"summary", "description", "issuetype", "project", "status", "resolution", "priority", "created", "updated",
	"resolutiondate", "statuscategorychangedate", "labels", "components", "fixVersions", "assignee", "reporter",
	"creator", "parent", "duedate", "security",
}

// issue converts one issue of an answer.
func (c *Client) issue(who identity, w wireIssue) (connectors.Issue, error) {
	var f wireFields
	if err := json.Unmarshal(w.Fields, &f); err != nil {
		return connectors.Issue{}, fmt.Errorf("decode issue%s: %w", shown(w.Key), connectors.ShapeOnly(err))
	}
	if w.ID == "" || w.Key == "" || f.Status == nil || f.Updated.IsZero() {
		return connectors.Issue{}, fmt.Errorf("decode issue%s: id, key, status or updated is missing", shown(w.Key))
	}
	i := connectors.Issue{
		Ref:  connectors.Ref{Tracker: c.config.Name, ID: string(w.ID), Key: string(w.Key), Container: string(f.Project.V.Key)},
		Kind: connectors.Jira, URL: c.browse(who, w.Key),
		Title: string(f.Summary), Body: string(f.Description), Type: string(f.Type.V.Name),
		Created: f.Created.Time, Updated: f.Updated.Time, Closed: f.closed(),
		Status: f.Status.option(), Resolution: option(f.Resolution), Priority: option(f.Priority),
		Labels: written(f.Labels.V), Components: names(f.Components.V),
		Reporter: person(f.Reporter.V), Creator: person(f.Creator.V), Own: own(who, f.Creator.V), Marker: marker(w.Properties.V),
		Parent: string(f.Parent.V.Key), Due: string(f.Due), Security: f.Security.name(), Archived: f.Archived.V.Time,
	}
	if i.Container == "" {
		if at := strings.LastIndexByte(i.Key, '-'); at > 0 {
			i.Container = i.Key[:at]
		}
	}
	c.accounts.meet(f.Assignee.V, f.Reporter.V, f.Creator.V)
	if f.Assignee.V != nil {
		i.Assignees = []connectors.Person{person(f.Assignee.V)}
	}
	if v := f.FixVersions.V; len(v) > 0 {
		i.Milestone, i.ReleaseDay = string(v[0].Name), date(v[0].Released)
	}
	i.Custom = c.custom(w.Fields)
	return i, timely(i, time.Time{}) // what can be at all; how it lies to the server's clock, reads look at
}

// custom picks the configured custom fields; empty ones are left out.
func (c *Client) custom(fields json.RawMessage) map[string]string {
	named := c.asked().custom
	if len(named) == 0 {
		return nil
	}
	var raw map[string]json.RawMessage
	if json.Unmarshal(fields, &raw) != nil {
		return nil
	}
	out := map[string]string{}
	for name, id := range named {
		if v := flat(raw[id]); v != "" {
			out[name] = v
		}
	}
	return out
}

// flat gives a custom field as people see it: the value of an option, the name
// of a user or version, lists joined by ", ".
func flat(raw json.RawMessage) string {
	if len(raw) == 0 {
		return ""
	}
	switch raw[0] {
	case '[':
		var list []json.RawMessage
		_ = json.Unmarshal(raw, &list)
		var parts []string
		for _, r := range list {
			if s := flat(r); s != "" {
				parts = append(parts, s)
			}
		}
		return strings.Join(parts, ", ")
	case '{':
		var o struct{ Value, Name, DisplayName, Key text }
		_ = json.Unmarshal(raw, &o)
		for _, v := range []text{o.Value, o.DisplayName, o.Name, o.Key} {
			if v != "" {
				return string(v)
			}
		}
		return ""
	}
	var t text
	_ = json.Unmarshal(raw, &t)
	return string(t)
}

// closed is when the issue was resolved, or, where a workflow sets no
// resolution, when it came into a done status.
func (f *wireFields) closed() time.Time {
	if connectors.Plausible(f.Resolved.V.Time, time.Time{}) {
		return f.Resolved.V.Time
	}
	if f.Status != nil && f.Status.Category.Key == "done" && connectors.Plausible(f.CategoryChanged.V.Time, time.Time{}) {
		return f.CategoryChanged.V.Time
	}
	return time.Time{}
}

func (s *wireStatus) option() connectors.Option {
	return connectors.Option{ID: string(s.ID), Name: string(s.Name), Category: string(s.Category.Key)}
}

func option(o *wireOption) connectors.Option {
	if o == nil {
		return connectors.Option{}
	}
	return connectors.Option{ID: string(o.ID), Name: string(o.Name)}
}

func names(options []wireOption) []string {
	var out []string
	for _, o := range options {
		out = append(out, string(o.Name))
	}
	return out
}

// date is a text that is a date, "" of any other.
func date(t text) string {
	if _, err := time.Parse(time.DateOnly, string(t)); err != nil {
		return ""
	}
	return string(t)
}

// written are the texts of a list that are not empty.
func written(list []text) []string {
	var out []string
	for _, t := range list {
		if t != "" {
			out = append(out, string(t))
		}
	}
	return out
}

// person identifies by the account id on Cloud and the name on Data Center.
func person(u *wireUser) connectors.Person {
	if u == nil {
		return connectors.Person{}
	}
	id := u.AccountID
	if id == "" {
		id = u.Name
	}
	if id == "" {
		id = u.Key
	}
	return connectors.Person{ID: string(id), Name: string(u.DisplayName)}
}
