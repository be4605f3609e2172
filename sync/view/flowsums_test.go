package view

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"parley/kanban/flow"
)

// exactly compares sums: nothing that is in one and not in the other is forgiven but an
// empty list.
func exactly() cmp.Option {
	return cmp.Options{cmp.AllowUnexported(sums{}, hindered{}, courtSums{}, unitDay{}), cmpopts.EquateEmpty()}
}

// TestSumsOfPartsAreTheSumsOfAll: fold(some) + fold(the rest) = fold(all), and without the
// rest again it is fold(some), to the last digit.
func TestSumsOfPartsAreTheSumsOfAll(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		s := newFlowSet(crowd(rapid.IntRange(0, 60).Draw(r, "cards"), 200, rapid.Uint64().Draw(r, "seed")), FlowQuery{Days: rapid.SampledFrom([]int{7, 30, 90}).Draw(r, "days")})
		var parts [2][]flow.Item
		for _, i := range s.items {
			n := rapid.IntRange(0, 1).Draw(r, "part")
			parts[n] = append(parts[n], i)
		}
		s.load = rapid.Bool().Draw(r, "of a workload")
		all, some, rest := s.sumsOf(s.items), s.sumsOf(parts[0]), s.sumsOf(parts[1])
		sum := s.newSums()
		sum.plus(&some, 1)
		sum.plus(&rest, 1)
		if diff := cmp.Diff(all, sum, exactly()); diff != "" {
			r.Fatalf("the parts add up to something else:\n%s", diff)
		}
		sum.plus(&rest, -1)
		if diff := cmp.Diff(some, sum, exactly()); diff != "" {
			r.Fatalf("without the rest:\n%s", diff)
		}
	})
}

// TestSumsAreWhatIsFoldedFromAll holds what is added up card by card against the folds of
// all cards at once.
func TestSumsAreWhatIsFoldedFromAll(t *testing.T) {
	t.Parallel()
	for seed, days := range []int{7, 30, 90} {
		s, _ := newPictured(crowd(5000, 200, uint64(seed)), FlowQuery{Days: days}, false, nil)
		load, _ := newPictured(crowd(5000, 200, uint64(seed)), FlowQuery{Days: days}, true, nil)
		c, span := s.Clock, s.span
		blocked := flow.Hindrances(s.items, c, span)
		var all []flow.Hindrance
		for _, h := range s.sums.blocked {
			all = append(all, h)
		}
		first := c.Today()
		for _, i := range s.items {
			first = min(first, c.Day(i.Created))
		}
		for name, x := range map[string][2]any{
			"weeks":      {flow.Weekly(s.items, c, span), s.sums.weeks},
			"days":       {flow.PerDay(s.items, c, span), s.sums.days},
			"cumulative": {flow.Cumulative(s.items, s.Layout, c, s.diagramSpan()), s.sums.lines},
			"finished":   {flow.Finished(s.items, c, span), s.cycles},
			"throughput": {flow.Throughput(s.items, c, span), s.sums.done},
			"shares":     {flow.Unplanned(s.items, c, span), s.sums.shares},
			"efficiency": {flow.Efficient(s.items, c, span), s.sums.efficiency},
			"blocks":     {blocked, flow.SortedHindrances(all)},
			"drains":     {flow.Drains(s.items, s.Board, c, span), load.sums.drained(span)},
			"first":      {first, s.first},
		} {
			if diff := cmp.Diff(x[0], x[1], cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s over %d days: %s", name, days, diff)
			}
		}
	}
}

// TestDotsAreMergedInTheirOrder: those of some cards and of others, wherever they lie.
func TestDotsAreMergedInTheirOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		s := newFlowSet(crowd(40, 90, rapid.Uint64().Draw(r, "seed")), FlowQuery{})
		var parts [2][]flow.Item
		for _, i := range s.items {
			n := rapid.IntRange(0, 1).Draw(r, "part")
			parts[n] = append(parts[n], i)
		}
		a, b := s.dotsOf(parts[0]), s.dotsOf(parts[1])
		was := slices.Clone(a)
		if diff := cmp.Diff(s.dotsOf(s.items), mergedDots(a, b), cmpopts.EquateEmpty()); diff != "" {
			r.Fatal(diff)
		}
		if !slices.Equal(was, a) {
			r.Fatal("the dots that were merged have changed")
		}
	})
}
