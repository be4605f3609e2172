package mapping

import (
	"slices"

	"parley/kanban"
)

// Lens translates between the board and the issues of one kind of card. The zero
// Lens has no sides: it says nothing and can show nothing.
type Lens struct {
	sides [2]map[kanban.Field]scale
	rules *Rules // knows the elements of sets
}

// scale is the scale of a field or element, nil where the side has none.
func (l Lens) scale(side kanban.Side, f kanban.Field) scale {
	if s, ok := l.sides[side][f]; ok || l.sides[side] == nil || l.rules == nil {
		return s
	}
	return l.rules.element(side, f)
}

// Lens gives the lens of the cards that have an issue in these trackers. One of the
// names may be empty: then the card is one-sided. A tracker that is not configured
// counts as no tracker.
func (r *Rules) Lens(jiraTracker, githubTracker string) Lens {
	l := Lens{rules: r}
	l.sides[kanban.Jira] = r.jira[jiraTracker]
	if !r.isGitHub[githubTracker] {
		return l
	}
	if l.sides[kanban.Jira] != nil {
		l.sides[kanban.GitHub] = r.gitHub[githubTracker].paired
	} else {
		l.sides[kanban.GitHub] = r.gitHub[githubTracker].alone
	}
	return l
}

// Back gives the board value that n means to a card at m: m itself if n is
// consistent with it, else the value that owns n. With an opinion other than Says
// the value is m, for nothing follows from n.
func (l Lens) Back(side kanban.Side, f kanban.Field, n kanban.Native, m kanban.Value) (kanban.Value, kanban.Opinion) {
	s := l.scale(side, f)
	if s == nil {
		return m, kanban.Silent
	}
	vs, opinion := s.meaning(n)
	if opinion != kanban.Says || m != "" && shows(s, m, n, vs) {
		return m, opinion
	}
	return vs[0], kanban.Says
}

// Forward lists the native values that show m on an issue that is at n, best first.
// If n does so already it comes first and nothing need be written. An empty list
// says that this side cannot show m.
func (l Lens) Forward(side kanban.Side, f kanban.Field, m kanban.Value, n kanban.Native) []kanban.Native {
	s := l.scale(side, f)
	if s == nil || m == "" {
		return nil
	}
	targets := s.targets(m, n)
	if !consistent(s, m, n) {
		return targets
	}
	others := slices.DeleteFunc(targets, func(t kanban.Native) bool { return t == n })
	return append([]kanban.Native{n}, others...)
}

// Apply folds the changes of one history event into n. False says that the event
// does not touch the field.
func (l Lens) Apply(side kanban.Side, f kanban.Field, n kanban.Native, changes []kanban.Change) (kanban.Native, bool) {
	s := l.scale(side, f)
	if s == nil {
		return n, false
	}
	return s.apply(n, changes)
}

// Explains reports whether c is one of the single steps of a write towards to: a
// label of to added, another label of its family removed, its state, status or
// priority set.
func (l Lens) Explains(side kanban.Side, f kanban.Field, to kanban.Native, c kanban.Change) bool {
	s := l.scale(side, f)
	return s != nil && s.explains(to, c)
}
