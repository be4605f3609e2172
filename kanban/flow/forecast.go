package flow

import (
	"errors"
	"fmt"
	"math/big"

	"parley/kanban"
)

// Forecasts are exact: the daily throughputs of the past are drawn with replacement, and
// instead of drawing them many times the sums of all possible draws are counted. There
// is no dice and no seed, and the same history always promises the same.

// Sample is how many items were finished on each day of a window, zero days included:
// they are data.
type Sample []int

// DistinctDays is how many days with a finished item a forecast needs.
const DistinctDays = 5

// Horizon is how many days a forecast looks ahead at most.
const Horizon = 730

// ErrTooLittle says that there is too little data for a forecast.
var ErrTooLittle = errors.New("not enough data yet")

// ErrTooFar says that the answer lies beyond the horizon.
var ErrTooFar = errors.New("it lies more than two years ahead")

// Check refuses a sample from which nothing can be promised.
func (s Sample) Check() error {
	days := 0
	for _, n := range s {
		if n > 0 {
			days++
		}
	}
	if days < DistinctDays {
		return fmt.Errorf("%w: something was finished on %s, and a forecast needs %d", ErrTooLittle, kanban.Count(days, "day", "days"), DistinctDays)
	}
	return nil
}

// ways counts, by number of items, the ways in which one day can turn out.
func (s Sample) ways() []int64 {
	most := 0
	for _, n := range s {
		most = max(most, n)
	}
	out := make([]int64, most+1)
	for _, n := range s {
		out[max(n, 0)]++
	}
	return out
}

// counts are ways by number of items finished so far.
type counts []*big.Int

// nothing is the one way in which no day can turn out.
func nothing() counts { return counts{big.NewInt(1)} }

// next is a day later. Everything from top items on counts as top: it is enough.
func (c counts) next(day []int64, top int) counts {
	out := make(counts, min(len(c)+len(day)-1, top+1))
	for i := range out {
		out[i] = new(big.Int)
	}
	var product, times big.Int
	for n, w := range day {
		if w == 0 {
			continue
		}
		times.SetInt64(w)
		for done, ways := range c {
			to := out[min(done+n, len(out)-1)]
			to.Add(to, product.Mul(ways, &times))
		}
	}
	return out
}

// Distribution says how likely each number of finished items is: Ways[k] of All ways
// lead to exactly k.
type Distribution struct {
	Ways []*big.Int
	All  *big.Int
}

// HowMany is how many items will be finished within so many days.
func (s Sample) HowMany(days int) Distribution {
	day, c := s.ways(), nothing()
	for range days {
		c = c.next(day, days*(len(day)-1))
	}
	return Distribution{Ways: c, All: new(big.Int).Exp(big.NewInt(int64(len(s))), big.NewInt(int64(days)), nil)}
}

// Sure is the largest number of items that is finished with a probability of p percent or
// more. It reads backward: the surer, the fewer.
func (d Distribution) Sure(p int) int {
	sum, want := new(big.Int), percentOf(d.All, p)
	for k := len(d.Ways) - 1; k > 0; k-- {
		if sum.Add(sum, d.Ways[k]); atLeast(sum, want) {
			return k
		}
	}
	return 0
}

// percentOf is p percent of all, times a hundred.
func percentOf(all *big.Int, p int) *big.Int { return new(big.Int).Mul(all, big.NewInt(int64(p))) }

func atLeast(sum, want *big.Int) bool { return new(big.Int).Mul(sum, big.NewInt(100)).Cmp(want) >= 0 }

// When is by how many days from now items will be finished, by percent of probability. It
// reads forward: the surer, the later. The error is an ErrTooFar where not even the
// least sure answer lies within the horizon; surer ones beyond it are left out.
func (s Sample) When(items int) (Lines, error) {
	if len(s) == 0 || items <= 0 {
		return Lines{}, nil
	}
	out, ok := s.quick(items)
	if !ok {
		return s.counted(items)
	}
	if len(out) == 0 {
		return nil, ErrTooFar
	}
	return out, nil
}

// counted is When by counting all draws.
func (s Sample) counted(items int) (Lines, error) {
	out, rest := Lines{}, Percents()
	err := s.each(items, func(day int, done, all *big.Int) bool {
		for len(rest) > 0 && atLeast(done, percentOf(all, rest[0])) {
			out[rest[0]], rest = day, rest[1:]
		}
		return len(rest) > 0
	})
	if len(out) == 0 && err != nil {
		return nil, err
	}
	return out, nil
}

// each goes through the days of a forecast: in done of all ways the items are finished by
// the end of the day.
func (s Sample) each(items int, use func(day int, done, all *big.Int) bool) error {
	if len(s) == 0 || items <= 0 {
		return nil
	}
	day, c := s.ways(), nothing()
	all, size := big.NewInt(1), big.NewInt(int64(len(s)))
	for n := 1; n <= Horizon; n++ {
		c = c.next(day, items)
		all = new(big.Int).Mul(all, size)
		done := new(big.Int)
		if len(c) > items {
			done.Set(c[items])
		}
		if !use(n, done, all) {
			return nil
		}
	}
	return ErrTooFar
}

// Words is a probability as people are told it: no promise is surer than ">95 %".
func Words(p float64) string {
	switch {
	case p > 0.95:
		return ">95 %"
	case p < 0.01 && p > 0:
		return "<1 %"
	}
	return fmt.Sprintf("%.0f %%", 100*p)
}
