package jirasim

import (
	"net/http"
	"slices"
	"strings"
)

func projectRoutes() []route {
	get := http.MethodGet
	return []route{
		{method: get, pattern: "/project", run: (*call).listProjects},
		{method: get, pattern: "/project/search", run: (*call).searchProjects},
		{method: get, pattern: "/project/{project}", run: (*call).getProject},
		{method: get, pattern: "/project/{project}/statuses", run: (*call).projectStatuses},
	}
}

func noProject(ref string) *Refusal {
	return refuse(http.StatusNotFound, "No project could be found with key '%s'.", ref)
}

// project finds the project of the path, if the account may see it. Hold the lock.
func (c *call) project() (*Project, error) {
	p := c.site.catalog.project(c.params["project"])
	if p == nil || !c.site.allowed(c.user, p.Key, Browse) {
		return nil, noProject(c.params["project"])
	}
	return p, nil
}

func (c *call) getProject() (reply, error) {
	c.site.mu.RLock()
	defer c.site.mu.RUnlock()
	p, err := c.project()
	if err != nil {
		return reply{}, err
	}
	return ok(c.projectFull(p))
}

func (c *call) projectFull(p *Project) obj {
	out := c.projectJSON(p)
	types := make([]obj, len(p.Types))
	for i, t := range p.Types {
		types[i] = c.typeJSON(t)
	}
	out["issueTypes"], out["components"], out["versions"] = types, c.named("component", c.site.componentsOf(p)), []obj{}
	out["description"], out["assigneeType"], out["isPrivate"], out["lead"] = "", "UNASSIGNED", false, c.userJSON(p.Lead)
	out["style"] = "classic"
	if p.Simplified {
		out["style"] = "next-gen"
	}
	return out
}

// componentsOf lists the components of a project: those that were made, and those in use.
// Hold the lock.
func (s *Site) componentsOf(p *Project) []string {
	names := slices.Clone(p.Components)
	for _, rec := range s.issues {
		if rec.current != nil && rec.current.Project == p.Key {
			names = append(names, rec.current.Components...)
		}
	}
	return sortedSet(names)
}

// seen lists the projects that the account may see, filtered by the query.
func (c *call) seen() []*Project {
	keys := c.list("keys")
	want := strings.ToLower(c.query("query"))
	var out []*Project
	for _, p := range c.site.catalog.projects {
		if !c.site.allowed(c.user, p.Key, Browse) || !strings.Contains(strings.ToLower(p.Key+" "+p.Name), want) {
			continue
		}
		if len(keys) > 0 && !containsFold(keys, p.Key) {
			continue
		}
		out = append(out, p)
	}
	return out
}

func containsFold(list []string, s string) bool {
	for _, l := range list {
		if strings.EqualFold(l, s) {
			return true
		}
	}
	return false
}

func (c *call) listProjects() (reply, error) {
	c.site.mu.RLock()
	defer c.site.mu.RUnlock()
	out := []obj{}
	for _, p := range c.seen() {
		out = append(out, c.projectJSON(p))
	}
	return ok(out)
}

func (c *call) searchProjects() (reply, error) {
	span, err := c.page(50)
	if err != nil {
		return reply{}, err
	}
	c.site.mu.RLock()
	defer c.site.mu.RUnlock()
	all := c.seen()
	out := pageOf(span, all, c.projectJSON)
	c.linkPages(out, "project/search", span, len(all))
	return ok(out)
}

// projectStatuses lists, per issue type, the statuses of its workflow.
func (c *call) projectStatuses() (reply, error) {
	c.site.mu.RLock()
	defer c.site.mu.RUnlock()
	p, err := c.project()
	if err != nil {
		return reply{}, err
	}
	out := make([]obj, len(p.Types))
	for i, name := range p.Types {
		t := c.site.catalog.issueType(name)
		statuses := []obj{}
		for _, id := range c.site.catalog.workflow(p, name).Statuses {
			statuses = append(statuses, c.statusFull(c.site.catalog.status(id)))
		}
		out[i] = obj{"self": c.self("issuetype/%s", t.ID), "id": t.ID, "name": c.word(t.Name), "subtask": t.Subtask, "statuses": statuses}
	}
	return ok(out)
}
