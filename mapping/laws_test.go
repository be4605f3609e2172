package mapping

import (
	"fmt"
	"strconv"
	"testing"

	"parley/connectors"
	"parley/kanban"
)

// handmade is a mapping as people write it by hand: two tables, no thought of what
// is there already.
type handmade struct {
	back    map[kanban.Native]kanban.Value
	forward map[kanban.Value]kanban.Native
}

func (h handmade) Back(_ kanban.Side, _ kanban.Field, n kanban.Native, m kanban.Value) (kanban.Value, kanban.Opinion) {
	if v, ok := h.back[n]; ok {
		return v, kanban.Says
	}
	return m, kanban.Unmapped
}

func (h handmade) Forward(_ kanban.Side, _ kanban.Field, m kanban.Value, _ kanban.Native) []kanban.Native {
	if n, ok := h.forward[m]; ok {
		return []kanban.Native{n}
	}
	return nil
}

// wavering reads an unknown value as whatever the card is not.
type wavering struct{ handmade }

func (w wavering) Back(s kanban.Side, f kanban.Field, n kanban.Native, m kanban.Value) (kanban.Value, kanban.Opinion) {
	if m == "done" {
		return "doing", kanban.Says
	}
	return "done", kanban.Says
}

// TestLawsFindTheUsualMistakes holds the check against tables that ping-pong.
func TestLawsFindTheUsualMistakes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		lens translator
		ms   []kanban.Value
		ns   []kanban.Native
		want Law
		m    kanban.Value
		n    kanban.Native
	}{
		{"two priorities for one, compared by name: P2 flaps to P1",
			handmade{map[kanban.Native]kanban.Value{"P1": "high", "P2": "high"}, map[kanban.Value]kanban.Native{"high": "P1"}},
			[]kanban.Value{"high"}, []kanban.Native{"P1", "P2"}, LawHippocratic, "high", "P2"},
		{"closed as not planned is forgotten",
			handmade{map[kanban.Native]kanban.Value{"closed:completed": "done"}, map[kanban.Value]kanban.Native{"done": "closed:completed"}},
			[]kanban.Value{"done"}, []kanban.Native{"closed:completed", "closed:not_planned"}, LawTotal, "", "closed:not_planned"},
		{"labels that differ in case are written and not recognised",
			handmade{map[kanban.Native]kanban.Value{"doing": "doing"}, map[kanban.Value]kanban.Native{"doing": "Doing"}},
			[]kanban.Value{"doing"}, []kanban.Native{"doing"}, LawCorrect, "doing", "doing"},
		{"no default", wavering{}, []kanban.Value{"done", "doing"}, []kanban.Native{"x"}, LawDefault, "done", "x"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			found := CheckLaws(c.lens, kanban.GitHub, kanban.FieldStatus, c.ms, c.ns)
			for _, v := range found {
				if v.Law == c.want && v.M == c.m && v.N == c.n && v.What != "" {
					return
				}
			}
			t.Errorf("no witness of %s in %+v", c.want, found)
		})
	}
}

// TestTheUsualMistakesInConfiguration has the same three in terms of the file: the
// first cannot be written, the others are named.
func TestTheUsualMistakesInConfiguration(t *testing.T) {
	t.Parallel()
	l := companyRules(t).Lens("jira", "github")
	if to := l.Forward(kanban.Jira, kanban.FieldPriority, "normal", "3"); to[0] != "3" {
		t.Errorf("Medium would be rewritten to %q", to[0])
	}
	if v, _ := l.Back(kanban.GitHub, kanban.FieldStatus, "open + label:status:doing", "done"); v != "doing" {
		t.Error("a label in other letters is not recognised")
	}
}

// large is a configuration of many columns with as many statuses as large companies have.
func large(columns, statuses int) (Config, []connectors.Directory) {
	var c Config
	dir := connectors.Directory{Tracker: "jira", Kind: connectors.Jira}
	for i := range columns {
		c.Columns = append(c.Columns, ColumnConfig{Key: fmt.Sprintf("c%d", i), Category: kanban.Active,
			GitHub: []string{fmt.Sprintf("open + label:status:%d", i)}})
	}
	c.Columns[0].GitHub = append(c.Columns[0].GitHub, "closed")
	for i := range statuses {
		id := strconv.Itoa(10000 + i)
		col := &c.Columns[i%columns]
		col.Jira = append(col.Jira, id)
		dir.Statuses = append(dir.Statuses, connectors.Status{Option: connectors.Option{ID: id, Name: "S" + id}})
	}
	c.Trackers = []TrackerConfig{{Name: "jira", Kind: "jira"}, {Name: "github", Kind: "github"}}
	return c, []connectors.Directory{dir}
}

func BenchmarkCompile(b *testing.B) {
	c, dirs := large(30, 200)
	for b.Loop() {
		if r, ps := Compile(c, dirs); r == nil {
			b.Fatal(ps)
		}
	}
}

func BenchmarkCheckLaws(b *testing.B) {
	c, dirs := large(30, 200)
	r := compiled(b, c, dirs)
	l, ns := r.Lens("jira", ""), r.jira["jira"][kanban.FieldStatus].natives()
	var ms []kanban.Value
	for _, col := range c.Columns {
		ms = append(ms, kanban.Value(col.Key))
	}
	if len(ms)*len(ns) != 6000 {
		b.Fatal(len(ms) * len(ns))
	}
	for b.Loop() {
		if v := CheckLaws(l, kanban.Jira, kanban.FieldStatus, ms, ns); len(v) > 0 {
			b.Fatal(v)
		}
	}
}

func BenchmarkBack(b *testing.B) {
	c, dirs := large(30, 200)
	l := compiled(b, c, dirs).Lens("jira", "github")
	for b.Loop() {
		if v, _ := l.Back(kanban.GitHub, kanban.FieldStatus, "open + label:status:29", ""); v != "c29" {
			b.Fatal(v)
		}
	}
}

func BenchmarkElement(b *testing.B) {
	r := companyRules(b)
	l := r.Lens("jira", "github")
	i := connectors.Issue{Ref: connectors.Ref{Tracker: "github"}, Labels: []string{"Bug", "status:doing", "p0", "due:2026-12-24", "q3 audit"}}
	for b.Loop() {
		for _, f := range r.Elements(kanban.FieldLabels, i) {
			if v, _ := l.Back(kanban.GitHub, f, r.Native(i, f), kanban.Absent); v != kanban.Present {
				b.Fatal(f, v)
			}
		}
	}
}

func BenchmarkTitle(b *testing.B) {
	l := companyRules(b).Lens("jira", "github")
	for b.Loop() {
		if v, _ := l.Back(kanban.GitHub, kanban.FieldTitle, "OPS-12: The feed is slow on Mondays", "x"); v != "The feed is slow on Mondays" {
			b.Fatal(v)
		}
	}
}
