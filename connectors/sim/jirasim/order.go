package jirasim

import (
	"cmp"
	"sort"
	"strconv"
	"strings"
	"time"
)

// place is where an issue stands in an order: one rank per term, then its id.
// A page token holds the place of the last issue shown.
type place struct {
	Ranks []rank `json:"r"`
	Num   int64  `json:"n"`
}

// rank is what an issue is sorted by in one term.
type rank struct {
	Text   string `json:"s,omitempty"`
	Number int64  `json:"i,omitempty"`
}

// place of an issue in the order of the terms.
func (s *Site) placeOf(v *Issue, terms []term) place {
	p := place{Ranks: make([]rank, len(terms)), Num: v.num}
	for i, t := range terms {
		p.Ranks[i] = s.rankOf(v, t.field)
	}
	return p
}

func (s *Site) rankOf(v *Issue, field string) rank {
	switch field {
	case "updated":
		return rank{Number: s.grain(v.Updated).UnixMilli()}
	case "created":
		return rank{Number: s.grain(v.Created).UnixMilli()}
	case "priority": // ascending is lowest first, and none is below all
		if v.Priority == "" {
			return rank{Number: -1 << 32}
		}
		return rank{Number: -int64(s.catalog.rank(v.Priority))}
	case "key":
		project, number, _ := strings.Cut(v.Key, "-")
		n, _ := strconv.ParseInt(number, 10, 64)
		return rank{Text: project, Number: n}
	}
	return rank{Number: v.num}
}

// comparePlaces orders two places; equal ranks fall back on the id.
func comparePlaces(a, b place, terms []term) int {
	for i, t := range terms {
		c := cmp.Or(cmp.Compare(a.Ranks[i].Text, b.Ranks[i].Text), cmp.Compare(a.Ranks[i].Number, b.Ranks[i].Number))
		if t.desc {
			c = -c
		}
		if c != 0 {
			return c
		}
	}
	return cmp.Compare(a.Num, b.Num)
}

// sorted puts issues in order.
func (s *Site) sorted(vs []*Issue, terms []term) []*Issue {
	type placed struct {
		issue *Issue
		at    place
	}
	ps := make([]placed, len(vs))
	for i, v := range vs {
		ps[i] = placed{v, s.placeOf(v, terms)}
	}
	sort.Slice(ps, func(i, j int) bool { return comparePlaces(ps[i].at, ps[j].at, terms) < 0 })
	for i := range ps {
		vs[i] = ps[i].issue
	}
	return vs
}

// start is the "updated" of a place, where that is what it is sorted by first.
func (p place) start() time.Time { return time.UnixMilli(p.Ranks[0].Number).UTC() }
