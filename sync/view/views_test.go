package view_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/connectors"
	"parley/kanban"
	"parley/mapping"
	"parley/sync/engine"
	"parley/sync/store"
	"parley/sync/store/open"
	"parley/sync/view"
)

var now = time.Date(2026, 11, 18, 12, 0, 0, 0, time.UTC)

// bench is a store with cards in it, and views of it.
type bench struct {
	t     testing.TB
	store *store.Store
	views *view.Sight
	eng   *engine.Engine
	n     int

	config mapping.Config
}

func newBench(t testing.TB, change ...func(*mapping.Config)) *bench {
	t.Helper()
	db, err := open.Open(context.Background(), server.URL(t, filepath.Join(t.TempDir(), "parley.db")))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
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
	for _, f := range change {
		f(&config)
	}
	rules, problems := mapping.Compile(config, nil)
	if mapping.Failed(problems) {
		t.Fatal(problems)
	}
	b := &bench{t: t, store: db, config: config}
	b.eng = &engine.Engine{Rules: rules, Write: true, NewID: func() string { b.n++; return fmt.Sprintf("id-%d", b.n) }}
	b.views = view.New(view.Options{
		Source: db, Engine: func() *engine.Engine { return b.eng }, Units: []view.Named{{Key: "risk", Name: "Risk"}},
		Trackers: []view.TrackerName{{Name: "github", Kind: "github", Sources: []string{"acme/infra"}}},
		Poll:     30 * time.Second, Zone: time.UTC, Now: func() time.Time { return now }, Policy: view.DefaultPolicy(),
	}).As(view.Somebody())
	return b
}

