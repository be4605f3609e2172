package mapping

import (
	"strings"
	"time"

	"parley/connectors"
	"parley/kanban"
)

// A GitHub's status and priority can be held in a field of options, of a project or of
// the organisation, in place of labels. An issue has one option or none; which one is no
// part of its history.

// unlisted stands for the options that no configuration lists, in checks of the laws.
const unlisted = "…"

// chosen is the name of the option that an issue shows, "" where it has none.
func (s *labelScale) chosen(i connectors.Issue) string {
	if s.field == kanban.FieldStatus {
		return i.Status.Name
	}
	return i.Priority.Name
}

// choosing is l with an option in the place of what it had. A name that would be read as
// several parts is changed to one that nothing can list.
func (l labelled) choosing(name string) labelled {
	if l.mark, l.labels = "", nil; fold(name) != "" {
		l.mark, l.labels = optionPrefix, []string{strings.ReplaceAll(fold(name), plus, " ＋ ")}
	}
	return l
}

// option is the one that is set, "" where none is.
func (l labelled) option() string {
	if l.mark != optionPrefix || len(l.labels) == 0 {
		return ""
	}
	return l.labels[0]
}

// Option is the option that a native value names, folded; "" where it names none.
func Option(n kanban.Native) string { return parseLabelled(n).option() }

// speaks reports whether a native is one of this scale's.
func (s *labelScale) speaks(n kanban.Native) bool {
	mark := parseLabelled(n).mark
	return mark == "" || mark == s.mark
}

// choices set the state, then the option: a project may set one of its own on closing.
func (s *labelScale) choices(at, want labelled) []connectors.Write {
	var ws []connectors.Write
	if at.state != want.state {
		ws = append(ws, stateStep(want.state))
	}
	if to := want.option(); at.option() != to {
		if to != "" {
			to = s.spelled(to)
		}
		ws = append(ws, connectors.Write{Choose: &connectors.Choice{Of: string(s.field), Option: to}})
	}
	return ws
}

// Chosen puts what a write has set a field to into an issue.
func Chosen(i connectors.Issue, c connectors.Choice) connectors.Issue {
	switch kanban.Field(c.Of) {
	case kanban.FieldStatus:
		i.Status = connectors.Option{Name: c.Option}
	case kanban.FieldPriority:
		i.Priority = connectors.Option{Name: c.Option}
	}
	return i
}

// Weak reports whether a tracker holds a field where it keeps no history of it.
func (r *Rules) Weak(tracker string, f kanban.Field) bool {
	_, weak := r.weak[tracker][f]
	return weak
}

// SetAt is when an issue came to show what it does in a field, as far as that is known
// without its history. was is what it showed before: where only the option is another one,
// the project tells when it was set.
func (r *Rules) SetAt(i connectors.Issue, f kanban.Field, was kanban.Native) time.Time {
	at := map[kanban.Field]time.Time{kanban.FieldStatus: i.StatusAt, kanban.FieldPriority: i.PriorityAt}[f]
	if at.IsZero() || !r.Weak(i.Tracker, f) || parseLabelled(r.Native(i, f)).state != parseLabelled(was).state {
		return i.Updated
	}
	return at
}

// Beside gives a newer picture of an issue what only its project shows, as it was: an
// answer of GitHub to a write does not tell of that.
func (r *Rules) Beside(newer, was connectors.Issue) connectors.Issue {
	if r.weak[newer.Tracker][kanban.FieldStatus].Project != "" {
		newer.Status, newer.StatusAt = was.Status, was.StatusAt
	}
	if r.weak[newer.Tracker][kanban.FieldPriority].Project != "" {
		newer.Priority, newer.PriorityAt = was.Priority, was.PriorityAt
	}
	return newer
}
