package jirasim

import "strings"

// setField is a JQL field whose values are ids: get gives an issue's, resolve
// gives those that an operand names, and false where there is no such value.
type setField struct {
	get     func(*Issue) []string
	resolve func(value) ([]string, bool)
}

func (f setField) empty(v *Issue) bool {
	ids := f.get(v)
	return len(ids) == 0 || len(ids) == 1 && ids[0] == ""
}

// fields are the set fields by every name they go under.
func (c *compiler) fields() map[string]setField {
	key := setField{func(v *Issue) []string { return []string{v.ID} }, c.issueIDs}
	kind := setField{func(v *Issue) []string { return []string{v.Type} }, c.typeNames}
	labels := setField{func(v *Issue) []string { return v.Labels }, itself}
	return map[string]setField{
		"key": key, "issuekey": key, "issue": key, "id": key,
		"issuetype": kind, "type": kind, "labels": labels,
		"project":        {func(v *Issue) []string { return []string{v.Project} }, c.projectKeys},
		"status":         {func(v *Issue) []string { return []string{v.Status} }, c.statusIDs},
		"statuscategory": {c.categoryOf, categoryKeys},
		"priority":       {func(v *Issue) []string { return []string{v.Priority} }, c.priorityIDs},
		"resolution":     {func(v *Issue) []string { return []string{v.Resolution} }, c.resolutionIDs},
		"creator":        {func(v *Issue) []string { return []string{v.Creator} }, c.accountIDs},
		"reporter":       {func(v *Issue) []string { return []string{v.Reporter} }, c.accountIDs},
		"assignee":       {func(v *Issue) []string { return []string{v.Assignee} }, c.accountIDs},
		"component":      {func(v *Issue) []string { return v.Components }, itself},
		"fixversion":     {func(v *Issue) []string { return v.FixVersions }, itself},
		"parent":         {func(v *Issue) []string { return []string{v.Parent} }, upper},
	}
}

func itself(v value) ([]string, bool) { return []string{v.text}, !v.call }

func upper(v value) ([]string, bool) { return []string{strings.ToUpper(v.text)}, !v.call }

// issueIDs finds issues by key or id. One that does not exist matches nothing.
func (c *compiler) issueIDs(v value) ([]string, bool) {
	if v.call {
		return nil, false
	}
	rec := c.site.indexedAs(v.text)
	if rec == nil || rec.indexed == nil && rec.current == nil {
		return nil, true
	}
	if rec.indexed != nil {
		return []string{rec.indexed.ID}, true
	}
	return []string{rec.current.ID}, true
}

// projectKeys finds a project by key, name or id. An unknown one matches nothing,
// and Cloud does not complain; Data Center refuses it, and one that is hidden.
func (c *compiler) projectKeys(v value) ([]string, bool) {
	if v.call {
		return nil, false
	}
	var out []string
	for _, p := range c.site.catalog.projects {
		if p.ID == v.text || strings.EqualFold(p.Key, v.text) || strings.EqualFold(p.Name, v.text) {
			if !c.site.server() || c.site.allowed(c.user, p.Key, Browse) {
				out = append(out, p.Key)
			}
		}
	}
	return out, len(out) > 0 || !c.site.server()
}

func (c *compiler) typeNames(v value) ([]string, bool) {
	t := c.site.catalog.issueType(v.text)
	if t == nil || v.call {
		return nil, false
	}
	return []string{t.Name}, true
}

func (c *compiler) statusIDs(v value) ([]string, bool) {
	var out []string
	for _, st := range c.site.catalog.statuses {
		if st.ID == v.text || strings.EqualFold(st.Name, v.text) || strings.EqualFold(st.Untranslated, v.text) {
			out = append(out, st.ID)
		}
	}
	return out, len(out) > 0
}

func (c *compiler) categoryOf(v *Issue) []string {
	return []string{c.site.catalog.status(v.Status).Category}
}

func categoryKeys(v value) ([]string, bool) {
	for _, cat := range categories {
		if strings.EqualFold(cat.key, v.text) || strings.EqualFold(cat.name, v.text) || cat.text() == v.text {
			return []string{cat.key}, true
		}
	}
	return nil, false
}

func (c *compiler) priorityIDs(v value) ([]string, bool) {
	if p := c.site.catalog.priority(v.text); p != nil {
		return []string{p.ID}, true
	}
	return nil, false
}

func (c *compiler) resolutionIDs(v value) ([]string, bool) {
	if strings.EqualFold(v.text, "unresolved") {
		return []string{""}, true
	}
	if r := c.site.catalog.resolution(v.text); r != nil {
		return []string{r.ID}, true
	}
	return nil, false
}

// accountIDs finds accounts by id, mail address or name; nobody's own query for
// currentUser() matches nothing.
func (c *compiler) accountIDs(v value) ([]string, bool) {
	if v.call {
		if v.text != "currentuser" {
			return nil, false
		}
		if c.user == nil {
			return nil, true
		}
		return []string{c.user.AccountID}, true
	}
	var out []string
	for _, u := range c.site.catalog.users {
		if c.site.accountMatches(u, v.text) || strings.EqualFold(u.Email, v.text) || strings.EqualFold(u.DisplayName, v.text) {
			out = append(out, u.AccountID)
		}
	}
	return out, len(out) > 0
}
