package jirasim

import (
	"encoding/json"
	"net/url"
	"time"
)

// timeLayout is how Jira writes a time: milliseconds, and a zone without colon.
const timeLayout = "2006-01-02T15:04:05.000-0700"

func (c *call) time(t time.Time) string { return t.In(c.zone).Format(timeLayout) }

// orNull gives nil for a zero time.
func (c *call) timeOrNull(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return c.time(t)
}

func textOrNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func (c *call) userJSON(account string) any {
	if account == "" {
		return nil
	}
	u := c.site.catalog.users[account]
	if u == nil {
		u = &User{AccountID: account, DisplayName: "Former user", Type: "atlassian", Inactive: true}
	}
	return c.userFull(u)
}

func (c *call) userFull(u *User) obj {
	if c.site.server() {
		return c.serverUserJSON(u)
	}
	out := obj{"self": c.self("user?accountId=%s", url.QueryEscape(u.AccountID)), "accountId": u.AccountID, "displayName": u.DisplayName,
		"active": !u.Inactive, "accountType": u.Type, "timeZone": c.site.zoneOf(u).String(), "avatarUrls": c.avatars("useravatar")}
	if u.Email != "" {
		out["emailAddress"] = u.Email
	}
	return out
}

func (c *call) avatars(kind string) obj {
	u := c.base + "/secure/" + kind
	return obj{"16x16": u + "?size=xsmall", "24x24": u + "?size=small", "32x32": u + "?size=medium", "48x48": u}
}

func (c *call) statusJSON(id string) obj {
	st := c.site.catalog.status(id)
	return obj{"self": c.self("status/%s", st.ID), "description": "", "iconUrl": c.base + "/images/icons/statuses/generic.png",
		"name": c.word(st.Name), "id": st.ID, "statusCategory": c.categoryJSON(categoryByKey(st.Category))}
}

// statusFull is how GET status shows one.
func (c *call) statusFull(st *Status) obj {
	out := c.statusJSON(st.ID)
	if c.site.server() {
		return out
	}
	out["untranslatedName"] = st.Untranslated
	if p := c.site.catalog.project(st.Project); p != nil {
		out["scope"] = obj{"type": "PROJECT", "project": obj{"id": p.ID}}
	}
	return out
}

func (c *call) categoryJSON(cat category) obj {
	return obj{"self": c.self("statuscategory/%d", cat.id), "id": cat.id, "key": cat.key, "colorName": cat.color, "name": c.word(cat.name)}
}

func (c *call) priorityJSON(id string) any {
	p := c.site.catalog.priority(id)
	if id == "" || p == nil {
		return nil
	}
	return c.priorityBrief(p)
}

// priorityBrief is how an issue shows its priority.
func (c *call) priorityBrief(p *Priority) obj {
	return obj{"self": c.self("priority/%s", p.ID), "iconUrl": c.base + "/images/icons/priorities/" + url.PathEscape(p.Name) + ".svg", "name": c.word(p.Name), "id": p.ID}
}

func (c *call) resolutionJSON(id string) any {
	r := c.site.catalog.resolution(id)
	if id == "" || r == nil {
		return nil
	}
	return obj{"self": c.self("resolution/%s", r.ID), "id": r.ID, "name": c.word(r.Name), "description": ""}
}

func (c *call) typeJSON(name string) obj {
	t := c.site.catalog.issueType(name)
	if t == nil {
		t = &IssueType{Name: name}
	}
	return obj{"self": c.self("issuetype/%s", t.ID), "id": t.ID, "name": c.word(t.Name), "description": "", "subtask": t.Subtask,
		"iconUrl": c.base + "/images/icons/issuetypes/task.svg", "hierarchyLevel": hierarchy(t)}
}

func hierarchy(t *IssueType) int {
	switch {
	case t.Subtask:
		return -1
	case t.Name == "Epic":
		return 1
	}
	return 0
}

func (c *call) projectJSON(p *Project) obj {
	kind := "software"
	if p.ServiceDesk {
		kind = "service_desk"
	}
	out := obj{"self": c.self("project/%s", p.ID), "id": p.ID, "key": p.Key, "name": p.Name, "projectTypeKey": kind,
		"simplified": p.Simplified, "avatarUrls": c.avatars("projectavatar")}
	if p.Archived {
		out["archived"] = true
	}
	return out
}

func (c *call) historyJSON(h History, created any) obj {
	items := make([]obj, len(h.Items))
	for i, it := range h.Items {
		it.Field = c.word(it.Field)
		items[i] = c.itemJSON(it)
	}
	out := obj{"id": h.id(), "created": created, "items": items}
	if h.Author != "" {
		out["author"] = c.userJSON(h.Author)
	}
	if h.Metadata != nil {
		out["historyMetadata"] = h.Metadata
	}
	return out
}

func (it Item) json() obj {
	show := textOrNull
	if it.textual() {
		show = func(s string) any { return s }
	}
	out := obj{"field": it.Field, "fieldtype": it.FieldType, "from": show(it.From), "fromString": show(it.FromText),
		"to": show(it.To), "toString": show(it.ToText)}
	if it.FieldID != "" {
		out["fieldId"] = it.FieldID
	}
	return out
}

// histories is a changelog as expand=changelog shows it: newest first, cut. Data
// Center shows it whole, oldest first.
func (c *call) histories(v *Issue, most int) obj {
	if c.site.server() {
		shown := make([]obj, len(v.History))
		for i, h := range v.History {
			shown[i] = c.historyJSON(h, c.time(h.At))
		}
		return obj{"startAt": 0, "maxResults": len(shown), "total": len(shown), "histories": shown}
	}
	n := min(len(v.History), most)
	shown := make([]obj, n)
	for i := range n {
		h := v.History[len(v.History)-1-i]
		shown[i] = c.historyJSON(h, c.time(h.At))
	}
	return obj{"startAt": 0, "maxResults": n, "total": len(v.History), "histories": shown}
}

func (c *call) linkJSON(v *Issue, l RemoteLink) obj {
	out := obj{"id": l.ID, "self": c.self("issue/%s/remotelink/%d", v.Key, l.ID), "application": obj{}, "object": l.Object}
	if l.Application != nil {
		out["application"] = l.Application
	}
	if l.Object == nil {
		out["object"] = obj{"url": l.URL, "title": l.Title, "icon": obj{}, "status": obj{"icon": obj{}}}
	}
	if l.GlobalID != "" {
		out["globalId"] = l.GlobalID
	}
	if l.Relationship != "" {
		out["relationship"] = l.Relationship
	}
	return out
}

// named lists components or versions.
func (c *call) named(kind string, names []string) []obj {
	out := make([]obj, len(names))
	for i, n := range names {
		out[i] = obj{"self": c.self("%s/%s", kind, namedID(n)), "id": namedID(n), "name": n}
	}
	return out
}

// securityJSON is an issue's security level.
func (c *call) securityJSON(level string) any {
	if level == "" {
		return nil
	}
	return obj{"self": c.self("securitylevel/%s", namedID(level)), "id": namedID(level), "name": level, "description": ""}
}

var null = json.RawMessage("null")
