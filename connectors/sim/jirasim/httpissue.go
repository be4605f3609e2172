package jirasim

import (
	"net/http"
	"slices"
	"sort"
)

func issueRoutes() []route {
	const issue = "/issue/{key}"
	get, post, put, del := http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete
	return []route{
		{method: post, pattern: "/issue", run: (*call).createIssue},
		{method: post, pattern: "/issue/bulkfetch", run: (*call).bulkFetch},
		{method: post, pattern: "/changelog/bulkfetch", run: (*call).bulkChangelogs},
		{method: get, pattern: "/issue/createmeta/{project}/issuetypes", run: (*call).createTypes},
		{method: get, pattern: "/issue/createmeta/{project}/issuetypes/{type}", run: (*call).createFields},
		{method: get, pattern: issue, run: (*call).getIssue},
		{method: put, pattern: issue, run: (*call).putIssue},
		{method: del, pattern: issue, run: (*call).deleteIssue},
		{method: put, pattern: issue + "/assignee", run: (*call).putAssignee},
		{method: get, pattern: issue + "/editmeta", run: (*call).editMeta},
		{method: get, pattern: issue + "/transitions", run: (*call).getTransitions},
		{method: post, pattern: issue + "/transitions", run: (*call).postTransition},
		{method: get, pattern: issue + "/changelog", run: (*call).getChangelog},
		{method: post, pattern: issue + "/changelog/list", run: (*call).listChangelog},
		{method: get, pattern: issue + "/comment", run: (*call).getComments},
		{method: post, pattern: issue + "/comment", run: (*call).postComment},
		{method: get, pattern: issue + "/comment/{id}", run: (*call).getComment},
		{method: put, pattern: issue + "/comment/{id}", run: (*call).putComment},
		{method: del, pattern: issue + "/comment/{id}", run: (*call).deleteComment},
		{method: get, pattern: "/comment/{id}/properties", run: (*call).commentProperties},
		{method: get, pattern: "/comment/{id}/properties/{property}", run: (*call).getCommentProperty},
		{method: put, pattern: "/comment/{id}/properties/{property}", run: (*call).putCommentProperty},
		{method: del, pattern: "/comment/{id}/properties/{property}", run: (*call).deleteCommentProperty},
		{method: get, pattern: issue + "/properties", run: (*call).propertyKeys},
		{method: get, pattern: issue + "/properties/{property}", run: (*call).getProperty},
		{method: put, pattern: issue + "/properties/{property}", run: (*call).putProperty},
		{method: del, pattern: issue + "/properties/{property}", run: (*call).deleteProperty},
	}
}

// issue finds the issue of the path, if the account may see it. Hold the lock.
func (c *call) issue() (*Issue, error) {
	rec := c.site.find(c.params["key"])
	switch {
	case rec != nil && c.site.sees(c.user, rec.current):
		return rec.current, nil
	case !c.site.server():
		return nil, absent()
	}
	return nil, c.serverAbsent(rec != nil)
}

// locked finds the issue of the path for a read that holds the lock meanwhile.
func (c *call) locked(read func(v *Issue) (reply, error)) (reply, error) {
	c.site.mu.RLock()
	defer c.site.mu.RUnlock()
	v, err := c.issue()
	if err != nil {
		return reply{}, err
	}
	return read(v)
}

// visible refuses a write to an issue that the account cannot see, and so every
// write of nobody.
func (c *call) visible() error {
	c.site.mu.RLock()
	defer c.site.mu.RUnlock()
	_, err := c.issue()
	return err
}

// issueHistories is how many changelog entries come with one issue.
const issueHistories = 100

func (c *call) showOfIssue() show {
	names := c.list("fields")
	if names == nil {
		names = []string{"*all"}
	}
	sh := show{fields: selectFields(names), properties: c.list("properties"),
		asked: "renderedFields,names,schema,operations,editmeta,changelog,versionedRepresentations"}
	if slices.Contains(c.list("expand"), "changelog") {
		sh.changelog = issueHistories
	}
	return sh
}

func (c *call) getIssue() (reply, error) {
	return c.locked(func(v *Issue) (reply, error) {
		sh := c.showOfIssue()
		out := c.issueJSON(v, sh)
		expand := c.list("expand")
		if fields := slices.Contains(expand, "transitions.fields"); fields || slices.Contains(expand, "transitions") {
			out["transitions"] = c.transitionsJSON(v, fields)
		}
		if slices.Contains(expand, "names") {
			out["names"] = c.names(sh.fields)
		}
		if slices.Contains(expand, "editmeta") {
			out["editmeta"] = obj{"fields": c.editable(v)}
		}
		return ok(out)
	})
}

func (c *call) deleteIssue() (reply, error) {
	if err := c.visible(); err != nil {
		return reply{}, err
	}
	if err := c.site.Delete(c.account(), c.params["key"]); err != nil {
		return reply{}, err
	}
	return noContent()
}

// Limits of the bulk reads.
const (
	bulkIssues     = 100
	bulkChangelogs = 1000
	bulkFieldIDs   = 10
)

// bulkFetch reads issues past the index, in the order of their ids; those that
// are not there are not in the answer.
func (c *call) bulkFetch() (reply, error) {
	var b struct {
		IDs          []flexible `json:"issueIdsOrKeys"`
		Fields       []string   `json:"fields"`
		FieldsByKeys bool       `json:"fieldsByKeys"`
		Expand       []string   `json:"expand"`
		Properties   []string   `json:"properties"`
	}
	if err := c.decode(&b, true); err != nil {
		return reply{}, err
	}
	if len(b.IDs) == 0 || len(b.IDs) > bulkIssues {
		return reply{}, invalid("The issueIdsOrKeys parameter must have between 1 and %d entries.", bulkIssues)
	}
	if b.Fields == nil {
		b.Fields = []string{"*navigable"}
	}
	sh := show{fields: selectFields(b.Fields), properties: b.Properties}
	if slices.Contains(b.Expand, "changelog") {
		sh.changelog = searchHistories
	}
	c.site.mu.RLock()
	defer c.site.mu.RUnlock()
	issues := []obj{}
	for _, v := range c.several(texts(b.IDs)) {
		issues = append(issues, c.issueJSON(v, sh))
	}
	return ok(obj{"expand": "schema,names", "issues": issues, "issueErrors": []obj{}})
}

// several finds issues by ids and keys, each once, ascending by id.
func (c *call) several(refs []string) []*Issue {
	seen := map[int64]bool{}
	var out []*Issue
	for _, ref := range refs {
		rec := c.site.find(ref)
		if rec == nil || seen[rec.num] || !c.site.sees(c.user, rec.current) {
			continue
		}
		seen[rec.num] = true
		out = append(out, rec.current)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].num < out[j].num })
	return out
}
