package view_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/connectors"
	"parley/kanban"
	"parley/mapping"
	"parley/sync/engine"
	"parley/sync/store"
	"parley/sync/view"
)

// pairBench is a bench whose board has a Jira too.
func pairBench(t testing.TB) *bench {
	t.Helper()
	b := newBench(t)
	rules, problems := mapping.Compile(mapping.Config{
		Columns: []mapping.ColumnConfig{
			{Key: "todo", Name: "To do", Category: kanban.Option, Turn: kanban.Business, Jira: []string{"Open"}, GitHub: []string{"open"}},
			{Key: "doing", Name: "In progress", Category: kanban.Active, Turn: kanban.IT, Jira: []string{"In Progress"}, GitHub: []string{"open + label:wip"}},
			{Key: "asked", Name: "Asked", Category: kanban.Wait, Turn: kanban.Business, Jira: []string{"Waiting"}, GitHub: []string{"open + label:asked"}},
			{Key: "done", Name: "Done", Category: kanban.Done, Jira: []string{"Closed"}, GitHub: []string{"closed"}},
		},
		Priorities: []mapping.PriorityConfig{{Key: "high", Name: "High", Jira: []string{"High"}, GitHub: []string{"label:high"}}, {Key: "low", Name: "Low", Jira: []string{"Low"}, GitHub: []string{"label:low"}}},
		Units:      []mapping.UnitConfig{{Key: "risk", Name: "Risk", Match: mapping.Condition{Jira: []mapping.Test{{Property: mapping.PropertyLabel, Any: []string{"bu-risk"}}}}}},
		Visibility: mapping.VisibilityConfig{RestrictedLabels: []string{"confidential"}},
		Trackers:   []mapping.TrackerConfig{{Name: "jira", Kind: "jira", Containers: []string{"OPS"}}, {Name: "github", Kind: "github", Containers: []string{"acme/infra"}}},
		Pairs:      []mapping.PairConfig{{Jira: "OPS", GitHub: "acme/infra", Fields: map[kanban.Field]mapping.Direction{"status": "both", "priority": "both"}}},
		Persons:    []mapping.PersonConfig{{Name: "Ana Duarte", Jira: "ana-1", GitHub: "ana"}},
	}, nil)
	if mapping.Failed(problems) {
		t.Fatal(problems)
	}
	b.eng.Rules = rules
	b.views.Trackers = []view.TrackerName{{Name: "jira", Kind: "jira", Sources: []string{""}}, {Name: "github", Kind: "github", Sources: []string{"acme/infra"}}}
	return b
}

// hour is one of the day before now.
func hour(h int) time.Time { return now.Add(-36 * time.Hour).Add(time.Duration(h) * time.Hour) }

// entry is one of a history.
func entry(seq int64, at time.Time, who string, changes ...connectors.Change) connectors.Entry {
	return connectors.Entry{ID: fmt.Sprint("h", seq), Seq: seq, At: at, Actor: connectors.Person{ID: who}, Changes: changes}
}

