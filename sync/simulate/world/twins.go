package world

import (
	"slices"
	"strings"

	"parley/connectors"
	"parley/mapping"
)

// adopt lets people work at an issue, beside the one it was made a twin of.
func (w *World) adopt(i *issue) {
	for n := range w.subjects {
		s := &w.subjects[n]
		twin := s.of(i.kind)
		if i.kind == connectors.Jira && s.jira == nil || i.kind == connectors.GitHub && s.github == nil {
			if mentions(i.last().title, twin.last().title) || mentions(i.last().title, twin.last().key) {
				s.set(i)
				return
			}
		}
	}
	w.subjects = append(w.subjects, subject{})
	w.subjects[len(w.subjects)-1].set(i)
}

// mentions reports whether a title contains a text as words of their own.
func mentions(title, text string) bool {
	_, rest, found := strings.Cut(title, text)
	return found && (rest == "" || rest[0] < '0' || rest[0] > '9')
}

func (s *subject) set(i *issue) {
	if i.kind == connectors.Jira {
		s.jira = i
		return
	}
	s.github = i
}

// twin is the issue on the other tracker that people take for the same.
func (w *World) twin(i *issue) *issue {
	for n := range w.subjects {
		s := &w.subjects[n]
		switch i {
		case s.jira:
			return s.github
		case s.github:
			return s.jira
		}
	}
	return nil
}

// agree does in Jira what the GitHub twin shows.
func (j *jira) agree(i *issue, s *state, d Deed) []connectors.Change {
	twin := j.w.twin(i)
	if twin == nil || twin.deleted() {
		return nil
	}
	t := twin.now()
	if d.Field == "priority" {
		for _, p := range j.w.mapping.Priorities {
			if len(p.Jira) > 0 && slices.ContainsFunc(p.GitHub, func(sel string) bool { return carries(t.state, sel) }) {
				return j.prioritise(s, optionNamed(j.cat.priorities, p.Jira[0]))
			}
		}
		return nil
	}
	col, ok := bestColumn(j.w.mapping, t.state)
	if !ok || len(col.Jira) == 0 {
		return nil
	}
	name, resolution, _ := strings.Cut(col.Jira[0], plus+resolutionTag)
	return j.walkTo(s, optionNamed(j.cat.statuses, name), resolution)
}

func optionNamed(list []connectors.Option, name string) string {
	for _, o := range list {
		if o.ID == name || strings.EqualFold(o.Name, name) {
			return o.ID
		}
	}
	return ""
}

// bestColumn is the column that a GitHub issue shows: most labels win.
func bestColumn(m mapping.Config, s *state) (best mapping.ColumnConfig, ok bool) {
	most := -1
	for _, c := range m.Columns {
		for _, sel := range c.GitHub {
			if n := strings.Count(sel, plus); n > most && carries(s, sel) {
				best, most, ok = c, n, true
			}
		}
	}
	return best, ok
}

// carries reports whether a GitHub issue is what a selector asks for.
func carries(s *state, selector string) bool {
	for part := range strings.SplitSeq(selector, plus) {
		name, isLabel := strings.CutPrefix(strings.TrimSpace(part), labelPrefix)
		word, reason, _ := strings.Cut(part, ":")
		switch {
		case isLabel && !slices.ContainsFunc(s.labels, sameLabel(name)),
			!isLabel && (word == "closed") == s.closed.IsZero(),
			!isLabel && reason != "" && reason != s.reason:
			return false
		}
	}
	return true
}

// agree does on GitHub what the Jira twin shows.
func (g *github) agree(i *issue, d Deed) []step {
	twin := g.w.twin(i)
	if twin == nil || twin.deleted() {
		return nil
	}
	t := twin.now()
	if d.Field == "priority" {
		name := g.cat.priority(t.priority).Name
		for _, p := range g.w.mapping.Priorities {
			if len(p.GitHub) > 0 && (slices.Contains(p.Jira, name) || slices.Contains(p.Jira, t.priority)) {
				return swap(i, g.cat.weights, labelsIn(strings.Split(p.GitHub[0], plus)))
			}
		}
		return nil
	}
	st := g.cat.status(t.status)
	plain, narrow := st.Name, st.Name+plus+resolutionTag+t.resolution
	for _, want := range []string{narrow, plain, st.ID} {
		for _, c := range g.w.mapping.Columns {
			if slices.Contains(c.Jira, want) && len(c.GitHub) > 0 {
				return g.become(i, lookOf(c.GitHub[0]))
			}
		}
	}
	return nil
}

func lookOf(selector string) look {
	parts := strings.Split(selector, plus)
	word, reason, _ := strings.Cut(parts[0], ":")
	return look{word, reason, labelsIn(parts[1:])}
}
