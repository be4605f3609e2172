package jirasim

import (
	"net/http"
	"slices"
	"strings"
)

// serverSearchBody is what Data Center's POST search takes.
type serverSearchBody struct {
	JQL           string   `json:"jql"`
	StartAt       int      `json:"startAt"`
	MaxResults    *int     `json:"maxResults"`
	Fields        []string `json:"fields"`
	Expand        []string `json:"expand"`
	ValidateQuery any      `json:"validateQuery"`
}

func (c *call) serverSearchPost() (reply, error) {
	var b serverSearchBody
	if err := c.decode(&b, true); err != nil {
		return reply{}, err
	}
	return c.serverSearch(b)
}

func (c *call) serverSearchGet() (reply, error) {
	n, err := c.number("maxResults", searchDefault)
	if err != nil {
		return reply{}, err
	}
	start, err := c.number("startAt", 0)
	if err != nil {
		return reply{}, err
	}
	return c.serverSearch(serverSearchBody{JQL: c.query("jql"), StartAt: start, MaxResults: &n, Fields: c.list("fields"), Expand: c.list("expand")})
}

// serverSearch answers one page. It cuts maxResults to what the site allows and tells
// so; it counts rows anew for each page, so that a row is skipped or shown twice where
// one before it moved meanwhile; and it refuses to count beyond the window.
func (c *call) serverSearch(b serverSearchBody) (reply, error) {
	size := searchDefault
	if b.MaxResults != nil {
		size = *b.MaxResults
	}
	if b.StartAt < 0 {
		return reply{}, invalid("The value of the startAt parameter must not be negative.")
	}
	if size < 0 || size > c.site.opts.PageMost {
		size = c.site.opts.PageMost
	}
	if b.StartAt+size > c.site.opts.SearchWindow {
		return reply{}, refuse(http.StatusInternalServerError, "Search limit exceeded")
	}
	c.site.refresh()
	c.site.mu.RLock()
	defer c.site.mu.RUnlock()
	p, refused := c.site.plan(b.JQL, c.user)
	if refused != nil {
		return reply{}, refused
	}
	all := c.site.allOf(p, c.user)
	return ok(c.serverPage(b, all, span{b.StartAt, size}))
}

func (c *call) serverPage(b serverSearchBody, all []*Issue, sp span) obj {
	if b.Fields == nil {
		b.Fields = []string{"*navigable"}
	}
	sh := show{fields: selectFields(b.Fields), asked: "operations,versionedRepresentations,editmeta,changelog,renderedFields"}
	changelog := slices.Contains(b.Expand, "changelog")
	issues := []obj{}
	for _, v := range cut(all, sp) {
		if changelog {
			sh.changelog = max(len(v.History), 1)
		}
		issues = append(issues, c.issueJSON(v, sh))
	}
	out := obj{"expand": "schema,names", "startAt": sp.start, "maxResults": sp.size, "total": len(all), "issues": issues}
	if slices.Contains(b.Expand, "names") {
		out["names"] = c.names(sh.fields)
	}
	return out
}

// allOf is everything that a query finds, in order. Hold the read lock.
func (s *Site) allOf(p *plan, u *User) []*Issue {
	if len(p.order) == 0 {
		p.order = []term{{"key", true}}
	}
	return s.sorted(s.gather(p, window{user: u}), p.order)
}

// serverRoutes turns the endpoints of Cloud into those of Data Center.
func serverRoutes(cloud []route) []route {
	get := http.MethodGet
	out := []route{
		{method: get, pattern: "/search", run: (*call).serverSearchGet},
		{method: http.MethodPost, pattern: "/search", run: (*call).serverSearchPost},
		{method: get, pattern: "/priority/page", run: (*call).searchPriorities},
		{method: get, pattern: "/status/page", run: (*call).pageStatuses},
		{method: get, pattern: "/priorityschemes", run: (*call).getSchemes},
		{method: get, pattern: "/project/{project}/priorityscheme", run: (*call).projectScheme},
	}
	for _, rt := range cloud {
		if !cloudOnly(rt.pattern) {
			out = append(out, rt)
		}
	}
	return out
}

// cloudOnly tells the endpoints that Data Center lacks, or has of its own.
func cloudOnly(pattern string) bool {
	return strings.HasPrefix(pattern, "/search") || strings.HasPrefix(pattern, "/jql/") || strings.Contains(pattern, "bulkfetch") ||
		strings.Contains(pattern, "/changelog") || strings.HasSuffix(pattern, "es/search") || pattern == "/priority/search" ||
		pattern == "/priorityscheme" || pattern == "/project/search"
}

// pageStatuses pages through the statuses.
func (c *call) pageStatuses() (reply, error) {
	p, err := c.page(100)
	if err != nil {
		return reply{}, err
	}
	c.site.mu.RLock()
	defer c.site.mu.RUnlock()
	var all []*Status
	if c.user != nil {
		all = c.site.catalog.statuses
	}
	return ok(pageOf(p, all, func(st *Status) obj { return c.statusFull(st) }))
}

// projectScheme shows a project's priority scheme to administrators.
func (c *call) projectScheme() (reply, error) {
	c.site.mu.RLock()
	defer c.site.mu.RUnlock()
	p, err := c.project()
	if err != nil {
		return reply{}, err
	}
	if c.user == nil || !c.user.Admin {
		return reply{}, forbidden("view the priority scheme of this project")
	}
	out := obj{"id": 1, "name": "Default priority scheme", "defaultScheme": true, "optionIds": []string{}}
	if ps := c.site.catalog.scheme(p); ps != nil {
		out = obj{"id": ps.ID, "name": ps.Name, "defaultScheme": false, "optionIds": ps.Priorities, "defaultOptionId": ps.Default}
	}
	return ok(out)
}
