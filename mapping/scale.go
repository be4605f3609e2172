package mapping

import (
	"slices"

	"parley/connectors"
	"parley/kanban"
)

// scale is one field of one side: what its native values mean and how they are
// written, read and changed. Everything that makes a Lens lawful is built on these
// few methods in one place, lens.go.
type scale interface {
	// read takes the native value out of an issue.
	read(i connectors.Issue) kanban.Native
	// meaning gives the board values that n shows: first the one that owns n, then
	// those that share it. Values come with Says only.
	meaning(n kanban.Native) ([]kanban.Value, kanban.Opinion)
	// targets lists what may be written to show m, best first. Of n it keeps what
	// m does not care about.
	targets(m kanban.Value, n kanban.Native) []kanban.Native
	// apply folds changes into n; false if none of them concerns this field.
	apply(n kanban.Native, changes []kanban.Change) (kanban.Native, bool)
	// explains reports whether c is a step of a write towards to.
	explains(to kanban.Native, c kanban.Change) bool
	// describe says n in words, false where n is not known here.
	describe(n kanban.Native) (string, bool)
	// natives lists values for the law check: all that matter, not all there are.
	natives() []kanban.Native
	// steps lists the single requests of a write from one native value to another,
	// that differ; none where they are not found here.
	steps(from, to kanban.Native) []connectors.Write
}

// lenient is a scale on which a native value shows more than its meaning lists.
type lenient interface {
	// agrees reports whether n, which says something, shows m as well.
	agrees(m kanban.Value, n kanban.Native) bool
}

// shows reports whether a native value of that meaning shows m.
func shows(s scale, m kanban.Value, n kanban.Native, means []kanban.Value) bool {
	if slices.Contains(means, m) {
		return true
	}
	l, ok := s.(lenient)
	return ok && l.agrees(m, n)
}

// entry is one configured entry of a value, before it is understood.
type entry struct {
	value kanban.Value
	path  string
	text  string
}

// owners holds, for each value, the value itself followed by those that share its
// natives through "same:".
type owners map[kanban.Value][]kanban.Value

// meaning is what a native value means, see scale.
type meaning struct {
	values  []kanban.Value
	opinion kanban.Opinion
}

// consistent reports whether n shows m well enough that nothing need be written.
// A native without opinion does so only if it is just what would be written.
func consistent(s scale, m kanban.Value, n kanban.Native) bool {
	vs, opinion := s.meaning(n)
	switch opinion {
	case kanban.Says:
		return shows(s, m, n, vs)
	case kanban.Silent:
		return slices.Contains(s.targets(m, n), n)
	}
	return false
}
