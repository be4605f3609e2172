package view

import (
	"cmp"
	"slices"

	"parley/kanban"
	"parley/kanban/flow"
)

// kept is what a picture was made of, so that the next one costs what has changed since: the
// cards that have left the board are folded once. What is open is folded for each picture,
// for it grows older.
type kept struct {
	span    flow.Span
	ids     []kanban.CardID // of all cards, also those that the query does not pick
	traits  []*flow.Traits
	tracks  []*flow.Track // nil of a card that is not at rest: it would keep its past alive
	classes []class
	rest    sums             // of the cards at rest
	dots    []TimeDot        // of the same; without titles
	worked  []*flow.Workdays // of the same; nil where nobody asked
	// What a query can be about, by how many cards.
	types, names counts[string]
}

// change is what became of the cards at rest since the picture before.
type change struct{ gone, came []flow.Item }

// follow brings what was kept of a picture up to date, and classifies the cards by it.
func (s *flowSet) follow(k *kept) *kept {
	if k == nil || k.span != s.span {
		k = &kept{span: s.span, rest: s.newSums(), types: counts[string]{}, names: counts[string]{}}
	}
	now, c := s.compare(k)
	if len(c.gone) > len(s.Items)/4 { // less is to be folded where all are folded again
		now.rest, now.dots = s.newSums(), nil
		c = change{came: s.pick(isAtRest, 0)}
	}
	if len(c.gone) > 0 {
		gone := s.sumsOf(c.gone)
		now.rest.plus(&gone, -1)
	}
	if len(c.came) > 0 {
		came := s.sumsOf(c.came)
		now.rest.plus(&came, 1)
	}
	now.redot(s, c)
	return now
}

// compare walks over the cards of two pictures. One that is at rest and was before is not
// looked at.
func (s *flowSet) compare(k *kept) (*kept, change) {
	size := len(s.Items)
	now := &kept{span: k.span, ids: make([]kanban.CardID, size), traits: make([]*flow.Traits, size), tracks: make([]*flow.Track, size), classes: make([]class, size), worked: make([]*flow.Workdays, size), rest: k.rest, dots: k.dots, types: k.types, names: k.names}
	s.classes = now.classes
	var c change
	old := 0
	leave := func() {
		k.choose(k.traits[old], -1)
		if k.classes[old]&isAtRest != 0 {
			c.gone = append(c.gone, flow.Item{Track: k.tracks[old], Traits: k.traits[old]})
		}
		old++
	}
	for n := range s.Items {
		i := &s.Items[n]
		now.traits[n] = i.Traits
		if old < len(k.ids) && k.traits[old] == i.Traits && k.tracks[old] == i.Track {
			now.ids[n], now.tracks[n], now.classes[n], now.worked[n] = k.ids[old], i.Track, k.classes[old], k.worked[old]
			old++
			continue
		}
		now.ids[n] = i.Card
		if old < len(k.ids) && k.traits[old] == i.Traits && k.classes[old]&isAtRest == 0 { // it has grown older
			old++
		} else {
			for old < len(k.ids) && k.ids[old] <= i.Card {
				leave()
			}
			k.choose(i.Traits, 1)
		}
		if now.classes[n] = s.class(i); now.classes[n]&isAtRest != 0 {
			now.tracks[n] = i.Track
			c.came = append(c.came, *i)
		}
	}
	for old < len(k.ids) {
		leave()
	}
	return now, c
}

// choose counts what a query can be about.
func (k *kept) choose(t *flow.Traits, times int) {
	k.types.add(orNone(t.Type), times)
	k.names.add(t.Class, times)
}

// choices are what a query can be about.
func (k *kept) choices(units []Named) FlowChoices {
	return FlowChoices{Units: units, Types: namesOf(k.types), Classes: namesOf(k.names)}
}

func namesOf(c counts[string]) []string {
	out := make([]string, 0, len(c))
	for name := range c {
		if name != "" {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// redot brings the dots of finished cards up to date.
func (k *kept) redot(s *flowSet, c change) {
	if s.load || len(c.gone)+len(c.came) == 0 {
		return
	}
	gone := map[kanban.CardID]bool{}
	for n := range c.gone {
		gone[c.gone[n].Card] = true
	}
	was := k.dots
	if len(gone) > 0 {
		was = slices.DeleteFunc(slices.Clone(was), func(d TimeDot) bool { return gone[d.Card] })
	}
	k.dots = mergedDots(was, s.dotsOf(c.came))
}

// before is the order of dots: those that took longest first.
func (d TimeDot) before(o TimeDot) int {
	return cmp.Or(cmp.Compare(o.Days, d.Days), cmp.Compare(d.Card, o.Card))
}

// dotsOf are the dots of those of some cards that are finished, in their order.
func (s *flowSet) dotsOf(items []flow.Item) []TimeDot {
	var out []TimeDot
	for n := range items {
		i := &items[n]
		if st := s.done(i); st != nil {
			out = append(out, TimeDot{CardName: CardName{Card: i.Card, Key: i.Key}, Day: s.day(st.Ended).String(), Days: s.Clock.Days(st.Started, st.Ended), Planned: !i.Unplanned})
		}
	}
	slices.SortFunc(out, TimeDot.before)
	return out
}

// mergedDots are those of both, in their order, in a list of their own.
func mergedDots(a, b []TimeDot) []TimeDot {
	out := make([]TimeDot, 0, len(a)+len(b))
	for _, d := range b {
		n, _ := slices.BinarySearchFunc(a, d, TimeDot.before)
		out, a = append(append(out, a[:n]...), d), a[n:]
	}
	return append(out, a...)
}
