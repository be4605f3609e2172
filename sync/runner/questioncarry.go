package runner

import (
	"context"
	"errors"
	"sync"
	"time"

	"parley/connectors"
	"parley/kanban"
	"parley/sync/challenge"
	"parley/sync/engine"
	"parley/sync/remark"
	"parley/sync/store"
)

// How often questions are looked at, how many at a time, and how often where nothing has
// changed: trackers have to be asked once in a while whether a comment is still there.
const (
	questionEvery = time.Second
	questionBatch = 100
	questionAgain = 30 * time.Second
)

// asked remembers at which state of the store questions were looked at last.
type asked struct {
	mu  sync.Mutex
	seq int64
	at  time.Time
}

// stale reports whether questions have to be looked at: something has changed, or long
// enough ago nothing had.
func (a *asked) stale(seq int64, now time.Time) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.seq == seq && now.Sub(a.at) < questionAgain && !now.Before(a.at) {
		return false
	}
	a.seq, a.at = seq, now
	return true
}

// carryQuestions takes questions along until ctx ends.
func (r *Runner) carryQuestions(ctx context.Context) error {
	for {
		seq, err := r.Store.Seq(ctx)
		if err != nil {
			return err
		}
		if r.asked.stale(seq, r.Now()) {
			if err := r.WorkQuestions(ctx); err != nil {
				return err
			}
		}
		if err := pause(ctx, questionEvery); err != nil {
			return err
		}
	}
}

// WorkQuestions takes every question that is not settled as far as it gets now. What is
// wrong with one stays with it.
func (r *Runner) WorkQuestions(ctx context.Context) error {
	ids, err := r.Store.QuestionsDue(ctx, r.Now(), questionBatch+r.aside.count(r.Now()))
	if err != nil {
		return err
	}
	for _, id := range ids {
		if r.aside.has(questionKey(id), r.Now()) {
			continue
		}
		err := caught(func() error { return r.stepQuestion(ctx, id) })
		if ctx.Err() != nil || errors.Is(err, store.ErrFenced) {
			return err
		}
		if err != nil && !errors.Is(err, store.ErrStale) {
			r.Log.ErrorContext(ctx, "a question could not be taken along; trying again soon", "question", id, "error", err)
			r.aside.put(questionKey(id), r.Now().Add(setAside))
		}
	}
	return nil
}

func questionKey(id string) string { return "question " + id }

// stepQuestion takes one question as far as it gets: what was said since is heard, both
// comments are asked to say what follows, and what came of them is noted.
func (r *Runner) stepQuestion(ctx context.Context, id string) error {
	q, err := r.Store.Question(ctx, id)
	if err != nil {
		return ignoreUnknown(err)
	}
	card, err := r.resolve(ctx, string(q.Card))
	if err != nil {
		return ignoreUnknown(err)
	}
	if q.Settled {
		_, err := r.keepQuestion(ctx, q, q.Forget(), card)
		return err
	}
	all, err := r.questionsOf(ctx, q.Card)
	if err != nil {
		return err
	}
	is, looked := r.lookRound(ctx, q, &card, all)
	is, quiet, err := r.carry(ctx, is, &card, all)
	if err != nil {
		return err
	}
	is.Settled = is.Ended() && quiet && looked
	if is.Same(q) {
		return nil
	}
	_, err = r.keepQuestion(ctx, q, is, card)
	return err
}

// carry asks for both comments, and notes what has come of them. quiet is true where nothing
// is to be done about either.
func (r *Runner) carry(ctx context.Context, q challenge.Question, card *engine.Card, all []challenge.Question) (_ challenge.Question, quiet bool, err error) {
	there, err := r.ask(ctx, &q, card, all)
	if err != nil {
		return q, false, err
	}
	if there != nil {
		if !there.Post.Closed.IsZero() && there.ID() != "" {
			q = q.Reaches(r.turnAt(there.Post.Closed, q, all))
		}
		if there.State() == remark.Refused && q.Put.IsZero() {
			q.Problem = there.Problem
		}
	}
	back, err := r.answer(ctx, &q, card)
	return q, err == nil && still(there) && still(back), err
}

