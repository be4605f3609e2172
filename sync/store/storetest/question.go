package storetest

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/connectors"
	"parley/kanban"
	"parley/sync/challenge"
	"parley/sync/store"
)

// questionStore is what is asked about questions to the business.
type questionStore interface {
	Question(ctx context.Context, id string) (challenge.Question, error)
	QuestionsOf(ctx context.Context, card kanban.CardID) ([]challenge.Question, error)
	QuestionsDue(ctx context.Context, now time.Time, limit int) ([]string, error)
}

func questionCases() []check {
	return []check{
		{"a question is kept as it goes along", keptQuestions},
		{"questions are due, and go on with their cards", dueQuestions},
		{"questions are written under the lease", fencedQuestions},
	}
}

func questionOf(id string, card kanban.CardID) challenge.Question {
	source := challenge.Source{Issue: connectors.Ref{Tracker: "github", ID: "9", Key: "acme/pay#9", Container: "acme/pay", Number: 9}, Comment: id}
	return challenge.Begin(id, card, challenge.Word{Source: source, Text: "Which \"week\"?\n<ü>", Who: "ben", At: at(1), Edited: at(2)}, at(3))
}

func asking(qs ...challenge.Question) store.Commit {
	c := store.Commit{}
	for _, q := range qs {
		c.Questions = append(c.Questions, store.QuestionWrite{Question: q})
	}
	return c
}

func keptQuestions(t fixture) {
	stored(t, t.store, newCard("aaa", "one"))
	one := questionOf("q1", "aaa")
	before := must(t.store.Seq(t.Context()))(t)
	if seq := commit(t, t.store, asking(one)); seq != before+1 {
		t.Errorf("the data sequence is %d after %d: pages show questions", seq, before)
	}
	if _, err := t.store.Commit(t.Context(), asking(one)); !errors.Is(err, store.ErrStale) {
		t.Errorf("a question that is there: %v", err)
	}
	one.Lock = 1
	if diff := cmp.Diff(one, must(t.store.Question(t.Context(), "q1"))(t)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	one = one.Reaches(at(5)).Answer(challenge.Word{Source: challenge.Source{Comment: "op"}, Text: "Next", Who: "mia", At: at(6), Edited: at(6)})
	commit(t, t.store, asking(one))
	if _, err := t.store.Commit(t.Context(), asking(one)); !errors.Is(err, store.ErrStale) {
		t.Errorf("on an old version: %v", err)
	}
	one.Lock = 2
	if diff := cmp.Diff([]challenge.Question{one}, must(t.store.QuestionsOf(t.Context(), "aaa"))(t)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, err := t.store.Question(t.Context(), "q9"); !errors.Is(err, store.ErrUnknown) {
		t.Errorf("a question that is not there: %v", err)
	}
	for name, bad := range map[string][]challenge.Question{
		"no id": {questionOf("", "aaa")}, "a long id": {questionOf(strings.Repeat("x", 600), "aaa")}, "no card": {questionOf("q", "")},
		"written twice": {questionOf("q", "aaa"), questionOf("q", "aaa")},
	} {
		if _, err := t.store.Commit(t.Context(), asking(bad...)); err == nil || errors.Is(err, store.ErrStale) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, found := range must(t.store.Check(t.Context()))(t) {
		if strings.Contains(found, "question") {
			t.Errorf("fsck says %q", found)
		}
	}
}

func dueQuestions(t fixture) {
	old, lives := stored(t, t.store, newCard("old", "one")), stored(t, t.store, newCard("new", "two"))
	two, three := questionOf("q2", "old"), questionOf("q3", "old")
	three.Settled, three.Blank = true, true
	c := asking(questionOf("q1", "old"), two, three)
	c.Questions[0].NextAt = at(90)
	c.Now = at(10)
	commit(t, t.store, c)
	for now, want := range map[int][]string{9: nil, 10: {"q2"}, 90: {"q2", "q1"}} {
		if diff := cmp.Diff(want, must(t.store.QuestionsDue(t.Context(), at(now), 5))(t)); diff != "" {
			t.Errorf("at %d (-want +got):\n%s", now, diff)
		}
	}
	if got := must(t.store.QuestionsDue(t.Context(), at(99), 1))(t); len(got) != 1 {
		t.Errorf("at most one: %v", got)
	}
	commit(t, t.store, store.Commit{Cards: []store.CardWrite{again(lives)}, Moved: []store.Alias{{Old: old.ID, New: lives.ID, Lock: old.Lock}}})
	if got := must(t.store.QuestionsOf(t.Context(), lives.ID))(t); len(got) != 3 || got[0].Card != lives.ID {
		t.Errorf("of the card that lives on: %+v", got)
	}
}

func fencedQuestions(t fixture) {
	epoch := must(t.store.Acquire(t.Context(), store.LeaseRunner, "me", 60e9, at(0)))(t)
	must(t.store.Acquire(t.Context(), store.LeaseRunner, "you", 60e9, at(100)))(t)
	c := asking(questionOf("f", "aaa"))
	c.Epoch = epoch
	if _, err := t.store.Commit(t.Context(), c); !errors.Is(err, store.ErrFenced) {
		t.Errorf("under a lost lease: %v", err)
	}
}
