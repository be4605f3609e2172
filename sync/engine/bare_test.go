package engine

import (
	"testing"
	"time"

	"parley/connectors"
	"parley/kanban"
)

// A slow reading brings a later picture without its history, and no poll brings it again:
// the history is asked for also where the picture looks as before.
func TestALaterPictureAloneAsksForItsHistory(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		later  time.Duration
		strong bool
		want   Need
	}{
		"later":            {time.Minute, false, NeedHistory},
		"the same again":   {0, false, NeedNothing},
		"read by its name": {time.Minute, true, NeedNothing}, // a poll is still to bring it
	} {
		d := paired(t)
		issue := d.card.Sides[kanban.GitHub].Issue
		issue.Updated = issue.Updated.Add(c.later)
		d.step(Observed{Side: kanban.GitHub, Strong: c.strong, Observation: connectors.Observation{Issue: issue, Since: connectors.NoHistory}})
		if got := d.card.Sides[kanban.GitHub].Need; got != c.want {
			t.Errorf("%s: needs %q, want %q", name, got, c.want)
		}
	}
}
