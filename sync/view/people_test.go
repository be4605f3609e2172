package view_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/kanban"
	"parley/sync/view"
)

// table writes a table of people down: name in-work/all, then count and first key a cell.
func table(p view.People) []string {
	var head []string
	for _, c := range p.Cols {
		head = append(head, c.Name)
	}
	out := []string{strings.Join(head, " | ")}
	for _, r := range p.Rows {
		line := []string{fmt.Sprintf("%s %d/%d", r.Name, r.InWork, r.Count)}
		for _, c := range r.Cells {
			cell := fmt.Sprint(c.Count)
			if len(c.Cards) > 0 {
				cell += " " + c.Cards[0].Column
			}
			line = append(line, cell)
		}
		out = append(out, strings.Join(line, " | "))
	}
	return out
}

func TestWhoWorksOnWhat(t *testing.T) {
	t.Parallel()
	s := &shelf{}
	add := func(column kanban.ColumnKey, who, group string, unit kanban.UnitKey, keys ...string) {
		c := inWork(column, 3)
		c.Assignee, c.Group, c.Unit = who, group, unit
		for _, k := range keys {
			side := "jira"
			if strings.Contains(k, "#") {
				side = "github"
			}
			c.Sides = append(c.Sides, kanban.CardSide{Side: side, Key: k})
		}
		s.put(c)
	}
	add("doing", "ben", "", "risk", "OPS-1", "acme/web#1")
	add("verify", "ben", "Autumn", "risk", "OPS-2", "acme/web#2")
	add("committed", "Ana", "Autumn", "trading", "OPS-3")
	add("waiting", "", "", "trading", "acme/core#4")
	add("requests", "Ana", "", "trading", "OPS-5") // not committed to
	s.put(finished(2, 3))                          // done
	rules := shelfRules(t)
	for name, c := range map[string]struct {
		viewer view.Viewer
		by     string
		q      view.Query
		want   []string
	}{
		"projects": {view.Somebody(), "", view.Query{}, []string{
			"web | OPS | core", "Ana 0/1 | 0 | 1 committed | 0", "ben 2/2 | 2 verify | 0 | 0", "Nobody yet 1/1 | 0 | 0 | 1 waiting"}},
		"epics": {view.Somebody(), view.PeopleEpic, view.Query{}, []string{
			"Autumn | On its own", "Ana 0/1 | 1 committed | 0", "ben 2/2 | 1 verify | 1 doing", "Nobody yet 1/1 | 0 | 1 waiting"}},
		"filtered": {view.Somebody(), "", view.Query{Unit: "trading", Stage: view.StageWork}, []string{"core", "Nobody yet 1/1 | 1 waiting"}},
		"by unit, without names": {view.Viewer{Audience: "unit:risk"}, "", view.Query{}, []string{
			"web | Not shown to you", "Risk 2/2 | 2 verify | 0", "Trading 1/2 | 0 | 2 waiting"}},
		"to nobody in particular": {view.Viewer{}, view.PeopleEpic, view.Query{}, []string{
			"Not shown to you", "Risk 2/2 | 2 verify", "Trading 1/2 | 2 waiting"}},
	} {
		got, err := s.of(rules, c.viewer).People(t.Context(), c.q, c.by)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, table(got)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestATableOfPeopleIsBounded(t *testing.T) {
	t.Parallel()
	s := &shelf{}
	for i := range 2000 {
		c := inWork("doing", 1)
		c.Assignee = fmt.Sprintf("p%03d", i%200)
		c.Sides = []kanban.CardSide{{Side: "jira", Key: fmt.Sprintf("P%d-%d", i%20, i)}}
		s.put(c)
	}
	p, err := s.of(shelfRules(t), view.Somebody()).People(t.Context(), view.Query{}, "")
	if err != nil || len(p.Rows) != 120 || p.More != 80 || len(p.Cols) != 12 || p.Cols[11].Name != "All others" || p.Cards != 2000 {
		t.Fatalf("%d rows and %d more, %d columns, %d cards, %v", len(p.Rows), p.More, len(p.Cols), p.Cards, err)
	}
	for _, r := range p.Rows {
		for _, c := range r.Cells {
			if len(c.Cards) > 6 || len(c.Cards) > c.Count {
				t.Fatalf("a cell of %d shows %d", c.Count, len(c.Cards))
			}
		}
	}
}

// crowded is a shelf of so many cards, with finished ones among them.
func crowded(n int) *shelf {
	s := &shelf{}
	for i := range n {
		c := inWork([]kanban.ColumnKey{"requests", "committed", "doing", "waiting", "verify"}[i%5], i%40)
		c.Title, c.Assignee, c.Group = fmt.Sprintf("Reconcile the positions of day %d", i), fmt.Sprintf("person %d", i%60), fmt.Sprintf("PRG-%d", i%90)
		if i%10 == 0 {
			c = finished(i%30+1, i%80)
		}
		c.Sides = []kanban.CardSide{{Side: "jira", Key: fmt.Sprintf("OPS-%d", i)}, {Side: "github", Key: fmt.Sprintf("acme/web#%d", i)}}
		s.put(c)
	}
	return s
}

// BenchmarkBoardOf makes boards of many cards, plain, filtered and in lanes.
func BenchmarkBoardOf(b *testing.B) {
	rules := shelfRules(b)
	for _, n := range []int{5000, 20000} {
		v := crowded(n).of(rules, view.Somebody())
		for name, q := range map[string]view.Query{"all": {}, "search": {Search: "day 7"}, "older": {Age: view.AgeOlder}, "people": {Lanes: view.LanesAssignee}} {
			b.Run(fmt.Sprintf("%d/%s", n, name), func(b *testing.B) {
				for b.Loop() {
					if _, err := v.Board(b.Context(), q); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
