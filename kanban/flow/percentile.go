package flow

import (
	"math"
	"slices"

	"parley/kanban"
)

// Percents are the percentiles that charts and cards are drawn with, in percent.
func Percents() []int { return []int{50, 70, 85, 95} }

// Linear is the percentile interpolated between neighbours, as spreadsheets give it. It
// is shown beside the other only to compare with other tools.
func Linear(sorted []int, p int) float64 {
	if len(sorted) == 0 {
		return 0
	}
	at := float64(p*(len(sorted)-1)) / 100
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
	for _, p := range Percents() {
		out[p] = kanban.Percentile(sorted, p)
	}
	return out
}

// Band tells in which an age falls; an age that equals a line belongs to the higher one.
func (l Lines) Band(age int) kanban.Band {
	switch {
	case len(l) == 0:
		return kanban.BandNone
	case age >= l[95]:
		return kanban.BandLate
	case age >= l[85]:
		return kanban.BandRisk
	case age >= l[50]:
		return kanban.BandWatch
	}
	return kanban.BandCalm
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
