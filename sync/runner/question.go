package runner

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"parley/connectors"
	"parley/kanban"
	"parley/sync/challenge"
	"parley/sync/engine"
	"parley/sync/reconcile"
	"parley/sync/store"
)

// A question that IT puts to the business is facts, kept with it as they come in, and two
// comments of Parley's own that follow from the facts: the question in Jira, the answer on
// GitHub. Each comment has a key, so that whoever asks for it again gets the one that there
// is; what it has to say is compared with what it was last asked to say. So nothing has to
// be remembered between two steps, and a process can end between any of them.

// Said is what somebody says about a card on the board, by the API or a command.
type Said struct {
	Op   string // the asker's own id of it: the same one is the same, for ever
	Card kanban.CardID
	Text string
	Who  string
	By   kanban.Party
}

func (s Said) source() challenge.Source { return challenge.Source{Comment: s.Op} }

// Ask puts a question to the business. The error is an *engine.Refusal where it cannot be
// put, and store.ErrUnknown where there is no such card.
func (r *Runner) Ask(ctx context.Context, s Said) (challenge.Question, error) {
	var out challenge.Question
	err := r.again(func() error {
		id := challenge.IDOf(s.source())
		known, err := r.Store.Question(ctx, id)
		switch {
		case err == nil && (known.Card != s.Card || known.Asked.Text != challenge.Clean(s.Text)):
			return &engine.Refusal{Reason: "this op was another question; give each question an op of its own"}
		case err == nil:
			out = known
			return nil
		case !errors.Is(err, store.ErrUnknown):
			return err
		}
		card, err := r.Store.Card(ctx, s.Card)
		if err != nil {
			return err
		}
		if why := r.unaskable(&card); why != "" {
			return &engine.Refusal{Reason: why}
		}
		now := r.Now()
		q := challenge.Begin(id, s.Card, challenge.Word{Source: s.source(), Text: challenge.Clean(s.Text), Who: s.Who, At: now, Edited: now}, now)
		if why := r.private(&card); why != "" {
			return &engine.Refusal{Reason: why}
		}
		out, err = r.keepQuestion(ctx, challenge.Question{}, q, card)
		return err
	})
	return out, err
}

// unaskable says why nobody could answer a question about a card, "" where somebody could.
func (r *Runner) unaskable(c *engine.Card) string {
	side := c.Sides[kanban.Jira]
	if side == nil {
		return "it has no issue in Jira, where the business could answer; link it to one, or ask where its requester is"
	}
	if err := r.takesComments(side.Issue.Tracker); err != nil {
		return err.Error()
	}
	column, _ := r.Engine().Rules.Layout().Column(kanban.ColumnKey(c.Status.Agreed))
	if column.Category.Ended() {
		return "the work on it has ended: there is nothing to ask any more"
	}
	return ""
}

// private says why what was asked may not be read in Jira, "" where it may. Of a card with
// one issue it stays where that is read anyway.
func (r *Runner) private(c *engine.Card) string {
	if !c.Paired() {
		return ""
	}
	return r.crosses(c, kanban.GitHub, c.Sides[kanban.Jira].Issue.Ref)
}

// crosses says why a text of one side of a card stays there, "" where it may be written to an
// issue of the other one.
func (r *Runner) crosses(c *engine.Card, from kanban.Side, to connectors.Ref) string {
	_, why := r.Engine().Rules.TextMayCross(c.Sides[from].Issue, r.container(to.Tracker, to.Container), c.Sides[from.Other()].Issue)
	return why
}

// Reply answers a question about a card on the board: the one that the card waits for, else
// the next that nobody has answered, else one that is not concluded. The error is an
// *engine.Refusal where there is none.
func (r *Runner) Reply(ctx context.Context, s Said) (challenge.Question, error) {
	return r.onQuestion(ctx, s, challenge.ToAnswer, func(q challenge.Question, now time.Time) challenge.Question {
		return q.Answer(challenge.Word{Source: s.source(), Text: challenge.Clean(s.Text), Who: s.Who, At: now, Edited: now})
	})
}

// Conclude ends a question about a card: one that is answered, else one that is not. The
// error is an *engine.Refusal where there is none.
func (r *Runner) Conclude(ctx context.Context, s Said, o challenge.Outcome) (challenge.Question, error) {
	return r.onQuestion(ctx, s, challenge.ToConclude, func(q challenge.Question, now time.Time) challenge.Question {
		return q.Conclude(challenge.End{Outcome: o, Source: s.source(), Who: s.Who, By: s.By, At: now})
	})
}

