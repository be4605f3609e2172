package jirasim

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
)

// editScreen are the fields that can be edited where a project says nothing
// else. Resolution is not among them: transitions set it.
var editScreen = map[string]bool{"summary": true, "description": true, "priority": true, "labels": true, "components": true,
	"fixVersions": true, "assignee": true, "reporter": true, "duedate": true, "security": true, "parent": true}

// onEditScreen tells which fields PUT issue takes in a project.
func (s *Site) onEditScreen(p *Project) func(string) bool {
	return func(field string) bool {
		if strings.HasPrefix(field, "customfield_") && s.catalog.field(field) == nil {
			return false
		}
		if p.EditScreen != nil {
			return p.edits(field)
		}
		return editScreen[field] || strings.HasPrefix(field, "customfield_")
	}
}

// putIssue edits fields. The status is no field to be edited: Cloud leaves it
// alone without a word, Data Center refuses it. Only Cloud can answer with the issue.
func (c *call) putIssue() (reply, error) {
	var b changeBody
	if err := c.decode(&b, false); err != nil {
		return reply{}, err
	}
	e, err := c.readEdit(b)
	if err != nil {
		return reply{}, err
	}
	if c.query("notifyUsers") == "false" && c.site.server() && !c.user.Admin {
		return reply{}, refuse(http.StatusForbidden, "To discard the user notification either admin or project admin permissions are required.")
	}
	if err := c.site.Edit(c.account(), c.params["key"], e); err != nil {
		return reply{}, err
	}
	if c.query("returnIssue") == "true" && !c.site.server() {
		return c.getIssue()
	}
	return noContent()
}

func (c *call) readEdit(b changeBody) (Edit, error) {
	c.site.mu.RLock()
	defer c.site.mu.RUnlock()
	v, err := c.issue()
	if err != nil {
		return Edit{}, err
	}
	fr := fieldReader{site: c.site, version: c.version, shows: c.site.onEditScreen(c.site.catalog.project(v.Project)),
		ignore: map[string]bool{"status": !c.site.server()}}
	e, r := fr.read(b)
	if r != nil {
		return Edit{}, r
	}
	return e, nil
}

// createIssue makes an issue.
func (c *call) createIssue() (reply, error) {
	var b changeBody
	if err := c.decode(&b, false); err != nil {
		return reply{}, err
	}
	n, err := c.readNew(b)
	if err != nil {
		return reply{}, err
	}
	v, err := c.site.Create(c.account(), n)
	if err != nil {
		return reply{}, err
	}
	return reply{http.StatusCreated, obj{"id": v.ID, "key": v.Key, "self": c.self("issue/%s", v.ID)}}, nil
}

func (c *call) readNew(b changeBody) (NewIssue, error) {
	c.site.mu.RLock()
	defer c.site.mu.RUnlock()
	var n NewIssue
	p := c.site.catalog.project(reference(b.Fields["project"], "key", "id"))
	if p == nil || !c.site.allowed(c.user, p.Key, Browse) {
		return n, refuseField("project", "Specify a valid project ID or key")
	}
	n.Project = p.Key
	t := c.site.catalog.issueType(reference(b.Fields["issuetype"], "id", "name"))
	if t == nil {
		return n, refuseField("issuetype", "Specify an issue type")
	}
	if !c.site.allowed(c.user, p.Key, Create) {
		return n, forbidden("create issues in this project")
	}
	n.Type = t.Name
	fr := fieldReader{site: c.site, version: c.version, ignore: map[string]bool{"project": true, "issuetype": true},
		shows: func(f string) bool { return c.site.onCreateScreen(c.user, p, f) }}
	e, r := fr.read(b)
	if r != nil {
		return n, r
	}
	return n.with(e), nil
}

// with takes an edit's fields over into a new issue.
func (n NewIssue) with(e Edit) NewIssue {
	for to, from := range map[*string]*string{&n.Summary: e.Summary, &n.Description: e.Description, &n.Priority: e.Priority,
		&n.Assignee: e.Assignee, &n.Reporter: e.Reporter, &n.Security: e.Security, &n.Parent: e.Parent, &n.Due: e.Due} {
		if from != nil {
			*to = *from
		}
	}
	n.Labels = slices.Concat(e.Labels, e.AddLabels)
	n.Components = slices.Concat(e.Components, e.AddComponents)
	n.Versions = slices.Concat(e.Versions, e.AddVersions)
	n.Custom, n.Properties = e.Custom, e.Properties
	return n
}

// reference reads the first of the keys that an object has as a text.
func reference(raw json.RawMessage, keys ...string) string {
	var in map[string]any
	if json.Unmarshal(raw, &in) != nil {
		return ""
	}
	for _, k := range keys {
		if text, isText := in[k].(string); isText && text != "" {
			return text
		}
	}
	return ""
}
