package runner

import (
	"context"
	"errors"

	"golang.org/x/sync/errgroup"

	"parley/sync/remark"
	"parley/sync/store"
)

// PlanComment is a comment to be posted, edited or deleted: From is its key, To stands for
// what is wanted of it.
const PlanComment = "comment"

// followComment says how a comment of the plan stands, and lets it go where it holds.
func (a *apply) followComment(ctx context.Context, x *Applied) error {
	return a.again(func() error {
		c, err := a.Store.Remark(ctx, string(x.From))
		if errors.Is(err, store.ErrUnknown) || err == nil && c.Wanted() != string(x.To) {
			x.State, x.Reason = AppliedStale, "another comment is wanted by now, or none"
			return nil
		}
		if err != nil || !x.judgeComment(&c) {
			return err
		}
		c = a.remarks().Allow(c, a.Now())
		if err := a.keepRemark(ctx, &c); err != nil {
			return err
		}
		x.op = c.Post.ID
		return nil
	})
}

// judgeComment is judge for a comment; it reports whether that is to be let go.
func (x *Applied) judgeComment(c *remark.Remark) (let bool) {
	switch state := c.State(); {
	case state == remark.Refused:
		x.State, x.Reason = AppliedFailed, c.Problem
	case state == remark.Vanished:
		x.State, x.Reason = AppliedStale, c.Problem
	case !c.Open() || state == remark.Posted:
		if x.State, x.Reason = AppliedSent, ""; x.op == "" {
			x.State, x.Reason = AppliedStale, "already done"
		}
	case c.Post.Suspended() && x.op != "": // it came up since, and is another question
		x.State, x.Reason = AppliedFailed, c.Problem
	case !c.Post.Approved:
		return true
	default:
		x.op, x.Reason = c.Post.ID, "under way"
	}
	return false
}

// sayComments works on the comments that were let go.
func (a *apply) sayComments(ctx context.Context, g *errgroup.Group) {
	for _, x := range a.asked {
		if x.State != AppliedWaiting || x.Kind != PlanComment {
			continue
		}
		key := string(x.From)
		g.Go(func() error {
			release, free := a.busy.try(asideKey(key))
			if !free {
				return nil
			}
			defer release()
			return a.guardedRemark(ctx, key)
		})
	}
}
