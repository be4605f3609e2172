package runner

import (
	"context"
	"time"

	"parley/connectors"
	"parley/kanban"
	"parley/sync/challenge"
	"parley/sync/engine"
	"parley/sync/mirror"
)

// How often the comments that a question lives on are read where nothing says that they have
// changed, how far before a question they are read, and how long after its end: what was
// said before that counts, and may be shown late.
const (
	lookAgain = 10 * time.Minute
	lookBack  = 10 * time.Minute
	lookAfter = 5 * time.Minute
	lookMost  = 24 * time.Hour // after the end, where it cannot be read
)

// lookRound reads what was said about a question since, in both trackers. A read that failed
// is no news and is tried again. last is true where no more has to be read.
func (r *Runner) lookRound(ctx context.Context, q challenge.Question, card *engine.Card, all []challenge.Question) (_ challenge.Question, last bool) {
	if gh := card.Sides[kanban.GitHub]; gh != nil && !q.Asked.Source.Board() && !q.Ended() && !r.aside.has("look "+q.ID, r.Now()) && r.lookDue(q.Look.GitHub, q.Look.GitHubAt, gh.Issue.Updated) {
		is, ok := r.lookAtAsked(ctx, q, gh.Issue.Ref)
		if q = is; ok {
			q.Look.GitHub, q.Look.GitHubAt = gh.Issue.Updated, r.Now()
		} else {
			r.lookLater(q.ID)
		}
	}
	jira := card.Sides[kanban.Jira]
	if jira == nil || q.Put.IsZero() {
		return q, true
	}
	over := q.End.At.Add(lookAfter)
	if q.Ended() && (q.Look.JiraAt.After(over) || r.Now().Sub(over) > lookMost) {
		return q, true
	}
	final := q.Ended() && r.Now().After(over)
	if r.aside.has("look "+q.ID, r.Now()) || !final && !r.lookDue(q.Look.Jira, q.Look.JiraAt, jira.Issue.Updated) {
		return q, false
	}
	is, ok := r.lookForAnswers(ctx, q, card, all)
	if !ok {
		r.lookLater(q.ID)
		return is, false
	}
	is.Look.Jira, is.Look.JiraAt = jira.Issue.Updated, r.Now()
	return is, is.Ended() && is.Look.JiraAt.After(over)
}

// lookLater has nothing read for a question for a while: a read has failed.
func (r *Runner) lookLater(id string) { r.aside.put("look "+id, r.Now().Add(questionAgain)) }

// lookDue reports whether comments have to be read: their issue has changed since they were
// read last, or that is long ago.
func (r *Runner) lookDue(seen, at, updated time.Time) bool {
	return !seen.Equal(updated) || r.passed(at, lookAgain)
}

// lookAtAsked reads the comment that asks. It counts as deleted only where its issue can be
// read and it cannot.
func (r *Runner) lookAtAsked(ctx context.Context, q challenge.Question, issue connectors.Ref) (challenge.Question, bool) {
	if from := q.Asked.Source.Issue; from.Container != issue.Container || from.Number != issue.Number {
		issue = from
	}
	c, err := r.lookAt(ctx, issue, q.Asked.Source.Comment)
	switch {
	case r.gone(err, q.Asked.Edited):
		return q.TakeBack(q.Asked.Source, r.Now()), true
	case err != nil:
		return q, false
	}
	return r.askedAnew(q, &c), true
}

// gone reports whether a read proves that a comment is not there any more: one that was
// written just now may not be shown yet.
func (r *Runner) gone(err error, written time.Time) bool {
	return err != nil && connectors.KindOf(err) == connectors.Gone && r.Now().Sub(written) > mirror.VisibleGitHub+r.Skew
}

func (r *Runner) lookAt(ctx context.Context, issue connectors.Ref, id string) (c connectors.Comment, err error) {
	err = r.onComments(ctx, issue, readingComments(), func(ctx context.Context, t connectors.Comments) (err error) {
		c, err = t.ReadComment(ctx, issue, id)
		return err
	})
	return c, err
}

// askedAnew takes in how the comment that asks looks now.
func (r *Runner) askedAnew(q challenge.Question, c *connectors.Comment) challenge.Question {
	if mark, text := challenge.Read(c.Body); mark == challenge.MarkAsk {
		return q.Ask(wordOf(c, text))
	}
	if c.Updated.Before(q.Asked.Edited) {
		return q // a picture from before
	}
	return q.TakeBack(q.Asked.Source, r.Now())
}

