package githubsim

import (
	"parley/connectors/sim"
)

// Hooks are the webhooks of the hub, each of all its repositories, as those of an
// organization are.
func (h *Hub) Hooks() *sim.Hooks { return h.w.hooks }

func hookStyle(enterprise bool) sim.HookStyle {
	return sim.HookStyle{Signature: "X-Hub-Signature-256", Header: func(event, id string, _ int) map[string]string {
		out := map[string]string{"User-Agent": "GitHub-Hookshot/044aadd", "Accept": "*/*",
			"X-GitHub-Event": event, "X-GitHub-Delivery": id, "X-GitHub-Hook-ID": "292430182",
			"X-GitHub-Hook-Installation-Target-Type": "organization", "X-GitHub-Hook-Installation-Target-ID": "79929171"}
		if enterprise {
			out["X-GitHub-Enterprise-Version"] = "3.14.0"
		}
		return out
	}}
}

// news is something that webhooks tell of, until the act that it is part of is done.
type news struct {
	act

	event  string // issues, issue_comment
	action string
	issue  *issue
	repo   *repo // where it was then
	more   func(c *call, body map[string]any)
}

// note has webhooks tell of an issue once the act is done. Those of pull requests are of
// a kind of their own; of them only comments are told.
func (a act) note(is *issue, event, action string, more func(c *call, body map[string]any)) {
	if !a.w.hooks.Wanted() || is.pull && event == "issues" {
		return
	}
	a.w.news = append(a.w.news, news{a, event, action, is, is.repo, more})
}

// tell sends off what was noted. The lock is held.
func (w *world) tell() {
	all := w.news
	w.news = nil
	for _, n := range all {
		c := &call{act: n.act, base: w.opts.BaseURL, version: apiVersion, now: n.at}
		if c.base == "" {
			c.base = "https://api.github.com"
		}
		body := map[string]any{"action": n.action, "issue": c.show(n.issue, n.issue.state), "repository": c.repository(n.repo), "sender": c.author(n.who)}
		if n.repo.owner.Type == "Organization" {
			body["organization"] = c.person(n.repo.owner)
		}
		if n.more != nil {
			n.more(c, body)
		}
		w.hooks.Tell(n.event, encode(body))
	}
}

// noteEvent has webhooks tell of an entry of an issue's history, where they do that.
func (a act) noteEvent(is *issue, e *event) {
	action, more := e.kind, (func(*call, map[string]any))(nil)
	switch e.kind {
	case "closed", "reopened", "milestoned", "demilestoned", "locked", "unlocked":
	case "labeled", "unlabeled":
		more = func(c *call, body map[string]any) {
			if l := is.repo.labels.find(e.label.Name); l != nil {
				body["label"] = c.label(is.repo, l)
			}
		}
	case "assigned", "unassigned":
		more = func(c *call, body map[string]any) { body["assignee"] = c.person(e.assignee) }
	case "renamed":
		action = "edited"
		more = func(_ *call, body map[string]any) {
			body["changes"] = map[string]any{"title": map[string]string{"from": e.from}}
		}
	default:
		return
	}
	a.note(is, "issues", action, more)
}

// noteComment has webhooks tell of a comment.
func (a act) noteComment(m *comment, action string) {
	a.note(m.issue, "issue_comment", action, func(c *call, body map[string]any) { body["comment"] = c.remark(m) })
}
