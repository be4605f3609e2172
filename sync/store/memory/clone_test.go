package memory_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/store"
	"parley/sync/store/memory"
)

func TestCloneIsIndependent(t *testing.T) {
	t.Parallel()
	play := newPlay(7)
	original := memory.New()
	for range 60 {
		play.turn(t, original)
	}
	before := picture(t, original)
	clones := []*memory.Store{original.Clone(), original.Clone()}
	for _, s := range append(clones, original) {
		if diff := cmp.Diff(before, picture(t, s)); diff != "" {
			t.Fatalf("a clone is no copy (-original +clone):\n%s", diff)
		}
	}
	// Each goes its own way, the same one as the original would have gone.
	var after []map[string]any
	for n, s := range append(clones, original) {
		play := newPlay(uint64(100 + n%2)) // the second clone another one
		for range 40 {
			play.turn(t, s)
		}
		after = append(after, picture(t, s))
	}
	for n, s := range append(clones, original) {
		if diff := cmp.Diff(after[n], picture(t, s)); diff != "" {
			t.Errorf("store %d was changed by calls on another (-before +after):\n%s", n, diff)
		}
	}
	if diff := cmp.Diff(after[0], after[2]); diff != "" {
		t.Errorf("the same calls lead elsewhere on a clone (-clone +original):\n%s", diff)
	}
	if cmp.Equal(after[0], after[1]) || cmp.Equal(after[0], before) {
		t.Error("other calls lead to the same: the test proves nothing")
	}
}

// What only grows is shared by the clones as far as it had grown.
func TestClonesGrowApart(t *testing.T) {
	t.Parallel()
	grow := func(s *memory.Store, text string) {
		t.Helper()
		_, err := s.Commit(t.Context(), store.Commit{
			Issues: []store.IssueRow{{Tracker: "jira", ID: "1", Card: "aaa"}},
			Record: engine.Record{
				Activity: []engine.Activity{{Card: "aaa", Text: text}},
				Events:   []kanban.Event{{Tracker: "jira", SourceID: text, Issue: "1", Changes: []kanban.Change{{Field: "status"}}}},
			},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	first := memory.New()
	for _, text := range []string{"1", "2", "3", "4", "5"} { // room is left behind the last
		grow(first, text)
	}
	second, third := first.Clone(), first.Clone()
	grow(first, "first")
	grow(second, "second")
	grow(third, "third")
	two := []store.CardWrite{{Card: engine.Card{ID: "aaa"}}, {Card: engine.Card{ID: "bbb"}}}
	fourth := third.Clone()
	for _, c := range []store.Commit{{Cards: two}, {Moved: []store.Alias{{Old: "aaa", New: "bbb"}}}} {
		if _, err := fourth.Commit(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	for want, s := range map[string]*memory.Store{"first": first, "second": second, "third": third} {
		lines, err := s.Activity(t.Context(), store.ActivityQuery{Card: "aaa"})
		if err != nil || len(lines) != 6 || lines[0].Text != want {
			t.Errorf("%s: activity %v, %v", want, lines, err)
		}
		events, err := s.Events(t.Context(), "aaa")
		if err != nil || len(events) != 6 || events[5].SourceID != want {
			t.Errorf("%s: events %v, %v", want, events, err)
		}
	}
}

func TestClonesHaveLeasesOfTheirOwn(t *testing.T) {
	t.Parallel()
	s := memory.New()
	epoch, err := s.Acquire(t.Context(), store.LeaseRunner, "me", time.Minute, start())
	if err != nil {
		t.Fatal(err)
	}
	clone := s.Clone()
	if err := s.Release(t.Context(), store.LeaseRunner, epoch); err != nil {
		t.Fatal(err)
	}
	if _, err := clone.Commit(t.Context(), store.Commit{Epoch: epoch}); err != nil {
		t.Errorf("commit on the clone = %v after a release of the original's lease", err)
	}
}

func TestCallersCannotReachIntoTheStore(t *testing.T) {
	t.Parallel()
	s := memory.New()
	steps := make([]kanban.Step, 1, 2)
	steps[0].Column = "doing"
	write := store.CardWrite{Card: engine.Card{ID: "aaa", Steps: steps}}
	if _, err := s.Commit(t.Context(), store.Commit{Cards: []store.CardWrite{write}}); err != nil {
		t.Fatal(err)
	}
	steps[0].Column = "changed by the writer"
	first, err := s.Card(t.Context(), "aaa")
	if err != nil {
		t.Fatal(err)
	}
	first.Steps[0].Column = "changed by a reader"
	second, err := s.Card(t.Context(), "aaa")
	if err != nil || second.Steps[0].Column != "doing" {
		t.Errorf("column %q, %v; want doing", second.Steps[0].Column, err)
	}
}
