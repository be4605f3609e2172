package mapping

import (
	"slices"
	"strings"

	"parley/kanban"
)

// refuseUnknown reports entries that no tracker knows, provided that all trackers
// could be asked.
func (b *builder) refuseUnknown(f kanban.Field, own []entry, found map[string]bool) {
	if len(b.jira) == 0 {
		return
	}
	for _, e := range own {
		if found[e.path] {
			continue
		}
		name, _, _ := splitResolution(e, f)
		b.errorf(e.path, or(meant(name, b.optionNames(f)), "write one of these"), "no %s has the %s %s; %s",
			holder(f), f, quote(name), b.inventory(f))
	}
}

func holder(f kanban.Field) string {
	if f == kanban.FieldStatus {
		return "project"
	}
	return "Jira"
}

// optionNames lists what could have been meant.
func (b *builder) optionNames(f kanban.Field) []string {
	var names []string
	for _, t := range b.jira {
		for _, k := range options(f, t) {
			names = append(names, k.Name)
		}
	}
	return names
}

// inventory says which project has which statuses, or which Jira which priorities.
func (b *builder) inventory(f kanban.Field) string {
	var parts []string
	for _, t := range b.jira {
		ks := options(f, t)
		if f == kanban.FieldPriority || len(t.Containers) == 0 {
			parts = append(parts, t.Name+" has: "+namesOf(ks, ""))
			continue
		}
		parts = append(parts, perProject(t.Containers, ks)...)
	}
	return strings.Join(parts, "; ")
}

// perProject says which projects have which options, in a word those that have the same.
func perProject(projects []string, ks []known) []string {
	having := map[string][]string{}
	var lists []string // in the order of the projects
	for _, project := range projects {
		names := namesOf(ks, project)
		if len(having[names]) == 0 {
			lists = append(lists, names)
		}
		having[names] = append(having[names], project)
	}
	parts := make([]string, 0, len(lists))
	for _, names := range lists {
		verb := " has: "
		if len(having[names]) > 1 {
			verb = " have: "
		}
		parts = append(parts, strings.Join(having[names], ", ")+verb+names)
	}
	return parts
}

// namesOf lists the names of the options of one project, each once.
func namesOf(ks []known, project string) string {
	var names []string
	for _, k := range ks {
		in := project == "" || len(k.used) == 0 || slices.Contains(k.used, project)
		if in && !slices.Contains(names, k.Name) {
			names = append(names, k.Name)
		}
	}
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

// warnUnclaimed names what issues can have and nothing in the configuration claims.
func (b *builder) warnUnclaimed(t tracker, s *optionScale) {
	if s.offline || len(s.claims) == 0 && s.field == kanban.FieldPriority {
		return
	}
	var names []string
	for _, k := range options(s.field, t) {
		if vs, opinion := s.meaning(kanban.Native(k.ID)); opinion == kanban.Unmapped && vs == nil {
			names = append(names, k.Name+" (id "+k.ID+")")
		}
	}
	if len(names) > 0 {
		b.warnf(t.path, "add them to a "+noun(s.field)+" if they are used",
			"no %s lists the %s %s of %s; such cards are shown as unmapped and left alone", noun(s.field), s.word(), list(names), t.Name)
	}
}

// list joins names for a sentence, with an end to it.
func list(names []string) string {
	const most = 12
	if len(names) > most {
		names = append(slices.Clone(names[:most]), "…")
	}
	return strings.Join(names, ", ")
}
