package flow

import (
	"cmp"
	"math"
	"slices"
)

// Percentiles that charts and cards are drawn with, in percent.
var percents = [...]int{50, 70, 85, 95}

// Percents lists them.
func Percents() []int { return slices.Clone(percents[:]) }

// Percentile is the nearest-rank percentile of a sample in ascending order:
// sorted[ceil(p·n/100)], counted from 1. Of all definitions it alone makes "p percent
// took no longer than this" true of the sample itself. It is the zero value of no sample.
func Percentile[T cmp.Ordered](sorted []T, p int) T {
	var none T
	if len(sorted) == 0 {
		return none
	}
	rank := (p*len(sorted) + 99) / 100
	return sorted[min(max(rank, 1), len(sorted))-1]
}

// Linear is the percentile interpolated between neighbours, as spreadsheets give it. It
// is shown beside the other only to compare with other tools.
func Linear(sorted []int, p int) float64 {
	if len(sorted) == 0 {
		return 0
	}
	at := float64(p) / 100 * float64(len(sorted)-1)
	low := int(math.Floor(at))
	high := min(low+1, len(sorted)-1)
	return float64(sorted[low]) + (at-float64(low))*float64(sorted[high]-sorted[low])
}

// FloorRank is the percentile as Lighthouse counts it, sorted[floor(p·n/100)], counted
// from 1: lower than the nearest rank. It too is only for comparing.
func FloorRank(sorted []int, p int) int {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[max(p*len(sorted)/100-1, 0)]
}

// Lines are the percentiles of one sample, by percent.
type Lines map[int]int

// LinesOf takes the percentiles of a sample, in any order.
func LinesOf(sample []int) Lines {
	sorted := slices.Sorted(slices.Values(sample))
	out := Lines{}
	for _, p := range percents {
		out[p] = Percentile(sorted, p)
	}
	return out
}

// Band is how old a card is, compared with what is usual.
type Band string

// Bands of age, from the youngest.
const (
	NoBaseline Band = ""      // too little is finished to know what is usual
	Calm       Band = "calm"  // below the 50th percentile
	Watch      Band = "watch" // from the 50th on
	Risk       Band = "risk"  // from the 85th on
	Late       Band = "late"  // from the 95th on
)

// Band tells in which an age falls; an age that equals a line belongs to the higher one.
func (l Lines) Band(age int) Band {
	switch {
	case len(l) == 0:
		return NoBaseline
	case age >= l[95]:
		return Late
	case age >= l[85]:
		return Risk
	case age >= l[50]:
		return Watch
	}
	return Calm
}

// MetShare is the share of a sample that took no longer than a service level expectation,
// 0 to 1; 0 of no sample.
func MetShare(sample []int, sle int) float64 {
	if len(sample) == 0 {
		return 0
	}
	met := 0
	for _, days := range sample {
		if days <= sle {
			met++
		}
	}
	return float64(met) / float64(len(sample))
}
