package mapping

import (
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"parley/connectors"
	"parley/kanban"
)

// elementScale says whether a set of an issue holds one element. Its native values
// are "present" and "absent" on both sides, so that elements never differ but in
// what they mean: that the set holds it or does not.
type elementScale struct {
	change string                                    // Change.Field of the events that concern the set
	is     func(name string) bool                    // names the element
	in     func(i connectors.Issue) bool             // the issue's set holds it
	write  func(to kanban.Native) []connectors.Write // makes it so
	words  func(present bool) string                 // for people
	never  bool                                      // this side cannot hold it: its absence means nothing
}

const (
	nativePresent = kanban.Native(kanban.Present)
	nativeAbsent  = kanban.Native(kanban.Absent)
)

func presence(present bool) kanban.Native {
	if present {
		return nativePresent
	}
	return nativeAbsent
}

func (s *elementScale) read(i connectors.Issue) kanban.Native { return presence(s.in(i)) }

func (s *elementScale) meaning(n kanban.Native) ([]kanban.Value, kanban.Opinion) {
	switch {
	case n == nativePresent:
		return []kanban.Value{kanban.Present}, kanban.Says
	case s.never:
		return nil, kanban.Silent
	}
	return []kanban.Value{kanban.Absent}, kanban.Says
}

func (s *elementScale) targets(m kanban.Value, _ kanban.Native) []kanban.Native {
	if m == kanban.Absent || m == kanban.Present && !s.never {
		return []kanban.Native{kanban.Native(m)}
	}
	return nil
}

// apply takes an element off before it puts one on: Jira's history tells of both at
// once where an assignee is replaced.
func (s *elementScale) apply(n kanban.Native, changes []kanban.Change) (kanban.Native, bool) {
	touched := false
	for _, c := range changes {
		if c.Field != s.change {
			continue
		}
		if c.From != "" && s.is(c.From) {
			n, touched = nativeAbsent, true
		}
		if c.To != "" && s.is(c.To) {
			n, touched = nativePresent, true
		}
	}
	return n, touched
}

func (s *elementScale) explains(to kanban.Native, c kanban.Change) bool {
	if c.Field != s.change {
		return false
	}
	if to == nativePresent {
		return c.To != "" && s.is(c.To)
	}
	return c.From != "" && s.is(c.From)
}

func (s *elementScale) describe(n kanban.Native) (string, bool) {
	return s.words(n == nativePresent), true
}

func (s *elementScale) steps(_, to kanban.Native) []connectors.Write { return s.write(to) }

func (s *elementScale) natives() []kanban.Native {
	return []kanban.Native{nativeAbsent, nativePresent}
}

// element makes the scale of a set's element, nil where the field is none: a label
// that has another meaning, a person whom the configuration does not know on both
// sides.
func (r *Rules) element(side kanban.Side, f kanban.Field) scale {
	set, name, ok := f.Element()
	switch {
	case !ok:
	case set == kanban.FieldLabels && r.isFree(name):
		return labelElement(side, name)
	case set == kanban.FieldAssignees:
		if p, known := r.people[name]; known {
			return personElement(side, p)
		}
	}
	return nil
}

// Free reports whether a label, in any letter case, is one of the set and nothing else: no
// status, priority or due date, and none that hides a card.
func (r *Rules) Free(label string) bool { return r.isFree(fold(label)) }

// isFree reports whether a label, by its name in lower case, has no other meaning:
// it belongs to no column or priority, is no due date, and does not restrict a card.
func (r *Rules) isFree(name string) bool {
	if name == "" || name != fold(name) || r.inFamily(name) || strings.HasPrefix(name, dueTag) {
		return false
	}
	restricts := Test{Property: PropertyLabel, Any: r.policy.RestrictedLabels}
	return !restricts.holds(&connectors.Issue{Labels: []string{name}})
}

// inFamily reports whether a column or a priority lists the label.
func (r *Rules) inFamily(folded string) bool {
	for _, f := range kanban.Fields {
		if s, ok := r.paired[f].(*labelScale); ok && s.owns(folded) {
			return true
		}
	}
	return false
}

