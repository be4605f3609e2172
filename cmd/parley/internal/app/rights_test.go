package app

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/store"
	"parley/sync/view"
	"parley/web"
)

// status is what the API answers.
func status(t *testing.T, err error) int {
	t.Helper()
	if refused, ok := errors.AsType[*web.Refusal](err); ok {
		return refused.Status
	}
	if err != nil {
		t.Fatal(err)
	}
	return http.StatusAccepted
}

func TestWhoMayBlockAndTakeBack(t *testing.T) {
	t.Parallel()
	a, card := stored(t)
	i := intents{a}
	lea := view.Viewer{Audience: view.AudienceIT, Role: kanban.Developer, Name: "lea"}
	bo, wall := lea, view.Viewer{Audience: view.AudienceWall, Name: "lea"}
	bo.Name = "bo"
	trading := view.Viewer{Audience: "unit:trading", Role: kanban.Liaison, Name: "mia"}
	block := func(by view.Viewer, party, op string) int {
		return status(t, second(i.Intend(t.Context(), web.Intent{Card: string(card.ID), Field: "blocked", To: party, Reason: "hot", Op: op, By: by})))
	}
	undo := func(by view.Viewer, op string) int {
		return status(t, second(i.Undo(t.Context(), web.Undo{Card: string(card.ID), Op: op, By: by})))
	}
	for _, x := range []struct {
		name      string
		got, want int
	}{
		{"a wall blocks", block(wall, "it", "a"), http.StatusForbidden},
		{"another unit blocks", block(trading, "it", "b"), http.StatusForbidden},
		{"a developer blocks", block(lea, "it", "c"), http.StatusAccepted},
		{"the same once more", block(lea, "it", "c"), http.StatusAccepted},
		{"for nobody", block(lea, "vendor", "d"), http.StatusUnprocessableEntity},
		{"another takes it back", undo(bo, "c"), http.StatusForbidden},
		{"a wall of the same name", undo(wall, "c"), http.StatusForbidden},
		{"who did it takes it back", undo(lea, "c"), http.StatusAccepted},
		{"and again", undo(lea, "c"), http.StatusAccepted},
		{"unblocks what is not blocked", block(lea, "", "e"), http.StatusUnprocessableEntity},
		{"what was never done", undo(lea, "e"), http.StatusUnprocessableEntity},
		{"blocks once more", block(lea, "third", "f"), http.StatusAccepted},
		{"an ops lead takes it back", undo(view.Somebody(), "f"), http.StatusAccepted},
		{"no such card", status(t, second(i.Undo(t.Context(), web.Undo{Card: "acme/infra#9", Op: "f", By: lea}))), http.StatusNotFound},
	} {
		if x.got != x.want {
			t.Errorf("%s: %d, want %d", x.name, x.got, x.want)
		}
	}
	if c, err := a.Store.Card(t.Context(), card.ID); err != nil || c.Block != nil {
		t.Errorf("in the end it is %+v, %v", c.Block, err)
	}
}

// TestAKeyThatIsNotForTheSenderIsThatOfNoCard: whoever may not know a key gets the answer
// for one that there is not, whatever is asked of it.
func TestAKeyThatIsNotForTheSenderIsThatOfNoCard(t *testing.T) {
	t.Parallel()
	a, _ := stored(t)
	i := intents{a}
	trading := view.Viewer{Audience: "unit:trading", Role: kanban.Requester, Name: "mia"}
	for what, ask := range map[string]func(key string, by view.Viewer) error{
		"move": func(key string, by view.Viewer) error {
			return second(i.Intend(t.Context(), web.Intent{Card: key, Field: "status", To: "nowhere", Op: "m", By: by}))
		},
		"undo": func(key string, by view.Viewer) error {
			return second(i.Undo(t.Context(), web.Undo{Card: key, Op: "x", By: by}))
		},
		"retry": func(key string, by view.Viewer) error {
			return second(i.Retry(t.Context(), web.Retry{Card: key, Op: "r", By: by}))
		},
	} {
		by := trading
		if what == "retry" {
			by.Role = kanban.Ops // others are refused before anything is looked for
		}
		hidden, none := ask("acme/infra#7", by), ask("acme/infra#9", by)
		if diff := cmp.Diff(none, hidden); diff != "" || status(t, hidden) != http.StatusNotFound {
			t.Errorf("%s: %v and of no card %v; -none +hidden:\n%s", what, hidden, none, diff)
		}
		if err := ask("acme/infra#7", view.Somebody()); err != nil && status(t, err) == http.StatusNotFound {
			t.Errorf("%s by an ops lead: %v", what, err)
		}
	}
}

func TestAChangeByAKeyOfSeveralCardsIsTold(t *testing.T) {
	t.Parallel()
	a, card := stored(t)
	twin := card
	twin.ID, twin.Lock = "twin", 0
	_, err := a.Store.Commit(t.Context(), store.Commit{Now: a.Now(), Cards: []store.CardWrite{{Card: twin, Face: a.Runner.Engine().Face(&twin)}},
		Issues: []store.IssueRow{{Tracker: "other", ID: "7", Key: "acme/infra#7", Container: "acme/infra", Card: twin.ID}}})
	if err != nil {
		t.Fatal(err)
	}
	err = second(intents{a}.Intend(t.Context(), web.Intent{Card: "acme/infra#7", Field: "blocked", To: "it", Op: "a", By: view.Somebody()}))
	if status(t, err) != http.StatusConflict || !strings.Contains(err.Error(), string(card.ID)) || !strings.Contains(err.Error(), "twin") {
		t.Errorf("%v, want a conflict that names both cards", err)
	}
}

func second(_ web.Answer, err error) error { return err }

func TestAFullLimitNamesNobodyToThoseWhoMayNotKnow(t *testing.T) {
	t.Parallel()
	a, card := stored(t)
	limit := kanban.Limit{Scope: kanban.ScopePerson, Key: "Ana", Name: "Ana", WIP: 2, Hard: true}
	for audience, knows := range map[view.Audience]bool{view.AudienceOps: true, "unit:trading": false} {
		err := intents{a}.refusal(t.Context(), card.ID, view.Viewer{Audience: audience}, &engine.Refusal{Reason: limit.Reason(2), Limit: &limit, Count: 2})
		if refused, ok := errors.AsType[*web.Refusal](err); !ok || refused.Status != http.StatusUnprocessableEntity || strings.Contains(refused.Reason, "Ana") != knows {
			t.Errorf("%s: %v", audience, err)
		}
	}
}
