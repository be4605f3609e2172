package kanban_test

import (
	"testing"

	"parley/kanban"
)

func TestCountHasTheWordThatFits(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{0: "0 cards", 1: "1 card", 2: "2 cards", -1: "-1 cards"} {
		if got := kanban.Count(n, "card", "cards"); got != want {
			t.Errorf("%d: %q", n, got)
		}
	}
}
