package contract

import (
	"math/big"
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
		if o.Late != c.late || (o.Chance == nil) != (c.want == nil) || c.want != nil && o.Chance.Cmp(c.want) != 0 {
			t.Errorf("%s: %v, late %d; want %v, late %d", name, o.Chance, o.Late, c.want, c.late)
		}
	}
	if o := (Pace{Took: took}).Outlook(Terms{}, 1); o.Chance != nil {
		t.Errorf("no days were agreed on: %v", o.Chance)
	}
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
		if want := big.NewRat(int64(enough), int64(all)); got.Chance.Cmp(want) != 0 {
			t.Fatalf("%v, by every way %v", got.Chance, want)
		}
	})
}
