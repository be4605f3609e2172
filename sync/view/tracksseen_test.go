package view

import (
	"context"
	"runtime"
	"slices"
	"testing"
	"time"

	"parley/kanban"
	"parley/kanban/flow"
)

func TestTheEyesThatAskedLastAreKept(t *testing.T) {
	t.Parallel()
	var s sights
	ops := s.of(eyes{unit: "ops"}, 3)
	for _, unit := range []kanban.UnitKey{"a", "b", "c", "d"} {
		s.of(eyes{unit: unit}, 3)
		if s.of(eyes{unit: "ops"}, 3) != ops {
			t.Fatalf("%s took the place of those who ask all the time", unit)
		}
	}
	var kept []string
	for who := range s.by {
		kept = append(kept, string(who.unit))
	}
	if slices.Sort(kept); !slices.Equal(kept, []string{"c", "d", "ops"}) {
		t.Errorf("%v are kept", kept)
	}
	if s.of(eyes{unit: "ops", grants: [4]grant{2: {title: true}}}, 4) == ops {
		t.Error("who may read the titles of restricted cards is told the same as who may not")
	}
	if s.of(eyes{unit: "e"}, 1); len(s.by) != 1 {
		t.Errorf("on a board that has grown %d are kept", len(s.by))
	}
	for cards, want := range map[int]int{0: mostEyes, 1000: mostEyes, 50_000: 8, 100_000: 4, 1_000_000: 4} {
		if got := eyesFor(cards); got != want {
			t.Errorf("of %d cards %d are kept, want %d", cards, got, want)
		}
	}
}

// TestNobodyWaitsForWhatOthersAreTold has one kind of viewers being told for as long as the
// test lasts.
func TestNobodyWaitsForWhatOthersAreTold(t *testing.T) {
	t.Parallel()
	var s sights
	v, all := New(Options{Policy: DefaultPolicy()}), &tracks{}
	slow, quick := v.As(Viewer{Audience: "unit:slow"}), v.As(Viewer{Audience: AudienceOps})
	if slow.eyes() == quick.eyes() {
		t.Fatal("a unit is told no other things than ops")
	}
	long := s.of(slow.eyes(), leastEyes)
	long.mu.Lock()
	defer long.mu.Unlock()
	ctx, leave := context.WithTimeout(t.Context(), 10*time.Second)
	defer leave()
	go s.items(slow, all)
	for asked := int64(1); asked == 1 && ctx.Err() == nil; runtime.Gosched() {
		if s.mu.TryLock() {
			asked = s.calls
			s.mu.Unlock()
		}
	}
	done := make(chan []flow.Item, 1)
	go func() { done <- s.items(quick, all) }()
	select {
	case <-done:
	case <-ctx.Done():
		t.Fatal("they wait for each other")
	}
}
