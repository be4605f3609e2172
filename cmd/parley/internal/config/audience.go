package config

import (
	"fmt"

	"parley/kanban"
	"parley/sync/view"
)

// role checks what the members of a group may do: somebody who acts for a unit has to
// look as one.
func (c *checker) role(path string, g Group) {
	var names []string
	for _, r := range kanban.Roles() {
		names = append(names, string(r))
	}
	c.word(path+".role", g.Role, names...)
	if r := kanban.Role(g.Role); r.ForUnit() && view.Audience(g.Audience).Unit() == "" {
		c.errorf(path+".role", `name the unit: audience = "unit:KEY"`, "%q acts for a business unit, and the audience %q is none", g.Role, g.Audience)
	}
}

// shows checks what each audience reads.
func (c *checker) shows(s Shows) {
	var facets []string
	for _, f := range view.Facets() {
		facets = append(facets, string(f))
	}
	for name, list := range map[string][]string{"own": s.Own, "other": s.Other, "it": s.IT, "ops": s.Ops, "wall": s.Wall} {
		for i, f := range list {
			path := fmt.Sprintf("visibility.shows.%s[%d]", name, i)
			c.word(path, f, facets...)
			if f == string(view.FacetRestricted) && name != "it" && name != "ops" {
				c.errorf(path, "take it out of the list", "restricted cards are for it and ops alone")
			}
		}
	}
}

// Policy is what each audience reads.
func (c *Config) Policy() view.Policy {
	p := view.DefaultPolicy()
	if c.Visibility.OtherUnits == "title" {
		p.Other = []view.Facet{view.FacetTitle}
	}
	for list, written := range map[*[]view.Facet][]string{
		&p.Own: c.Visibility.Shows.Own, &p.Other: c.Visibility.Shows.Other, &p.IT: c.Visibility.Shows.IT,
		&p.Ops: c.Visibility.Shows.Ops, &p.Wall: c.Visibility.Shows.Wall,
	} {
		if written == nil {
			continue
		}
		*list = make([]view.Facet, len(written))
		for i, f := range written {
			(*list)[i] = view.Facet(f)
		}
	}
	return p
}
