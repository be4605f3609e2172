package propose

import (
	"fmt"
	"slices"
	"strings"

	"parley/connectors"
)

// pairs proposes which issues may be twins. A rule joins nothing by itself: an issue is
// joined only to one that it links to, or whose key or address it carries. So all are
// proposed as long as they are few.
func (m *maker) pairs() {
	if m.Jira == nil || m.GitHub == nil {
		return
	}
	projects, repos := readable(m.Jira.Directory), readable(m.GitHub.Directory)
	if len(projects)*len(repos) <= mostPairs {
		for _, p := range projects {
			for _, r := range repos {
				m.out.Pairs = append(m.out.Pairs, Pair{Jira: p, GitHub: r, Sure: Likely})
			}
		}
		return
	}
	m.out.manyPairs = true
	for _, p := range projects {
		for _, r := range repos {
			if len(m.out.Pairs) < mostPairs && m.alike(p, r) {
				m.out.Pairs = append(m.out.Pairs, Pair{p, r, Guess, "their names are alike"})
			}
		}
	}
}

func readable(d connectors.Directory) []string {
	var out []string
	for _, c := range d.Containers {
		if c.Readable {
			out = append(out, c.Key)
		}
	}
	return out
}

// alike reports whether a repository is called after a project.
func (m *maker) alike(project, repo string) bool {
	_, name, _ := strings.Cut(repo, "/")
	name = normal(name)
	return contains(name, normal(project)) || slices.ContainsFunc(m.Jira.Places, func(p connectors.Place) bool {
		return p.Key == project && p.Name != "" && (contains(name, normal(p.Name)) || contains(normal(p.Name), name))
	})
}

// units proposes who asks for work: by projects where there are several, else by the
// components of the only one.
func (m *maker) units() {
	if m.Jira == nil {
		return
	}
	keys := map[string]bool{"unassigned": true}
	places := m.Jira.Places
	if len(places) > 1 {
		for i, p := range places {
			if i == mostUnits {
				m.open(fmt.Sprintf("%d more projects, each of which could be a unit", len(places)-i))
				return
			}
			m.out.Units = append(m.out.Units, Unit{Key: freeKey(slug(p.Name), fmt.Sprintf("unit-%d", i+1), keys), Name: short(p.Name), Project: p.Key, Label: m.unitLabel(p.Name)})
		}
		return
	}
	for _, p := range places {
		for i, c := range p.Components {
			if i == mostUnits {
				m.open(fmt.Sprintf("%d more components, each of which could be a unit", len(p.Components)-i))
				return
			}
			if !unitName(c) {
				m.open(fmt.Sprintf("the component %s has a name that makes no unit", Quote(short(c))))
				continue
			}
			m.out.Units = append(m.out.Units, Unit{Key: freeKey(slug(c), fmt.Sprintf("unit-%d", i+1), keys), Name: c, Component: c, Label: m.unitLabel(c)})
		}
	}
}

// unitName keeps to names that a condition can be written with: "any" has a meaning there.
func unitName(name string) bool {
	return strings.TrimSpace(name) != "" && fold(name) != "any" && printable(name) && len([]rune(name)) <= mostName
}

// unitLabel finds the label by which GitHub says the same, "" for none.
func (m *maker) unitLabel(name string) string {
	for _, l := range m.labels {
		n := normal(l.name)
		for _, family := range []string{"bu", "unit", "team", "area", "component", "for", "customer"} {
			if n == family+" "+normal(name) && normal(name) != "" && fold(l.name) != "any" {
				return strings.TrimSpace(l.name)
			}
		}
	}
	return ""
}

// rules proposes work types of what issues are called. They only sort; no contract and no
// limit goes by them until somebody says so.
func (m *maker) rules() {
	types := []string{}
	if m.Jira != nil {
		for _, p := range m.Jira.Places {
			types = append(types, p.Types...)
		}
	}
	for _, kind := range []struct {
		Rule
		names string
	}{
		{Rule{Type: "incident", Unplanned: true}, "incident|störung|vorfall|[system] incident|outage"},
		{Rule{Type: "bug"}, "bug|defect|fault|fehler|anomalie|error"},
		{Rule{Type: "feature"}, "story|feature|new feature|improvement|enhancement|neue funktion|verbesserung|user story|feature request"},
		{Rule{Type: "maintenance"}, "technical debt|tech debt|chore|maintenance|dependencies|refactoring|wartung"},
	} {
		names := strings.Split(kind.names, "|")
		r := kind.Rule
		for _, t := range types {
			if isNamed(t, names) && !slices.Contains(r.Jira, t) && len(r.Jira) < mostItems {
				r.Jira = append(r.Jira, t)
			}
		}
		for _, l := range m.labels {
			if isNamed(bare(l.name), names) && len(r.GitHub) < mostItems {
				r.GitHub = append(r.GitHub, strings.TrimSpace(l.name))
			}
		}
		if len(r.Jira)+len(r.GitHub) > 0 {
			m.out.Rules = append(m.out.Rules, r)
		}
	}
}

// bare takes the family off a label of types: "type: bug", "kind/bug".
func bare(name string) string {
	for _, family := range []string{"type", "kind", "category"} {
		if rest, ok := strings.CutPrefix(normal(name), family+" "); ok {
			return rest
		}
	}
	return name
}

func isNamed(name string, names []string) bool {
	return writable(name) && (slices.Contains(names, normal(name)) || slices.Contains(names, fold(name)))
}
