package runner

import (
	"context"
	"fmt"

	"parley/sync/engine"
	"parley/sync/remark"
)

// told is the line for the account of what happened to a comment, none while nothing has
// come to its end. It has none of the comment's words, and of one for few no reason either.
func (r *Runner) told(ctx context.Context, before, after *remark.Remark) (engine.Record, error) {
	was, is := before.State(), after.State()
	if was == is && before.Written == after.Written {
		return engine.Record{}, nil
	}
	line := engine.Activity{At: r.Now(), Op: after.Post.ID, Kind: engine.DidWrite}
	switch {
	case is == remark.Posted && before.Written > 0:
		line.Text = "edited a comment on " + after.Issue.Key
	case is == remark.Posted:
		line.Text = "commented on " + after.Issue.Key
	case is == remark.Deleted && after.ID() != "":
		line.Text = "deleted a comment on " + after.Issue.Key
	case is == remark.Refused:
		line.Kind, line.Text = engine.DidRefuse, fmt.Sprintf("a comment on %s: %s", after.Issue.Key, after.Problem)
	case is == remark.Vanished, is == remark.Held && after.Post.Suspended():
		line.Kind, line.Text = engine.DidProblem, fmt.Sprintf("a comment on %s: %s", after.Issue.Key, after.Problem)
	default:
		return engine.Record{}, nil
	}
	if after.Reason != "" && after.Audience.Public() && line.Kind == engine.DidWrite {
		line.Text += ": " + after.Reason
	}
	rows, err := r.Store.Index(ctx, after.Issue.Tracker, []string{after.Issue.ID})
	if err != nil {
		return engine.Record{}, err
	}
	line.Card = rows[after.Issue.ID].Card
	if t, ok := r.tracker(after.Issue.Tracker); ok {
		line.Side = sideOf(t.Kind).String()
	}
	return engine.Record{Activity: []engine.Activity{line}}, nil
}
