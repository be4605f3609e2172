package flow

import (
	"cmp"
	"slices"

	"parley/kanban"
	"parley/kanban/calendar"
)

// Fire is one piece of unplanned work and what it cost.
type Fire struct {
	Card kanban.CardID
	Days int // working days on which it burned
	Bill int // working days on which planned cards stood still meanwhile, added up
}

// Held is a planned card that stood still while fires burned.
type Held struct {
	Card kanban.CardID
	Unit kanban.UnitKey
	Due  string // date
	Days int    // working days
}

// Bills are what unplanned work cost the planned within a span. A planned card is held up
// on a working day on which a fire and the card were both under way, in the hands of the
// same person or team, and nothing happened to the card. Two fires of the same day are both
// billed for it: which of them was the cause nobody knows.
//
// Nothing compares every fire with every card: a bill adds up, over the days of its fire,
// how many cards stood still in the same hands, see hand.
type Bills struct {
	Fires []Fire // that burned, the dearest first
	Held  []Held // with the days on which any fire held them up, the longest first

	burned []stretch // by card
	still  []stretch // by card
	of     hands
}

// stretch is a card and some of the working days on which it was under way.
type stretch struct {
	*Item
	days dayset
}

// NewBills makes out the bills of the fires that burned within a span.
func NewBills(items []Item, c Clock, cal calendar.Calendar, span Span) *Bills {
	b := &Bills{of: newHands(span)}
	works := working(cal, span)
	for n := range items {
		i := &items[n]
		days := underWayOn(i, c, span)
		if days.and(works).count() == 0 {
			continue
		}
		if i.Unplanned {
			b.burned = append(b.burned, stretch{i, days})
			b.of.burn(i, days)
			continue
		}
		for _, d := range i.Touched {
			if span.Has(d) {
				days.drop(int(d - span.From))
			}
		}
		b.still = append(b.still, stretch{i, days})
		b.of.stand(i, days)
	}
	b.sum()
	for _, all := range [][]stretch{b.burned, b.still} {
		slices.SortFunc(all, func(x, y stretch) int { return cmp.Compare(x.Card, y.Card) })
	}
	return b
}

// sum adds up what each fire cost, and how long each card was held up.
func (b *Bills) sum() {
	for _, f := range b.burned {
		b.Fires = append(b.Fires, Fire{Card: f.Card, Days: f.days.count(), Bill: b.of.bill(f.Item, f.days)})
	}
	for _, w := range b.still {
		if n := b.of.held(w.Item, w.days); n > 0 {
			b.Held = append(b.Held, Held{Card: w.Card, Unit: w.Unit, Due: w.Due, Days: n})
		}
	}
	slices.SortFunc(b.Fires, func(x, y Fire) int {
		return cmp.Or(cmp.Compare(y.Bill, x.Bill), cmp.Compare(y.Days, x.Days), cmp.Compare(x.Card, y.Card))
	})
	sortHeld(b.Held)
}

func sortHeld(all []Held) {
	slices.SortFunc(all, func(x, y Held) int { return cmp.Or(cmp.Compare(y.Days, x.Days), cmp.Compare(x.Card, y.Card)) })
}

// HeldBy lists the cards on the bill of one fire, the longest first.
func (b *Bills) HeldBy(fire kanban.CardID) []Held {
	f := find(b.burned, fire)
	if f == nil {
		return nil
	}
	var out []Held
	for _, w := range b.still {
		if n := w.days.common(f.days); n > 0 && sameHands(w.Item, f.Item) {
			out = append(out, Held{Card: w.Card, Unit: w.Unit, Due: w.Due, Days: n})
		}
	}
	sortHeld(out)
	return out
}

// Over lists the fires that held a card up, the dearest first.
func (b *Bills) Over(card kanban.CardID) []Fire {
	w := find(b.still, card)
	if w == nil {
		return nil
	}
	by := map[kanban.CardID]bool{}
	for _, f := range b.burned {
		if sameHands(w.Item, f.Item) && w.days.common(f.days) > 0 {
			by[f.Card] = true
		}
	}
	var out []Fire
	for _, f := range b.Fires {
		if by[f.Card] {
			out = append(out, f)
		}
	}
	return out
}

func find(all []stretch, card kanban.CardID) *stretch {
	n, ok := slices.BinarySearchFunc(all, card, func(s stretch, id kanban.CardID) int { return cmp.Compare(s.Card, id) })
	if !ok {
		return nil
	}
	return &all[n]
}
