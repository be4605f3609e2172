package jirasim

import (
	"encoding/json"
	"fmt"
	"slices"

	"parley/connectors/sim"
)

// Hooks are the webhooks of the site, in the forms of those that an administrator
// registers.
func (s *Site) Hooks() *sim.Hooks { return s.hooks }

func hookStyle(server bool) sim.HookStyle {
	return sim.HookStyle{Signature: "X-Hub-Signature", Header: func(_, id string, retry int) map[string]string {
		out := map[string]string{"User-Agent": "Atlassian Webhook HTTP Client", "X-Atlassian-Webhook-Identifier": id}
		if server {
			return out
		}
		out["X-Atlassian-Webhook-Flow"] = "Primary"
		if retry > 0 {
			out["X-Atlassian-Webhook-Retry"] = fmt.Sprint(retry)
		}
		return out
	}}
}

// announce tells of an issue that became another; nil is none. by is the account that
// did it where no history says so. Hold the lock.
func (s *Site) announce(was, now *Issue, by string) {
	if !s.hooks.Wanted() {
		return
	}
	c := &call{site: s, version: 2, base: s.opts.BaseURL, zone: s.opts.Zone}
	switch {
	case was == nil:
		c.tell("jira:issue_created", now, now.Creator, obj{"issue_event_type_name": "issue_created"})
	case now == nil:
		c.tell("jira:issue_deleted", was, by, obj{})
	default:
		c.tellChange(was, now)
	}
}

// tellChange tells of what is new in the history of an issue, and in its comments.
func (c *call) tellChange(was, now *Issue) {
	for _, h := range now.History[min(len(was.History), len(now.History)):] {
		items := make([]obj, len(h.Items))
		for i, it := range h.Items {
			items[i] = c.itemJSON(it)
		}
		c.tell("jira:issue_updated", now, h.Author, obj{"issue_event_type_name": "issue_generic", "changelog": obj{"id": h.id(), "items": items}})
	}
	for _, cm := range now.Comments {
		at := slices.IndexFunc(was.Comments, func(o Comment) bool { return o.ID == cm.ID })
		switch {
		case at < 0:
			c.tellComment("comment_created", now, cm)
		case was.Comments[at].Body != cm.Body || !was.Comments[at].Updated.Equal(cm.Updated):
			c.tellComment("comment_updated", now, cm)
		}
	}
	for _, cm := range was.Comments {
		if !slices.ContainsFunc(now.Comments, func(o Comment) bool { return o.ID == cm.ID }) {
			c.tellComment("comment_deleted", now, cm)
		}
	}
}

// tellComment tells of a comment. Cloud has its issue with it, Data Center has not.
func (c *call) tellComment(event string, v *Issue, cm Comment) {
	body := obj{"comment": c.commentJSON(v, cm), "eventType": "primaryAction"}
	if c.site.server() {
		c.send(event, body)
		return
	}
	body["issue"] = c.issueJSON(v, show{fields: selectFields([]string{"summary", "issuetype", "project", "assignee", "priority", "status"})})
	c.send(event, body)
}

// tell tells of an issue with all its fields.
func (c *call) tell(event string, v *Issue, by string, body obj) {
	body["user"], body["issue"] = c.userJSON(by), c.issueJSON(v, show{fields: selectFields([]string{"*all"})})
	c.send(event, body)
}

func (c *call) send(event string, body obj) {
	body["timestamp"], body["webhookEvent"] = c.site.now().UnixMilli(), event
	text, err := json.Marshal(body)
	if err != nil {
		panic(fmt.Sprintf("jirasim: encode a webhook: %v", err)) // only own types get here
	}
	c.site.hooks.Tell(event, text)
}
