package mapping

import (
	"slices"
	"strings"

	"parley/connectors"
	"parley/kanban"
)

// optionScale is a field of a Jira issue that holds one option out of a list: its
// status, narrowed by the resolution where configured, or its priority.
type optionScale struct {
	field    kanban.Field
	offline  bool              // no directory: names stand for the ids nobody knows
	names    map[string]string // id → name for people
	resolved map[string]string // resolution: folded → as configured
	claims   map[string][]claim
	wants    map[kanban.Value][]kanban.Native
	shared   owners
}

// claim says that a value owns an option, or only its part with one resolution.
type claim struct {
	value      kanban.Value
	path       string
	resolution string // folded; "" is all of it
}

// option is a Jira native value taken apart.
type option struct{ id, resolution string }

func parseOption(n kanban.Native) option {
	id, resolution, _ := strings.Cut(string(n), plus+resolutionTag)
	return option{id, resolution}
}

func (o option) native() kanban.Native {
	if o.resolution == "" {
		return kanban.Native(o.id)
	}
	return kanban.Native(o.id + plus + resolutionTag + o.resolution)
}

func (s *optionScale) read(i connectors.Issue) kanban.Native {
	if s.field == kanban.FieldPriority {
		return kanban.Native(s.canonical(i.Priority.ID, i.Priority.Name))
	}
	return s.narrow(option{s.canonical(i.Status.ID, i.Status.Name), fold(i.Resolution.Name)})
}

// canonical is what stands for an option: its id. Offline, where names of the
// configuration could not be looked up, it is the name if that is a configured one.
func (s *optionScale) canonical(id, name string) string {
	if s.offline && s.claims[id] == nil && s.claims[fold(name)] != nil {
		return fold(name)
	}
	return id
}

// narrow drops the resolution where the configuration does not look at it.
func (s *optionScale) narrow(o option) kanban.Native {
	if !s.narrowed(o.id) {
		o.resolution = ""
	}
	return o.native()
}

func (s *optionScale) narrowed(id string) bool {
	return slices.ContainsFunc(s.claims[id], func(c claim) bool { return c.resolution != "" })
}

func (s *optionScale) meaning(n kanban.Native) ([]kanban.Value, kanban.Opinion) {
	if n == "" || s.field == kanban.FieldPriority && len(s.claims) == 0 {
		return nil, kanban.Silent
	}
	o := parseOption(n)
	for _, resolution := range []string{o.resolution, ""} {
		for _, c := range s.claims[o.id] {
			if c.resolution == resolution {
				return s.shared[c.value], kanban.Says
			}
		}
	}
	return nil, kanban.Unmapped
}

func (s *optionScale) targets(m kanban.Value, _ kanban.Native) []kanban.Native {
	return slices.Clone(s.wants[m])
}

func (s *optionScale) apply(n kanban.Native, changes []kanban.Change) (kanban.Native, bool) {
	at, moved, resolved := parseOption(n), false, false
	for _, c := range changes {
		switch {
		case c.Field == kanban.ChangeResolution && s.field == kanban.FieldStatus:
			at.resolution, resolved = fold(c.ToName), true
		case c.Field == string(s.field) && (c.To != "" || s.field == kanban.FieldPriority):
			at.id, moved = s.canonical(c.To, c.ToName), true
		}
	}
	if touched := moved || resolved && s.narrowed(at.id); !touched {
		return n, false
	}
	return s.narrow(at), true
}

// explains counts any resolution as a step where the target names none: transitions
// set and clear it on the way.
func (s *optionScale) explains(to kanban.Native, c kanban.Change) bool {
	o := parseOption(to)
	switch {
	case c.Field == string(s.field):
		return s.canonical(c.To, c.ToName) == o.id
	case c.Field == kanban.ChangeResolution && s.field == kanban.FieldStatus:
		return o.resolution == "" || o.resolution == fold(c.ToName)
	}
	return false
}

func (s *optionScale) describe(n kanban.Native) (string, bool) {
	if n == "" {
		return "no " + string(s.field), true
	}
	o := parseOption(n)
	name, ok := s.names[o.id]
	if !ok {
		return string(n), false
	}
	if o.resolution != "" {
		name += ", " + s.resolution(o.resolution)
	}
	return name, true
}

// resolution is a resolution as the configuration writes it.
func (s *optionScale) resolution(folded string) string {
	if name, ok := s.resolved[folded]; ok {
		return name
	}
	return folded
}

func (s *optionScale) natives() []kanban.Native {
	ids := make([]string, 0, len(s.names))
	for id := range s.names {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	ns := make([]kanban.Native, 0, len(ids)+1)
	if s.field == kanban.FieldPriority {
		ns = append(ns, "")
	}
	for _, id := range ids {
		ns = append(ns, kanban.Native(id))
		for _, c := range s.claims[id] {
			if c.resolution != "" {
				ns = append(ns, option{id, c.resolution}.native())
			}
		}
	}
	return ns
}
