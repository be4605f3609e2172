package propose

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// label is a label by the name that most repositories give it.
type label struct {
	name  string
	repos int // that have it
}

// families are how people begin the names of labels that mean a status or a priority.
var (
	statusFamily   = regexp.MustCompile(`(?i)^\W*(?:status|state|stage|kanban|workflow)(\s*[:/=]+\s*|\s+-\s+)(.+)$`)
	priorityFamily = regexp.MustCompile(`(?i)^\W*(?:priority|prio|urgency|priorität)(\s*[:/=]+\s*|\s*-\s*|\s+|_)(.+)$`)
	dueFamily      = regexp.MustCompile(`(?i)^\s*due:`)
)

// known gathers the labels of all repositories, those that most of them have first.
func (m *maker) known() []label {
	byFold := map[string]*label{}
	for _, repo := range slices.Sorted(maps.Keys(m.GitHub.Directory.Labels)) {
		seen := map[string]bool{}
		for _, name := range m.GitHub.Directory.Labels[repo] {
			key := fold(name)
			if seen[key] {
				continue
			}
			seen[key] = true
			if byFold[key] == nil {
				byFold[key] = &label{name: name}
			}
			byFold[key].repos++
		}
	}
	out := make([]label, 0, len(byFold))
	for _, key := range slices.Sorted(maps.Keys(byFold)) {
		out = append(out, *byFold[key])
	}
	slices.SortStableFunc(out, func(a, b label) int { return cmp.Compare(b.repos, a.repos) })
	return out
}

// placeLabels finds the labels that mean a column. Those that mean a priority are left
// to scale.
func (m *maker) placeLabels() {
	if m.GitHub == nil {
		return
	}
	m.labels = slices.DeleteFunc(m.known(), func(l label) bool { return !writable(l.name) || dueFamily.MatchString(l.name) })
	if m.board != nil {
		return
	}
	var unknown []string
	var means []meaning
	for _, l := range m.labels {
		w, sure, family := m.labelWord(l.name)
		switch {
		case w.slot == done || w.slot == withdrawn:
			if family {
				m.open(fmt.Sprintf("the label %s: closing an issue says the same, so it has no column of its own", Quote(short(l.name))))
			}
		case w.slot != "":
			means = append(means, meaning{l, w, sure})
		case family:
			unknown = append(unknown, l.name)
		}
	}
	slices.SortStableFunc(means, func(a, b meaning) int { return cmp.Or(cmp.Compare(b.repos, a.repos), cmp.Compare(a.rank, b.rank)) })
	for _, x := range means {
		c := m.column(x.slot)
		c.GitHub = append(c.GitHub, Item{"open + label:" + strings.TrimSpace(x.name), "by its name; " + m.spread(x.label), x.sure})
	}
	m.undecidedLabels("column", "open + label:", unknown)
}

// meaning is a label that means a column.
type meaning struct {
	label
	word

	sure Sureness
}

// spread says how many repositories have a label.
func (m *maker) spread(l label) string {
	return fmt.Sprintf("%d of %s", l.repos, plural(len(m.GitHub.Directory.Labels), "repository has it", "repositories have it"))
}

// labelWord is what a label says about where work is. A bare word counts only where hardly
// anything else is meant by it.
func (m *maker) labelWord(name string) (w word, sure Sureness, family bool) {
	if parts := statusFamily.FindStringSubmatch(name); parts != nil {
		return m.words[normal(parts[2])], Sure, true
	}
	switch normal(name) {
	case "in progress", "wip", "work in progress", "doing", "in development", "in arbeit",
		"in review", "needs review", "ready for review", "under review", "code review",
		"ready", "ready for development", "ready for dev", "selected for development", "up next",
		"backlog", "to do", "todo", "triage", "needs triage", "icebox",
		"on hold", "waiting", "waiting for customer", "needs info", "awaiting feedback", "waiting for response":
		return m.words[normal(name)], Likely, false
	}
	return word{}, Guess, false
}

// undecidedLabels lists labels that belong to a family and say nothing that is known.
func (m *maker) undecidedLabels(noun, prefix string, names []string) {
	for i, name := range names {
		if i == mostItems {
			m.open(fmt.Sprintf("%d more labels that sound like a %s", len(names)-i, noun))
			return
		}
		m.open(fmt.Sprintf("the label %s sounds like a %s, but which?", Quote(short(name)), noun), "github = ["+Quote(prefix+strings.TrimSpace(name))+"]")
	}
}

// newLabel names a label that does not exist yet in the way of those that do.
func (m *maker) newLabel(s slot) string {
	name := map[slot]string{doing: "in-progress"}[s]
	return m.familyOf(statusFamily, "status") + cmp.Or(name, string(s))
}

// familyOf is how the first label of a family begins, "status:" where there is none.
func (m *maker) familyOf(family *regexp.Regexp, usual string) string {
	for _, l := range m.labels {
		at := family.FindStringSubmatchIndex(l.name)
		if at != nil && at[4] > 0 && !strings.ContainsAny(l.name[at[2]:at[3]], "=") && strings.ContainsAny(l.name[at[2]:at[3]], ":/") {
			return strings.TrimLeft(l.name[:at[4]], " ")
		}
	}
	return usual + ":"
}
