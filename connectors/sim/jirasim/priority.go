package jirasim

import (
	"slices"
	"strconv"
	"strings"
)

// Priority is one step of the site's priorities. Their order is the order in
// which they were added, highest first; ids say nothing.
type Priority struct{ ID, Name string }

// PriorityScheme is the choice of priorities that projects may use.
type PriorityScheme struct {
	ID         string // "": counted
	Name       string
	Priorities []string // ids
	Default    string   // id given to issues created without one; "": none
}

// AddPriority adds a priority below those there are, or renames the one with
// the same id.
func (s *Site) AddPriority(p Priority) Priority {
	s.mu.Lock()
	defer s.mu.Unlock()
	return *s.addPriority(p)
}

func (s *Site) addPriority(p Priority) *Priority {
	if p.ID == "" {
		p.ID = strconv.FormatInt(s.takeID("priority"), 10)
	}
	s.reserveText("priority", p.ID)
	for i, have := range s.catalog.priorities {
		if have.ID == p.ID {
			s.catalog.priorities[i] = &p
			return &p
		}
	}
	s.catalog.priorities = append(s.catalog.priorities, &p)
	return &p
}

// AddPriorityScheme adds a scheme, or replaces the one with the same name.
func (s *Site) AddPriorityScheme(ps PriorityScheme) PriorityScheme {
	s.mu.Lock()
	defer s.mu.Unlock()
	if ps.ID == "" {
		ps.ID = strconv.FormatInt(s.takeID("priorityscheme"), 10)
	}
	ps.Priorities = slices.Clone(ps.Priorities)
	for i, have := range s.catalog.schemes {
		if have.Name == ps.Name {
			s.catalog.schemes[i] = &ps
			return ps
		}
	}
	s.catalog.schemes = append(s.catalog.schemes, &ps)
	return ps
}

// Priorities lists all priorities, highest first.
func (s *Site) Priorities() []Priority {
	s.mu.RLock()
	defer s.mu.RUnlock()
	out := make([]Priority, len(s.catalog.priorities))
	for i, p := range s.catalog.priorities {
		out[i] = *p
	}
	return out
}

// priority finds a priority by id or by name in any case.
func (c *catalog) priority(ref string) *Priority {
	if i := c.rank(ref); i >= 0 {
		return c.priorities[i]
	}
	for _, p := range c.priorities {
		if strings.EqualFold(p.Name, ref) {
			return p
		}
	}
	return nil
}

// rank is the position of a priority id, 0 the highest, -1 where unknown.
func (c *catalog) rank(id string) int {
	return slices.IndexFunc(c.priorities, func(p *Priority) bool { return p.ID == id })
}

// scheme gives a project's scheme, nil where it may use every priority.
func (c *catalog) scheme(p *Project) *PriorityScheme {
	for _, ps := range c.schemes {
		if ps.Name == p.PriorityScheme {
			return ps
		}
	}
	return nil
}

// prioritiesOf lists what a project may use, highest first.
func (c *catalog) prioritiesOf(p *Project) []*Priority {
	ps := c.scheme(p)
	if ps == nil {
		return c.priorities
	}
	var out []*Priority
	for _, pr := range c.priorities {
		if slices.Contains(ps.Priorities, pr.ID) {
			out = append(out, pr)
		}
	}
	return out
}
