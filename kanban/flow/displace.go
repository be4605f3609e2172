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
	Days int // working days on which IT worked on it, or could
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
// on a working day on which a fire and the card were both IT's to work on (in an active
// column where IT has the turn, and not blocked) and in the same hands, and nothing
// happened to the card: the same person works on both or, where it is not known of one of
// them who does, the same team has both. What waits for its requester or for a vendor
// stands still for them, not for a fire; and on the day that it is nothing has stood still
// yet. Two fires of the same day are both billed for it: which of them was the cause nobody
// knows.
//
// No fire is held against every card: a bill adds up, over the days of its fire, how many
// cards stood still in the same hands.
type Bills struct {
	Fires []Fire // that burned, the dearest first
	Held  []Held // with the days on which any fire held them up, the longest first

	burned map[kanban.CardID]*stretch
	still  map[kanban.CardID]*stretch
}

// NewBills makes out the bills of the fires that burned within a span.
func NewBills(items []Item, board Board, c Clock, cal calendar.Calendar, span Span) *Bills {
	diary, days := NewDiary(board, c, cal, span), make([]*Workdays, len(items))
	for n := range items {
		days[n] = diary.Of(&items[n])
	}
	return BillsOf(items, days, span)
}

// BillsOf makes out the same bills from the days of each card.
func BillsOf(items []Item, days []*Workdays, span Span) *Bills {
	b := &Bills{burned: map[kanban.CardID]*stretch{}, still: make(map[kanban.CardID]*stretch, len(items))}
	hands, room := newHands(span), make([]stretch, len(items))
	for n := range items {
		i, s := &items[n], &room[n]
		switch {
		case i.Unplanned && !days[n].worked.empty():
			hands.take(s, i, days[n].worked)
			s.burn()
			b.burned[i.Card] = s
		case !i.Unplanned && i.inHands() && !days[n].still.empty():
			hands.take(s, i, days[n].still)
			s.stand()
			b.still[i.Card] = s
		}
	}
	b.sum()
	return b
}

// untouched leaves out the days on which anything happened to a card, and the one that is
// not over: something still may.
func (s dayset) untouched(i *Item, c Clock, span Span) dayset {
	if today := c.Today(); span.Has(today) {
		s.drop(int(today - span.From))
	}
	for _, d := range slices.Backward(i.Touched) {
		if d < span.From {
			break
		}
		if d <= span.To {
			s.drop(int(d - span.From))
		}
	}
	return s
}

// sum adds up what each fire cost, and how long each card was held up.
func (b *Bills) sum() {
	for _, f := range b.burned {
		b.Fires = append(b.Fires, Fire{Card: f.Card, Days: f.days.count(), Bill: f.bill()})
	}
	for _, w := range b.still {
		if n := w.held(); n > 0 {
			b.Held = append(b.Held, Held{Card: w.Card, Unit: w.Unit, Due: w.Due, Days: n})
		}
	}
	slices.SortFunc(b.Fires, Fire.compare)
	sortHeld(b.Held)
}

// compare puts the dearest first.
func (f Fire) compare(o Fire) int {
	return cmp.Or(cmp.Compare(o.Bill, f.Bill), cmp.Compare(o.Days, f.Days), cmp.Compare(f.Card, o.Card))
}

func sortHeld(all []Held) {
	slices.SortFunc(all, func(x, y Held) int { return cmp.Or(cmp.Compare(y.Days, x.Days), cmp.Compare(x.Card, y.Card)) })
}

// HeldBy lists the cards on the bill of one fire, the longest first.
func (b *Bills) HeldBy(fire kanban.CardID) []Held {
	var out []Held
	if f := b.burned[fire]; f != nil {
		f.beside(func(h *hand) []*stretch { return h.cards }, func(w *stretch, days int) {
			out = append(out, Held{Card: w.Card, Unit: w.Unit, Due: w.Due, Days: days})
		})
	}
	sortHeld(out)
	return out
}

// Over lists the fires that held a card up, the dearest first.
func (b *Bills) Over(card kanban.CardID) []Fire {
	var out []Fire
	if w := b.still[card]; w != nil {
		w.beside(func(h *hand) []*stretch { return h.fires }, func(f *stretch, _ int) {
			out = append(out, Fire{Card: f.Card, Days: f.days.count(), Bill: f.bill()})
		})
	}
	slices.SortFunc(out, Fire.compare)
	return out
}