// couple stores a card of both trackers with what their histories tell. edit may change
// both issues.
func (b *bench) couple(edit func(jira, github *connectors.Issue), histories ...[]connectors.Entry) engine.Card {
	b.t.Helper()
	j := connectors.Issue{
		Ref: connectors.Ref{Tracker: "jira", ID: "501", Key: "OPS-1", Container: "OPS"}, Kind: connectors.Jira, Title: "Positions", URL: "https://jira.test/OPS-1",
		Status: connectors.Option{ID: "In Progress", Name: "In Progress"}, Priority: connectors.Option{ID: "High", Name: "High"}, Labels: []string{"bu-risk"},
		Reporter: connectors.Person{ID: "kenji", Name: "Kenji"}, Creator: connectors.Person{ID: "kenji", Name: "Kenji"}, Created: hour(0), Updated: hour(20),
	}
	g := connectors.Issue{
		Ref: connectors.Ref{Tracker: "github", ID: "9", Key: "acme/infra#9", Container: "acme/infra", Number: 9}, Kind: connectors.GitHub, Title: "Positions", URL: "https://github.test/9",
		State: "open", Labels: []string{"wip", "high"}, Creator: connectors.Person{ID: "ana"}, Created: hour(2), Updated: hour(20),
	}
	if edit != nil {
		edit(&j, &g)
	}
	ctx := context.Background()
	lone := func(s kanban.Side, i connectors.Issue) engine.Step {
		o := connectors.Observation{Issue: i, Since: -1}
		if int(s) < len(histories) {
			o.Entries, o.Since = histories[s], 0
		}
		return b.eng.Step(engine.Card{ID: kanban.NewCardID(i.Tracker, i.ID)}, engine.Observed{Side: s, Strong: true, Observation: o}, now)
	}
	one, other := lone(kanban.Jira, j), lone(kanban.GitHub, g)
	both, _, err := b.eng.Pair(one.Card, other.Card, engine.Pairing{How: "hand", At: hour(3)}, now)
	if err != nil {
		b.t.Fatal(err)
	}
	rec := both.Record
	rec.Events = append(append(rec.Events, one.Record.Events...), other.Record.Events...)
	_, err = b.store.Commit(ctx, store.Commit{
		Now: now, Cards: []store.CardWrite{{Card: both.Card, Face: b.eng.Face(&both.Card)}}, Record: rec,
		Issues: []store.IssueRow{{Tracker: "jira", ID: "501", Key: j.Key, Container: "OPS", Card: both.Card.ID}, {Tracker: "github", ID: "9", Key: g.Key, Container: "acme/infra", Card: both.Card.ID}},
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return both.Card
}

// status is a change of a Jira status.
func status(from, to string) connectors.Change {
	return connectors.Change{Field: "status", From: from, To: to, FromName: from, ToName: to}
}

// added is a label that came.
func added(name string) connectors.Change { return connectors.Change{Field: "label", To: name} }

// lines are a card's moments in words, newest first.
func (b *bench) lines(w view.Viewer) []string {
	b.t.Helper()
	t, err := b.views.As(w).Timeline(context.Background(), "OPS-1", "", 0)
	if errors.Is(err, view.ErrUnknown) {
		return nil
	}
	if err != nil {
		b.t.Fatal(err)
	}
	var out []string
	for _, m := range t.Moments {
		out = append(out, strings.Join(strings.Fields(strings.Join([]string{m.At.Format("15"), m.Where, m.Mark, m.Who, m.Text}, " ")), " "))
	}
	return out
}

// story is a day's work told by both trackers.
func story(b *bench) engine.Card {
	return b.couple(nil,
		[]connectors.Entry{
			entry(1, hour(1), "kenji", status("Open", "In Progress")),
			entry(2, hour(5), "ana-1", connectors.Change{Field: "Fix Version", ToName: "1.2"}, connectors.Change{Field: "description", From: "a", To: "b"}),
			entry(3, hour(6), "kenji", connectors.Change{Field: "priority", From: "Low", To: "High", FromName: "Low", ToName: "High"}),
		},
		[]connectors.Entry{
			entry(4, hour(4), "ana", added("wip")),
			entry(5, hour(4).Add(20*time.Second), "ana", connectors.Change{Field: "assignee", To: "ana"}),
			entry(6, hour(7), "zoe", connectors.Change{Field: "subscribed"}),
			entry(7, hour(8), "zoe", connectors.Change{Field: "cross-referenced"}),
		})
}

func TestTimelineTellsOfBothTrackers(t *testing.T) {
	t.Parallel()
	b := pairBench(t)
	story(b)
	want := []string{
		"12 OPS-1 and acme/infra#9 are one card (hand)",
		"08 github zoe Mentioned from elsewhere",
		"06 jira kenji Priority: Low → High",
		"05 jira Ana Duarte Fix Version: nothing → 1.2; Description was changed",
		"04 github Ana Duarte Label added: wip; Assigned to Ana Duarte",
		"02 github Ana Duarte acme/infra#9 was created",
		"01 jira active kenji Status: Open → In Progress",
		"00 jira option Kenji OPS-1 was created",
	}
	if diff := cmp.Diff(want, b.lines(view.Somebody())); diff != "" {
		t.Errorf("want, got:\n%s", diff)
	}
}

func TestTimelineOfAUnitIsInTheBusinesssWords(t *testing.T) {
	t.Parallel()
	b := pairBench(t)
	story(b)
	want := []string{
		"12 This card has an issue on both sides",
		"06 jira Priority: Low → High",
		"02 github acme/infra#9 was created",
		"01 jira active Status: Open → In Progress",
		"00 jira option Kenji OPS-1 was created",
	}
	if diff := cmp.Diff(want, b.lines(view.Viewer{Audience: view.UnitAudience("risk")})); diff != "" {
		t.Errorf("want, got:\n%s", diff)
	}
	other, err := b.views.As(view.Viewer{Audience: view.UnitAudience("sales")}).Timeline(context.Background(), string(kanban.NewCardID("jira", "501")), "", 0)
	if err != nil || len(other.Moments) != 0 {
		t.Errorf("another unit is told %+v, %v", other, err)
	}
}

func TestTimelineIsPagedWithoutGaps(t *testing.T) {
	t.Parallel()
	b := pairBench(t)
	var long []connectors.Entry
	for n := range 70 {
		long = append(long, entry(int64(n+1), hour(1).Add(time.Duration(n/2)*2*time.Minute), fmt.Sprint("p", n%2), connectors.Change{Field: "priority", FromName: "Low", ToName: "High"}))
	}
	b.couple(nil, long)
	var got []string
	before := ""
	for range 20 {
		page, err := b.views.Timeline(context.Background(), "OPS-1", before, 7)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range page.Moments {
			got = append(got, m.ID)
		}
		if before = page.Next; before == "" {
			break
		}
	}
	all, err := b.views.Timeline(context.Background(), "OPS-1", "", 200)
	if err != nil || all.Next != "" {
		t.Fatalf("%v, %q", err, all.Next)
	}
	var want []string
	for _, m := range all.Moments {
		want = append(want, m.ID)
	}
	if diff := cmp.Diff(want, got); diff != "" || len(want) < 70 {
		t.Errorf("%d moments; page by page:\n%s", len(want), diff)
	}
	if page, err := b.views.Timeline(context.Background(), "OPS-1", "no such moment", 7); err != nil || len(page.Moments) != 7 {
		t.Errorf("an odd page gives %d moments, %v", len(page.Moments), err)
	}
}

func TestOwnWritesAndMovesAreToldOnce(t *testing.T) {
	t.Parallel()
	b := pairBench(t)
	card := b.couple(nil, []connectors.Entry{entry(1, hour(1), "kenji", status("Open", "In Progress"))})
	card.Steps = append(card.Steps, kanban.Step{Column: "asked", At: hour(9).Add(9 * time.Nanosecond)})
	b.rewrite(card)
	rec := engine.Record{
		Events: []kanban.Event{
			{Tracker: "github", SourceID: "e2", Seq: 2, Issue: "9", At: hour(9), Actor: "bot", Own: true, Changes: []kanban.Change{{Field: "label", To: "asked"}}},
			{Tracker: "jira", SourceID: "e3", Seq: 2, Issue: "501", At: hour(12), Actor: "bot", Own: true, Op: "op-3", Changes: []kanban.Change{{Field: "status", FromName: "In Progress", ToName: "Waiting"}}},
		},
		Activity: []engine.Activity{
			{At: hour(9).Add(9 * time.Nanosecond), Card: card.ID, Kind: engine.DidIntend, Actor: "lea", Side: "board", Field: kanban.FieldStatus, Text: "status: In progress → Asked"},
			{At: hour(10), Card: card.ID, Kind: engine.DidWrite, Side: "github", Field: kanban.FieldStatus, Op: "op-1", Text: "GitHub now shows open, asked"},
			{At: hour(11), Card: card.ID, Kind: engine.DidWrite, Side: "jira", Field: kanban.FieldStatus, Op: "op-2", Text: "Jira now shows Waiting"},
			{At: hour(10), Card: card.ID, Kind: engine.DidWrite, Side: "jira", Field: kanban.FieldStatus, Op: "op-3", Text: "Jira now shows what is told by op"},
		},
	}
	if _, err := b.store.Commit(context.Background(), store.Commit{Now: now, Record: rec}); err != nil {
		t.Fatal(err)
	}
	text := strings.Join(b.lines(view.Somebody()), "\n")
	for _, want := range []string{"09 github wrote Label added: asked", "09 board wait lea Status: In progress → Asked", "11 jira wrote Jira now shows Waiting"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	if strings.Contains(text, "GitHub now shows") || strings.Contains(text, "told by op") {
		t.Errorf("what GitHub's history tells is told twice:\n%s", text)
	}
}

func TestCourtsAreEverybodys(t *testing.T) {
	t.Parallel()
	b := pairBench(t)
	story(b)
	c, err := b.views.Courts(context.Background(), "OPS-1")
	if err != nil || c.IT != 35*3600 || c.Business != 0 || len(c.Spells) != 1 {
		t.Errorf("%+v, %v; want 35 h of IT", c, err)
	}
	card, err := b.views.Card(context.Background(), "OPS-1")
	if err != nil {
		t.Fatal(err)
	}
	if other, err := b.views.As(view.Viewer{Audience: view.UnitAudience("sales")}).Courts(context.Background(), string(card.ID)); err != nil || other.IT != c.IT {
		t.Errorf("another unit sees %+v, %v", other, err)
	}
	if _, err := b.views.Courts(context.Background(), "OPS-404"); !errors.Is(err, view.ErrUnknown) {
		t.Errorf("an unknown card gives %v", err)
	}
}

// TestCourtsCountWhatBlockedACardAsFlowDoes: also what rules called blocked until a label
// was taken off.
func TestCourtsCountWhatBlockedACardAsFlowDoes(t *testing.T) {
	t.Parallel()
	b := pairBench(t)
	card, err := b.store.Card(context.Background(), story(b).ID)
	if err != nil {
		t.Fatal(err)
	}
	card.Blocks = []kanban.Hindrance{{Party: kanban.Third, From: hour(10), To: hour(14)}, {Party: kanban.IT, From: hour(14), To: hour(16)}}
	if _, err := b.store.Commit(context.Background(), store.Commit{Now: now, Cards: []store.CardWrite{{Card: card, Face: b.eng.Face(&card)}}}); err != nil {
		t.Fatal(err)
	}
	if c, err := b.views.Courts(context.Background(), "OPS-1"); err != nil || c.Blocked != 6*3600 || c.IT != 29*3600 || len(c.Spells) != 4 {
		t.Errorf("%+v, %v; want 6 h blocked in two spells", c, err)
	}
	f := b.flowAs(view.Somebody())
	if s := f.Items[0].Stint(); s == nil || s.Blocked != 6*time.Hour {
		t.Errorf("flow: %+v", s)
	}
}

func TestBlocksOnTheBoardAreToldOnce(t *testing.T) {
	t.Parallel()
	b := pairBench(t)
	card := story(b)
	blocked := func(n int64, h int, to string) kanban.Event {
		return kanban.Event{Tracker: "jira", SourceID: fmt.Sprint("board/", n), Issue: "501", At: hour(h), Changes: []kanban.Change{{Field: "blocked", To: to, ToName: "the vendor sleeps"}}}
	}
	rec := engine.Record{
		Events:   []kanban.Event{blocked(1, 10, "third"), blocked(2, 14, "it"), blocked(3, 16, "")},
		Activity: []engine.Activity{{At: hour(10), Card: card.ID, Kind: "blocked", Side: "board", Text: "blocked, waits for a third party: the vendor sleeps"}},
	}
	if _, err := b.store.Commit(context.Background(), store.Commit{Now: now, Record: rec}); err != nil {
		t.Fatal(err)
	}
	text := strings.Join(b.lines(view.Somebody()), "\n")
	if strings.Count(text, "the vendor sleeps") != 1 || !strings.Contains(text, "10 board blocked Blocked, waits for a third party: the vendor sleeps") {
		t.Errorf("told:\n%s", text)
	}
}
