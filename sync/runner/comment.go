package runner

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"parley/connectors"
	"parley/sync/mirror"
	"parley/sync/remark"
	"parley/sync/store"
)

// Comment asks for a comment on an issue. The same key is the same comment: asked for
// again, whatever else is said then, it gives the one that there is. It is posted once, also where
// the answer or the store is lost, and in plan mode waits for permission.
func (r *Runner) Comment(ctx context.Context, w remark.Wish) (remark.Remark, error) {
	var out remark.Remark
	err := r.again(func() error {
		known, err := r.Store.Remark(ctx, w.Key)
		if err == nil {
			out = known
			return r.sameIssue(known, w)
		}
		if !errors.Is(err, store.ErrUnknown) {
			return err
		}
		if err := r.takesComments(w.Issue.Tracker); err != nil {
			return err
		}
		if out, err = r.remarks().New(w, r.NewID(), r.Now()); err != nil {
			return fmt.Errorf("comment on %s: %w", w.Issue.Key, err)
		}
		return r.keepRemark(ctx, &out)
	})
	return out, err
}

// sameIssue refuses a key that another issue's comment has.
func (r *Runner) sameIssue(known remark.Remark, w remark.Wish) error {
	if known.Issue.Tracker == w.Issue.Tracker && known.Issue.ID == w.Issue.ID {
		return nil
	}
	return fmt.Errorf("comment on %s: the key %q is that of a comment on %s; give each comment a key of its own", w.Issue.Key, w.Key, known.Issue.Key)
}

// takesComments fails for a tracker whose comments cannot be read and written.
func (r *Runner) takesComments(name string) error {
	t, ok := r.tracker(name)
	if _, comments := t.Tracker.(connectors.Comments); !ok || !comments {
		return fmt.Errorf("tracker %q takes no comments", name)
	}
	return nil
}

// RewriteComment asks for another text of a comment. What a person has made of it is
// never written over: then it is refused, and says so.
func (r *Runner) RewriteComment(ctx context.Context, key, body string, links []connectors.Link) (remark.Remark, error) {
	return r.changeRemark(ctx, key, func(m remark.Machine, c remark.Remark) (remark.Remark, error) {
		return m.Rewrite(c, body, links, r.Now())
	})
}

// WithdrawComment asks for a comment to be deleted. One that was not sent yet never is.
func (r *Runner) WithdrawComment(ctx context.Context, key string) (remark.Remark, error) {
	return r.changeRemark(ctx, key, func(m remark.Machine, c remark.Remark) (remark.Remark, error) {
		return m.Withdraw(c, r.Now()), nil
	})
}

// AllowComment lets a comment go that waits for permission: in plan mode, or because
// nobody knows whether it was posted and a person says that it was not.
func (r *Runner) AllowComment(ctx context.Context, key string) (remark.Remark, error) {
	return r.changeRemark(ctx, key, func(m remark.Machine, c remark.Remark) (remark.Remark, error) {
		return m.Allow(c, r.Now()), nil
	})
}

// CommentOf gives a comment as it stands; store.ErrUnknown where none was asked for.
func (r *Runner) CommentOf(ctx context.Context, key string) (remark.Remark, error) {
	return r.Store.Remark(ctx, key)
}

// ReadComments reads what people and Parley have said on an issue since a moment, oldest
// first, edits included. Comments for few are among them: they say for whom they are, and
// whoever shows them has to mind that.
func (r *Runner) ReadComments(ctx context.Context, issue connectors.Ref, since time.Time) ([]connectors.Comment, error) {
	var out []connectors.Comment
	err := r.onComments(ctx, issue, readingComments(), func(ctx context.Context, c connectors.Comments) (err error) {
		out, err = c.ListComments(ctx, connectors.CommentSearch{Issue: issue, Since: since})
		return err
	})
	return out, err
}

func (r *Runner) changeRemark(ctx context.Context, key string, change func(remark.Machine, remark.Remark) (remark.Remark, error)) (remark.Remark, error) {
	var out remark.Remark
	err := r.again(func() error {
		known, err := r.Store.Remark(ctx, key)
		if err != nil {
			return err
		}
		if out, err = change(r.remarks(), known); err != nil {
			return fmt.Errorf("change the comment on %s: %w", known.Issue.Key, err)
		}
		return r.keepRemark(ctx, &out)
	})
	return out, err
}

// keepRemark stores a comment that somebody wants something of, and has it looked at.
func (r *Runner) keepRemark(ctx context.Context, c *remark.Remark) error {
	_, err := r.put(ctx, store.Commit{Now: r.Now(), Remarks: []store.RemarkWrite{{Remark: *c, Dirty: c.Open()}}})
	if err == nil {
		c.Lock++
		r.aside.drop(asideKey(c.Key))
		r.wake()
	}
	return err
}

// remarks gives the machine of comments.
func (r *Runner) remarks() remark.Machine {
	return remark.Machine{Write: r.Write, Epoch: r.epoch.Load(), Machine: mirror.Machine{
		Keys: r.MarkKeys, Late: mirror.LateDefault, Visible: mirror.VisibleGitHub, Slack: mirror.SlackOf(r.Engine().Skew),
	}}
}

// takeUpRemarks has every open comment looked at: what was under way when the last process
// ended is looked up, and what plan mode held may be let go.
func (r *Runner) takeUpRemarks(ctx context.Context) error {
	open, err := r.Store.OpenRemarks(ctx)
	if err != nil {
		return err
	}
	for i := range open {
		if err := r.keepRemark(ctx, &open[i]); err != nil && !errors.Is(err, store.ErrStale) {
			return err
		}
	}
	return nil
}

