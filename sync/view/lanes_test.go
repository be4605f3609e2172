package view_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"parley/kanban"
	"parley/sync/view"
)

// heads sums up a board: key:count+earlier of each column that is not empty.
func heads(b view.Board) string {
	var out []string
	for _, c := range b.Columns {
		if c.All+c.Earlier > 0 {
			out = append(out, fmt.Sprintf("%s:%d+%d", c.Key, c.All, c.Earlier))
		}
	}
	return strings.Join(out, " ")
}

func TestLanes(t *testing.T) {
	t.Parallel()
	s := &shelf{}
	for i, who := range []string{"Ben", "Ana", "", "Ben", "Zoe"} {
		c := inWork([]kanban.ColumnKey{"doing", "waiting"}[i%2], i)
		c.Assignee, c.Unit = who, "trading"
		if i == 4 {
			c.Class, c.Unit = "expedite", "risk"
		}
		s.put(c)
	}
	rules := shelfRules(t)
	for name, c := range map[string]struct {
		viewer view.Viewer
		by     string
		want   []string
	}{
		"none":                      {view.Somebody(), "", nil},
		"units, as configured":      {view.Somebody(), view.LanesUnit, []string{"Risk 1", "Trading 4"}},
		"classes, the urgent first": {view.Somebody(), view.LanesClass, []string{"Expedite 1", "Standard 4"}},
		"people, the busiest first": {view.Somebody(), view.LanesAssignee, []string{"Ben 2", "Ana 1", "Zoe 1", "Nobody yet 1"}},
		"people, to others":         {view.Viewer{Audience: "unit:risk"}, view.LanesAssignee, []string{"Not shown to you 5"}},
		"epics":                     {view.Somebody(), view.LanesEpic, []string{"On its own 5"}},
	} {
		b, err := s.of(rules, c.viewer).Board(t.Context(), view.Query{Lanes: c.by})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, l := range b.Lanes {
			got = append(got, fmt.Sprint(l.Name, " ", l.Count))
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// TestLanesHoldTheCardsOfTheirColumns: dividing a board neither loses a card nor shows
// more of them, and no lane starves while another has more than its part.
func TestLanesHoldTheCardsOfTheirColumns(t *testing.T) {
	t.Parallel()
	rules := shelfRules(t)
	rapid.Check(t, func(r *rapid.T) {
		s := anyShelf(r)
		by := rapid.SampledFrom([]string{view.LanesUnit, view.LanesClass, view.LanesAssignee, view.LanesEpic}).Draw(r, "by")
		q := view.Query{Lanes: by, Limit: rapid.IntRange(1, 8).Draw(r, "limit")}
		b, err := s.of(rules, anyViewer(r)).Board(t.Context(), q)
		if err != nil {
			r.Fatal(err)
		}
		total := make([]int, len(b.Lanes))
		for _, c := range b.Columns {
			count, shown := 0, 0
			for i, l := range c.Lanes {
				count, shown, total[i] = count+l.Count, shown+len(l.Cards), total[i]+l.Count
				for _, other := range c.Lanes {
					if len(l.Cards) < l.Count && len(other.Cards) > len(l.Cards)+1 {
						r.Errorf("%s: %s shows %d of %d cards while %s shows %d", c.Key, l.Name, len(l.Cards), l.Count, other.Name, len(other.Cards))
					}
				}
			}
			if count != c.Count || shown != min(c.Count, q.Limit) || shown != len(c.Cards) {
				r.Errorf("%s has %d cards: its lanes count %d and show %d of %d", c.Key, c.Count, count, shown, q.Limit)
			}
		}
		for i, l := range b.Lanes {
			if total[i] != l.Count {
				r.Errorf("%s counts %d, its columns %d", l.Name, l.Count, total[i])
			}
		}
	})
}

func TestTooManyLanesAreJoined(t *testing.T) {
	t.Parallel()
	s := &shelf{}
	for i := range 80 {
		c := inWork("doing", 1)
		c.Group = fmt.Sprintf("PRG-%02d", i)
		s.put(c)
	}
	b, err := s.of(shelfRules(t), view.Somebody()).Board(t.Context(), view.Query{Lanes: view.LanesEpic})
	if err != nil || len(b.Lanes) != 30 || b.Lanes[29].Name != "All others" || b.Lanes[29].Count != 51 || len(b.Columns[2].Cards) != 50 {
		t.Errorf("%d lanes, %v", len(b.Lanes), err)
	}
}
