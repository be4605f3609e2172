package jirasim

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

func searchRoutes() []route {
	return []route{
		{method: http.MethodGet, pattern: "/search/jql", run: (*call).searchGet},
		{method: http.MethodPost, pattern: "/search/jql", run: (*call).searchPost},
		{method: http.MethodGet, pattern: "/search", run: (*call).searchRemoved},
		{method: http.MethodPost, pattern: "/search", run: (*call).searchRemoved},
		{method: http.MethodPost, pattern: "/search/approximate-count", run: (*call).approximateCount},
		{method: http.MethodPost, pattern: "/jql/match", run: (*call).jqlMatch},
	}
}

// Limits of search/jql.
const (
	searchDefault    = 50
	searchMost       = 5000 // ids and keys only
	searchMostFields = 100  // with any other field
	searchHistories  = 40
	mostReconciled   = 50
	mostProperties   = 5
)

// searchBody is what POST search/jql takes.
type searchBody struct {
	JQL             string     `json:"jql"`
	MaxResults      *int       `json:"maxResults"`
	Fields          []string   `json:"fields"`
	FieldsByKeys    bool       `json:"fieldsByKeys"`
	Expand          string     `json:"expand"`
	Properties      []string   `json:"properties"`
	NextPageToken   *string    `json:"nextPageToken"`
	ReconcileIssues []flexible `json:"reconcileIssues"`
	Archived        bool       `json:"includeArchivedProjects"`
}

func (c *call) searchRemoved() (reply, error) {
	return reply{}, refuse(http.StatusGone, "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. "+
		"A full migration guideline is available at https://developer.atlassian.com/changelog/#CHANGE-2046")
}

func (c *call) searchPost() (reply, error) {
	var b searchBody
	if err := c.decode(&b, true); err != nil {
		return reply{}, err
	}
	return c.searchJQL(b)
}

func (c *call) searchGet() (reply, error) {
	n, err := c.number("maxResults", searchDefault)
	if err != nil {
		return reply{}, err
	}
	b := searchBody{JQL: c.query("jql"), MaxResults: &n, Fields: c.list("fields"), Expand: c.query("expand"), Properties: c.list("properties"),
		Archived: c.query("includeArchivedProjects") == "true"}
	if t := c.query("nextPageToken"); t != "" {
		b.NextPageToken = &t
	}
	for _, id := range c.list("reconcileIssues") {
		b.ReconcileIssues = append(b.ReconcileIssues, flexible(id))
	}
	return c.searchJQL(b)
}

func (c *call) searchJQL(b searchBody) (reply, error) {
	limit, reconcile, refused := b.check()
	if refused != nil {
		return reply{}, refused
	}
	sh := b.show()
	if !sh.fields.bare() || sh.changelog > 0 || len(b.Properties) > 0 {
		limit = min(limit, searchMostFields)
	}
	w := window{user: c.user, limit: limit, archived: b.Archived, reconcile: reconcile}
	id := searchID(c.account(), b.JQL, joined(b.Fields), joined(texts(b.ReconcileIssues)))
	t := pageToken{}
	if b.NextPageToken != nil {
		if t, refused = c.site.openToken(*b.NextPageToken, id); refused != nil {
			return reply{}, refused
		}
		w.after = t.After
	}
	t = pageToken{Search: id, Issued: c.site.now().UnixMilli(), After: t.After, Page: t.Page + 1}
	c.site.refresh()
	c.site.mu.RLock()
	defer c.site.mu.RUnlock()
	p, refused := c.site.plan(b.JQL, c.user)
	if refused != nil {
		return reply{}, refused
	}
	page, more := c.site.search(p, w)
	if c.inside(insideEmptyPage) {
		return ok(obj{"issues": []any{}, "isLast": false, "nextPageToken": t.text()})
	}
	out := c.searchAnswer(b, sh, page, more, t, p)
	if c.inside(insideTokenLoop) && b.NextPageToken != nil {
		out["isLast"], out["nextPageToken"] = false, *b.NextPageToken
	}
	return ok(out)
}

