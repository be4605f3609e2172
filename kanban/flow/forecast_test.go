package flow_test

import (
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"parley/kanban/flow"
)

func TestForecastsAreExact(t *testing.T) {
	t.Parallel()
	s := flow.Sample{0, 1, 2, 0, 3}
	d := s.HowMany(3)
	for k, want := range []int64{8, 12, 18, 25, 21, 18, 13, 6, 3, 1} {
		if d.Ways[k].Int64() != want || d.All.Int64() != 125 {
			t.Errorf("%d items: %v of %v ways", k, d.Ways[k], d.All)
		}
	}
	for p, want := range map[int]int{50: 3, 70: 2, 85: 1, 95: 0} {
		if got := d.Sure(p); got != want {
			t.Errorf("%d %%: %d items, want %d", p, got, want)
		}
	}
	when, err := s.When(4)
	if err != nil || when[50] != 4 || when[70] != 5 || when[85] != 6 || when[95] != 8 {
		t.Errorf("4 items: %v, %v", when, err)
	}
}

// atLeast is the probability of n items or more.
func atLeast(d flow.Distribution, n int) *big.Rat {
	sum := new(big.Int)
	for k := n; k < len(d.Ways); k++ {
		sum.Add(sum, d.Ways[k])
	}
	return new(big.Rat).SetFrac(sum, d.All)
}

// P(done by t) = P(how many by t ≥ items), and the answers of the one are those of the other.
func TestTheTwoForecastsAgree(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := flow.Sample(rapid.SliceOfN(rapid.IntRange(0, 4), 1, 12).Draw(t, "sample"))
		items, days := rapid.IntRange(1, 8).Draw(t, "items"), rapid.IntRange(1, 12).Draw(t, "days")
		d := s.HowMany(days)
		chance := atLeast(d, items)
		for _, p := range flow.Percents() {
			sure := chance.Cmp(big.NewRat(int64(p), 100)) >= 0
			if sure != (d.Sure(p) >= items) {
				t.Fatalf("%d %%: %d items sure, %d asked, %v", p, d.Sure(p), items, chance)
			}
			if when, err := s.When(items); err == nil && when[p] > 0 && sure != (when[p] <= days) {
				t.Fatalf("%d %%: on day %d, %d asked, %v", p, when[p], days, chance)
			}
		}
	})
}
