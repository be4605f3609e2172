package view_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"parley/connectors"
	"parley/kanban"
	"parley/mapping"
	"parley/sync/engine"
	"parley/sync/store"
	"parley/sync/view"
)

// boardOf is the mapping of a bench, changed.
func boardOf(t testing.TB, change func(*mapping.Config)) *mapping.Rules {
	t.Helper()
	config := mapping.Config{
		Columns: []mapping.ColumnConfig{
			{Key: "todo", Name: "To do", Category: kanban.Option, Turn: kanban.Business, GitHub: []string{"open"}},
			{Key: "doing", Name: "In progress", Category: kanban.Active, Turn: kanban.IT, WIP: 3, GitHub: []string{"open + label:wip"}},
			{Key: "done", Name: "Done", Category: kanban.Done, GitHub: []string{"closed"}},
		},
		Priorities: []mapping.PriorityConfig{{Key: "high", Name: "High", GitHub: []string{"label:high"}}},
		Units:      []mapping.UnitConfig{{Key: "risk", Name: "Risk", Match: mapping.Condition{GitHub: []mapping.Test{{Property: mapping.PropertyLabel, Any: []string{"bu:risk"}}}}}},
		Visibility: mapping.VisibilityConfig{RestrictedLabels: []string{"confidential"}},
		Trackers:   []mapping.TrackerConfig{{Name: "github", Kind: "github", Containers: []string{"acme/infra"}}},
	}
	if change != nil {
		change(&config)
	}
	rules, problems := mapping.Compile(config, nil)
	if rules == nil {
		t.Fatal(problems)
	}
	return rules
}

func (b *bench) preview(w view.Viewer, rules *mapping.Rules) view.Preview {
	b.t.Helper()
	p, err := b.views.As(w).Preview(context.Background(), rules, []view.Named{{Key: "risk", Name: "Risk"}, {Key: "markets", Name: "Markets"}})
	if err != nil {
		b.t.Fatal(err)
	}
	return p
}

// shifts are those of a preview in words.
func shifts(p view.Preview) []string {
	out := []string{}
	for _, s := range p.Shifts {
		lost := ""
		if s.Lost {
			lost = ", lost"
		}
		out = append(out, fmt.Sprintf("%d %s: %s → %s%s", s.Cards, s.What, s.From, s.To, lost))
	}
	return out
}

func TestPreviewTellsWhatAnotherMappingWouldDo(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change  func(*mapping.Config)
		want    []string
		changed int
	}{
		"the same":            {nil, []string{}, 0},
		"another name":        {func(c *mapping.Config) { c.Columns[0].Name = "Backlog" }, []string{}, 0},
		"a column of its own": {func(c *mapping.Config) { c.Columns[1].Key = "working" }, []string{"2 column: In progress (doing) → In progress (working)"}, 2},
		"a label elsewhere": {func(c *mapping.Config) {
			c.Columns[1].GitHub, c.Columns[2].GitHub = []string{"open + label:busy"}, []string{"closed", "open + label:wip"}
		}, []string{"2 column: In progress → Done", "2 turn: it → none"}, 2},
		"nothing for closed": {func(c *mapping.Config) { c.Columns = c.Columns[:2] }, []string{"1 column: Done → Unmapped, lost", "1 sides: agree → a value is unmapped, lost", "1 turn: none → it"}, 1},
		"another unit":       {func(c *mapping.Config) { c.Units[0].Key = "markets" }, []string{"1 unit: Risk → Markets"}, 1},
		"no unit":            {func(c *mapping.Config) { c.Units = nil }, []string{"1 unit: Risk → Unassigned, lost"}, 1},
		"more for few":       {func(c *mapping.Config) { c.Visibility.RestrictedLabels = append(c.Visibility.RestrictedLabels, "high") }, []string{"1 restricted: no → yes, lost"}, 1},
		"a word less":        {func(c *mapping.Config) { c.Priorities[0].GitHub = []string{"label:top"} }, []string{}, 0}, // no opinion changes nothing
		"a class": {func(c *mapping.Config) {
			c.Rules = []mapping.RuleConfig{{When: mapping.Condition{GitHub: []mapping.Test{{Property: mapping.PropertyLabel, Any: []string{"high"}}}}, Set: mapping.Setting{Class: "expedite", Blocked: kanban.Third, Reason: "x"}}}
		}, []string{"1 class: standard → expedite", "1 planned: yes → no", "1 blocked: no → a third party", "1 turn: it → third"}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.see(1, time.Hour, "one", "open", "bu:risk")
			b.see(2, time.Hour, "two", "open", "wip", "high")
			b.see(3, time.Hour, "three", "open", "wip")
			b.see(4, time.Hour, "four", "open", "confidential")
			b.see(5, time.Hour, "five", "closed")
			p := b.preview(view.Somebody(), boardOf(t, c.change))
			if diff := cmp.Diff(c.want, shifts(p)); diff != "" || p.Cards != 5 || p.Changed != c.changed {
				t.Errorf("%d of %d change:\n%s", p.Changed, p.Cards, diff)
			}
		})
	}
}

