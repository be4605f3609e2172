package engine

import (
	"testing"

	"parley/connectors"
	"parley/kanban"
)

// A tracker that asks for quiet again and again has not said no. A write that waited for
// it is not given up at the first answer after that.
func TestWaitingForQuietIsNoRefusal(t *testing.T) {
	t.Parallel()
	d := paired(t)
	scene := scenes()[0]
	scene.make(d)
	n := 0
	d.fail = func(q Request) error {
		if q.Kind != Send {
			return nil
		}
		switch n++; {
		case n <= 2*maxAttempts:
			return &connectors.Error{Kind: connectors.RateLimit, Tracker: "jira", Doing: "try"}
		case n < 3*maxAttempts:
			return &connectors.Error{Kind: connectors.Conflict, Tracker: "jira", Doing: "try"}
		default:
			return nil
		}
	}
	d.work()
	if n != 3*maxAttempts || d.card.Field(scene.field).Sides[kanban.Jira].Refused != nil {
		t.Errorf("%d requests, refused %+v\n%s", n, d.card.Field(scene.field).Sides[kanban.Jira].Refused, d.story())
	}
	d.expect(scene.field, scene.agreed, scene.jira, scene.github)
}
