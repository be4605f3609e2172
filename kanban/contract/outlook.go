package contract

import (
	"cmp"
	"maps"
	"slices"
)

// Pace is how long IT's clock has run for requests of a contract, in dates.
type Pace struct {
	Took []int // until each was delivered, in the last thirteen periods up to now
	Used []int // so far, by each that holds a slot and is not delivered
}

// Outlook is how likely the service level (P2) holds once what is in work is delivered.
type Outlook struct {
	Met, Of int     // deliveries of the last thirteen periods: within the days agreed on, and all
	Open    int     // requests that are in work
	Late    int     // of them, longer on IT's clock already than was agreed on
	More    int     // that are taken on besides
	Known   bool    // days were agreed on, and as many delivered as a verdict needs
	Chance  float64 // 0 to 1; the errors of floating point are below 1e-9
}

// Outlook says how likely the share of the terms holds over the deliveries of the last thirteen
// periods and of what is in work, with so many requests more. Each of these takes as long as one
// of the deliveries that took at least as long as it has taken; where none did, nobody knows, and
// it is counted as late. It is over all ways in which that can come about (Poisson binomial),
// in time that grows with the requests and with in how many different times work was delivered.
func (p Pace) Outlook(t Terms, more int) Outlook {
	o := Outlook{Of: len(p.Took), Open: len(p.Used), More: more}
	for _, d := range p.Took {
		if d <= t.SLEDays {
			o.Met++
		}
	}
	for _, d := range p.Used {
		if d > t.SLEDays {
			o.Late++
		}
	}
	if o.Known = t.SLEDays > 0 && o.Of >= LeastDeliveries; o.Known {
		all := o.Of + o.Open + o.More
		o.Chance = p.odds(t.SLEDays, more).atLeast((t.SLEShare*all+99)/100 - o.Met)
	}
	return o
}

// odds are how many of the requests in work and of so many more are in time within a limit.
func (p Pace) odds(limit, more int) odds {
	took := slices.Sorted(slices.Values(p.Took))
	inTime := func(used int) float64 { // the chance of one that has taken so long
		from, _ := slices.BinarySearch(took, used)
		to, _ := slices.BinarySearch(took, limit+1)
		if from >= to {
			return 0
		}
		return float64(to-from) / float64(len(took)-from)
	}
	alike := map[float64]int{inTime(0): more} // requests that have the same chance
	for _, used := range p.Used {
		alike[inTime(used)]++
	}
	out := odds{chances: []float64{1}}
	for _, chance := range slices.SortedFunc(maps.Keys(alike), cmp.Compare[float64]) {
		out = out.and(binomial(alike[chance], chance))
	}
	return out
}

// odds are how likely each number of requests is in time. Numbers that are too
// unlikely to count are left out at both ends.
type odds struct {
	from    int // the first number
	chances []float64
}

// unseen is how unlikely what is left out of odds is, beside what is likeliest: far less than
// shows in the sum of as many as there can be.
const unseen = 1e-24

// binomial are the odds of n requests, each of which is in time with the same chance. Beginning
// with the likeliest number, each one follows from the one beside it.
func binomial(n int, chance float64) odds {
	switch {
	case n == 0 || chance <= 0:
		return odds{chances: []float64{1}}
	case chance >= 1:
		return odds{from: n, chances: []float64{1}}
	}
	peak, ratio := min(int(float64(n+1)*chance), n), chance/(1-chance)
	var below []float64
	for k, c := peak, 1.0; k > 0; k-- {
		if c *= float64(k) / float64(n-k+1) / ratio; c < unseen {
			break
		}
		below = append(below, c)
	}
	slices.Reverse(below)
	out := odds{from: peak - len(below), chances: append(below, 1)}
	for k, c := peak, 1.0; k < n; k++ {
		if c *= float64(n-k) / float64(k+1) * ratio; c < unseen {
			break
		}
		out.chances = append(out.chances, c)
	}
	sum := 0.0
	for _, c := range out.chances {
		sum += c
	}
	for k := range out.chances {
		out.chances[k] /= sum
	}
	return out
}

// and are the odds of both together.
func (o odds) and(more odds) odds {
	out := odds{from: o.from + more.from, chances: make([]float64, len(o.chances)+len(more.chances)-1)}
	for i, c := range o.chances {
		for j, d := range more.chances {
			out.chances[i+j] += c * d
		}
	}
	return out
}

// atLeast is how likely so many, or more, are in time.
func (o odds) atLeast(k int) float64 {
	if k <= o.from {
		return 1
	}
	sum := 0.0
	for n := k - o.from; n < len(o.chances); n++ {
		sum += o.chances[n]
	}
	return min(sum, 1)
}

// pace is how long IT's clock has run for the requests of an account.
func (r *run) pace(a *account) Pace {
	var p Pace
	from := a.period.Back(deliveryPeriods - 1).Monday()
	for _, h := range a.holdings {
		switch {
		case h.GivenBack:
		case !h.Delivered.IsZero():
			if a.base.Of(h.Delivered) >= from {
				p.Took = append(p.Took, h.ITDays)
			}
		case h.open() && r.cards[h.Card].holding == h:
			used := 0
			if !h.Committed.IsZero() {
				used = r.cards[h.Card].itDays(h.Committed, r.now.Add(1), r.Calendar)
			}
			p.Used = append(p.Used, used)
		}
	}
	return p
}
