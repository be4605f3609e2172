package flow_test

import (
	"testing"
	"time"

	"parley/kanban"
	"parley/kanban/flow"
)

// TestATrackOfLaterLeavesTheOneItCameFrom lets time pass for a copy.
func TestATrackOfLaterLeavesTheOneItCameFrom(t *testing.T) {
	t.Parallel()
	b := flow.NewBoard(kanban.Layout{Columns: []kanban.Column{{Key: "build", Category: kanban.Active}}})
	at := time.Date(2026, 10, 5, 8, 0, 0, 0, time.UTC)
	track := &flow.Track{}
	track.Apply(b, flow.Event{Card: "c", At: at, Kind: flow.Created, To: "build"})
	track.Apply(b, flow.Event{Card: "c", At: at.Add(time.Hour), Kind: flow.Blocked})
	for range 2 {
		later := track.At(b, at.Add(3*time.Hour)).Stint().Spent
		if len(later) != 1 || later[0] != (flow.Spent{Column: "build", All: 3 * time.Hour, Blocked: 2 * time.Hour}) {
			t.Errorf("later: %+v", later)
		}
	}
	if now := track.Stint().Spent; len(now) != 1 || now[0].All != time.Hour {
		t.Errorf("now: %+v", now)
	}
}
