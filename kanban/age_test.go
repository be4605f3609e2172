package kanban_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/kanban"
)

func TestPercentilesAreOfTheNearestRank(t *testing.T) {
	t.Parallel()
	cycle := []int{1, 3, 3, 8, 8, 8, 10} // the worked example of the facts
	for _, c := range []struct {
		values  []int
		p, want int
	}{
		{cycle, 50, 8}, {cycle, 70, 8}, {cycle, 85, 8}, {cycle, 95, 10}, {cycle, 1, 1}, {cycle, 100, 10}, {cycle, 42, 3}, {cycle, 43, 8},
		{[]int{4}, 50, 4}, {nil, 50, 0}, {cycle, 0, 1}, {cycle, 300, 10},
	} {
		if got := kanban.Percentile(c.values, c.p); got != c.want {
			t.Errorf("P%d of %v is %d, want %d", c.p, c.values, got, c.want)
		}
	}
}

// TestAPercentileIsTrueOfTheSample: p of 100 values do not exceed it, and it is the
// smallest of which that holds.
func TestAPercentileIsTrueOfTheSample(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		values := slices.Sorted(slices.Values(rapid.SliceOfN(rapid.IntRange(0, 40), 1, 60).Draw(r, "values")))
		p := rapid.IntRange(1, 100).Draw(r, "p")
		got, within, below := kanban.Percentile(values, p), 0, 0
		for _, v := range values {
			if v <= got {
				within++
			}
			if v < got {
				below++
			}
		}
		if within*100 < p*len(values) || below*100 >= p*len(values) {
			r.Fatalf("P%d of %v is %d: %d within, %d below", p, values, got, within, below)
		}
	})
}

func TestBandsOfAge(t *testing.T) {
	t.Parallel()
	ten := kanban.NewBaseline([]int{10, 9, 8, 7, 6, 5, 4, 3, 2, 1})
	if want := (kanban.Baseline{N: 10, P50: 5, P85: 9, P95: 10}); ten != want {
		t.Fatalf("%+v, want %+v", ten, want)
	}
	nine := kanban.NewBaseline([]int{1, 2, 3, 4, 5, 6, 7, 8, 9})
	for _, c := range []struct {
		base kanban.Baseline
		age  int
		want kanban.Band
	}{
		{ten, 0, kanban.BandCalm}, {ten, 4, kanban.BandCalm}, {ten, 5, kanban.BandWatch}, {ten, 8, kanban.BandWatch},
		{ten, 9, kanban.BandRisk}, {ten, 10, kanban.BandLate}, {ten, 99, kanban.BandLate},
		{nine, 99, kanban.BandNone}, {kanban.Baseline{}, 99, kanban.BandNone},
	} {
		got := c.base.Band(c.age)
		if got != c.want || got.Older() != (c.age >= 9 && c.base.Known()) {
			t.Errorf("%d d on %+v is %q, older %v", c.age, c.base, got, got.Older())
		}
	}
}

func TestABaselineIsOfTheLastNinetyDays(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 20, 18, 0, 0, 0, time.UTC)
	at := func(days int) *time.Time { t := now.AddDate(0, 0, -days); return &t }
	journeys := []kanban.Journey{
		{Started: at(12), Finished: at(10)}, // 3 days
		{Started: at(95), Finished: at(89)}, // 7 days, just within
		{Started: at(99), Finished: at(90)}, // a day too old
		{Started: at(9)},                    // under way
		{Finished: at(9)},                   // nobody knows since when
		{Started: at(1), Finished: at(-1)},  // a clock that is ahead
	}
	if got, want := kanban.BaselineOf(journeys, now, time.UTC), (kanban.Baseline{N: 2, P50: 3, P85: 7, P95: 7}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}