// wordOf is what a comment says.
func wordOf(c *connectors.Comment, text string) challenge.Word {
	return challenge.Word{Source: sourceOf(c), Text: text, Who: c.Author.ID, Name: c.Author.Name, At: c.Created.UTC(), Edited: c.Updated.UTC()}
}

func sourceOf(c *connectors.Comment) challenge.Source {
	return challenge.Source{Issue: c.Issue, Comment: c.ID}
}

// lookForAnswers reads the issue in Jira for what answers a question or concludes it.
func (r *Runner) lookForAnswers(ctx context.Context, q challenge.Question, card *engine.Card, all []challenge.Question) (challenge.Question, bool) {
	issue := card.Sides[kanban.Jira].Issue.Ref
	var list []connectors.Comment
	err := r.onComments(ctx, issue, readingComments(), func(ctx context.Context, t connectors.Comments) (err error) {
		list, err = t.ListComments(ctx, connectors.CommentSearch{Issue: issue, Since: q.Put.Add(-lookBack), Fresh: true})
		return err
	})
	if err != nil {
		return q, false
	}
	mine, err := r.repliesTo(ctx, q, list, all)
	if err != nil {
		return q, false
	}
	requester := r.Engine().Rules.Traits(sidesOf(card)...).Requester.ID
	seen := map[string]bool{}
	for i := range list {
		c := &list[i]
		seen[c.ID] = true
		if mark, text := challenge.Read(c.Body); !r.speaks(c) {
			q = q.Unanswer(sourceOf(c))
		} else if mark == challenge.MarkAnswer {
			if mine[c.ID] || q.Heard(sourceOf(c)) {
				q = q.Answer(wordOf(c, text))
			}
		} else if q = q.Unanswer(sourceOf(c)); mine[c.ID] && requester != "" && c.Author.ID == requester && (mark == challenge.MarkWithdrawn || mark == challenge.MarkReshaped) {
			q = q.Conclude(challenge.End{Outcome: mark.Outcome(), Source: sourceOf(c), Who: c.Author.ID, By: kanban.Business, At: c.Created.UTC()})
		}
	}
	return r.lookForGone(ctx, q, seen)
}

// lookForGone looks for answers that a list does not show: that proves nothing by itself.
func (r *Runner) lookForGone(ctx context.Context, q challenge.Question, seen map[string]bool) (challenge.Question, bool) {
	for _, w := range q.Answers {
		if w.Source.Board() || w.Gone || seen[w.Source.Comment] || q.Ended() {
			continue
		}
		c, err := r.lookAt(ctx, w.Source.Issue, w.Source.Comment)
		switch {
		case r.gone(err, w.Edited), err == nil && !r.speaks(&c):
			q = q.Unanswer(w.Source)
		case err != nil:
			return q, false
		}
	}
	return q, true
}

// repliesTo tells which of an issue's comments come after the one that carries a question,
// and before the one that carries the next: by the order that the tracker shows them in, which
// no clock of ours can disagree with.
func (r *Runner) repliesTo(ctx context.Context, q challenge.Question, list []connectors.Comment, all []challenge.Question) (map[string]bool, error) {
	carried := map[string]string{}
	for _, o := range all {
		c, err := r.remark(ctx, carriedKey(o.ID))
		if err != nil {
			return nil, err
		}
		if c != nil && c.ID() != "" {
			carried[c.ID()] = o.ID
		}
	}
	mine, current := map[string]bool{}, q.ID
	for i := range list {
		if carried[list[i].ID] == q.ID {
			current = ""
		}
	}
	for i := range list {
		if id := carried[list[i].ID]; id != "" {
			current = id
		}
		mine[list[i].ID] = current == q.ID
	}
	return mine, nil
}

// speaks reports whether a comment can say something to the other side: somebody else wrote
// it than Parley, and everybody who reads the issue reads it.
func (r *Runner) speaks(c *connectors.Comment) bool {
	return !c.Own && c.Marker == "" && c.Audience.Public() && (!c.Robot || r.named(c))
}

// named reports whether the configuration names the author of a comment.
func (r *Runner) named(c *connectors.Comment) bool {
	t, ok := r.tracker(c.Issue.Tracker)
	if !ok || c.Author.ID == "" {
		return false
	}
	_, named := r.Engine().Rules.Person(t.Kind, c.Author)
	return named
}
