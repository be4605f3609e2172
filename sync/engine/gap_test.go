package engine

import (
	"testing"
	"time"

	"parley/connectors"
	"parley/kanban"
	"parley/mapping"
)

// threeMoves is a card of one GitHub issue whose history has three entries, of which
// none was folded yet.
func threeMoves(t *testing.T) (*Engine, Card, connectors.Issue, []connectors.Entry) {
	t.Helper()
	rules, problems := mapping.Compile(board(), directories())
	if mapping.Failed(problems) {
		t.Fatal(problems)
	}
	eng := &Engine{Rules: rules, Write: true, Skew: 6 * time.Second, NewID: func() string { return "id" }}
	issue := connectors.Issue{Ref: connectors.Ref{Tracker: "github", ID: "7", Key: "acme/pay#7", Container: "acme/pay", Number: 7}, Kind: connectors.GitHub, State: "open", Created: monday, Updated: monday}
	entry := func(seq int64, add, remove string) connectors.Entry {
		e := connectors.Entry{ID: add + remove, Seq: seq, IssueID: "7", At: monday.Add(time.Duration(seq) * 2 * time.Second), Actor: connectors.Person{ID: "ben"}}
		e.Changes = []connectors.Change{{Field: "label", To: add}}
		if remove != "" {
			e.Changes = append(e.Changes, connectors.Change{Field: "label", From: remove})
		}
		return e
	}
	step := eng.Step(Card{ID: "c"}, Observed{Side: kanban.GitHub, Observation: connectors.Observation{Issue: issue, Since: -1}}, monday)
	return eng, step.Card, issue, []connectors.Entry{entry(1, "doing", ""), entry(2, "review", "doing"), entry(3, "doing", "review")}
}

func TestHistoryBeyondAGapIsAskedForAndNotSkipped(t *testing.T) {
	t.Parallel()
	eng, card, issue, entries := threeMoves(t)
	issue.Labels, issue.Updated = []string{"doing"}, monday.Add(6*time.Second)
	step := eng.Step(card, Observed{Side: kanban.GitHub, Observation: connectors.Observation{Issue: issue, Entries: entries[2:], Since: 2}}, issue.Updated)
	if got := step.Card.Status.Sides[kanban.GitHub].Seq; got != 0 || step.Card.Sides[kanban.GitHub].Need != NeedHistory {
		t.Fatalf("folded up to %d, needs %q; want nothing folded and the history asked for", got, step.Card.Sides[kanban.GitHub].Need)
	}
	step = eng.Step(step.Card, Recounted{Side: kanban.GitHub, Entries: entries}, issue.Updated)
	if got := step.Card.Status.Sides[kanban.GitHub].Seq; got != 3 || len(step.Record.Events) != 3 || step.Card.Status.Agreed != "doing" {
		t.Errorf("folded up to %d, %d events, agreed %q", got, len(step.Record.Events), step.Card.Status.Agreed)
	}
}

// TestAGapIsThereUntilItsHistoryWasRead goes on polling while the history that went by
// unread cannot be had: neither a picture nor later entries stand for it.
func TestAGapIsThereUntilItsHistoryWasRead(t *testing.T) {
	t.Parallel()
	eng, card, issue, entries := threeMoves(t)
	issue.Labels, issue.Updated = []string{"doing"}, monday.Add(6*time.Second) // as the first of the moves alone would leave it
	picture := func(since int64, es ...connectors.Entry) Observed {
		return Observed{Side: kanban.GitHub, Strong: since == connectors.NoHistory, Observation: connectors.Observation{Issue: issue, Entries: es, Since: since}}
	}
	for _, c := range []struct {
		name string
		ev   Event
	}{
		{"a gap", Gap{Side: kanban.GitHub}},
		{"a picture alone", picture(connectors.NoHistory)},
		{"what the next poll brings of a changed issue", picture(connectors.Onward, entries[2])},
		{"what it brings of one that the list leaves out", Recounted{Side: kanban.GitHub, Entries: entries[2:], Onward: true}},
		{"a first part of the history", Recounted{Side: kanban.GitHub, Entries: entries[:1], More: true}},
		{"later entries once more", picture(connectors.Onward, entries[2])},
	} {
		card = eng.Step(card, c.ev, issue.Updated).Card
		if got := card.Status.Sides[kanban.GitHub].Seq; got > 1 || card.Sides[kanban.GitHub].Need != NeedHistory {
			t.Fatalf("%s: folded up to %d, needs %q; want the history asked for first", c.name, got, card.Sides[kanban.GitHub].Need)
		}
	}
	card = eng.Step(card, Recounted{Side: kanban.GitHub, Entries: entries[1:]}, issue.Updated).Card
	if got := card.Status.Sides[kanban.GitHub].Seq; got != 3 || card.Sides[kanban.GitHub].Need == NeedHistory {
		t.Errorf("folded up to %d, needs %q; want all folded", got, card.Sides[kanban.GitHub].Need)
	}
}

func TestAnOldPictureDoesNotUndoWhatHistoryTells(t *testing.T) {
	t.Parallel()
	eng, card, issue, entries := threeMoves(t)
	at := monday.Add(2 * time.Second)
	card = eng.Step(card, Observed{Side: kanban.GitHub, Strong: true, Observation: connectors.Observation{Issue: issue, Since: connectors.NoHistory}}, at).Card
	step := eng.Step(card, Recounted{Side: kanban.GitHub, Entries: entries[:1]}, at)
	if step.Card.Status.Agreed != "doing" || step.Card.Sides[kanban.GitHub].Need != NeedRead {
		t.Errorf("agreed %q, needs %q; want doing, and a new picture", step.Card.Status.Agreed, step.Card.Sides[kanban.GitHub].Need)
	}
}
