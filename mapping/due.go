package mapping

import (
	"slices"
	"strings"
	"time"

	"parley/connectors"
	"parley/kanban"
)

// dueTag begins the label by which a GitHub issue, that has no due date of its own,
// shows one: "due:2026-12-24".
const dueTag = "due:"

// isDate reports whether s is a day as both trackers write it, YYYY-MM-DD.
func isDate(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

// dueDate is the due date of a Jira issue. Its native value is the date itself; none
// is no opinion.
type dueDate struct{}

func (dueDate) read(i connectors.Issue) kanban.Native { return dateIn(i.Due) }

// dateIn takes the day out of a date, which histories give with a time behind it.
func dateIn(s string) kanban.Native {
	day, _, _ := strings.Cut(strings.TrimSpace(s), " ")
	day, _, _ = strings.Cut(day, "T")
	return kanban.Native(day)
}

func (dueDate) meaning(n kanban.Native) ([]kanban.Value, kanban.Opinion) {
	switch {
	case n == "":
		return nil, kanban.Silent
	case !isDate(string(n)):
		return nil, kanban.Unmapped
	}
	return []kanban.Value{kanban.Value(n)}, kanban.Says
}

func (dueDate) targets(m kanban.Value, _ kanban.Native) []kanban.Native {
	if !isDate(string(m)) {
		return nil
	}
	return []kanban.Native{kanban.Native(m)}
}

func (dueDate) apply(n kanban.Native, changes []kanban.Change) (kanban.Native, bool) {
	touched := false
	for _, c := range changes {
		if c.Field == kanban.ChangeDue {
			n, touched = dateIn(c.To), true
		}
	}
	return n, touched
}

func (dueDate) explains(to kanban.Native, c kanban.Change) bool {
	return c.Field == kanban.ChangeDue && dateIn(c.To) == to
}

func (dueDate) describe(n kanban.Native) (string, bool) {
	return or(string(n), "no due date"), true
}

func (dueDate) steps(_, to kanban.Native) []connectors.Write {
	return []connectors.Write{{Due: string(to)}}
}

func (dueDate) natives() []kanban.Native {
	return []kanban.Native{"", "2026-12-24", "2027-02-28", "2027-02-30", "soon"}
}

// dueLabels is the due date of a GitHub issue. Its native value are the issue's due
// labels, folded and sorted, one a line; one with a date says it, and none is no
// opinion. A label of that form that a column or priority lists is none of them.
type dueLabels struct{ family func(folded string) bool }

func (s dueLabels) owns(folded string) bool {
	return strings.HasPrefix(folded, dueTag) && !s.family(folded)
}

func splitDue(n kanban.Native) []string {
	if n == "" {
		return nil
	}
	return strings.Split(string(n), "\n")
}

func joinDue(labels []string) kanban.Native {
	slices.Sort(labels)
	return kanban.Native(strings.Join(slices.Compact(labels), "\n"))
}

func (s dueLabels) read(i connectors.Issue) kanban.Native {
	var due []string
	for _, name := range i.Labels {
		if s.owns(fold(name)) {
			due = append(due, fold(name))
		}
	}
	return joinDue(due)
}

func (s dueLabels) meaning(n kanban.Native) ([]kanban.Value, kanban.Opinion) {
	labels := splitDue(n)
	switch len(labels) {
	case 0:
		return nil, kanban.Silent
	case 1:
		if day := strings.TrimPrefix(labels[0], dueTag); isDate(day) {
			return []kanban.Value{kanban.Value(day)}, kanban.Says
		}
		return nil, kanban.Unmapped
	}
	return nil, kanban.Ambiguous
}

func (s dueLabels) targets(m kanban.Value, _ kanban.Native) []kanban.Native {
	if to := dueTag + string(m); isDate(string(m)) && s.owns(to) {
		return []kanban.Native{kanban.Native(to)}
	}
	return nil
}

func (s dueLabels) apply(n kanban.Native, changes []kanban.Change) (kanban.Native, bool) {
	labels, touched := splitDue(n), false
	for _, c := range changes {
		if c.Field != kanban.ChangeLabel {
			continue
		}
		if to := fold(c.To); s.owns(to) {
			labels, touched = append(labels, to), true
		}
		if from := fold(c.From); s.owns(from) {
			labels, touched = slices.DeleteFunc(labels, func(l string) bool { return l == from }), true
		}
	}
	return joinDue(labels), touched
}

func (s dueLabels) explains(to kanban.Native, c kanban.Change) bool {
	if c.Field != kanban.ChangeLabel {
		return false
	}
	if c.To != "" {
		return slices.Contains(splitDue(to), fold(c.To))
	}
	return s.owns(fold(c.From)) && !slices.Contains(splitDue(to), fold(c.From))
}

func (s dueLabels) describe(n kanban.Native) (string, bool) {
	if vs, opinion := s.meaning(n); opinion == kanban.Says {
		return string(vs[0]), true
	}
	return or(list(splitDue(n)), "no due label"), true
}

// steps adds before it removes, as those of a family do.
func (s dueLabels) steps(from, to kanban.Native) []connectors.Write {
	return exchange(splitDue(from), splitDue(to), func(l string) string { return l })
}

func (s dueLabels) natives() []kanban.Native {
	return []kanban.Native{"", "due:2026-12-24", "due:2027-02-28", "due:2027-02-30", "due:soon", "due:", "due:2026-12-24\ndue:2027-02-28", "due:2026-12-24\ndue:soon"}
}

// compileDue makes the scales of due dates.
func (b *builder) compileDue() {
	labels := dueLabels{family: b.rules.inFamily}
	b.rules.paired[kanban.FieldDue], b.rules.alone[kanban.FieldDue] = labels, labels
	for _, t := range b.jira {
		b.rules.jira[t.Name][kanban.FieldDue] = dueDate{}
	}
}
