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

// TestNobodyTakesAllTurns has somebody ask for five pictures at once before somebody else asks
// for one: it comes after the one that is under way.
func TestNobodyTakesAllTurns(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		views := New(Options{})
		views.flows.turns = make(turns, 1)
		greedy, modest := views.As(Viewer{Audience: AudienceOps, Name: "Ana"}), views.As(Viewer{Audience: AudienceOps, Name: "Ben"})
		order, goOn := make(chan string, 6), make(chan bool)
		ask := func(who *Sight) {
			done, err := who.computing(t.Context())
			if err != nil {
				t.Error(err)
				return
			}
			order <- who.Viewer.Name
			<-goOn
			done()
		}
		for range 5 {
			go ask(greedy)
		}
		synctest.Wait()
		go ask(modest)
		synctest.Wait()
		for range 6 {
			goOn <- true
			synctest.Wait()
		}
		close(order)
		var got []string
		for name := range order {
			got = append(got, name)
		}
		if len(got) != 6 || got[1] != "Ben" {
			t.Errorf("in the order %v", got)
		}
		if len(views.flows.each.by) > 0 {
			t.Errorf("%d are remembered who wait for nothing", len(views.flows.each.by))
		}
		gone, leave := context.WithCancel(t.Context())
		leave()
		if _, err := greedy.computing(gone); err == nil || len(views.flows.each.by) > 0 {
			t.Error("who has gone had a turn, or is remembered:", err)
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
