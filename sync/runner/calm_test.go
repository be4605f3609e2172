package runner

import (
	"context"
	"testing"
	"time"

	"parley/connectors"
	"parley/connectors/sim/jirasim"
	"parley/mapping"
)

// tired is a tracker that takes no more creates for a while.
type tired struct {
	connectors.Tracker

	until time.Time
	asked int
}

func (t *tired) Create(context.Context, connectors.Draft) (connectors.Issue, error) {
	t.asked++
	return connectors.Issue{}, &connectors.Error{Kind: connectors.RateLimit, Tracker: "github", Doing: "create an issue", RetryAt: t.until}
}

func (t *tired) Created(context.Context, connectors.Search) ([]connectors.Issue, error) {
	return nil, nil
}

// What one create was told holds for the others as well.
func TestNothingIsCreatedBeforeTheLimitEnds(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mirroring(mapping.MirrorJiraToGitHub))
	w.settle(1)
	limit := &tired{Tracker: w.runner.Trackers[1].Tracker, until: w.clock.Now().Add(time.Hour)}
	w.runner.Trackers[1].Tracker = limit
	for range 3 {
		_, err := w.site.Create("ana", jirasim.NewIssue{Project: "OPS", Type: "Story", Summary: "Pay"})
		w.must(err)
		w.settle(1)
	}
	if limit.asked != 1 {
		t.Errorf("asked %d times to create before the limit ended", limit.asked)
	}
}