func TestPreviewIsForOpsAndHidesWhatIsForFew(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.see(1, time.Hour, "Payroll of the board", "open", "confidential", "wip")
	next := boardOf(t, func(c *mapping.Config) { c.Units, c.Columns[1].Key, c.Visibility.RestrictedLabels = nil, "other", nil })
	for _, who := range []view.Viewer{{Audience: view.AudienceIT}, {Audience: view.AudienceWall}, {Audience: view.UnitAudience("risk")}, {}} {
		if p := b.preview(who, next); p.Cards != 0 || len(p.Changes) != 0 {
			t.Errorf("%+v is told %+v", who, p)
		}
		if rows, err := b.views.As(who).Mapping(context.Background()); err != nil || len(rows) != 0 {
			t.Errorf("%+v is told %+v, %v", who, rows, err)
		}
	}
	told := b.preview(view.Somebody(), next).Changes
	if len(told) == 0 {
		t.Error("nothing changes: the test proves nothing")
	}
	for _, x := range told {
		if x.Title != "Restricted item" {
			t.Errorf("the title of a card that is restricted now is told: %+v", x)
		}
	}
}

func TestPreviewCountsWritesThatOnlyOneMappingMakes(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.eng.Write = false
	card := b.see(1, time.Hour, "one", "open")
	b.wish(card.ID, "doing", "lea")
	if p := b.preview(view.Somebody(), boardOf(t, nil)); len(p.Writes)+len(p.Dropped) != 0 {
		t.Errorf("the same mapping writes otherwise: %+v, %+v", p.Writes, p.Dropped)
	}
	p := b.preview(view.Somebody(), boardOf(t, func(c *mapping.Config) { c.Columns[1].GitHub = []string{"open + label:busy"} }))
	if len(p.Writes) != 1 || p.Writes[0].To != "open, busy" || p.Counts["total"] != 1 || p.Counts["status"] != 1 || p.Counts["github"] != 1 || len(p.Dropped) != 1 || p.Dropped[0].To != "open, wip" {
		t.Errorf("writes %+v, dropped %+v, %v", p.Writes, p.Dropped, p.Counts)
	}
}

// TestPreviewOfTheSameMappingIsEmpty holds whatever the cards are like, and whatever is
// looked at leaves the store as it was.
func TestPreviewOfTheSameMappingIsEmpty(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	rapid.Check(t, func(t *rapid.T) {
		labels := rapid.SliceOfDistinct(rapid.SampledFrom([]string{"wip", "high", "bu:risk", "confidential", "else"}), rapid.ID[string]).Draw(t, "labels")
		b.see(rapid.IntRange(1, 6).Draw(t, "number"), time.Duration(rapid.IntRange(1, 99).Draw(t, "age"))*time.Hour, "x", rapid.SampledFrom([]string{"open", "closed"}).Draw(t, "state"), labels...)
		before, err := b.store.Seq(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if p := b.preview(view.Somebody(), boardOf(b.t, nil)); len(p.Changes)+len(p.Writes)+len(p.Dropped)+p.Changed+p.Unread != 0 {
			t.Fatalf("the same mapping changes %+v", p)
		}
		b.preview(view.Somebody(), boardOf(b.t, func(c *mapping.Config) { c.Columns = c.Columns[:2] }))
		if after, err := b.store.Seq(context.Background()); err != nil || after != before {
			t.Fatalf("a look has changed the store from %d to %d, %v", before, after, err)
		}
	})
}

func TestMappingListsWhatMeansNothingFirst(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.see(1, time.Hour, "one", "open")
	b.see(2, time.Hour, "two", "open", "wip")
	b.see(3, time.Hour, "three", "open", "high")
	b.see(4, time.Hour, "four", "closed")
	b.eng.Rules = boardOf(t, func(c *mapping.Config) { c.Columns = c.Columns[:2] })
	rows, err := b.views.Mapping(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range rows {
		got = append(got, fmt.Sprintf("%s %s %s %s %d", r.Field, r.Native, r.Opinion, r.Means, r.Cards))
	}
	want := []string{"status closed as completed unmapped  1", "status open says To do 2", "status open, wip says In progress 1", "priority high says High 1", "priority no label no opinion  3"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("want, got:\n%s", diff)
	}
}

// BenchmarkPreview is a mapping tried on 20,000 cards.
func BenchmarkPreview(b *testing.B) {
	x := newBench(b)
	x.fill(20000)
	next := boardOf(b, func(c *mapping.Config) {
		c.Columns[1].GitHub, c.Columns[2].GitHub = []string{"open + label:busy"}, []string{"closed", "open + label:wip"}
	})
	for b.Loop() {
		if p := x.preview(view.Somebody(), next); p.Cards != 20000 || p.Changed == 0 {
			b.Fatalf("%d of %d", p.Changed, p.Cards)
		}
	}
}

// fill stores many cards at once.
func (b *bench) fill(n int) {
	b.t.Helper()
	var steps []engine.Step
	for i := range n {
		issue := connectors.Issue{
			Ref:  connectors.Ref{Tracker: "github", ID: fmt.Sprint(1000 + i), Key: fmt.Sprintf("acme/infra#%d", i), Container: "acme/infra", Number: i},
			Kind: connectors.GitHub, Title: fmt.Sprintf("Card %d", i), State: "open", Labels: [][]string{{"wip"}, {"high", "bu:risk"}, nil}[i%3], Created: now, Updated: now,
		}
		steps = append(steps, b.eng.Step(engine.Card{ID: kanban.NewCardID("github", issue.ID)}, engine.Observed{Side: kanban.GitHub, Observation: connectors.Observation{Issue: issue, Since: -1}}, now))
	}
	for len(steps) > 0 {
		k := min(len(steps), 1000)
		c := store.Commit{Now: now}
		for i := range steps[:k] {
			card := &steps[i].Card
			c.Cards = append(c.Cards, store.CardWrite{Card: *card, Face: b.eng.Face(card)})
		}
		if _, err := b.store.Commit(context.Background(), c); err != nil {
			b.t.Fatal(err)
		}
		steps = steps[k:]
	}
}
