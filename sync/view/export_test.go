package view_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/kanban"
	"parley/kanban/contract"
	"parley/kanban/flow"
	"parley/sync/view"
)

func TestTablesAreWrittenForSpreadsheets(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	table := view.Table{Columns: []string{"a", "b"}, Rows: [][]string{{"=1+1", "x;=1"}}}
	if err := table.Write(&b); err != nil {
		t.Fatal(err)
	}
	if want := "\"a\",\"b\"\r\n\"'=1+1\",\"x;'=1\"\r\n"; b.String() != want {
		t.Errorf("written %q, want %q", b.String(), want)
	}
}

// exported is a shelf with a card of everything that a table tells.
func exported() *shelf {
	s := &shelf{}
	c := inWork("doing", 4)
	c.Title, c.Assignee, c.Due, c.Type, c.Priority = "=SUM(A1)", "Ana", "2026-12-01", "bug", "high"
	c.Blocked = &kanban.Block{Reason: "the vendor", Party: kanban.Third, Since: *ago(1)}
	c.Sides = []kanban.CardSide{{Side: "jira", Key: "OPS-1", Status: "In Progress", URL: "https://jira.test/OPS-1"}, {Side: "github", Key: "acme/web#7", Status: "open", URL: "https://github.test/7"}}
	c.Past = kanban.Past{
		Steps:  []kanban.Step{{Column: "requests", At: c.Journey.Created.Add(time.Hour)}, {Column: "doing", At: c.Journey.Created.Add(2 * time.Hour)}},
		Blocks: []kanban.Hindrance{{From: *ago(1), To: now, Party: kanban.Third, Reason: "the vendor"}},
	}
	s.put(c, finished(2, 60), inWork("", 1))
	return s
}

func TestCardsAreExportedAsTheirReaderSeesThem(t *testing.T) {
	t.Parallel()
	s := exported()
	for name, c := range map[string]struct {
		who   view.Viewer
		q     view.Query
		cards []string
		want  map[string]string // of the first card
	}{
		"ops": {view.Viewer{Audience: view.AudienceOps}, view.Query{}, []string{"card0000", "card0002"}, map[string]string{
			"jira_key": "OPS-1", "github_key": "acme/web#7", "title": "=SUM(A1)", "column": "doing", "column_name": "In progress", "category": "active", "unit": "risk", "priority": "high", "class": "standard", "type": "bug",
			"planned": "yes", "age_days": "5", "since": now.AddDate(0, 0, -4).Format(time.DateOnly), "blocked_by": "third", "blocked_days": "2", "blocked_reason": "the vendor", "due": "2026-12-01", "assignee": "Ana",
			"jira_status": "In Progress", "github_url": "https://github.test/7", "pending": "0", "masked": "no",
		}},
		"what ended too": {view.Viewer{Audience: view.AudienceOps}, view.Query{Earlier: true}, []string{"card0000", "card0001", "card0002"}, nil},
		"a filter":       {view.Viewer{Audience: view.AudienceOps}, view.Query{State: view.StateBlocked}, []string{"card0000"}, nil},
		"another unit": {view.Viewer{Audience: "unit:trading"}, view.Query{}, []string{"card0000", "card0002"}, map[string]string{
			"title": "Risk · bug · standard · High · 5 d", "masked": "yes", "assignee": "", "due": "", "blocked_by": "third", "blocked_reason": "", "jira_key": "", "jira_url": "",
		}},
	} {
		table, err := s.of(shelfRules(t), c.who).CardTable(t.Context(), c.q)
		if err != nil {
			t.Fatal(err)
		}
		var cards []string
		for _, row := range table.Rows {
			if cards = append(cards, row[0]); len(row) != len(table.Columns) {
				t.Fatalf("%s: a row has %d cells of %d", name, len(row), len(table.Columns))
			}
		}
		if !slices.Equal(cards, c.cards) {
			t.Errorf("%s: cards %v, want %v", name, cards, c.cards)
		}
		for column, want := range c.want {
			if got := table.Rows[0][slices.Index(table.Columns, column)]; got != want {
				t.Errorf("%s: %s is %q, want %q", name, column, got, want)
			}
		}
	}
}

func TestEventsAreExportedForFlow(t *testing.T) {
	t.Parallel()
	s := exported()
	table, err := s.of(shelfRules(t), view.Viewer{Audience: view.AudienceOps}).EventTable(t.Context(), view.Query{Search: "SUM"})
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, row := range table.Rows {
		told = append(told, strings.Join(append(slices.Clone(row[:2]), row[3:]...), "|"))
	}
	want := []string{"card0000|OPS-1|created||||planned standard bu=risk", "card0000|OPS-1|move||requests||", "card0000|OPS-1|move|requests|doing||", "card0000|OPS-1|block|||third|the vendor", "card0000|OPS-1|unblock||||"}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	var b bytes.Buffer
	if err := table.Write(&b); err != nil {
		t.Fatal(err)
	}
	events, traits, err := flow.ReadCSV(&b)
	if err != nil || len(events) != 5 || traits["card0000"].Unit != "risk" || traits["card0000"].Class != "standard" {
		t.Errorf("read back: %+v, %+v, %v", events, traits, err)
	}
	masked, err := s.of(shelfRules(t), view.Viewer{Audience: "unit:trading"}).EventTable(t.Context(), view.Query{})
	if err != nil || len(masked.Rows) != 8 {
		t.Fatalf("%d events, %v, want those of all cards", len(masked.Rows), err)
	}
	for _, row := range masked.Rows {
		if row[1] != "" || row[7] == "the vendor" {
			t.Errorf("another unit is told %q", row)
		}
	}
}

// TestALedgerIsExportedLineByLine holds each column to what it is named after.
func TestALedgerIsExportedLineByLine(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 16, 9, 30, 0, 0, time.FixedZone("", 3600))
	table := view.LedgerTable([]view.LedgerLine{
		{Unit: "risk", Seq: 3, Period: "2026-W47", At: at, Kind: contract.Grant, Amount: 2, Terms: 1, Link: "l3"},
		{
			Unit: "risk", Seq: 4, Period: "2026-W46", At: at, Kind: contract.Judged, Card: "OPS-1", Other: "OPS-2", With: "trading", Who: "mia", Cause: "event",
			Note: "=1+1", Reverses: 2, Link: "l4", Ref: "risk/P1", Outcome: contract.Kept, Was: contract.Broken, Basis: "t1",
		},
	})
	got := []string{}
	for _, row := range table.Rows {
		for i, cell := range row {
			if cell != "" {
				got = append(got, table.Columns[i]+" "+cell)
			}
		}
	}
	want := "unit risk, seq 3, period 2026-W47, at 2026-11-16T08:30:00Z, kind grant, amount 2, terms 1, link l3, " +
		"unit risk, seq 4, period 2026-W46, at 2026-11-16T08:30:00Z, kind verdict, amount 0, card OPS-1, other OPS-2, with trading, who mia, cause event, " +
		"terms 0, note =1+1, reverses 2, link l4, ref risk/P1, outcome kept, was broken, basis t1"
	if diff := cmp.Diff(want, strings.Join(got, ", ")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
