package jirasim

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

func metaRoutes() []route {
	get := http.MethodGet
	return []route{
		{method: get, pattern: "/myself", run: (*call).myself},
		{method: get, pattern: "/serverInfo", run: (*call).serverInfo},
		{method: get, pattern: "/mypermissions", run: (*call).myPermissions},
		{method: get, pattern: "/user", run: (*call).getUser},
		{method: get, pattern: "/status", run: (*call).getStatuses},
		{method: get, pattern: "/status/{id}", run: (*call).getStatus},
		{method: get, pattern: "/statuses/search", run: (*call).searchStatuses},
		{method: get, pattern: "/statuscategory", run: (*call).getCategories},
		{method: get, pattern: "/priority", run: (*call).getPriorities},
		{method: get, pattern: "/priority/search", run: (*call).searchPriorities},
		{method: get, pattern: "/priorityscheme", run: (*call).getSchemes},
		{method: get, pattern: "/resolution", run: (*call).getResolutions},
		{method: get, pattern: "/issuetype", run: (*call).getTypes},
		{method: get, pattern: "/field", run: (*call).getFields},
	}
}

func (c *call) myself() (reply, error) {
	if c.user == nil {
		return c.unauthorized()
	}
	c.site.mu.RLock()
	defer c.site.mu.RUnlock()
	out := c.userFull(c.user)
	out["locale"] = c.locale()
	out["groups"] = obj{"size": 1, "items": []obj{}}
	out["applicationRoles"] = obj{"size": 1, "items": []obj{}}
	return ok(out)
}

func (c *call) getUser() (reply, error) {
	if c.user == nil {
		return c.unauthorized()
	}
	c.site.mu.RLock()
	defer c.site.mu.RUnlock()
	id := c.query("accountId")
	if c.site.server() {
		id = c.serverUser()
	}
	if c.site.catalog.users[id] == nil {
		return reply{}, refuse(http.StatusNotFound, "Specified user does not exist or you do not have required permissions")
	}
	return ok(c.userJSON(id))
}

// serverInfo is open to nobody, too.
func (c *call) serverInfo() (reply, error) {
	now := c.site.clock.Now().In(c.site.opts.Zone)
	if c.site.server() {
		return ok(c.serverFacts(now))
	}
	return ok(obj{"baseUrl": c.web, "displayUrl": c.web, "version": "1001.0.0-SNAPSHOT", "versionNumbers": []int{1001, 0, 0},
		"deploymentType": "Cloud", "buildNumber": 100291, "buildDate": "2026-06-05T12:00:00.000+0000", "serverTime": now.Format(timeLayout),
		"serverTimeZone": c.site.opts.Zone.String(), "scmInfo": "c4a4f6b7c5f5e6d0", "serverTitle": "Jira", "defaultLocale": obj{"locale": "en_US"}})
}

var permissions = []Permission{Browse, EditIssues, Transit, AddComment, LinkIssues, Create, Delete, Administer, Assign, Assignable}

func (c *call) myPermissions() (reply, error) {
	asked := c.list("permissions")
	if c.site.server() {
		asked = nil // tells all, whatever is asked for
		for _, p := range permissions {
			asked = append(asked, string(p))
		}
	}
	if len(asked) == 0 {
		return reply{}, invalid("The 'permissions' query parameter is required.")
	}
	c.site.mu.RLock()
	defer c.site.mu.RUnlock()
	project, err := c.permissionProject()
	if err != nil {
		return reply{}, err
	}
	out := obj{}
	for _, key := range asked {
		at := slices.Index(permissions, Permission(key))
		if at < 0 {
			return reply{}, invalid("Unrecognized permission '%s'", key)
		}
		kind := "PROJECT"
		if Permission(key) == Administer {
			kind = "GLOBAL"
		}
		out[key] = obj{"id": strconv.Itoa(10 + at), "key": key, "name": permissionName(key), "type": kind, "description": "",
			"havePermission": c.site.allowed(c.user, project, Permission(key))}
	}
	return ok(obj{"permissions": out})
}

func permissionName(key string) string {
	words := strings.Split(strings.ToLower(key), "_")
	for i, w := range words {
		words[i] = strings.ToUpper(w[:1]) + w[1:]
	}
	return strings.Join(words, " ")
}

// permissionProject is the project that the permissions are asked for, "" for none.
func (c *call) permissionProject() (string, error) {
	ref := c.query("projectKey")
	if ref == "" {
		ref = c.query("projectId")
	}
	if key := c.query("issueKey"); key != "" {
		rec := c.site.find(key)
		if rec == nil || !c.site.sees(c.user, rec.current) {
			return "", absent()
		}
		return rec.current.Project, nil
	}
	if ref == "" {
		return "", nil
	}
	p := c.site.catalog.project(ref)
	if p == nil || !c.site.allowed(c.user, p.Key, Browse) {
		return "", noProject(ref)
	}
	return p.Key, nil
}

// members shows a list to an account and an empty one to nobody.
func members[T any](c *call, list func(*catalog) []T, show func(T) any) (reply, error) {
	c.site.mu.RLock()
	defer c.site.mu.RUnlock()
	out := []any{}
	if c.user != nil {
		for _, m := range list(&c.site.catalog) {
			out = append(out, show(m))
		}
	}
	return ok(out)
}

func (c *call) getStatuses() (reply, error) {
	list := func(cat *catalog) []*Status { return cat.statuses }
	return members(c, list, func(st *Status) any { return c.statusFull(st) })
}

func (c *call) getStatus() (reply, error) {
	c.site.mu.RLock()
	defer c.site.mu.RUnlock()
	st := c.site.catalog.statusNamed(c.params["id"])
	if st == nil || c.user == nil {
		return reply{}, refuse(http.StatusNotFound, "The status '%s' does not exist.", c.params["id"])
	}
	return ok(c.statusFull(st))
}

// searchStatuses is for administrators only.
func (c *call) searchStatuses() (reply, error) {
	p, err := c.page(200)
	if err != nil {
		return reply{}, err
	}
	c.site.mu.RLock()
	defer c.site.mu.RUnlock()
	if c.user == nil {
		return c.unauthorized()
	}
	if !c.user.Admin {
		return reply{}, refuse(http.StatusForbidden, "You do not have permission to perform this operation.")
	}
	return ok(pageOf(p, c.site.catalog.statuses, func(st *Status) obj {
		return obj{"id": st.ID, "name": st.Name, "description": "", "statusCategory": categoryByKey(st.Category).plain, "scope": obj{"type": "GLOBAL"}}
	}))
}

func (c *call) getCategories() (reply, error) {
	list := func(*catalog) []category { return categories[:] }
	return members(c, list, func(cat category) any { return c.categoryJSON(cat) })
}

func (c *call) getResolutions() (reply, error) {
	list := func(cat *catalog) []*Resolution { return cat.resolutions }
	return members(c, list, func(r *Resolution) any { return c.resolutionJSON(r.ID) })
}

func (c *call) getTypes() (reply, error) {
	list := func(cat *catalog) []*IssueType { return cat.types }
	return members(c, list, func(t *IssueType) any { return c.typeJSON(t.Name) })
}

func (c *call) getFields() (reply, error) {
	return members(c, (*catalog).allFields, func(f Field) any {
		return obj{"id": f.ID, "key": f.ID, "name": c.word(f.Name), "untranslatedName": f.Name, "custom": f.custom, "orderable": true, "navigable": true, "searchable": true,
			"clauseNames": []string{f.ID}, "schema": c.schema(&f)}
	})
}
