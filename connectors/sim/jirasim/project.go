package jirasim

import (
	"slices"
	"strconv"
	"strings"
)

// Project is a project and how its issues behave.
type Project struct {
	ID             string // "": counted
	Key            string
	Name           string            // "": Key
	Workflows      map[string]string // issue type name → workflow name; "" is the rest
	Types          []string          // issue type names; nil: those of Workflows, or Task
	PriorityScheme string            // name; "": every priority
	Simplified     bool              // team-managed
	EditScreen     []string          // fields that can be edited; nil: all
	Lead           string            // account id
	Public         bool              // anybody may look at it without signing in
	Archived       bool              // see Site.ArchiveProject
	ServiceDesk    bool              // comments can be internal: see Comment.Internal
	Components     []string          // names that exist beside those in use
	// CreateScreen are the fields that a new issue can be given; nil: all.
	CreateScreen []string
	// Required are the keys of fields, besides type and summary, that a new issue needs.
	Required []string

	next int64 // number of the next issue
}

// IssueType is a type of issue; ids are counted per name.
type IssueType struct {
	ID, Name string
	Subtask  bool
}

// AddProject adds a project, or replaces the one with the same key, and gives
// it as stored. Issues keep their numbers.
func (s *Site) AddProject(p Project) Project {
	s.mu.Lock()
	defer s.mu.Unlock()
	return *s.addProject(p)
}

func (s *Site) addProject(p Project) *Project {
	if p.ID == "" {
		p.ID = strconv.FormatInt(s.takeID("project"), 10)
	}
	s.reserveText("project", p.ID)
	if p.Name == "" {
		p.Name = p.Key
	}
	p.Types = slices.Clone(p.Types)
	if p.Types == nil {
		for t := range p.Workflows {
			if t != "" {
				p.Types = append(p.Types, t)
			}
		}
		slices.Sort(p.Types)
	}
	if len(p.Types) == 0 {
		p.Types = []string{"Task"}
	}
	for _, t := range p.Types {
		s.issueType(t)
	}
	for i, have := range s.catalog.projects {
		if have.Key == p.Key {
			p.next = have.next
			s.catalog.projects[i] = &p
			return &p
		}
	}
	s.catalog.projects = append(s.catalog.projects, &p)
	return &p
}

// issueType gives the type of that name, made on first use.
func (s *Site) issueType(name string) *IssueType {
	if t := s.catalog.issueType(name); t != nil {
		return t
	}
	t := &IssueType{ID: strconv.FormatInt(s.takeID("issuetype"), 10), Name: name}
	t.Subtask = strings.EqualFold(name, "Sub-task") || strings.EqualFold(name, "Subtask")
	s.catalog.types = append(s.catalog.types, t)
	return t
}

// issueType finds a type by id or by name in any case.
func (c *catalog) issueType(ref string) *IssueType {
	for _, t := range c.types {
		if t.ID == ref || strings.EqualFold(t.Name, ref) {
			return t
		}
	}
	return nil
}

// project finds a project by key, in any case, or by id.
func (c *catalog) project(ref string) *Project {
	for _, p := range c.projects {
		if p.ID == ref || strings.EqualFold(p.Key, ref) {
			return p
		}
	}
	return nil
}

// workflow gives the workflow of a project's issue type; one without any
// status where none was configured.
func (c *catalog) workflow(p *Project, issueType string) *Workflow {
	name, ok := p.Workflows[issueType]
	if !ok {
		name = p.Workflows[""]
	}
	if w := c.workflows[name]; w != nil {
		return w
	}
	return &Workflow{}
}

// open reports whether the site has a public project.
func (s *Site) open() bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.ContainsFunc(s.catalog.projects, func(p *Project) bool { return p.Public })
}

// has reports whether issues of that type exist in the project, and its exact name.
func (p *Project) has(issueType string) (string, bool) {
	for _, t := range p.Types {
		if strings.EqualFold(t, issueType) {
			return t, true
		}
	}
	return "", false
}

// edits reports whether the project's edit screen shows a field.
func (p *Project) edits(field string) bool {
	return p.EditScreen == nil || slices.Contains(p.EditScreen, field)
}
