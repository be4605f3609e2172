package jirasim

import (
	"fmt"
	"strconv"
	"strings"
)

// Keys of the status categories, the same on every Jira.
const (
	CategoryNone       = "undefined"
	CategoryToDo       = "new"
	CategoryInProgress = "indeterminate"
	CategoryDone       = "done"
)

// Status is a workflow status. Names are translated and repeated; ids are not.
type Status struct {
	ID           string // "": counted
	Name         string
	Category     string // a Category key; "": undefined
	Untranslated string // "": Name
	Project      string // key of the team-managed project that owns it; "": shared
}

// Resolution says how an issue ended.
type Resolution struct{ ID, Name string }

// AddStatus adds a status, or replaces the one with the same id, and gives it
// as stored.
func (s *Site) AddStatus(st Status) Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	return *s.addStatus(st)
}

func (s *Site) addStatus(st Status) *Status {
	if st.ID == "" {
		st.ID = strconv.FormatInt(s.takeID("status"), 10)
	}
	s.reserveText("status", st.ID)
	if st.Category == "" {
		st.Category = CategoryNone
	}
	if st.Untranslated == "" {
		st.Untranslated = st.Name
	}
	for i, have := range s.catalog.statuses {
		if have.ID == st.ID {
			s.catalog.statuses[i] = &st
			return &st
		}
	}
	s.catalog.statuses = append(s.catalog.statuses, &st)
	return &st
}

// AddResolution adds a resolution; "" as ID counts one.
func (s *Site) AddResolution(r Resolution) Resolution {
	s.mu.Lock()
	defer s.mu.Unlock()
	return *s.addResolution(r)
}

func (s *Site) addResolution(r Resolution) *Resolution {
	if r.ID == "" {
		r.ID = strconv.FormatInt(s.takeID("resolution"), 10)
	}
	s.reserveText("resolution", r.ID)
	s.catalog.resolutions = append(s.catalog.resolutions, &r)
	return &r
}

// reserveText reserves an id given as text, if it is a number.
func (s *Site) reserveText(kind, id string) {
	if n, err := strconv.ParseInt(id, 10, 64); err == nil {
		s.reserveID(kind, n)
	}
}

// Statuses lists all statuses.
func (s *Site) Statuses() []Status {
	s.mu.RLock()
	defer s.mu.RUnlock()
	out := make([]Status, len(s.catalog.statuses))
	for i, st := range s.catalog.statuses {
		out[i] = *st
	}
	return out
}

func (c *catalog) status(id string) *Status {
	for _, st := range c.statuses {
		if st.ID == id {
			return st
		}
	}
	return &Status{ID: id, Name: fmt.Sprintf("Status %s", id), Category: CategoryNone}
}

// statusNamed finds a status by id or by name in any case.
func (c *catalog) statusNamed(ref string) *Status {
	for _, st := range c.statuses {
		if st.ID == ref {
			return st
		}
	}
	for _, st := range c.statuses {
		if strings.EqualFold(st.Name, ref) || strings.EqualFold(st.Untranslated, ref) {
			return st
		}
	}
	return nil
}

// resolution finds a resolution by id or by name in any case.
func (c *catalog) resolution(ref string) *Resolution {
	for _, r := range c.resolutions {
		if r.ID == ref || strings.EqualFold(r.Name, ref) {
			return r
		}
	}
	return nil
}
