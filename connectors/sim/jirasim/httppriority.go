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
	return ok(pageOf(span, all, func(p *Priority) obj { return c.priorityFull(p, p.ID == byDefault) }))
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
	return ok(pageOf(span, c.site.catalog.schemes, c.schemeJSON))
}

func (c *call) schemeJSON(ps *PriorityScheme) obj {
	var priorities []*Priority
	var projects []*Project
	for _, p := range c.site.catalog.priorities {
		if slices.Contains(ps.Priorities, p.ID) {
			priorities = append(priorities, p)
		}
	}
	for _, p := range c.site.catalog.projects {
		if p.PriorityScheme == ps.Name {
			projects = append(projects, p)
		}
	}
	return obj{"id": ps.ID, "name": ps.Name, "description": "", "isDefault": false,
		"priorities": pageOf(span{0, 50}, priorities, func(p *Priority) obj { return c.priorityFull(p, p.ID == ps.Default) }),
		"projects":   pageOf(span{0, 50}, projects, c.projectJSON)}
}
