package jirasim

import "slices"

// priorityFull is how the lists of priorities show one.
func (c *call) priorityFull(p *Priority, isDefault bool) obj {
	out := c.priorityBrief(p)
	out["statusColor"], out["description"], out["isDefault"] = "#f15C75", "", isDefault
	return out
}

func (c *call) getPriorities() (reply, error) {
	list := func(cat *catalog) []*Priority { return cat.priorities }
	return members(c, list, func(p *Priority) any { return c.priorityFull(p, false) })
}

// searchPriorities lists priorities, those of one project's scheme if asked.
func (c *call) searchPriorities() (reply, error) {
	span, err := c.page(50)
	if err != nil {
		return reply{}, err
	}
	c.site.mu.RLock()
	defer c.site.mu.RUnlock()
	all := c.site.catalog.priorities
	byDefault := ""
	for _, id := range c.list("projectId") {
		all, byDefault = nil, ""
		if p := c.site.catalog.project(id); p != nil {
			all = c.site.catalog.prioritiesOf(p)
			if ps := c.site.catalog.scheme(p); ps != nil {
				byDefault = ps.Default
			}
		}
	}
	if c.user == nil {
		all = nil
	}
	shown := cut(all, span)
	values := make([]obj, len(shown))
	for i, p := range shown {
		values[i] = c.priorityFull(p, p.ID == byDefault)
	}
	return ok(pageOf(span, len(all), len(shown), values))
}

func (c *call) getSchemes() (reply, error) {
	span, err := c.page(50)
	if err != nil {
		return reply{}, err
	}
	c.site.mu.RLock()
	defer c.site.mu.RUnlock()
	if c.user == nil {
		return c.unauthorized()
	}
	shown := cut(c.site.catalog.schemes, span)
	values := make([]obj, len(shown))
	for i, ps := range shown {
		values[i] = c.schemeJSON(ps)
	}
	return ok(pageOf(span, len(c.site.catalog.schemes), len(shown), values))
}

func (c *call) schemeJSON(ps *PriorityScheme) obj {
	priorities, projects := []obj{}, []obj{}
	for _, p := range c.site.catalog.priorities {
		if slices.Contains(ps.Priorities, p.ID) {
			priorities = append(priorities, c.priorityFull(p, p.ID == ps.Default))
		}
	}
	for _, p := range c.site.catalog.projects {
		if p.PriorityScheme == ps.Name {
			projects = append(projects, c.projectJSON(p))
		}
	}
	return obj{"id": ps.ID, "name": ps.Name, "description": "", "isDefault": false,
		"priorities": pageOf(span{0, 50}, len(priorities), len(priorities), priorities),
		"projects":   pageOf(span{0, 50}, len(projects), len(projects), projects)}
}