// see stores an issue as a poll would.
func (b *bench) see(number int, age time.Duration, title, state string, labels ...string) engine.Card {
	b.t.Helper()
	id := fmt.Sprint(1000 + number)
	issue := connectors.Issue{
		Ref:  connectors.Ref{Tracker: "github", ID: id, Key: fmt.Sprintf("acme/infra#%d", number), Container: "acme/infra", Number: number},
		Kind: connectors.GitHub, Title: title, State: state, Labels: labels, Created: now.Add(-age), Updated: now.Add(-age), URL: "https://github.com/acme/infra",
	}
	cid := kanban.NewCardID("github", id)
	card, err := b.store.Card(context.Background(), cid)
	if errors.Is(err, store.ErrUnknown) {
		card = engine.Card{ID: cid}
	}
	step := b.eng.Step(card, engine.Observed{Side: kanban.GitHub, Observation: connectors.Observation{Issue: issue, Since: -1}}, now)
	_, err = b.store.Commit(context.Background(), store.Commit{
		Now: now, Cards: []store.CardWrite{{Card: step.Card, Face: b.eng.Face(&step.Card)}}, Record: step.Record,
		Issues: []store.IssueRow{{Tracker: "github", ID: id, Key: issue.Key, Container: "acme/infra", Card: cid}},
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return step.Card
}

// unmapped stores a card that no column claims.
func (b *bench) unmapped(number int) {
	b.t.Helper()
	c := b.see(number, time.Hour, "stray", "open")
	c, err := b.store.Card(context.Background(), c.ID)
	if err != nil {
		b.t.Fatal(err)
	}
	face := b.eng.Face(&c)
	face.Column = ""
	if _, err := b.store.Commit(context.Background(), store.Commit{Now: now, Cards: []store.CardWrite{{Card: c, Face: face}}}); err != nil {
		b.t.Fatal(err)
	}
}

func TestBoardSortsCardsIntoColumns(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.see(1, 24*time.Hour, "young", "open", "bu:risk")
	b.see(2, 72*time.Hour, "old", "open", "high")
	b.see(3, time.Hour, "started", "open", "wip", "bu:risk")
	b.see(4, time.Hour, "shipped", "closed")
	b.see(5, time.Hour, "two at once", "open", "wip", "high")
	board, err := b.views.Board(context.Background(), view.Query{})
	if err != nil {
		t.Fatal(err)
	}
	want := map[kanban.ColumnKey]int{"todo": 2, "doing": 2, "done": 1}
	for _, c := range board.Columns {
		if c.Count != want[c.Key] || len(c.Cards) != c.Count {
			t.Errorf("%s holds %d cards and shows %d, want %d", c.Key, c.Count, len(c.Cards), want[c.Key])
		}
	}
	if todo := board.Columns[0]; todo.Cards[0].Title != "old" || todo.Oldest != 4 || todo.Cards[0].AgeDays != 4 {
		t.Errorf("first is %q of %d days, oldest %d", todo.Cards[0].Title, todo.Cards[0].AgeDays, todo.Oldest)
	}
	if p := board.Pulse; p.InWork != 2 || p.Limit != 3 || p.Business != 0 || p.IT != 2 || p.ITDays != 1 || p.OldestDays != 0 {
		t.Errorf("pulse %+v", p)
	}
}

func TestQueriesSelect(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.see(1, time.Hour, "Reconcile positions", "open", "bu:risk", "high")
	b.see(2, time.Hour, "Rotate keys", "open", "wip")
	b.see(3, time.Hour, "Payroll of the board", "open", "confidential")
	for _, c := range []struct {
		name string
		q    view.Query
		want int
	}{
		{"everything", view.Query{}, 3},
		{"a unit", view.Query{Unit: "risk"}, 1},
		{"nobody's unit", view.Query{Unit: "unassigned"}, 2},
		{"a turn", view.Query{Turn: "it"}, 1},
		{"a priority", view.Query{Priority: "high"}, 1},
		{"without a priority", view.Query{Priority: "none"}, 2},
		{"words of a title", view.Query{Search: "ROTATE"}, 1},
		{"a key", view.Query{Search: "infra#1"}, 1},
		{"words of a restricted title", view.Query{Search: "payroll"}, 0},
		{"a column", view.Query{Column: "doing"}, 1},
		{"two at once", view.Query{Unit: "risk", Turn: "it"}, 0},
	} {
		got, _, err := b.views.Cards(context.Background(), c.q)
		if err != nil || len(got) != c.want {
			t.Errorf("%s: %d cards, %v; want %d", c.name, len(got), err, c.want)
		}
	}
}

func TestRestrictedCardsSayNothing(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.see(1, time.Hour, "Payroll of the board", "open", "confidential")
	c, err := b.views.Card(context.Background(), "acme/infra#1")
	if err != nil || c.Title != "Restricted item" || c.Sides[0].Labels == nil || len(c.Sides[0].Labels) > 0 {
		t.Errorf("shown as %+v, %v", c, err)
	}
}

func TestListsArePagedWithoutGaps(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for n := range 25 {
		b.see(n+1, time.Hour, "x", "open")
	}
	seen := map[kanban.CardID]bool{}
	after := ""
	for range 10 {
		page, next, err := b.views.Cards(context.Background(), view.Query{Limit: 10, After: after})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range page {
			seen[c.ID] = true
		}
		if after = next; next == "" {
			break
		}
	}
	if len(seen) != 25 {
		t.Errorf("saw %d of 25 cards", len(seen))
	}
}

func TestSinceTellsWhatChanged(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.see(1, time.Hour, "one", "open")
	b.see(2, time.Hour, "two", "open")
	board, err := b.views.Board(context.Background(), view.Query{})
	if err != nil {
		t.Fatal(err)
	}
	b.see(3, time.Hour, "three", "open")
	d, err := b.views.Since(context.Background(), board.Seq)
	if err != nil || len(d.Cards) != 1 || d.Cards[0].Title != "three" || d.Counts["todo"] != 3 || d.Seq <= board.Seq {
		t.Errorf("since %d: %+v, %v", board.Seq, d, err)
	}
	if d, err = b.views.Since(context.Background(), d.Seq); err != nil || len(d.Cards) != 0 {
		t.Errorf("nothing happened, and it tells %+v, %v", d, err)
	}
}

func TestFreshnessLevels(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		age   time.Duration
		level string
		ready bool
	}{
		{10 * time.Second, "live", true}, {70 * time.Second, "late", true}, {200 * time.Second, "stale", false}, {-1, "never", false},
	} {
		b := newBench(t)
		if c.age >= 0 {
			read := store.SourceState{Tracker: "github", Source: "acme/infra", OKAt: now.Add(-c.age), Imported: true}
			if _, err := b.store.Commit(context.Background(), store.Commit{Now: now, Cursor: &read}); err != nil {
				t.Fatal(err)
			}
		}
		board, err := b.views.Board(context.Background(), view.Query{})
		if err != nil || board.Freshness[0].Level != c.level {
			t.Errorf("after %v it is %+v, %v; want %s", c.age, board.Freshness, err, c.level)
		}
		if ready, why := b.views.Ready(context.Background()); ready != c.ready || ready == (len(why) > 0) {
			t.Errorf("after %v ready is %v because of %q", c.age, ready, why)
		}
	}
}

func TestTokenThatEndsIsNoticed(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for left, want := range map[time.Duration]bool{15 * 24 * time.Hour: false, 9 * 24 * time.Hour: true} {
		b.views.Trackers[0].Expires = func() time.Time { return now.Add(left) }
		board, err := b.views.Board(context.Background(), view.Query{})
		if got := strings.Contains(board.Freshness[0].Notice, "in 9 days"); err != nil || got != want {
			t.Errorf("%s: %+v, %v", left, board.Freshness, err)
		}
	}
}

func TestUnknownCards(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	if _, err := b.views.Card(context.Background(), "NO-1"); !errors.Is(err, view.ErrUnknown) {
		t.Errorf("got %v", err)
	}
	if _, err := b.views.Explain(context.Background(), "NO-1"); !errors.Is(err, view.ErrUnknown) {
		t.Errorf("got %v", err)
	}
}

func TestPlanAndExplainTellTheSameWrite(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	card := b.see(1, time.Hour, "one", "open")
	b.eng.Write = false
	card, err := b.store.Card(context.Background(), card.ID)
	if err != nil {
		t.Fatal(err)
	}
	step, state, refused := b.eng.Ask(card, engine.Intent{Key: "k", Card: card.ID, Field: kanban.FieldStatus, To: "doing", Rev: card.Rev, Actor: "lea", At: now})
	if refused != nil || state != engine.IntentHeld {
		t.Fatalf("%v, %v", state, refused)
	}
	if _, err := b.store.Commit(context.Background(), store.Commit{Now: now, Cards: []store.CardWrite{{Card: step.Card, Face: b.eng.Face(&step.Card)}}, Record: step.Record}); err != nil {
		t.Fatal(err)
	}
	plan, err := b.views.Plan(context.Background())
	if err != nil || len(plan.Writes) != 1 || plan.Counts["total"] != 1 || plan.Writes[0].To != "open, wip" || plan.Writes[0].Reason != "lea set status to In progress on the board" {
		t.Errorf("plan %+v, %v", plan, err)
	}
	ex, err := b.views.Explain(context.Background(), string(card.ID))
	if err != nil || ex.Fields[0].Agreed != "In progress" || len(ex.Fields[0].Writes) != 1 || ex.Fields[0].Writes[0].State != "held" {
		t.Errorf("explained %+v, %v", ex, err)
	}
	again, err := b.views.Plan(context.Background())
	if err != nil || again.Hash != plan.Hash {
		t.Errorf("the same plan has hash %s and %s", plan.Hash, again.Hash)
	}
}

// BenchmarkBoard is the read model of a board of 5,000 cards, ready to be rendered.
func BenchmarkBoard(b *testing.B) {
	w := newBench(b)
	for n := range 5000 {
		w.see(n+1, time.Duration(n)*time.Hour, "Reconcile the positions of the day", "open", []string{"wip", "other"}[n%2])
	}
	for b.Loop() {
		if _, err := w.views.Board(context.Background(), view.Query{}); err != nil {
			b.Fatal(err)
		}
	}
}
