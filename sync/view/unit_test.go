package view_test

import (
	"context"
	"testing"

	"parley/connectors"
	"parley/sync/view"
)

// TestAUnitReadsGitHubsStateInAWord: those who do not read GitHub's words and nobody's name
// still learn whether the issue is open, and that a value stood there from the first.
func TestAUnitReadsGitHubsStateInAWord(t *testing.T) {
	t.Parallel()
	b := pairBench(t)
	b.couple(func(j, g *connectors.Issue) { j.Labels, g.Labels = []string{"bu-risk"}, []string{"wip"} }, nil, nil)
	sight := b.views.As(view.Viewer{Audience: "unit:risk", Proved: true})
	cards, _, err := sight.Cards(context.Background(), view.Query{})
	if err != nil || len(cards) != 1 || len(cards[0].Sides) != 2 {
		t.Fatalf("%+v, %v", cards, err)
	}
	if got := cards[0].Sides[1].Status; got != "open" {
		t.Errorf("GitHub's issue is %q", got)
	}
	ex, err := sight.Explain(context.Background(), string(cards[0].ID))
	if err != nil {
		t.Fatal(err)
	}
	first := 0
	for _, f := range ex.Fields {
		if f.First {
			if first++; f.By != "first seen" {
				t.Errorf("%s is as it was when %q", f.Name, f.By)
			}
		}
	}
	if first == 0 {
		t.Error("no field is as it was first seen")
	}
}
