package flow

// Exact counting has integers of thousands of bits. Which day an answer falls on is the
// same in floating point, as long as the chance is not so near to the line that its errors
// could decide: then, and only then, it is counted.

// doubt is how near a chance is to a line before it is counted exactly. The errors of some
// hundred thousand additions and products of positive numbers are far smaller.
const doubt = 1e-9

// quick is When in floating point; ok is false where that is in doubt.
func (s Sample) quick(items int) (out Lines, ok bool) {
	out = Lines{}
	rest, day := Percents(), s.chances()
	c := append(make([]float64, 0, items+1), 1)
	for n := 1; n <= Horizon && len(rest) > 0; n++ {
		c = afterDay(c, day, items)
		if len(c) <= items {
			continue
		}
		for len(rest) > 0 {
			beyond := c[items] - float64(rest[0])/100
			if -doubt < beyond && beyond < doubt {
				return nil, false
			}
			if beyond < 0 {
				break
			}
			out[rest[0]], rest = n, rest[1:]
		}
	}
	return out, true
}

// chances are how likely one day brings so many items.
func (s Sample) chances() []float64 {
	ways := s.ways()
	out := make([]float64, len(ways))
	for n, w := range ways {
		out[n] = float64(w) / float64(len(s))
	}
	return out
}

// afterDay is how likely so many items are finished a day later. Everything from top items
// on counts as top.
func afterDay(c, day []float64, top int) []float64 {
	out := make([]float64, min(len(c)+len(day)-1, top+1))
	for n, p := range day {
		if p == 0 {
			continue
		}
		for done, q := range c {
			out[min(done+n, len(out)-1)] += p * q
		}
	}
	return out
}

// Odds are how likely each number of finished items is: exactly k with a chance of Odds[k],
// 0 to 1.
type Odds []float64

// Odds are HowMany's in floating point.
func (s Sample) Odds(days int) Odds {
	day, c := s.chances(), []float64{1}
	for range days {
		c = afterDay(c, day, days*(len(day)-1))
	}
	return c
}

// AtLeast is how likely each number of items, or more, is finished.
func (o Odds) AtLeast() []float64 {
	out, sum := make([]float64, len(o)), 0.0
	for k := len(o) - 1; k >= 0; k-- {
		sum += o[k]
		out[k] = min(sum, 1)
	}
	return out
}

// Sure is the largest number of items that is finished within so many days with a
// probability of p percent or more: as Distribution tells it, which is counted where the
// odds are in doubt.
func (s Sample) Sure(days, p int) int {
	above, line := s.Odds(days).AtLeast(), float64(p)/100
	for k := len(above) - 1; k > 0; k-- {
		switch beyond := above[k] - line; {
		case -doubt < beyond && beyond < doubt:
			return s.HowMany(days).Sure(p)
		case beyond > 0:
			return k
		}
	}
	return 0
}
