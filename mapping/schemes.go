package mapping

import (
	"fmt"
	"slices"

	"parley/connectors"
	"parley/kanban"
)

// scheme is the choice of a Jira's priorities that a project uses.
type scheme struct {
	ranks   map[string]int // of all of the tracker's, by id: 0 is the highest
	allowed []connectors.Option
}

func (s scheme) allows(id string) bool {
	return slices.ContainsFunc(s.allowed, func(o connectors.Option) bool { return o.ID == id })
}

// learnSchemes takes in which projects use some priorities only.
func (r *Rules) learnSchemes(dirs []connectors.Directory) {
	r.schemes = map[string]scheme{}
	for _, d := range dirs {
		ranks := map[string]int{}
		for i, p := range d.Priorities {
			ranks[p.ID] = i
		}
		for _, c := range d.Containers {
			if len(c.Priorities) == 0 {
				continue
			}
			s := scheme{ranks: ranks}
			for _, p := range d.Priorities {
				if slices.Contains(c.Priorities, p.ID) {
					s.allowed = append(s.allowed, p)
				}
			}
			r.schemes[place(d.Tracker, c.Key)] = s
		}
	}
}

// Within leaves of the targets of a write those that the issue's project uses, the nearest
// to the first one first. Where none is left, why is the reason, a sentence for people.
func (r *Rules) Within(i connectors.Issue, f kanban.Field, targets []kanban.Native) (left []kanban.Native, why string) {
	s, some := r.schemes[place(i.Tracker, i.Container)]
	if !some || f != kanban.FieldPriority || len(targets) == 0 {
		return targets, ""
	}
	for _, t := range targets {
		if t == "" || s.allows(string(t)) {
			left = append(left, t)
		}
	}
	if len(left) == 0 {
		return nil, fmt.Sprintf("project %s does not use the priority %s; its scheme has %s", i.Container, r.words(i.Tracker, targets), optionsOf(s.allowed))
	}
	wanted := s.ranks[string(targets[0])]
	away := func(n kanban.Native) int { return max(s.ranks[string(n)]-wanted, wanted-s.ranks[string(n)]) }
	slices.SortStableFunc(left, func(a, b kanban.Native) int { return away(a) - away(b) })
	return left, ""
}

// words names the priorities of a tracker.
func (r *Rules) words(tracker string, natives []kanban.Native) string {
	var names []string
	for _, n := range natives {
		name := string(n)
		if s := r.jira[tracker][kanban.FieldPriority]; s != nil {
			name, _ = s.describe(n)
		}
		names = append(names, name)
	}
	return listOr(names)
}

func listOr(names []string) string {
	if len(names) < 2 {
		return list(names)
	}
	return list(names[:len(names)-1]) + " or " + names[len(names)-1]
}

func optionsOf(all []connectors.Option) string {
	var names []string
	for _, o := range all {
		names = append(names, o.Name)
	}
	return list(names)
}

// warnOutside names, for each project, the priorities of the board that it cannot show
// because its scheme has none of what they list.
func (b *builder) warnOutside() {
	for _, t := range b.jira {
		for i, project := range t.Containers {
			s, some := b.rules.schemes[place(t.Name, project)]
			own, _ := b.rules.jira[t.Name][kanban.FieldPriority].(*optionScale)
			if !some || own == nil {
				continue
			}
			for _, v := range b.keys(kanban.FieldPriority) {
				targets := own.targets(v, "")
				if left, _ := b.rules.Within(connectors.Issue{Ref: connectors.Ref{Tracker: t.Name, Container: project}}, kanban.FieldPriority, targets); len(targets) == 0 || len(left) > 0 {
					continue
				}
				b.warnf(fmt.Sprintf("%s.projects[%d]", t.path, i), fmt.Sprintf(`let it list one that the project uses (%s; "same:KEY" shares another's), or add it to the project's priority scheme`, optionsOf(s.allowed)),
					"project %s uses no priority of %q (%s), so that it is never written there", project, string(v), b.rules.words(t.Name, targets))
			}
		}
	}
}