// still reports whether nothing is under way with a comment.
func still(c *remark.Remark) bool { return c == nil || !c.Open() }

// turnAt is when a question reaches the business: one at a time has the turn.
func (r *Runner) turnAt(posted time.Time, q challenge.Question, all []challenge.Question) time.Time {
	for _, o := range all {
		if o.ID != q.ID && !o.Put.IsZero() && o.Asked.At.Before(q.Asked.At) && !posted.After(o.Until()) {
			posted = o.Until().Add(time.Millisecond)
		}
	}
	return posted
}

// ask has the question said in Jira.
func (r *Runner) ask(ctx context.Context, q *challenge.Question, card *engine.Card, all []challenge.Question) (*remark.Remark, error) {
	key := carriedKey(q.ID)
	known, err := r.remark(ctx, key)
	if err != nil || known == nil && !r.mayAsk(q, card, all) {
		return known, err
	}
	if known == nil && r.AnswerDue != nil && q.Due == "" {
		q.Due = r.AnswerDue(r.Engine().Rules.Traits(sidesOf(card)...).Unit, r.Now())
	}
	var to connectors.Ref
	if side := card.Sides[kanban.Jira]; side != nil {
		to = side.Issue.Ref
	}
	return r.say(ctx, known, remark.Wish{Key: key, Issue: to, Body: q.Carried(), Reason: "IT has a question"})
}

// mayAsk reports whether the question may be said in Jira now; where not for good, the
// question says why.
func (r *Runner) mayAsk(q *challenge.Question, card *engine.Card, all []challenge.Question) bool {
	if q.Carried() == "" {
		return false
	}
	for _, o := range all { // one at a time has the turn
		if o.ID == q.ID {
			break
		}
		if s := o.Stage(); s == challenge.Open || s == challenge.Waiting && o.Problem == "" {
			return false
		}
	}
	if q.Problem = r.unaskable(card); q.Problem == "" {
		q.Problem = r.private(card)
	}
	return q.Problem == ""
}

// answer has the answer said on GitHub, where the card has an issue there.
func (r *Runner) answer(ctx context.Context, q *challenge.Question, card *engine.Card) (*remark.Remark, error) {
	key := carriedKey(q.ID) + "/back"
	known, err := r.remark(ctx, key)
	side := card.Sides[kanban.GitHub]
	if err != nil || known == nil && (q.Back() == "" || side == nil) {
		return known, err
	}
	var to connectors.Ref
	if side != nil {
		to = side.Issue.Ref
	}
	if known == nil && card.Sides[kanban.Jira] != nil {
		if q.Kept = r.crosses(card, kanban.Jira, to); q.Kept != "" {
			return nil, nil
		}
	}
	return r.say(ctx, known, remark.Wish{Key: key, Issue: to, Body: q.Back(), Reason: "the business has answered"})
}

func carriedKey(id string) string { return "question/" + id }

// remark gives the comment that was asked for under a key, nil where none was.
func (r *Runner) remark(ctx context.Context, key string) (*remark.Remark, error) {
	c, err := r.Store.Remark(ctx, key)
	if errors.Is(err, store.ErrUnknown) {
		return nil, nil
	}
	return &c, err
}

// say has a comment say something else than it does, or anything at all. One that is gone
// stays so.
func (r *Runner) say(ctx context.Context, known *remark.Remark, w remark.Wish) (*remark.Remark, error) {
	var c remark.Remark
	var err error
	switch {
	case known == nil:
		c, err = r.Comment(ctx, w)
	case known.Retract || !known.Gone.IsZero() || known.Body == w.Body:
		return known, nil
	case w.Body == "":
		c, err = r.WithdrawComment(ctx, w.Key)
	default:
		c, err = r.RewriteComment(ctx, w.Key, w.Body, nil)
	}
	return &c, err
}

func sidesOf(c *engine.Card) (out []connectors.Issue) {
	for _, s := range kanban.Sides {
		if c.Sides[s] != nil {
			out = append(out, c.Sides[s].Issue)
		}
	}
	return out
}
