package contract_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"parley/kanban"
	"parley/kanban/contract"
)

// A book that follows what happens tells what a fold of everything tells: events come late
// and in the middle, go, and change, time passes and is set back, and outages come to light.
func TestABookTellsWhatAFoldTells(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, events, gaps := anySetting(t), happening(t), []contract.Gap(nil)
		book := contract.NewBook(s)
		book.MarkOften()
		now := end()
		for range rapid.IntRange(1, 6).Draw(t, "changes") {
			n := rapid.IntRange(0, max(len(events)-1, 0)).Draw(t, "event")
			switch pick(t, "change", "nothing", "late", "later", "gone", "other", "time") {
			case "late":
				for k, e := range happening(t) {
					e.ID = fmt.Sprintf("%s-%d-%d", e.ID, len(events), k)
					events = append(events, e)
				}
			case "later":
				last := events[len(events)-1]
				last.ID, last.At, last.To = fmt.Sprint("z", len(events)), last.At.Add(time.Hour), "done"
				events = append(events, last)
			case "gone":
				if len(events) > 1 {
					events = append(append([]contract.Event(nil), events[:n]...), events[n+1:]...)
				}
			case "other":
				events = append([]contract.Event(nil), events...)
				events[n].To, events[n].Traits.Priority = pick[kanban.ColumnKey](t, "to", "requests", "doing", "done"), "high"
			case "time":
				now = moment("10-29 08:00", time.UTC).Add(time.Duration(rapid.IntRange(0, 100*24).Draw(t, "now")) * time.Hour)
			}
			if rapid.Bool().Draw(t, "outages come to light") {
				gaps = outages(t)
			}
			events = append([]contract.Event(nil), events...)
			events[0].Kind, events[0].Traits.Unit, events[0].Traits.Has, events[0].To = contract.Created, "trading", "form", "requests" // there is something to be taken
			want := contract.Fold(s, events, gaps, now)
			if diff := cmp.Diff(want, book.Fold(contract.RowOf(append([]contract.Event(nil), events...)), gaps, now), cmp.AllowUnexported(contract.Holding{})); diff != "" {
				t.Fatal(diff)
			}
		}
	})
}

// What follows a bookmark changes nothing of what it remembers: the same end is told after
// many others were told from it.
func TestABookmarkStaysAsItWas(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, events := anySetting(t), happening(t)
		book := contract.NewBook(s)
		book.MarkOften()
		first := book.Fold(contract.RowOf(events), nil, end())
		before := fmt.Sprintf("%+v", first)
		for k := range 3 {
			last := events[len(events)-1]
			last.ID, last.Kind, last.To = fmt.Sprint("z", k), contract.Moved, pick[kanban.ColumnKey](t, "to", "requests", "doing", "done", "withdrawn")
			book.Fold(contract.RowOf(append(append([]contract.Event(nil), events...), last)), nil, end())
		}
		if diff := cmp.Diff(first, book.Fold(contract.RowOf(events), nil, end()), cmp.AllowUnexported(contract.Holding{})); diff != "" {
			t.Fatal(diff)
		}
		if after := fmt.Sprintf("%+v", first); after != before {
			t.Fatalf("accounts that were told have changed:\n%s\n%s", before, after)
		}
	})
}

