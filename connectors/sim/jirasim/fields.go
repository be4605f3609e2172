package jirasim

import (
	"slices"
	"strings"
)

// selection is what of an issue was asked for.
type selection struct {
	all, navigable bool
	want, drop     map[string]bool
}

// selectFields reads a fields list; names nobody knows are ignored, as Jira does.
func selectFields(names []string) selection {
	sel := selection{want: map[string]bool{}, drop: map[string]bool{}}
	for _, n := range names {
		switch {
		case n == "*all":
			sel.all = true
		case n == "*navigable":
			sel.navigable = true
		case strings.HasPrefix(n, "-"):
			sel.drop[n[1:]] = true
		default:
			sel.want[n] = true
		}
	}
	if len(sel.want) == 0 && !sel.navigable && len(sel.drop) > 0 {
		sel.all = true
	}
	return sel
}

func (sel selection) has(field string) bool {
	if sel.drop[field] {
		return false
	}
	return sel.all || sel.navigable && field != "comment" || sel.want[field]
}

// bare reports whether nothing but ids and keys was asked for.
func (sel selection) bare() bool {
	if sel.all || sel.navigable {
		return false
	}
	for f := range sel.want {
		if f != "id" && f != "key" {
			return false
		}
	}
	return true
}

// fieldsJSON shows the selected fields of an issue.
func (c *call) fieldsJSON(v *Issue, sel selection) obj {
	out := obj{}
	for _, f := range fieldRenderers {
		if sel.has(f.name) {
			out[f.name] = f.show(c, v)
		}
	}
	for _, f := range c.site.catalog.fields {
		if !sel.has(f.ID) {
			continue
		}
		out[f.ID] = null
		if raw, set := v.Custom[f.ID]; set {
			out[f.ID] = raw
		}
	}
	if parent := c.site.find(v.Parent); parent != nil && sel.has("parent") {
		out["parent"] = c.parentJSON(parent.current)
	}
	return out
}

// fieldRenderer shows one field of an issue.
type fieldRenderer struct {
	name string
	show func(*call, *Issue) any
}

var fieldRenderers = []fieldRenderer{
	{"summary", func(_ *call, v *Issue) any { return v.Summary }},
	{"description", func(c *call, v *Issue) any { return c.richTextOrNull(v.Description) }},
	{"status", func(c *call, v *Issue) any { return c.statusJSON(v.Status) }},
	{"statusCategory", func(c *call, v *Issue) any {
		return c.categoryJSON(categoryByKey(c.site.catalog.status(v.Status).Category))
	}},
	{"statuscategorychangedate", func(c *call, v *Issue) any { return c.timeOrNull(v.CategoryChanged) }},
	{"priority", func(c *call, v *Issue) any { return c.priorityJSON(v.Priority) }},
	{"resolution", func(c *call, v *Issue) any { return c.resolutionJSON(v.Resolution) }},
	{"resolutiondate", func(c *call, v *Issue) any { return c.timeOrNull(v.Resolved) }},
	{"labels", func(_ *call, v *Issue) any { return orEmpty(v.Labels) }},
	{"components", func(c *call, v *Issue) any { return c.named("component", v.Components) }},
	{"fixVersions", func(c *call, v *Issue) any { return c.named("version", v.FixVersions) }},
	{"assignee", func(c *call, v *Issue) any { return c.userJSON(v.Assignee) }},
	{"reporter", func(c *call, v *Issue) any { return c.userJSON(v.Reporter) }},
	{"creator", func(c *call, v *Issue) any { return c.userJSON(v.Creator) }},
	{"issuetype", func(c *call, v *Issue) any { return c.typeJSON(v.Type) }},
	{"project", func(c *call, v *Issue) any { return c.projectJSON(c.site.catalog.project(v.Project)) }},
	{"created", func(c *call, v *Issue) any { return c.time(v.Created) }},
	{"updated", func(c *call, v *Issue) any { return c.time(v.Updated) }},
	{"duedate", func(_ *call, v *Issue) any { return textOrNull(v.Due) }},
	{"security", func(c *call, v *Issue) any { return c.securityJSON(v.Security) }},
	{"archiveddate", func(c *call, v *Issue) any { return c.timeOrNull(v.ArchivedAt) }},
	{"archivedby", func(c *call, v *Issue) any { return c.userJSON(v.ArchivedBy) }},
	{"issuelinks", func(*call, *Issue) any { return []obj{} }},
	{"subtasks", func(c *call, v *Issue) any { return []obj{} }},
	{"comment", func(c *call, v *Issue) any { return c.commentsField(v) }},
}

// commentsShown is how many comments come with an issue.
const commentsShown = 20

func (c *call) commentsField(v *Issue) obj {
	seen := c.seenComments(v)
	shown := seen[:min(len(seen), commentsShown)]
	out := make([]obj, len(shown))
	for i, cm := range shown {
		out[i] = c.commentJSON(v, cm)
	}
	return obj{"self": c.self("issue/%s/comment", v.ID), "startAt": 0, "maxResults": len(out), "total": len(seen), "comments": out}
}

// show is what else a read asks to see of an issue.
type show struct {
	fields     selection
	properties []string
	changelog  int // most entries; 0: none
	asked      string
}

// issueJSON is an issue as a search or a read answers it.
func (c *call) issueJSON(v *Issue, sh show) obj {
	out := obj{"expand": sh.asked, "id": v.ID, "self": c.self("issue/%s", v.ID), "key": v.Key}
	if !sh.fields.bare() {
		out["fields"] = c.fieldsJSON(v, sh.fields)
	}
	if sh.changelog > 0 {
		out["changelog"] = c.histories(v, sh.changelog)
	}
	if len(sh.properties) > 0 {
		out["properties"] = c.propertiesJSON(v, sh.properties)
	}
	return out
}

func (c *call) parentJSON(p *Issue) obj {
	return obj{"id": p.ID, "key": p.Key, "self": c.self("issue/%s", p.ID), "fields": obj{
		"summary": p.Summary, "status": c.statusJSON(p.Status), "priority": c.priorityJSON(p.Priority), "issuetype": c.typeJSON(p.Type)}}
}

func (c *call) propertiesJSON(v *Issue, keys []string) obj {
	out := obj{}
	for k, val := range v.Properties {
		if slices.Contains(keys, k) || slices.Contains(keys, "*all") {
			out[k] = val
		}
	}
	return out
}
