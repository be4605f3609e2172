package reconcile

import (
	"testing"

	"parley/kanban"
)

// A twin was created, and within the same second something was done to it: its clock does
// not tell which came first. The state it was created with does.
func TestTheMomentOfAStateReadAhead(t *testing.T) {
	t.Parallel()
	m := machine(partial(), Policy{CarryBoth, GitHubWins})
	for name, c := range map[string]struct {
		event  kanban.Event
		native kanban.Native
		agreed kanban.Value
		seen   bool // the agreed value
	}{
		"our write":                          {ours(5, 30, "b", "1"), "b", "b", true},
		"our write, before that moment":      {ours(5, 29, "b", "1"), "a", "b", false},
		"somebody's edit":                    {sets(5, 30, "c"), "c", "c", true},
		"somebody's edit, before the moment": {sets(5, 29, "c"), "a", "b", false},
	} {
		s, ops := toldB(m)
		s = m.Adopt(s, kanban.GitHub, "a", tick(30))
		got, _ := m.Fold(s, kanban.GitHub, []kanban.Event{c.event}, ops)
		if sd := got.Sides[kanban.GitHub]; sd.Native != c.native || got.Agreed != c.agreed || (sd.Seen == got.Version) != c.seen {
			t.Errorf("%s: %q stands there, %q is agreed, seen %d of %d; want %q, %q, seen %v", name, sd.Native, got.Agreed, sd.Seen, got.Version, c.native, c.agreed, c.seen)
		}
	}
}
