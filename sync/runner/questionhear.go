package runner

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"parley/connectors"
	"parley/kanban"
	"parley/sync/challenge"
	"parley/sync/engine"
	"parley/sync/store"
)

const (
	// talkCalls bounds how many calls one poll makes for what is said in a repository.
	talkCalls = 10
	// talkWaits is how long a comment is read again whose issue is on no card yet.
	talkWaits = 10 * time.Minute
)

func listening(source string) errand { return errand{connectors.ClassPoll, "comments of " + source} }

// Listen reads what was said in all issues of a repository since the last time, for
// questions to the business. What was said before the first time is left alone. The error is
// the store's: what the tracker did wrong is no news.
func (r *Runner) Listen(ctx context.Context, t Tracker, source string) error {
	talk, ok := t.Tracker.(connectors.Talk)
	if !r.Questions || !ok || t.beside(source) || r.rules.Load() == nil {
		return nil
	}
	key := "talk/" + t.Name + "/" + source
	cur, known, err := r.talkedUntil(ctx, key, source)
	if err != nil {
		return err
	}
	if !known {
		return r.keepTalk(ctx, key, connectors.TalkCursor{Container: source, Since: r.Now().Add(-r.Skew).UTC()})
	}
	for range talkCalls {
		if !r.may(t.Name, listening(source)) {
			return nil
		}
		page, err := talk.Said(listening(source).on(ctx), cur)
		if err != nil {
			r.refused(ctx, err, t.Name, listening(source))
			r.Log.DebugContext(ctx, "comments could not be read", "tracker", t.Name, "container", source, "error", err)
			return ctx.Err()
		}
		r.heard(ctx, t.Name, listening(source))
		early, err := r.hearAll(ctx, t, page.Comments)
		if err != nil {
			return err
		}
		if page.Unchanged || early {
			return nil
		}
		if err := r.keepTalk(ctx, key, page.Next); err != nil {
			return err
		}
		if cur = page.Next; !page.More {
			return nil
		}
	}
	return nil
}

func (r *Runner) talkedUntil(ctx context.Context, key, source string) (cur connectors.TalkCursor, known bool, err error) {
	text, known, err := r.Store.Setting(ctx, key)
	if err != nil || !known {
		return cur, false, err
	}
	whole := json.Unmarshal([]byte(text), &cur) == nil && cur.Container == source
	return cur, whole, nil // else it begins anew
}

func (r *Runner) keepTalk(ctx context.Context, key string, cur connectors.TalkCursor) error {
	text, err := json.Marshal(cur)
	if err != nil {
		return fmt.Errorf("keep how far the comments of %s were read: %w", cur.Container, err)
	}
	_, err = r.put(ctx, store.Commit{Now: r.Now(), Settings: map[string]string{key: string(text)}})
	return err
}

// hearAll takes in what comments say. early is true where one asks on an issue that is on no
// card yet: it is to be read again.
func (r *Runner) hearAll(ctx context.Context, t Tracker, list []connectors.Comment) (early bool, err error) {
	for i := range list {
		c := &list[i]
		if !r.speaks(c) {
			continue
		}
		unknown := false
		err := r.again(func() (err error) {
			unknown, err = r.hearComment(ctx, t, c)
			return err
		})
		if err != nil {
			return false, err
		}
		early = early || unknown && r.Now().Sub(c.Updated) < talkWaits
	}
	return early, nil
}

// hearComment takes in one comment. unknown is true where its issue is on no card.
func (r *Runner) hearComment(ctx context.Context, t Tracker, c *connectors.Comment) (unknown bool, err error) {
	mark, text := challenge.Read(c.Body)
	q, err := r.Store.Question(ctx, challenge.IDOf(sourceOf(c)))
	known := err == nil
	if err != nil && !errors.Is(err, store.ErrUnknown) {
		return false, err
	}
	asks := mark == challenge.MarkAsk || mark.Outcome() != ""
	if !known && (!asks || !c.Member && !r.named(c)) {
		return false, nil
	}
	card, err := r.spokenOf(ctx, t, c.Issue.Key, q.Card)
	if errors.Is(err, store.ErrUnknown) {
		return !known, nil
	}
	if err != nil {
		return false, err
	}
	switch {
	case known:
		return false, r.keepChanged(ctx, q, r.askedAnew(q, c), card)
	case mark == challenge.MarkAsk:
		c.Issue.ID = issueIDOf(&card, c.Issue.Key)
		_, err := r.keepQuestion(ctx, challenge.Question{}, challenge.Begin(challenge.IDOf(sourceOf(c)), card.ID, wordOf(c, text), r.Now()), card)
		return false, err
	}
	return false, r.hearEnd(ctx, c, mark, card)
}

// spokenOf is the card of an issue, or of a question that is known.
func (r *Runner) spokenOf(ctx context.Context, t Tracker, key string, known kanban.CardID) (engine.Card, error) {
	if known != "" {
		return r.resolve(ctx, string(known))
	}
	rows, err := r.Store.IssueByKey(ctx, key)
	if err != nil {
		return engine.Card{}, err
	}
	for _, row := range rows {
		if row.Tracker == t.Name {
			return r.Store.Card(ctx, row.Card)
		}
	}
	return engine.Card{}, store.ErrUnknown
}

func issueIDOf(c *engine.Card, key string) string {
	if side := c.Sides[kanban.GitHub]; side != nil && side.Issue.Key == key {
		return side.Issue.ID
	}
	return ""
}

// hearEnd concludes the question of a card that was asked before a comment says so. One
// comment concludes one question, for ever.
func (r *Runner) hearEnd(ctx context.Context, c *connectors.Comment, mark challenge.Mark, card engine.Card) error {
	all, err := r.questionsOf(ctx, card.ID)
	if err != nil {
		return err
	}
	source := sourceOf(c)
	if slices.ContainsFunc(all, func(q challenge.Question) bool { return q.Heard(source) }) {
		return nil
	}
	all = slices.DeleteFunc(all, func(q challenge.Question) bool { return q.Asked.At.After(c.Created) })
	q, ok := challenge.ToConclude(all)
	if !ok {
		return nil
	}
	end := challenge.End{Outcome: mark.Outcome(), Source: source, Who: c.Author.ID, By: kanban.IT, At: c.Created.UTC()}
	return r.keepChanged(ctx, q, q.Conclude(end), card)
}

func (r *Runner) keepChanged(ctx context.Context, was, is challenge.Question, card engine.Card) error {
	if is.Same(was) {
		return nil
	}
	_, err := r.keepQuestion(ctx, was, is, card)
	return err
}
