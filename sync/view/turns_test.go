package view

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"

	"pgregory.net/rapid"

	"parley/kanban/flow"
)

// HoldTurns takes all turns of computing pictures of flow until release.
func HoldTurns(v *Views) (release func()) {
	n := cap(v.flows.turns)
	for range n {
		v.flows.turns <- struct{}{}
	}
	return func() {
		for range n {
			<-v.flows.turns
		}
	}
}

func TestATurnIsWaitedForNoLongerThanItsAskerStays(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		all := make(turns, 1)
		done, err := all.take(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		ctx, leave := context.WithCancel(t.Context())
		gone, had := make(chan error, 1), make(chan error, 1)
		go func() { _, err := all.take(ctx); gone <- err }()
		go func() { _, err := all.take(t.Context()); had <- err }()
		synctest.Wait()
		leave()
		if err := <-gone; !errors.Is(err, context.Canceled) {
			t.Errorf("who has gone: %v", err)
		}
		synctest.Wait()
		if len(had) > 0 {
			t.Error("there were two turns at once")
		}
		done()
		if err := <-had; err != nil {
			t.Error(err)
		}
	})
}

// TestDatesAreCountedWithinTheirReach holds the bound of the work against the work.
func TestDatesAreCountedWithinTheirReach(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		sample := flow.Sample(rapid.SliceOfN(rapid.IntRange(0, 9), 5, 40).Draw(t, "sample"))
		items := rapid.IntRange(1, 40).Draw(t, "items")
		lines, err := sample.When(items)
		if r := reach(sample, items); r < 1 || r > flow.Horizon || r < flow.Horizon && (err != nil || lines[95] == 0 || lines[95] > r) {
			t.Fatalf("%d days are the reach, %v %v", r, lines, err)
		}
	})
}

func TestADateThatIsTooDearIsRefused(t *testing.T) {
	t.Parallel()
	s := newFlowSet(taleCards(t), FlowQuery{})
	sample := make(flow.Sample, FlowDaysMost)
	for n := range 60 {
		sample[n] = n + 1
	}
	if o := s.outlook(sample, FlowMost); len(o.when) > 0 || o.refused != tooDear || o.far {
		t.Errorf("%+v", o)
	}
	if o := s.outlook(sample, 10); len(o.when) == 0 || o.refused != "" {
		t.Errorf("ten cards: %+v", o)
	}
}
