package runner

import (
	"testing"
	"time"

	"parley/connectors/sim/jirasim"
)

// minutes lets time go by with a poll in each minute and slow readings where asked.
func (w *world) minutes(n int, slowly bool) {
	w.t.Helper()
	for range n {
		w.clock.Advance(time.Minute)
		w.poll()
		if slowly {
			w.slowly()
		}
	}
}

// TestPollLearnsHowLateATrackerIs: an index that is 25 minutes behind hides the first
// change from the poll until a slow reading finds it, and the second one no more.
func TestPollLearnsHowLateATrackerIs(t *testing.T) {
	t.Parallel()
	const behind = 25 * time.Minute
	w := newWorld(t)
	i, err := w.site.Create("ana", jirasim.NewIssue{Project: "OPS", Type: "Story", Summary: "Pay faster"})
	w.must(err)
	w.settle(2)
	w.site.SetIndexLag(func(string) time.Duration { return behind })
	column := func() string { return string(w.card(i.Key).Status.Agreed) }

	w.must(w.site.Transition("ana", i.Key, "Start work", jirasim.Edit{}))
	if w.minutes(30, false); column() == "doing" {
		t.Fatal("the poll saw the first change: nothing is learnt here")
	}
	if w.minutes(30, true); column() != "doing" {
		t.Fatalf("the slow reading left it in %s", column())
	}
	w.minutes(60, false)
	w.must(w.site.Transition("ana", i.Key, "Ask for review", jirasim.Edit{}))
	if w.minutes(30, false); column() != "review" {
		t.Errorf("the poll has not seen the second change: it is in %s", column())
	}

	source := sourceKey(w.runner.Trackers[0], w.runner.Trackers[0].Sources()[0])
	if by, err := w.runner.lag(t.Context(), source); err != nil || by < behind || by > maxLag {
		t.Errorf("reads %s back, %v", by, err)
	}
	w.clock.Advance(lagLasts + time.Hour)
	if by, err := w.runner.lag(t.Context(), source); err != nil || by != 0 {
		t.Errorf("a day later it still reads %s back, %v", by, err)
	}
}