func (c *call) searchAnswer(b searchBody, sh show, page []*Issue, more bool, t pageToken, p *plan) obj {
	issues := make([]any, len(page))
	for i, v := range page {
		issues[i] = c.found(v, b, sh)
	}
	out := obj{"issues": issues, "isLast": !more}
	if more {
		last := c.site.placeOf(page[len(page)-1], p.order)
		t.After = &last
		out["nextPageToken"] = t.text()
	}
	if slices.Contains(strings.Split(b.Expand, ","), "names") {
		out["names"] = c.names(sh.fields)
	}
	return out
}

// found shows one hit; without a list of fields that is its id alone.
func (c *call) found(v *Issue, b searchBody, sh show) any {
	if sh.fields.bare() && !sh.fields.want["key"] && sh.changelog == 0 && len(b.Properties) == 0 {
		return struct {
			ID string `json:"id"`
		}{v.ID}
	}
	return c.issueJSON(v, sh)
}

func (b searchBody) show() show {
	sh := show{fields: selectFields(b.Fields), properties: b.Properties}
	if slices.Contains(strings.Split(b.Expand, ","), "changelog") {
		sh.changelog = searchHistories
	}
	return sh
}

// check validates what does not depend on the site.
func (b searchBody) check() (limit int, reconcile []int64, r *Refusal) {
	limit = searchDefault
	if b.MaxResults != nil {
		limit = *b.MaxResults
	}
	if limit < 1 || limit > searchMost {
		return 0, nil, invalid("The maxResults parameter must be between 1 and 5,000.")
	}
	if len(b.ReconcileIssues) > mostReconciled {
		return 0, nil, invalid("The reconcileIssues parameter cannot have more than %d ids.", mostReconciled)
	}
	if len(b.Properties) > mostProperties {
		return 0, nil, invalid("The properties parameter cannot have more than %d keys.", mostProperties)
	}
	for _, f := range b.ReconcileIssues {
		id, err := strconv.ParseInt(string(f), 10, 64)
		if err != nil {
			return 0, nil, badPayload()
		}
		reconcile = append(reconcile, id)
	}
	slices.Sort(reconcile)
	return limit, slices.Compact(reconcile), nil
}

// account is the asking account's id, "" for nobody.
func (c *call) account() string {
	if c.user == nil {
		return ""
	}
	return c.user.AccountID
}

func (c *call) names(sel selection) obj {
	out := obj{}
	for _, f := range c.site.catalog.allFields() {
		if sel.has(f.ID) {
			out[f.ID] = c.word(f.Name)
		}
	}
	return out
}

func (c *call) approximateCount() (reply, error) {
	var b struct {
		JQL string `json:"jql"`
	}
	if err := c.decode(&b, true); err != nil {
		return reply{}, err
	}
	c.site.refresh()
	c.site.mu.RLock()
	defer c.site.mu.RUnlock()
	p, refused := c.site.plan(b.JQL, c.user)
	if refused != nil {
		return reply{}, refused
	}
	return ok(obj{"count": c.site.count(p, c.user)})
}

// jqlMatch tests given issues against queries, past the index.
func (c *call) jqlMatch() (reply, error) {
	var b struct {
		IssueIDs []json.Number `json:"issueIds"`
		JQLs     []string      `json:"jqls"`
	}
	if err := c.decode(&b, true); err != nil {
		return reply{}, err
	}
	c.site.mu.RLock()
	defer c.site.mu.RUnlock()
	matches := make([]obj, len(b.JQLs))
	for i, jql := range b.JQLs {
		matches[i] = c.matchOne(jql, b.IssueIDs)
	}
	return ok(obj{"matches": matches})
}

func (c *call) matchOne(jql string, ids []json.Number) obj {
	matched, failed := []int64{}, []string{}
	p, refused := c.site.plan(jql, c.user)
	if refused != nil {
		return obj{"matchedIssues": matched, "errors": append(failed, refused.Messages...)}
	}
	for _, id := range ids {
		rec := c.site.find(id.String())
		if rec != nil && c.site.fits(p, window{user: c.user}, rec.current) {
			matched = append(matched, rec.num)
		}
	}
	return obj{"matchedIssues": matched, "errors": failed}
}