// githubLabel is the longest name of a label that GitHub takes, in characters.
const githubLabel = 50

// fits reports whether a tracker can have a label of that name: none of Jira's has a
// blank in it.
func fits(side kanban.Side, label string) bool {
	if side == kanban.GitHub {
		return utf8.RuneCountInString(label) <= githubLabel
	}
	return length(label) <= jiraTitle && !strings.ContainsFunc(label, unicode.IsSpace)
}

func labelElement(side kanban.Side, name string) scale {
	is := func(label string) bool { return fold(label) == name }
	return &elementScale{
		change: kanban.ChangeLabel, is: is, never: !fits(side, name),
		in: func(i connectors.Issue) bool { return slices.ContainsFunc(i.Labels, is) },
		write: func(to kanban.Native) []connectors.Write {
			if to == nativePresent {
				return []connectors.Write{{AddLabel: name}}
			}
			return []connectors.Write{{RemoveLabel: name}}
		},
		words: func(present bool) string {
			if present {
				return "label " + name
			}
			return "no label " + name
		},
	}
}

func personElement(side kanban.Side, p PersonConfig) scale {
	account := bySide(side, p.Jira, p.GitHub)
	is := func(id string) bool { return id != "" && fold(id) == fold(account) }
	return &elementScale{
		change: kanban.ChangeAssignee, is: is,
		in: func(i connectors.Issue) bool {
			return slices.ContainsFunc(i.Assignees, func(a connectors.Person) bool { return is(a.ID) })
		},
		write: func(to kanban.Native) []connectors.Write {
			if to == nativePresent {
				return []connectors.Write{{Assign: account}}
			}
			return []connectors.Write{{Unassign: account}}
		},
		words: func(present bool) string {
			if present {
				return "assigned to " + p.Name
			}
			return "not assigned to " + p.Name
		},
	}
}

// Elements lists the elements that a set of an issue holds, sorted: of
// kanban.FieldLabels the labels that have no other meaning, of
// kanban.FieldAssignees the people whom the configuration knows on both sides.
func (r *Rules) Elements(set kanban.Field, i connectors.Issue) []kanban.Field {
	found := map[kanban.Field]bool{}
	switch set {
	case kanban.FieldLabels:
		for _, name := range i.Labels {
			r.noteLabel(found, name)
		}
	case kanban.FieldAssignees:
		for _, a := range i.Assignees {
			r.notePerson(found, r.kind(i.Tracker), a.ID)
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// Touched lists the elements of a set that the changes of an event put in or take
// out, sorted; tracker is the one whose event it is.
func (r *Rules) Touched(set kanban.Field, tracker string, changes []kanban.Change) []kanban.Field {
	found := map[kanban.Field]bool{}
	for _, c := range changes {
		for _, name := range []string{c.From, c.To} {
			switch {
			case set == kanban.FieldLabels && c.Field == kanban.ChangeLabel:
				r.noteLabel(found, name)
			case set == kanban.FieldAssignees && c.Field == kanban.ChangeAssignee:
				r.notePerson(found, r.kind(tracker), name)
			}
		}
	}
	return slices.Sorted(maps.Keys(found))
}

func (r *Rules) noteLabel(found map[kanban.Field]bool, name string) {
	if folded := fold(name); r.isFree(folded) {
		found[kanban.Element(kanban.FieldLabels, folded)] = true
	}
}

func (r *Rules) notePerson(found map[kanban.Field]bool, kind connectors.Kind, account string) {
	if p, ok := r.Person(kind, connectors.Person{ID: account}); ok && r.people[p.Name] == p {
		found[kanban.Element(kanban.FieldAssignees, p.Name)] = true
	}
}

// kind is the product of a configured tracker.
func (r *Rules) kind(tracker string) connectors.Kind {
	if r.isGitHub[tracker] {
		return connectors.GitHub
	}
	return connectors.Jira
}
