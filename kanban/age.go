package kanban

import (
	"slices"
	"time"
)

// Band says how an age compares with what is usual.
type Band string

// Bands, from young to old. BandNone is of ages that there is nothing to compare with.
const (
	BandNone  Band = ""
	BandCalm  Band = "calm"  // younger than half of the finished cards were
	BandWatch Band = "watch" // from the 50th percentile on
	BandRisk  Band = "risk"  // from the 85th percentile on
	BandLate  Band = "late"  // from the 95th percentile on
)

// Older reports whether an age is beyond what is usual: 85 of 100 cards took less.
func (b Band) Older() bool { return b == BandRisk || b == BandLate }

// Baseline is how long cards usually take: percentiles of days begun between start and
// finish. The zero Baseline knows nothing.
type Baseline struct {
	N   int `json:"n"` // finished cards it was made of
	P50 int `json:"p50"`
	P85 int `json:"p85"`
	P95 int `json:"p95"`
}

// What a baseline is made of: the cards that were finished within so many days, and of
// how many at least.
const (
	BaselineDays = 90
	baselineMin  = 10
)

// NewBaseline makes a baseline of cycle times in days, in any order.
func NewBaseline(days []int) Baseline {
	sorted := slices.Sorted(slices.Values(days))
	return Baseline{N: len(sorted), P50: Percentile(sorted, 50), P85: Percentile(sorted, 85), P95: Percentile(sorted, 95)}
}

// BaselineOf makes the baseline of the journeys that were finished in the last days
// before now. Days are dates in loc.
func BaselineOf(journeys []Journey, now time.Time, loc *time.Location) Baseline {
	var days []int
	for _, j := range journeys {
		if j.Started != nil && j.Finished != nil && !j.Finished.After(now) && Days(*j.Finished, now, loc) <= BaselineDays {
			days = append(days, Days(*j.Started, *j.Finished, loc))
		}
	}
	return NewBaseline(days)
}

// Known reports whether there were enough cards to say what is usual.
func (b Baseline) Known() bool { return b.N >= baselineMin }

// Band is the band of an age in days. An age equal to a line belongs to the higher band.
func (b Baseline) Band(age int) Band {
	switch {
	case !b.Known():
		return BandNone
	case age >= b.P95:
		return BandLate
	case age >= b.P85:
		return BandRisk
	case age >= b.P50:
		return BandWatch
	default:
		return BandCalm
	}
}

// Percentile is the p-th percentile (1 to 100) of ascending values by nearest rank: the
// smallest value that at least p of 100 do not exceed. Of no values it is 0.
func Percentile(sorted []int, p int) int {
	if len(sorted) == 0 {
		return 0
	}
	rank := (p*len(sorted) + 99) / 100
	return sorted[min(max(rank, 1), len(sorted))-1]
}
