package runner

import (
	"context"
	"strings"
	"testing"
	"time"

	"parley/connectors"
	"parley/kanban"
	"parley/sync/remark"
)

func nativeOf(c *remark.Remark) kanban.Native { return kanban.Native(c.Wanted()) }

func TestAPlannedCommentIsAppliedOnce(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, w *world, at connectors.Ref) {
		t.Helper()
		w.write = false
		w.start()
		w.comment(at)
		w.work()
		item := func() PlanItem {
			c := w.said("q1")
			return PlanItem{Kind: PlanComment, Tracker: at.Tracker, Issue: at.ID, Key: at.Key, From: "q1", To: nativeOf(c)}
		}
		old := item()
		got := w.apply([]PlanItem{old})[at.Key+" "]
		if said := w.comments(at); got.State != AppliedSent || len(said) != 1 {
			t.Fatalf("%+v, %q", got, said)
		}
		if got := w.apply([]PlanItem{old})[at.Key+" "]; got.State != AppliedStale {
			t.Errorf("applied again: %+v", got)
		}
		_, err := w.runner.RewriteComment(context.Background(), "q1", "Which day?", nil)
		w.must(err)
		w.wait(time.Minute)
		if said := w.comments(at); strings.Contains(said[0], "day") {
			t.Errorf("an edit went without being asked for: %q", said)
		}
		if got := w.apply([]PlanItem{old})[at.Key+" "]; got.State != AppliedStale {
			t.Errorf("another text is sent by an old plan: %+v", got)
		}
		if got := w.apply([]PlanItem{item()})[at.Key+" "]; got.State != AppliedSent || !strings.Contains(w.comments(at)[0], "day") || w.said("q1").State() != remark.Posted {
			t.Errorf("%+v, %q", got, w.comments(at))
		}
	})
}

func TestAPlannedCommentThatIsRefusedFails(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(w *world) { w.write = false })
	at := w.commentPlaces()["github"]
	w.comment(at, func(r *remark.Wish) { r.Audience.Role = "Developers" })
	w.work()
	item := PlanItem{Kind: PlanComment, Tracker: at.Tracker, Issue: at.ID, Key: at.Key, From: "q1", To: nativeOf(w.said("q1"))}
	if got := w.apply([]PlanItem{item})[at.Key+" "]; got.State != AppliedFailed || !strings.Contains(got.Reason, "fewer") {
		t.Errorf("%+v", got)
	}
}
