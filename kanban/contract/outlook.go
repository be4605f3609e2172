package contract

import "math/big"

// Pace is how long IT's clock has run for requests of a contract, in dates.
type Pace struct {
	Took []int // until each was delivered, in the last thirteen periods up to now
	Used []int // so far, by each that holds a slot and is not delivered
}

// Outlook is how likely the service level (P2) holds once what is in work is delivered.
type Outlook struct {
	Met, Of int // deliveries of the last thirteen periods: within the days agreed on, and all
	Open    int // requests that are in work
	Late    int // of them, longer on IT's clock already than was agreed on
	More    int // that are taken on besides
	// Chance is 0 to 1, exactly; nil where no days were agreed on, or fewer were delivered than a
	// verdict needs.
	Chance *big.Rat
}

// Outlook says how likely the share of the terms holds over the deliveries of the last thirteen
// periods and of what is in work, with so many requests more. Each of these takes as long as one
// of the deliveries that took at least as long as it has taken; where none did, nobody knows, and
// it is counted as late. It is over all ways in which that can come about (Poisson binomial).
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
	if t.SLEDays > 0 && o.Of >= LeastDeliveries {
		o.Chance = p.holds(o, t)
	}
	return o
}

// holds counts the ways in which enough is in time, of all.
func (p Pace) holds(o Outlook, t Terms) *big.Rat {
	ways, all := []*big.Int{big.NewInt(1)}, big.NewInt(1) // ways[k]: k of those so far are in time
	for n := range o.Open + o.More {
		used := 0
		if n < o.Open {
			used = p.Used[n]
		}
		inTime, alike := p.like(used, t.SLEDays)
		ways = oneMore(ways, inTime, alike-inTime)
		all.Mul(all, big.NewInt(alike))
	}
	enough := new(big.Int)
	for k, w := range ways {
		if 100*(o.Met+k) >= t.SLEShare*(o.Of+len(ways)-1) {
			enough.Add(enough, w)
		}
	}
	return new(big.Rat).SetFrac(enough, all)
}

// like counts the deliveries that took at least so many dates, and those of them within a limit.
func (p Pace) like(used, limit int) (inTime, alike int64) {
	for _, d := range p.Took {
		if d < used {
			continue
		}
		if alike++; d <= limit {
			inTime++
		}
	}
	return inTime, max(alike, 1)
}

// oneMore adds a request that is in time in so many ways and late in so many.
func oneMore(ways []*big.Int, inTime, late int64) []*big.Int {
	out := make([]*big.Int, len(ways)+1)
	for k := range out {
		out[k] = new(big.Int)
		if k < len(ways) {
			out[k].Mul(ways[k], big.NewInt(late))
		}
		if k > 0 {
			out[k].Add(out[k], new(big.Int).Mul(ways[k-1], big.NewInt(inTime)))
		}
	}
	return out
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
