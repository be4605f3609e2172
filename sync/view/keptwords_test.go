package view

import (
	"fmt"
	"testing"
	"time"
	"unsafe"

	"github.com/google/go-cmp/cmp"

	"parley/kanban"
)

// plenty is a card with something in everything that it can hold, in copies of its own.
func plenty() kanban.Card {
	own := func(s string) string { return string([]byte(s)) }
	at := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	return kanban.Card{
		ID: "c1", Title: own("Title"), Column: kanban.ColumnKey(own("doing")), Priority: kanban.PriorityKey(own("high")), Unit: kanban.UnitKey(own("sales")), Turn: kanban.Party(own("it")),
		Requester: own("Mia"), Assignee: own("ana"), Person: own("Ana"), Class: own("standard"), Sorted: own("ben"), Type: own("change"), Group: own("Cloud"), GroupDue: own("2026-12-01"),
		GroupSide: own("jira"), Due: own("2026-12-02"), Team: own("Data"), Components: append(make([]string, 0, 4), own("feed")),
		Sides:  append(make([]kanban.CardSide, 0, 4), kanban.CardSide{Side: own("jira"), Tracker: own("jira"), Key: "OPS-1", Status: own("In Progress"), Priority: own("High"), Labels: append(make([]string, 0, 4), own("x")), SeenAt: at}),
		Badges: []kanban.Badge{{Kind: own("differs"), Text: own("Status differs"), Side: own("jira"), Field: kanban.Field(own("status"))}},
		Past:   kanban.Past{Steps: append(make([]kanban.Step, 0, 4), kanban.Step{Column: kanban.ColumnKey(own("doing")), At: at})},
	}
}

// TestSharedWordsSayTheSame: a card that shares its words is the card that it was, two of
// them have the same copies, and no list has room to spare.
func TestSharedWordsSayTheSame(t *testing.T) {
	t.Parallel()
	w, first, second := words{}, plenty(), plenty()
	w.share(&first)
	w.share(&second)
	if diff := cmp.Diff(plenty(), first); diff != "" {
		t.Errorf("a shared card is another one: %s", diff)
	}
	same := func(what, a, b string) {
		if unsafe.StringData(a) != unsafe.StringData(b) {
			t.Errorf("%s is there twice", what)
		}
	}
	same("column", string(first.Column), string(second.Column))
	same("assignee", first.Assignee, second.Assignee)
	same("status", first.Sides[0].Status, second.Sides[0].Status)
	same("label", first.Sides[0].Labels[0], second.Sides[0].Labels[0])
	same("step", string(first.Past.Steps[0].Column), string(first.Column))
	j := kanban.Journey{Entered: time.Unix(7, 0), Committed: new(time.Unix(5, 0)), Started: new(time.Unix(5, 0)), Finished: new(time.Unix(7, 0))}
	journey(&j)
	if j.Started != j.Committed || j.Finished != &j.Entered || !j.Started.Equal(time.Unix(5, 0)) || !j.Finished.Equal(time.Unix(7, 0)) {
		t.Errorf("a moment of %+v is there twice", j)
	}
	if cap(first.Sides) != 1 || cap(first.Components) != 1 || cap(first.Past.Steps) != 1 {
		t.Errorf("room for %d sides, %d components and %d steps", cap(first.Sides), cap(first.Components), cap(first.Past.Steps))
	}
}

// TestWordsAreBounded: texts without end are not all kept.
func TestWordsAreBounded(t *testing.T) {
	t.Parallel()
	w := words{}
	for i := range mostWords + 10 {
		s := fmt.Sprint("reason ", i)
		shared(w, &s)
	}
	if len(w) > mostWords {
		t.Errorf("%d texts are kept", len(w))
	}
}
