package contract

import (
	"cmp"
	"errors"
	"math/big"
	"slices"

	"parley/kanban"
	"parley/kanban/flow"
)

// Week is what was finished in one full week.
type Week struct {
	Planned   int
	All       int     // unplanned work included
	Unplanned float64 // its share of the time in progress, 0 to 1
}

// Claim is the share of the slots that a unit is to have. Only how they compare counts.
type Claim struct {
	Unit  kanban.UnitKey
	Share int
}

// Part is how many slots a period a unit can have.
type Part struct {
	Unit  kanban.UnitKey
	Slots int
}

// Proposal is how many slots can be promised. Nothing is promised by the mean, which half
// of the weeks do not reach.
type Proposal struct {
	Weeks       int // that were measured
	Slots       int // a week, all units and the improvement together
	Improvement int // of these: kept for removing causes, never traded
	Parts       []Part
	Provisional bool    // too few weeks: the mean, less a reserve
	Reserve     float64 // share of the time that unplanned work takes in the worst weeks, 0 to 1
	sample      flow.Sample
}

// What a proposal stands on.
const (
	weeksMost     = 12
	weeksLeast    = 8
	surePercent   = 15 // of the weeks may fall short of it
	worstPercent  = 85
	reserveLeast  = 10 // percent, while it is provisional
	improvingPart = 10 // one slot of so many, at least one
)

// ErrNoWeeks says that nothing was measured.
var ErrNoWeeks = errors.New("no full week was measured yet; a proposal needs one at least, and eight to be more than provisional")

// Propose computes slots from what was really finished, week by week with the oldest first:
// as many as were reached, with planned work alone, in 85 of 100 weeks.
func Propose(weeks []Week, claims []Claim) (Proposal, error) {
	weeks = weeks[max(0, len(weeks)-weeksMost):]
	if len(weeks) == 0 {
		return Proposal{}, ErrNoWeeks
	}
	p := Proposal{Weeks: len(weeks), Provisional: len(weeks) < weeksLeast}
	var percents []int
	all := 0
	for _, w := range weeks {
		p.sample = append(p.sample, w.Planned)
		percents = append(percents, int(100*w.Unplanned+0.5))
		all += w.All
	}
	slices.Sort(percents)
	reserve := kanban.Percentile(percents, worstPercent)
	if p.Provisional {
		reserve = max(reserve, reserveLeast)
		p.Slots = all * max(0, 100-reserve) / (100 * len(weeks))
	} else {
		p.Slots = kanban.Percentile(slices.Sorted(slices.Values(p.sample)), surePercent)
	}
	p.Reserve = float64(reserve) / 100
	p.Improvement = min(p.Slots, max(1, p.Slots/improvingPart))
	p.Parts = apportion(p.Slots-p.Improvement, claims)
	return p, nil
}

// apportion shares slots out by largest remainders: the sum is exact, and of equal
// remainders the unit that comes first by its key has the advantage.
func apportion(slots int, claims []Claim) []Part {
	sum := 0
	for _, c := range claims {
		sum += max(0, c.Share)
	}
	if sum == 0 {
		return nil
	}
	claims = slices.SortedFunc(slices.Values(claims), func(a, b Claim) int { return cmp.Compare(a.Unit, b.Unit) })
	out := make([]Part, len(claims))
	order := make([]int, len(claims))
	left := slots
	for n, c := range claims {
		out[n], order[n] = Part{c.Unit, slots * max(0, c.Share) / sum}, n
		left -= out[n].Slots
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(slots*max(0, claims[b].Share)%sum, slots*max(0, claims[a].Share)%sum)
	})
	for _, n := range order[:left] {
		out[n].Slots++
	}
	return out
}

// Chance is how likely it is, exactly, that so many slots a week are kept over a run of
// weeks in which work goes as it went: that in sum as many requests are finished.
func (p Proposal) Chance(slots, weeks int) *big.Rat { return Still(p.sample, weeks, slots*weeks) }

// Still is how likely it is, exactly, that at least so many requests are finished within a
// number of days (or weeks) that go like those of the sample.
func Still(sample flow.Sample, days, items int) *big.Rat {
	if items <= 0 {
		return big.NewRat(1, 1)
	}
	if len(sample) == 0 || days <= 0 {
		return new(big.Rat)
	}
	d, enough := sample.HowMany(days), new(big.Int)
	for n := items; n < len(d.Ways); n++ {
		enough.Add(enough, d.Ways[n])
	}
	return new(big.Rat).SetFrac(enough, d.All)
}
