package jirasim

import (
	"net/http"
	"slices"
	"strings"
)

// createMeta is the most types or fields in one answer of createmeta.
const createMeta = 200

// creating finds the project of the path, if the account may make issues there. An
// account that may not gets an empty list of types. Hold the lock.
func (c *call) creating() (p *Project, may bool, err error) {
	if p, err = c.project(); err != nil {
		return nil, false, err
	}
	return p, c.site.allowed(c.user, p.Key, Create), nil
}

// createSpan reads the page of a createmeta request. It asks for less than there is
// by default, and refuses more than the most.
func (c *call) createSpan() (span, error) {
	n, err := c.number("maxResults", 50)
	if err != nil {
		return span{}, err
	}
	if n > createMeta {
		return span{}, invalid("Parameter 'maxResults' must not exceed the limit '%d'", createMeta)
	}
	start, err := c.number("startAt", 0)
	if n < 1 || start < 0 {
		n, start = 50, max(start, 0)
	}
	return span{start, n}, err
}

func (c *call) createTypes() (reply, error) {
	sp, err := c.createSpan()
	if err != nil {
		return reply{}, err
	}
	c.site.mu.RLock()
	defer c.site.mu.RUnlock()
	p, may, err := c.creating()
	if err != nil {
		return reply{}, err
	}
	types := []obj{}
	if may {
		for _, t := range p.Types {
			one := c.typeJSON(t)
			if !c.site.server() {
				one["untranslatedName"] = t
			}
			types = append(types, one)
		}
	}
	return ok(c.metaPage("issueTypes", types, sp))
}

// metaPage is how createmeta cuts a list. Cloud names it, Data Center does not.
func (c *call) metaPage(name string, all []obj, sp span) obj {
	from := min(sp.start, len(all))
	to := min(from+sp.size, len(all))
	out := obj{"startAt": sp.start, "maxResults": sp.size, "total": len(all)}
	if c.site.server() {
		out["isLast"], name = to == len(all), "values"
	}
	out[name] = all[from:to]
	return out
}

func (c *call) createFields() (reply, error) {
	sp, err := c.createSpan()
	if err != nil {
		return reply{}, err
	}
	c.site.mu.RLock()
	defer c.site.mu.RUnlock()
	p, may, err := c.creating()
	if err != nil {
		return reply{}, err
	}
	t := c.site.catalog.issueType(c.params["type"])
	if t == nil || !may || !slices.Contains(p.Types, t.Name) {
		return reply{}, refuse(http.StatusNotFound, "The issue type '%s' does not exist.", c.params["type"])
	}
	like := &Issue{Project: p.Key, Type: t.Name}
	fields := []obj{}
	for _, f := range c.site.catalog.allFields() {
		if c.site.onCreateScreen(c.user, p, f.ID) {
			fields = append(fields, c.createField(like, p, f.ID))
		}
	}
	return ok(c.metaPage("fields", fields, sp))
}

// onCreateScreen tells which fields an account meets when it makes an issue.
func (s *Site) onCreateScreen(u *User, p *Project, field string) bool {
	switch {
	case field == "project", field == "issuetype", slices.Contains(p.Required, field):
		return true
	case field == "assignee" && !s.allowed(u, p.Key, Assign):
		return false
	case p.CreateScreen != nil:
		return field == "summary" || slices.Contains(p.CreateScreen, field)
	}
	return editScreen[field] || strings.HasPrefix(field, "customfield_") && s.catalog.field(field) != nil
}

// createField describes a field of the create screen. The reporter is required and
// has a default: whoever makes the issue.
func (c *call) createField(like *Issue, p *Project, field string) obj {
	always := field == "project" || field == "issuetype" || field == "summary" || field == "reporter"
	out := c.fieldMeta(like, field, always || slices.Contains(p.Required, field))
	if field == "reporter" || field == "priority" {
		out["hasDefaultValue"] = true
	}
	return out
}