// onQuestion changes the question of a card that something said on the board is about: the
// one that it was said of before, else the one that pick finds.
func (r *Runner) onQuestion(ctx context.Context, s Said, pick func([]challenge.Question) (challenge.Question, bool), change func(challenge.Question, time.Time) challenge.Question) (challenge.Question, error) {
	var out challenge.Question
	err := r.again(func() error {
		card, err := r.Store.Card(ctx, s.Card)
		if err != nil {
			return err
		}
		all, err := r.questionsOf(ctx, s.Card)
		if err != nil {
			return err
		}
		if at := slices.IndexFunc(all, func(q challenge.Question) bool { return q.Heard(s.source()) }); at >= 0 {
			out = all[at]
			return nil
		}
		q, ok := pick(all)
		if !ok {
			return &engine.Refusal{Reason: "no question about it is open"}
		}
		is := change(q, r.Now())
		if !is.Heard(s.source()) {
			return &engine.Refusal{Reason: fmt.Sprintf("the question has %d answers, and no more are carried; it is concluded, or asked anew", len(q.Answers))}
		}
		out, err = r.keepQuestion(ctx, q, is, card)
		return err
	})
	return out, err
}

// questionsOf lists the questions about a card in the order in which they were asked.
func (r *Runner) questionsOf(ctx context.Context, card kanban.CardID) ([]challenge.Question, error) {
	all, err := r.Store.QuestionsOf(ctx, card)
	slices.SortStableFunc(all, func(a, b challenge.Question) int {
		return cmp.Or(a.Asked.At.Compare(b.Asked.At), cmp.Compare(a.ID, b.ID))
	})
	return all, err
}

// keepQuestion stores what has become of a question: with it goes what the contract has to
// know, whether its card waits, and lines of the account.
func (r *Runner) keepQuestion(ctx context.Context, was, is challenge.Question, card engine.Card) (challenge.Question, error) {
	now := r.Now()
	c := store.Commit{Now: now, Questions: []store.QuestionWrite{{Question: is, NextAt: r.forgetAt(is)}}}
	if was.ID == "" || len(was.Events()) != len(is.Events()) {
		c.Decisions = is.Events()
	}
	eng := r.Engine()
	switch await := card.Await; {
	case is.Waits():
		r.awaits(&c, eng, eng.Await(card, &engine.Await{Question: is.ID, Since: is.Put}, time.Time{}, now), card)
	case await != nil && await.Question == is.ID:
		r.awaits(&c, eng, eng.Await(card, nil, is.Until(), now), card)
	}
	c.Record.Activity = append(c.Record.Activity, r.toldQuestion(was, is, now)...)
	_, err := r.put(ctx, c)
	is.Lock++
	return is, err
}

// awaits adds the card to a commit where a step has changed it.
func (r *Runner) awaits(c *store.Commit, eng *engine.Engine, step engine.Step, was engine.Card) {
	if step.Card.Rev == was.Rev {
		return
	}
	c.Cards, c.Record = []store.CardWrite{r.cardWrite(eng, step.Card)}, step.Record
}

// keepWords is how long the words of a question are kept once it is settled.
const keepWords = 90 * 24 * time.Hour

// forgetAt is when the next step is due by the clock alone: of a settled question that its
// words are forgotten.
func (r *Runner) forgetAt(q challenge.Question) time.Time {
	if q.Settled {
		return q.End.At.Add(keepWords)
	}
	return time.Time{}
}

// toldQuestion is what the account says of a question. It has none of its words.
func (r *Runner) toldQuestion(was, is challenge.Question, now time.Time) (lines []engine.Activity) {
	add := func(kind, who string, where challenge.Source, text string) {
		lines = append(lines, engine.Activity{At: now, Card: is.Card, Kind: kind, Actor: who, Side: r.sideOfSource(where), Op: is.ID, Text: text})
	}
	if was.ID == "" {
		add(engine.DidAsk, is.Asked.Who, is.Asked.Source, "asked the business a question")
	}
	if n := len(is.Answers); n > len(was.Answers) {
		add(engine.DidAnswer, is.Answers[n-1].Who, is.Answers[n-1].Source, "answered the question")
	}
	if is.Ended() && !was.Ended() {
		add(engine.DidConclude, is.End.Who, is.End.Source, fmt.Sprintf("concluded the question: %s", is.End.Outcome))
	}
	if is.Problem != "" && is.Problem != was.Problem {
		add(engine.DidProblem, "", challenge.Source{}, "the question is not carried to Jira: "+is.Problem)
	}
	if is.Kept != "" && is.Kept != was.Kept {
		add(engine.DidProblem, "", challenge.Source{}, "the answer is not carried to GitHub: "+is.Kept)
	}
	return lines
}

// sideOfSource is where something was said.
func (r *Runner) sideOfSource(s challenge.Source) string {
	if t, ok := r.tracker(s.Issue.Tracker); ok {
		return sideOf(t.Kind).String()
	}
	return reconcile.SideBoard
}
