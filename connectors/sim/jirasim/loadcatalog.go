package jirasim

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// intern keeps one copy of a text that many issues repeat.
func (l *loader) intern(s string) string {
	if s == "" {
		return ""
	}
	if have, ok := l.texts[s]; ok {
		return have
	}
	l.texts[s] = s
	return s
}

func (l *loader) internAll(in []string) []string {
	for i := range in {
		in[i] = l.intern(in[i])
	}
	return in
}

// project finds or makes the project of an issue.
func (l *loader) project(key string, in struct {
	ID   flexible `json:"id"`
	Key  string   `json:"key"`
	Name string   `json:"name"`
}) (*Project, error) {
	prefix, number, found := strings.Cut(key, "-")
	n, err := strconv.ParseInt(number, 10, 64)
	if !found || prefix == "" || err != nil {
		return nil, fmt.Errorf("the key is not PROJECT-NUMBER")
	}
	s := l.site
	p := s.catalog.project(prefix)
	if p == nil {
		name := "Loaded " + prefix
		s.addWorkflow(Workflow{Name: name, Permissive: true})
		id := string(in.ID)
		if id != "" && s.catalog.project(id) != nil {
			id = ""
		}
		p = s.addProject(Project{ID: id, Key: prefix, Name: in.Name, Types: []string{}, Workflows: map[string]string{"": name}})
		p.Types = nil
	}
	p.next = max(p.next, n)
	return p, nil
}

func (l *loader) typeName(p *Project, name string) string {
	if name == "" {
		name = "Task"
	}
	t := l.site.issueType(name)
	if _, has := p.has(t.Name); !has {
		p.Types = append(p.Types, t.Name)
	}
	return t.Name
}

// status finds or makes a status, and lets a permissive workflow have it.
func (l *loader) status(p *Project, issueType string, in loadStatus) string {
	s := l.site
	var st *Status
	for _, have := range s.catalog.statuses {
		if in.ID != "" && have.ID == string(in.ID) || in.ID == "" && strings.EqualFold(have.Name, in.Name) {
			st = have
			break
		}
	}
	if st == nil {
		st = s.addStatus(Status{ID: string(in.ID), Name: in.Name, Category: in.Category.Key})
	}
	if w := s.catalog.workflow(p, issueType); w.Permissive && !slices.Contains(w.Statuses, st.ID) {
		w.Statuses = append(w.Statuses, st.ID)
	}
	return st.ID
}

func (l *loader) priority(in loadRef) string {
	if in.ID == "" && in.Name == "" {
		return ""
	}
	ref := string(in.ID)
	if ref == "" {
		ref = in.Name
	}
	if p := l.site.catalog.priority(ref); p != nil {
		return p.ID
	}
	return l.site.addPriority(Priority{ID: string(in.ID), Name: in.Name}).ID
}

func (l *loader) resolution(in loadRef) string {
	if in.ID == "" && in.Name == "" {
		return ""
	}
	for _, r := range l.site.catalog.resolutions {
		if strings.EqualFold(r.Name, in.Name) {
			return r.ID
		}
	}
	if in.ID != "" && l.site.catalog.resolution(string(in.ID)) != nil {
		in.ID = "" // another site's id for another resolution
	}
	return l.site.addResolution(Resolution{ID: string(in.ID), Name: in.Name}).ID
}

func (l *loader) names(in []loadRef) []string {
	var out []string
	for _, n := range in {
		out = append(out, l.intern(n.Name))
	}
	return sortedSet(out)
}

// user finds or makes an account; made ones have no credential.
func (l *loader) user(in loadUser) string {
	id := in.AccountID
	if id == "" {
		id = in.Name
	}
	if id == "" {
		return ""
	}
	if u := l.site.catalog.users[id]; u != nil {
		return u.AccountID
	}
	u := User{AccountID: id, DisplayName: in.DisplayName, Email: in.Email, Type: in.Type, Inactive: in.Active != nil && !*in.Active}
	if u.DisplayName == "" {
		u.DisplayName = id
	}
	if zone, err := time.LoadLocation(in.Zone); err == nil && in.Zone != "" {
		u.Zone = zone
	}
	return l.site.addUser(u).AccountID
}

// custom keeps custom fields and lets the site know of them.
func (l *loader) custom(in map[string]json.RawMessage) map[string]json.RawMessage {
	if len(in) == 0 {
		return nil
	}
	for _, id := range slices.Sorted(maps.Keys(in)) {
		if l.site.catalog.field(id) == nil {
			l.site.catalog.fields = append(l.site.catalog.fields, &Field{ID: id, Name: id, Type: "any", custom: true})
		}
	}
	return in
}