func asideKey(key string) string { return "comment " + key }

// beginRemarks begins to work on the comments that are due, and says how many those
// are.
func (r *Runner) beginRemarks(ctx context.Context, g *errgroup.Group) (int, error) {
	keys, err := r.Store.RemarksDue(ctx, r.Now(), workBatch+workers+r.aside.count(r.Now()))
	if err != nil {
		return 0, err
	}
	n := 0
	for _, key := range keys {
		if r.begin(g, asideKey(key), func() error { return r.guardedRemark(ctx, key) }) {
			n++
		}
	}
	return n, nil
}

// guardedRemark works on one comment so that whatever is wrong with it stays with it.
func (r *Runner) guardedRemark(ctx context.Context, key string) error {
	err := caught(func() error { return r.workRemark(ctx, key) })
	if err == nil || ctx.Err() != nil || errors.Is(err, store.ErrFenced) {
		return err
	}
	if !errors.Is(err, store.ErrStale) {
		r.Log.ErrorContext(ctx, "a comment could not be worked on; trying again later", "error", err)
		r.aside.put(asideKey(key), r.Now().Add(setAside))
	}
	return nil
}

// workRemark takes one comment as far as it gets.
func (r *Runner) workRemark(ctx context.Context, key string) error {
	var ev remark.Event
	for ctx.Err() == nil {
		ask, err := r.stepRemark(ctx, key, ev, false)
		if err != nil || ask == nil {
			return ignoreUnknown(err)
		}
		if err := r.assured(ctx); err != nil {
			return err // what was not sent is looked up by whoever comes next
		}
		if ev, err = r.performRemark(ctx, *ask); err != nil {
			return err
		}
	}
	if ev == nil {
		return nil
	}
	// The event in hand is stored even when told to stop: it may be an answer.
	_, err := r.stepRemark(context.WithoutCancel(ctx), key, ev, true)
	return ignoreUnknown(err)
}

// stepRemark takes an event into a comment, none for what a start makes of it, and stores
// it together with what is to be asked next; only then may that be sent. After the last
// step nothing is asked.
func (r *Runner) stepRemark(ctx context.Context, key string, ev remark.Event, last bool) (ask *remark.Request, err error) {
	err = r.again(func() error {
		c, err := r.Store.Remark(ctx, key)
		if err != nil {
			return err
		}
		m, now := r.remarks(), r.Now()
		before := c
		if ev == nil {
			c = m.Resume(c, now)
		} else {
			c = m.Take(c, ev, now)
		}
		w := store.RemarkWrite{Remark: c, Dirty: c.Open()}
		if !last {
			w.Remark, ask, w.NextAt = m.Next(c, now)
			w.Dirty = ask != nil || !w.NextAt.IsZero()
		}
		record, err := r.told(ctx, &before, &w.Remark)
		if err != nil {
			return err
		}
		_, err = r.put(ctx, store.Commit{Now: now, Record: record, Remarks: []store.RemarkWrite{w}})
		return err
	})
	return ask, err
}

func readingComments() errand { return errand{connectors.ClassCard, "comments"} }

func commenting() errand { return errand{connectors.ClassWrite, "comment"} }

// performRemark sends one request and turns what came of it into an event. An error is
// none of the tracker's.
func (r *Runner) performRemark(ctx context.Context, q remark.Request) (ev remark.Event, err error) {
	on, began := commenting(), r.Now()
	if q.Kind == remark.LookUp || q.Kind == remark.Read {
		on = readingComments()
	}
	if q.Kind == remark.Follow {
		return remark.Followed{}, r.follow(ctx, q)
	}
	var one connectors.Comment
	var all []connectors.Comment
	failed := r.onComments(ctx, q.Issue, on, func(ctx context.Context, c connectors.Comments) (err error) {
		switch q.Kind {
		case remark.Post:
			one, err = c.PostComment(ctx, q.Draft)
		case remark.LookUp:
			all, err = c.ListComments(ctx, q.Search)
		case remark.Read:
			one, err = c.ReadComment(ctx, q.Issue, q.ID)
		case remark.Edit:
			one, err = c.EditComment(ctx, connectors.CommentEdit{CommentDraft: q.Draft, ID: q.ID})
		default:
			err = c.DeleteComment(ctx, q.Issue, q.ID)
		}
		return err
	})
	switch q.Kind {
	case remark.Post:
		return remark.PostAnswered{Comment: one, Err: failed}, nil
	case remark.LookUp:
		return remark.LookedUp{Comments: all, Began: began, Err: failed}, nil
	case remark.Read:
		return remark.ReadAnswered{Comment: one, Began: began, Err: failed}, nil
	default:
		return remark.ChangeAnswered{Comment: one, Err: failed}, nil
	}
}

// onComments makes a request about comments, unless the tracker asked for quiet.
func (r *Runner) onComments(ctx context.Context, issue connectors.Ref, on errand, do func(context.Context, connectors.Comments) error) error {
	t, ok := r.tracker(issue.Tracker)
	c, comments := t.Tracker.(connectors.Comments)
	if !ok || !comments {
		return &connectors.Error{Kind: connectors.Transient, Tracker: issue.Tracker, Doing: "comment on " + issue.Key, Message: "this tracker takes no comments, or is not configured any more"}
	}
	if wait := r.waits(t.Name, on); wait != nil {
		return wait
	}
	if err := do(on.on(ctx), c); err != nil {
		r.refused(ctx, err, t.Name, on)
		r.Log.DebugContext(ctx, "request failed", "tracker", t.Name, "issue", issue.Key, "endpoint", on.endpoint, "error", err)
		return err
	}
	r.heard(ctx, t.Name, on)
	return nil
}
