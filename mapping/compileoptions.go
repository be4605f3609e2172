package mapping

import (
	"slices"
	"strings"

	"parley/connectors"
	"parley/kanban"
)

// compileOptions makes the Jira scales, for each tracker its own: ids and names
// differ from site to site.
func (b *builder) compileOptions() {
	for _, f := range kanban.Fields {
		own, shared, shares := b.partition(kanban.Jira, f)
		found := map[string]bool{} // paths of the entries that some tracker knows
		for _, t := range b.jira {
			if b.rules.jira[t.Name] == nil {
				b.rules.jira[t.Name] = map[kanban.Field]scale{}
			}
			s := b.optionScale(f, t, own, found)
			s.shared, s.wants = shared, wanted(s.wants, shares)
			b.rules.jira[t.Name][f] = s
			b.warnUnclaimed(t, s)
		}
		b.refuseUnknown(f, own, found)
	}
}

// optionScale resolves the entries against one tracker.
func (b *builder) optionScale(f kanban.Field, t tracker, own []entry, found map[string]bool) *optionScale {
	known := options(f, t)
	s := &optionScale{field: f, offline: len(known) == 0, names: map[string]string{}, resolved: map[string]string{},
		claims: map[string][]claim{}, wants: map[kanban.Value][]kanban.Native{}}
	for _, k := range known {
		s.names[k.ID] = k.Name
	}
	s.learnNames(f, t)
	for _, e := range own {
		name, resolution, err := splitResolution(e, f)
		if err != "" {
			b.errorf(e.path, err, "%s is not understood", quote(e.text))
			found[e.path] = true
			continue
		}
		if resolution != "" {
			s.resolved[fold(resolution)] = resolution
		}
		for _, id := range s.resolve(name, known) {
			found[e.path] = true
			b.claim(s, e, option{id, fold(resolution)})
		}
	}
	return s
}

// learnNames also knows the statuses that no project uses now: histories name them.
func (s *optionScale) learnNames(f kanban.Field, t tracker) {
	if t.dir == nil || f != kanban.FieldStatus {
		return
	}
	for _, st := range t.dir.Statuses {
		s.names[st.ID] = st.Name
	}
}

// splitResolution takes the resolution off a status.
func splitResolution(e entry, f kanban.Field) (name, resolution, fix string) {
	name, resolution, narrowed := strings.Cut(e.text, plus+resolutionTag)
	name, resolution = strings.TrimSpace(name), strings.TrimSpace(resolution)
	switch {
	case name == "":
		return "", "", "write a name or an id"
	case narrowed && f != kanban.FieldStatus:
		return "", "", "only a status can be narrowed by a resolution"
	case narrowed && resolution == "":
		return "", "", `write "STATUS + resolution:NAME"`
	}
	return name, resolution, ""
}

// known is an option of a tracker and the names it goes by.
type known struct {
	connectors.Option
	untranslated string
	used         []string
}

// options lists what can be in the issues of a tracker's projects.
func options(f kanban.Field, t tracker) []known {
	if t.dir == nil {
		return nil
	}
	var ks []known
	if f == kanban.FieldPriority {
		for _, p := range t.dir.Priorities {
			ks = append(ks, known{Option: p})
		}
		return ks
	}
	usage := slices.ContainsFunc(t.dir.Statuses, func(s connectors.Status) bool { return len(s.Used) > 0 })
	for _, s := range t.dir.Statuses {
		if !usage || len(s.Used) > 0 {
			ks = append(ks, known{s.Option, s.Untranslated, s.Used})
		}
	}
	return ks
}

// resolve gives the ids that an entry names: one id, or all that go by the name.
func (s *optionScale) resolve(name string, ks []known) []string {
	if s.offline {
		s.names[fold(name)] = name
		return []string{fold(name)}
	}
	var ids []string
	for _, k := range ks {
		if isID(name) && k.ID == name ||
			!isID(name) && (fold(k.Name) == fold(name) || fold(k.untranslated) == fold(name)) {
			ids = append(ids, k.ID)
		}
	}
	return ids
}

func isID(s string) bool {
	return strings.Trim(s, "0123456789") == ""
}

// claim gives an option to a value unless another value has it.
func (b *builder) claim(s *optionScale, e entry, o option) {
	for _, c := range s.claims[o.id] {
		if c.resolution != o.resolution {
			continue
		}
		if c.value != e.value {
			b.twiceClaimed(s, e, c, o)
		}
		return
	}
	s.claims[o.id] = append(s.claims[o.id], claim{e.value, e.path, o.resolution})
	s.wants[e.value] = append(s.wants[e.value], o.native())
}

func (b *builder) twiceClaimed(s *optionScale, e entry, first claim, o option) {
	what, _ := s.describe(o.native())
	if !isID(o.id) || s.names[o.id] == o.id {
		what = e.text
	} else {
		what += " (id " + o.id + ")"
	}
	p := Problem{Path: e.path, Also: first.path, Severity: Error,
		Message: s.word() + " " + what + " is in " + noun(s.field) + " " + quote(string(first.value)) +
			" and in " + noun(s.field) + " " + quote(string(e.value)),
		Fix: "keep it in one of them, or write " + quote(samePrefix+string(first.value)) + " to share it"}
	if !slices.Contains(b.list, p) { // said once, not for each tracker
		b.add(p)
	}
}

// word is what Jira calls an option of this scale.
func (s *optionScale) word() string { return string(s.field) }
