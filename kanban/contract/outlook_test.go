package contract

import (
	"math"
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestOutlook: with three of five deliveries in ten days, a level of 60 % and one request more,
// the level holds where that one is in time: 4 of 6 are, else 3 of 6.
func TestOutlook(t *testing.T) {
	t.Parallel()
	level := Terms{SLEDays: 10, SLEShare: 60}
	took := []int{2, 4, 9, 12, 20}
	for name, c := range map[string]struct {
		pace Pace
		more int
		late int
		want *big.Rat
	}{
		"nothing in work":                 {Pace{Took: took}, 0, 0, big.NewRat(1, 1)},
		"one more goes as any":            {Pace{Took: took}, 1, 0, big.NewRat(3, 5)},
		"one that has used five":          {Pace{Took: took, Used: []int{5}}, 0, 0, big.NewRat(1, 3)},
		"one that is late":                {Pace{Took: took, Used: []int{11}}, 0, 1, new(big.Rat)},
		"one that none ever took":         {Pace{Took: []int{1, 1, 1, 1, 12}, Used: []int{13}}, 0, 1, big.NewRat(1, 1)},
		"five of which enough have to be": {Pace{Took: []int{1, 1, 1, 1, 12}, Used: []int{1, 1, 1, 1, 1}}, 0, 0, big.NewRat(3125-1-20, 3125)},
		"too few deliveries":              {Pace{Took: took[:4]}, 1, 0, nil},
		"in time is up to the last day":   {Pace{Took: []int{10, 10, 10, 11, 11}, Used: []int{10}}, 0, 0, big.NewRat(3, 5)},
	} {
		o := c.pace.Outlook(level, c.more)
		if o.Late != c.late || o.Known != (c.want != nil) || c.want != nil && !near(o.Chance, c.want) {
			t.Errorf("%s: %v, late %d; want %v, late %d", name, o.Chance, o.Late, c.want, c.late)
		}
	}
	if o := (Pace{Took: took}).Outlook(Terms{}, 1); o.Known {
		t.Errorf("no days were agreed on: %v", o.Chance)
	}
}

// near reports whether a chance is an exact one but for the errors of floating point.
func near(got float64, want *big.Rat) bool {
	exact, _ := want.Float64()
	return math.Abs(got-exact) < 1e-12
}

// TestOutlookOfMany holds the chance of more requests than there are ways to go through to the
// exact one, request by request in integers.
func TestOutlookOfMany(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		days := rapid.IntRange(1, 40)
		p := Pace{Took: rapid.SliceOfN(days, LeastDeliveries, 60).Draw(t, "took"), Used: rapid.SliceOfN(days, 0, 200).Draw(t, "used")}
		terms := Terms{SLEDays: days.Draw(t, "within"), SLEShare: rapid.IntRange(1, 100).Draw(t, "share")}
		more := rapid.IntRange(0, 20).Draw(t, "more")
		got, want := p.Outlook(terms, more), exactly(p, terms, more)
		if !near(got.Chance, want) {
			exact, _ := want.Float64()
			t.Fatalf("%v, exactly %v", got.Chance, exact)
		}
	})
}

// exactly is the chance that the level of the terms holds, without rounding.
func exactly(p Pace, terms Terms, more int) *big.Rat {
	ways, all := []*big.Int{big.NewInt(1)}, big.NewInt(1) // ways[k]: k of those so far are in time
	met := 0
	for _, d := range p.Took {
		if d <= terms.SLEDays {
			met++
		}
	}
	for _, used := range append(slices.Clone(p.Used), make([]int, more)...) {
		var inTime, late int64
		for _, d := range p.Took {
			switch {
			case d >= used && d <= terms.SLEDays:
				inTime++
			case d >= used:
				late++
			}
		}
		if inTime+late == 0 {
			late = 1
		}
		next := make([]*big.Int, len(ways)+1)
		for k := range next {
			next[k] = new(big.Int)
			if k < len(ways) {
				next[k].Mul(ways[k], big.NewInt(late))
			}
			if k > 0 {
				next[k].Add(next[k], new(big.Int).Mul(ways[k-1], big.NewInt(inTime)))
			}
		}
		ways = next
		all.Mul(all, big.NewInt(inTime+late))
	}
	enough := new(big.Int)
	for k, w := range ways {
		if 100*(met+k) >= terms.SLEShare*(len(p.Took)+len(ways)-1) {
			enough.Add(enough, w)
		}
	}
	return new(big.Rat).SetFrac(enough, all)
}

// TestOutlookCountsEveryWay holds the chance to all ways in which the requests in work can go,
// one by one.
func TestOutlookCountsEveryWay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		days := rapid.IntRange(1, 15)
		p := Pace{Took: rapid.SliceOfN(days, LeastDeliveries, 8).Draw(t, "took"), Used: rapid.SliceOfN(days, 0, 3).Draw(t, "used")}
		terms := Terms{SLEDays: days.Draw(t, "within"), SLEShare: rapid.IntRange(1, 100).Draw(t, "share")}
		more := rapid.IntRange(0, 1).Draw(t, "more")
		got := p.Outlook(terms, more)
		met := 0
		for _, d := range p.Took {
			if d <= terms.SLEDays {
				met++
			}
		}
		open := append(append([]int(nil), p.Used...), make([]int, more)...)
		enough, all := 0, 0
		var ways func(n, met int)
		ways = func(n, met int) {
			if n == len(open) {
				all++
				if 100*met >= terms.SLEShare*(len(p.Took)+len(open)) {
					enough++
				}
				return
			}
			like := 0
			for _, d := range p.Took {
				if d < open[n] {
					continue
				}
				like++
				if d <= terms.SLEDays {
					ways(n+1, met+1)
				} else {
					ways(n+1, met)
				}
			}
			if like == 0 {
				ways(n+1, met)
			}
		}
		ways(0, met)
		if want := big.NewRat(int64(enough), int64(all)); !near(got.Chance, want) {
			t.Fatalf("%v, by every way %v", got.Chance, want)
		}
	})
}
