package contract_test

import (
	"errors"
	"math"
	"math/big"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"parley/kanban"
	"parley/kanban/contract"
	"parley/kanban/flow"
)

func weeks(planned ...int) (out []contract.Week) {
	for _, n := range planned {
		out = append(out, contract.Week{Planned: n, All: n + 2, Unplanned: 0.2})
	}
	return out
}

func TestSlotsAreThoseOfAPoorWeek(t *testing.T) {
	t.Parallel()
	claims := []contract.Claim{{Unit: "trading", Share: 50}, {Unit: "risk", Share: 30}, {Unit: "finance", Share: 20}}
	p, err := contract.Propose(weeks(99, 7, 5, 9, 6, 8, 12, 7, 4, 8, 10, 9, 6), claims) // the 99 is older than twelve weeks
	if err != nil || p.Slots != 5 || p.Improvement != 1 || p.Provisional || p.Weeks != 12 || p.Reserve != 0.2 {
		t.Errorf("%+v, %v", p, err)
	}
	if diff := cmp.Diff([]contract.Part{{Unit: "finance", Slots: 1}, {Unit: "risk", Slots: 1}, {Unit: "trading", Slots: 2}}, p.Parts); diff != "" {
		t.Error(diff)
	}
	if got := p.Chance(5, 1); got.Cmp(big.NewRat(11, 12)) != 0 { // 4 alone falls short
		t.Errorf("in one week: %v", got)
	}
	if got := p.Chance(7, 2); got.Cmp(big.NewRat(100, 144)) != 0 {
		t.Errorf("in two weeks: %v", got)
	}
	few, err := contract.Propose(weeks(4, 4, 7), claims)
	if err != nil || !few.Provisional || few.Slots != 5 { // the mean of 7, less a fifth
		t.Errorf("%+v, %v", few, err)
	}
	none, err := contract.Propose(weeks(0, 0, 0, 0, 0, 0, 0, 0), claims)
	if err != nil || none.Slots != 0 || none.Improvement != 0 || none.Chance(1, 1).Sign() != 0 {
		t.Errorf("%+v, %v", none, err)
	}
	if _, err := contract.Propose(nil, claims); !errors.Is(err, contract.ErrNoWeeks) {
		t.Error(err)
	}
	even := weeks(20, 20, 20, 20, 20, 20, 20, 20)
	p, _ = contract.Propose(even, []contract.Claim{{Unit: "a", Share: 45}, {Unit: "b", Share: 45}, {Unit: "c", Share: 10}}) // 8.1, 8.1 and 1.8
	if diff := cmp.Diff([]contract.Part{{Unit: "a", Slots: 8}, {Unit: "b", Slots: 8}, {Unit: "c", Slots: 2}}, p.Parts); diff != "" {
		t.Error(diff)
	}
	if p, _ := contract.Propose(even, nil); p.Improvement != 2 || p.Parts != nil {
		t.Errorf("%+v", p)
	}
}

// Slots are shared out to the last, nobody gets one beyond their share rounded up, and the
// order in which units are named makes no difference.
func TestSlotsAreSharedOut(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		claims := rapid.SliceOfNDistinct(rapid.Custom(func(t *rapid.T) contract.Claim {
			return contract.Claim{Unit: kanban.UnitKey(rapid.StringMatching("[a-f]").Draw(t, "unit")), Share: rapid.IntRange(0, 60).Draw(t, "share")}
		}), 1, 5, func(c contract.Claim) kanban.UnitKey { return c.Unit }).Draw(t, "claims")
		p, err := contract.Propose(weeks(rapid.SliceOfN(rapid.IntRange(0, 30), 1, 14).Draw(t, "planned")...), claims)
		if err != nil {
			t.Fatal(err)
		}
		sum, shares := 0, 0
		for _, c := range claims {
			shares += c.Share
		}
		for _, part := range p.Parts {
			n := slices.IndexFunc(claims, func(c contract.Claim) bool { return c.Unit == part.Unit })
			fair := float64((p.Slots-p.Improvement)*claims[n].Share) / float64(shares)
			if math.Abs(float64(part.Slots)-fair) >= 1 {
				t.Fatalf("%+v of %d slots, by %+v", part, p.Slots, claims)
			}
			sum += part.Slots
		}
		if shares > 0 && sum != p.Slots-p.Improvement {
			t.Fatalf("%d of %d slots are shared out", sum, p.Slots-p.Improvement)
		}
		again, err := contract.Propose(weeks(1), rapid.Permutation(claims).Draw(t, "in another order"))
		once, _ := contract.Propose(weeks(1), claims)
		if err != nil || cmp.Diff(once.Parts, again.Parts) != "" {
			t.Fatal("the order of units makes a difference")
		}
	})
}

// TestStillIsExact holds chances to the cases of the forecasts: 3 days of 0, 1, 2, 0, 3 a day.
func TestStillIsExact(t *testing.T) {
	t.Parallel()
	sample := flow.Sample{0, 1, 2, 0, 3}
	for items, want := range map[int]int64{-1: 125, 0: 125, 1: 117, 2: 105, 3: 87, 4: 62, 9: 1, 10: 0} {
		if got := contract.Still(sample, 3, items); got.Cmp(big.NewRat(want, 125)) != 0 {
			t.Errorf("%d in three days: %v, want %d of 125", items, got, want)
		}
	}
	if contract.Still(nil, 3, 1).Sign() != 0 || contract.Still(sample, 0, 1).Sign() != 0 {
		t.Error("out of nothing, or in no time, something is finished")
	}
}
