package app

import (
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil"
)

// TestMetricsAreWellMade: names, units and help are as Prometheus wants them, and no two
// lines are the same.
func TestMetricsAreWellMade(t *testing.T) {
	t.Parallel()
	a, _ := hooked(t)
	problems, err := testutil.GatherAndLint(a.metrics())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
	want := `
# HELP parley_cards_due Cards that wait for another step, now or later.
# TYPE parley_cards_due gauge
parley_cards_due 0
# HELP parley_conflicts_open Conflicts that wait for a person.
# TYPE parley_conflicts_open gauge
parley_conflicts_open 0
# HELP parley_tracker_paused 1 while a tracker is asked nothing at all.
# TYPE parley_tracker_paused gauge
parley_tracker_paused{tracker="github"} 0
# HELP parley_write_oldest_seconds Age of the write that has been under way longest; 0 where none is. Held ones do not count.
# TYPE parley_write_oldest_seconds gauge
parley_write_oldest_seconds 0
`
	if err := testutil.GatherAndCompare(a.metrics(), strings.NewReader(want), "parley_cards_due", "parley_conflicts_open", "parley_tracker_paused", "parley_write_oldest_seconds"); err != nil {
		t.Error(err)
	}
}
