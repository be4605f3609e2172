package view

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"parley/kanban"
	"parley/kanban/flow"
)

// FlowPart is a part of the cards behind a number.
type FlowPart struct {
	All   int         `json:"all"` // that the whole list has
	Cards []FlowEntry `json:"cards"`
	Next  string      `json:"next"` // what the next part is asked for with, "" after the last one
}

// CardsBehind lists the cards behind a number, those that took longest first. Where times
// are counted that work was begun, ended or given back, a card is listed as often.
func CardsBehind(in FlowCards, q FlowQuery, l FlowList) []FlowEntry {
	s := newFlowSet(in, q)
	lines := s.lines(l)
	return s.entries(l, lines)
}

// PartBehind is CardsBehind of no more than so many cards, from after a place on: the Next
// of the part before, "" for the first one. What is not shown is not looked at more closely
// than it takes to put it into its order. The error is a *FilterError.
func PartBehind(in FlowCards, q FlowQuery, l FlowList, after string, limit int) (FlowPart, error) {
	from, err := placeOf(after)
	if err != nil {
		return FlowPart{}, err
	}
	s := newFlowSet(in, q)
	lines := s.lines(l)
	out := FlowPart{All: len(lines)}
	if after != "" {
		lines = lines[lineAfter(lines, from):]
	}
	if len(lines) > limit {
		lines = lines[:limit]
		out.Next = lines[limit-1].place()
	}
	out.Cards = s.entries(l, lines)
	return out, nil
}

// line is a card of a list before anything is said of it but its place.
type line struct {
	held, days int
	card       kanban.CardID
	nth        int // of its passages over the board, where they are listed
	item       *flow.Item
	stint      *flow.Stint
}

// before is the order of a list: held up or in work longest first.
func (x line) before(y line) int {
	return cmp.Or(cmp.Compare(y.held, x.held), cmp.Compare(y.days, x.days), cmp.Compare(x.card, y.card), cmp.Compare(x.nth, y.nth))
}

// place writes where a line stands. It means the same when others have come or gone.
func (x line) place() string { return fmt.Sprintf("%d.%d.%d.%s", x.held, x.days, x.nth, x.card) }

// placeOf reads what place writes.
func placeOf(text string) (x line, err error) {
	if text == "" {
		return x, nil
	}
	if n, err := fmt.Sscanf(text, "%d.%d.%d.%s", &x.held, &x.days, &x.nth, &x.card); n != 4 || err != nil || x.place() != text {
		return x, &FilterError{Key: "after", Value: clippedTo(text, longest), Reason: "is no place in a list; send what the page before gave as next, or leave it out"}
	}
	return x, nil
}

// lineAfter is how many lines stand before or at a place.
func lineAfter(lines []line, at line) int {
	n, found := slices.BinarySearchFunc(lines, at, line.before)
	if found {
		n++
	}
	return n
}

// lines are the cards of a list in their order.
func (s *flowSet) lines(l FlowList) []line {
	fits, passage := s.fits(l), s.passage(l)
	held := map[kanban.CardID]int{}
	if l.List == ListHeld {
		for _, h := range s.heldOf(l) {
			held[h.Card] = h.Days
		}
	}
	out := []line{}
	add := func(i *flow.Item, st *flow.Stint, nth int) {
		x := line{held: held[i.Card], card: i.Card, nth: nth, item: i, stint: st}
		if st != nil && !st.Started.IsZero() {
			x.days = s.Clock.Days(st.Started, cmp.Or(st.Ended, s.Clock.Now))
		}
		out = append(out, x)
	}
	for n := range s.items {
		i := &s.items[n]
		switch {
		case !fits(i):
		case passage == nil:
			add(i, i.Stint(), 0)
		default:
			for k := range i.Stints {
				if st := &i.Stints[k]; passage(st) {
					add(i, st, k)
				}
			}
		}
	}
	slices.SortFunc(out, line.before)
	return out
}

// entries tell of some lines of a list.
func (s *flowSet) entries(l FlowList, lines []line) []FlowEntry {
	out := make([]FlowEntry, len(lines))
	for n, x := range lines {
		out[n] = s.entry(x.item, x.stint)
		out[n].Days, out[n].Held = x.days, x.held
		if l.List == ListBlocked {
			out[n].Blocked = s.stopped(x.item, l).Hours()
		}
	}
	return out
}

// FlowCards lists the cards behind a number of FlowPicture or Workload.
func (v *Sight) FlowCards(ctx context.Context, q FlowQuery, l FlowList) ([]FlowEntry, error) {
	var out []FlowEntry
	err := v.behind(ctx, q, l, func(in FlowCards, q FlowQuery) error {
		out = CardsBehind(in, q, l)
		return nil
	})
	return out, err
}

// FlowPart lists some of them, see PartBehind.
func (v *Sight) FlowPart(ctx context.Context, q FlowQuery, l FlowList, after string, limit int) (FlowPart, error) {
	var out FlowPart
	err := v.behind(ctx, q, l, func(in FlowCards, q FlowQuery) (err error) {
		out, err = PartBehind(in, q, l, after, limit)
		return err
	})
	return out, err
}

// behind lets a list be made of what the viewer may know, when there is a turn for it.
func (v *Sight) behind(ctx context.Context, q FlowQuery, l FlowList, list func(FlowCards, FlowQuery) error) error {
	q = v.upToToday(q)
	if err := v.vetFlow(q); err != nil {
		return err
	}
	if err := v.vetList(l); err != nil {
		return err
	}
	done, err := v.computing(ctx)
	if err != nil {
		return err
	}
	defer done()
	f, err := v.flowBy(ctx, q.To)
	if err != nil {
		return err
	}
	if err := f.vetType(q); err != nil {
		return err
	}
	return list(f.cardsOf(), q)
}
