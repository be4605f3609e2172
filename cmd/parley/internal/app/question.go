package app

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"parley/kanban"
	"parley/sync/challenge"
	"parley/sync/engine"
	"parley/sync/runner"
	"parley/sync/view"
	"parley/web"
)

// answerDue is the day by whose end the contract with a unit expects the answer to a question
// that is put now, in words; "" where none was agreed on.
func (a *App) answerDue(unit kanban.UnitKey, now time.Time) string {
	cal := a.Config.Calendar.Days(a.zone)
	for _, c := range a.Config.Contracts() {
		if day, ok := c.AnswerBy(cal, now); ok && c.Unit == unit {
			return day.Format("Mon 2006-01-02")
		}
	}
	return ""
}

// Challenge asks, answers or concludes. The error is a *web.Refusal where it cannot be done.
func (a *App) Challenge(ctx context.Context, c web.Challenge) (web.Answer, error) {
	return intents{a}.Challenge(ctx, c)
}

// Challenge asks, answers or concludes.
func (i intents) Challenge(ctx context.Context, c web.Challenge) (web.Answer, error) {
	if problem := c.Problem(); problem != "" {
		return web.Answer{}, &web.Refusal{Status: http.StatusBadRequest, Reason: problem}
	}
	card, err := i.named(ctx, c.Card, c.By)
	if err != nil {
		return web.Answer{}, err
	}
	if why := i.mayChallenge(card, c); why != "" {
		return web.Answer{}, forbidden(why)
	}
	said := runner.Said{Op: c.Op, Card: card.ID, Text: c.Text, Who: c.By.Name, By: kanban.IT}
	if c.By.Role.ForUnit() {
		said.By = kanban.Business
	}
	var q challenge.Question
	switch c.What {
	case web.ChallengeAsk:
		q, err = i.Runner.Ask(ctx, said)
	case web.ChallengeAnswer:
		q, err = i.Runner.Reply(ctx, said)
	default:
		q, err = i.Runner.Conclude(ctx, said, challenge.Outcome(c.Outcome))
	}
	if refused, ok := errors.AsType[*engine.Refusal](err); ok {
		return web.Answer{}, i.refusal(ctx, card.ID, c.By, refused)
	}
	if err != nil {
		return web.Answer{}, err
	}
	met, err := i.met(ctx, q)
	return web.Answer{Op: c.Op, State: i.challengeState(q), Rev: i.revOf(ctx, card), Question: met}, err
}

// met tells of which question something was said. Whoever may say it reads its words.
func (i intents) met(ctx context.Context, q challenge.Question) (*web.QuestionMet, error) {
	all, err := i.Store.QuestionsOf(ctx, q.Card)
	if err != nil {
		return nil, err
	}
	out := &web.QuestionMet{ID: q.ID, Text: brief(q.Asked.Text), Answers: len(q.Answers)}
	for _, o := range all {
		if o.ID != q.ID && !o.Ended() {
			out.Others++
		}
	}
	return out, nil
}

// mayChallenge says why a person may not ask, answer or conclude; "" where they may. The
// requester may conclude that nothing is wanted any more, or something else.
func (i intents) mayChallenge(card view.Card, c web.Challenge) string {
	sight := i.Views.As(c.By)
	switch {
	case c.By.Link:
		return "you came by a link that only shows"
	case c.What == web.ChallengeAsk:
		return sight.MayAsk(card)
	case c.What == web.ChallengeAnswer:
		return sight.MayAnswer(card)
	case c.By.Role.ForUnit() && c.Outcome != string(challenge.Kept):
		return sight.MayAnswer(card)
	case c.By.Role.ForUnit():
		return "IT says that a request stays as it is"
	}
	return sight.MayAsk(card)
}

// challengeState tells how far a comment is that follows: on its way, or waiting for
// permission.
func (i intents) challengeState(q challenge.Question) string {
	switch {
	case q.Settled:
		return string(engine.IntentDone)
	case !i.Runner.Write:
		return string(engine.IntentHeld)
	}
	return string(engine.IntentSent)
}

// revOf is the card's revision after what was done to it.
func (i intents) revOf(ctx context.Context, was view.Card) int64 {
	card, err := i.Store.Card(ctx, was.ID)
	if err != nil {
		return was.Rev
	}
	return card.Rev
}

// challenges reports whether people may put questions to the business by comments: where
// there is a unit that could be asked, and somebody to hear it from.
func challenges(names []view.TrackerName, units int) bool {
	var jira, github bool
	for _, n := range names {
		jira, github = jira || strings.EqualFold(n.Kind, "jira"), github || strings.EqualFold(n.Kind, "github")
	}
	return units > 0 && jira && github
}