// A word on who pays that is taken back is gone: a bookmark does not keep it.
func TestABookmarkKeepsNoLaterWordOnWhoPays(t *testing.T) {
	t.Parallel()
	start := moment("11-02 09:00", time.UTC)
	events := []contract.Event{
		{ID: "a", At: start, Card: "A", Kind: contract.Created, To: "requests", Traits: contract.Traits{Unit: "trading", Has: "form", Priority: "high", Rank: "1"}},
		{ID: "b", At: start.Add(time.Hour), Card: "A", Kind: contract.Sponsored, Unit: "risk"},
	}
	for n := range 20 {
		events = append(events, contract.Event{ID: fmt.Sprintf("e%03d", n), At: start.AddDate(0, 0, 1).Add(time.Duration(n) * time.Hour), Card: "B", Kind: contract.Moved, To: []kanban.ColumnKey{"doing", "waiting"}[n%2]})
	}
	word := contract.Event{ID: "z", At: start.AddDate(0, 0, 3), Card: "A", Kind: contract.Sponsored, Unit: "trading", With: "risk"}
	s, row := setting(terms()), contract.RowOf(events)
	book := contract.NewBook(s)
	book.MarkOften()
	book.Fold(row, nil, end())
	said := book.Fold(contract.RowOf(append(append([]contract.Event(nil), events...), word)), nil, end())
	if len(book.Marks()) == 0 || cmp.Equal(said, book.Fold(row, nil, end()), cmp.AllowUnexported(contract.Holding{})) {
		t.Fatal("there is no bookmark, or the word says nothing")
	}
	if diff := cmp.Diff(contract.FoldRow(s, row, nil, end()), book.Fold(row, nil, end()), cmp.AllowUnexported(contract.Holding{})); diff != "" {
		t.Error(diff)
	}
}

// Bookmarks lie towards the end, no more than a few of them, and those behind a change go.
func TestBookmarksLieWhereRowsChange(t *testing.T) {
	t.Parallel()
	var events []contract.Event
	at := moment("11-02 08:00", time.UTC)
	for n := range 4000 {
		events = append(events, contract.Event{ID: fmt.Sprintf("e%04d", n), At: at.Add(time.Duration(n) * time.Minute), Card: kanban.CardID(fmt.Sprint("c", n/4)), Kind: contract.Moved, To: "doing"})
	}
	book := contract.NewBook(setting(terms()))
	for _, x := range []struct {
		change string
		row    []contract.Event
		want   []int
	}{
		{"everything is new", events, []int{2000, 3200, 3800, 3980}},
		{"an event at the end", append(append([]contract.Event(nil), events...), contract.Event{ID: "z", At: at.AddDate(0, 0, 9), Card: "c1", Kind: contract.Moved, To: "done"}), []int{2000, 3200, 3800, 3980}},
		{"the last quarter is gone", events[:3000], []int{2000, 2400, 2850, 2985}},
		{"another beginning", append([]contract.Event{{ID: "a", At: at.AddDate(0, 0, -1), Card: "c1", Kind: contract.Moved, To: "done"}}, events...), []int{2000, 3200, 3800, 3980}},
	} {
		book.Fold(contract.RowOf(append([]contract.Event(nil), x.row...)), nil, end())
		if diff := cmp.Diff(x.want, book.Marks()); diff != "" {
			t.Errorf("%s: %s", x.change, diff)
		}
	}
}

// An outage that comes to light says of what was decided before a bookmark that nobody knows.
func TestAnOutageTearsBookmarksOut(t *testing.T) {
	t.Parallel()
	start := moment("11-02 09:00", time.UTC)
	events := []contract.Event{{ID: "a", At: start, Card: "A", Kind: contract.Created, To: "requests", Traits: contract.Traits{Unit: "trading", Has: "form", Priority: "high", Rank: "1"}}}
	for n := range 200 {
		events = append(events, contract.Event{ID: fmt.Sprintf("e%03d", n), At: start.AddDate(0, 0, 20).Add(time.Duration(n) * time.Hour), Card: "B", Kind: contract.Moved, To: []kanban.ColumnKey{"doing", "waiting"}[n%2]})
	}
	s, row, gaps := setting(terms()), contract.RowOf(events), []contract.Gap{{Tracker: "jira", From: start, To: start.AddDate(0, 0, 8)}}
	book := contract.NewBook(s)
	before := book.Fold(row, nil, end())
	want := contract.FoldRow(s, row, gaps, end())
	if cmp.Equal(before, want, cmp.AllowUnexported(contract.Holding{})) || len(book.Marks()) == 0 {
		t.Fatal("the outage decides nothing, and shows nothing")
	}
	if diff := cmp.Diff(want, book.Fold(row, gaps, end()), cmp.AllowUnexported(contract.Holding{})); diff != "" {
		t.Error(diff)
	}
}
