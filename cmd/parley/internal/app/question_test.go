package app

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"parley/kanban"
	"parley/kanban/contract"
	"parley/sync/store"
	"parley/sync/view"
	"parley/web"
)

// TestWhoMayAskAnswerAndConclude holds each of the three to roles, and to what makes sense.
func TestWhoMayAskAnswerAndConclude(t *testing.T) {
	t.Parallel()
	a := dealing(t)
	ops := view.Viewer{Audience: view.AudienceOps, Role: kanban.Ops, Name: "olu", Proved: true}
	dev := view.Viewer{Audience: view.AudienceIT, Role: kanban.Developer, Name: "lea", Proved: true}
	mia := view.Viewer{Audience: "unit:trading", Role: kanban.Requester, Name: "mia", Proved: true}
	other, wall, link := mia, view.Viewer{Audience: view.AudienceWall}, dev
	other.Audience, link.Link = "unit:risk", true
	ask := web.Challenge{What: web.ChallengeAsk, Card: ref("cardA"), Text: "Which week?"}
	answer := web.Challenge{What: web.ChallengeAnswer, Card: ref("cardA"), Text: "The first"}
	end := func(outcome string) web.Challenge {
		return web.Challenge{What: web.ChallengeConclude, Card: ref("cardA"), Outcome: outcome}
	}
	elsewhere := ask
	elsewhere.Card = ref("cardZ")
	for n, x := range []struct {
		name string
		c    web.Challenge
		by   view.Viewer
		want int
	}{
		{"a wall asks", ask, wall, 403},
		{"a requester asks", ask, mia, 403},
		{"a developer by a link", ask, link, 403},
		{"about no card", elsewhere, dev, 404},
		{"nothing is asked", web.Challenge{What: web.ChallengeAsk, Card: ref("cardA"), Text: " "}, dev, 400},
		{"an answer to nothing", answer, mia, 422},
		{"a developer asks", ask, dev, 202},
		{"a developer answers", answer, dev, 403},
		{"another unit answers", answer, other, 403},
		{"a requester answers", answer, mia, 202},
		{"an ops lead answers, too", answer, ops, 202},
		{"a requester keeps it", end("kept"), mia, 403},
		{"an odd outcome", end("lost"), dev, 400},
		{"a requester reshapes it", end("reshaped"), mia, 202},
		{"it is concluded again", end("kept"), dev, 422},
		{"an ops lead asks", ask, ops, 202},
		{"a developer concludes", end("kept"), dev, 202},
	} {
		x.c.Op, x.c.By = fmt.Sprint("op-", n), x.by
		if got := status(t, second(a.Challenge(t.Context(), x.c))); got != x.want {
			t.Errorf("%s: %d, want %d", x.name, got, x.want)
		}
	}
}

// TestAnOpenQuestionIsOwedByItsUnit: from the moment the business has it, R1 waits for the
// answer, by the day that the comment names.
func TestAnOpenQuestionIsOwedByItsUnit(t *testing.T) {
	t.Parallel()
	a := dealing(t)
	dev := view.Viewer{Audience: view.AudienceIT, Role: kanban.Developer, Name: "lea", Proved: true}
	if _, err := a.Challenge(t.Context(), web.Challenge{What: web.ChallengeAsk, Card: ref("cardA"), Text: "Which week?", Op: "one", By: dev}); err != nil {
		t.Fatal(err)
	}
	all, err := a.Store.QuestionsOf(t.Context(), idOf("cardA"))
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	put := time.Date(2026, 11, 17, 9, 0, 0, 0, time.UTC)
	all[0].Asked.At = put
	q := all[0].Reaches(put)
	if _, err := a.Store.Commit(t.Context(), store.Commit{Now: a.Now(), Questions: []store.QuestionWrite{{Question: q}}, Decisions: q.Events()}); err != nil {
		t.Fatal(err)
	}
	accounts, err := a.Views.Standing(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	verdicts := accounts[slices.IndexFunc(accounts, func(c contract.Account) bool { return c.Unit == "trading" })].Verdicts
	at := slices.IndexFunc(verdicts, func(v contract.Verdict) bool { return v.Promise == contract.AnswerDuty && v.Card == idOf("cardA") })
	if at < 0 || verdicts[at].Outcome != contract.Pending {
		t.Fatalf("no answer is owed: %+v", verdicts)
	}
	for unit, want := range map[kanban.UnitKey]string{"trading": "Thu 2026-11-19", "sales": ""} {
		if got := a.answerDue(unit, put); got != want {
			t.Errorf("%s: due %q, want %q", unit, got, want)
		}
	}
}
