package view

import (
	"cmp"
	"context"
	"slices"
	"time"

	"parley/kanban"
	"parley/sync/store"
)

// ColumnUnmapped is the pseudo-column of cards whose status no column claims.
const ColumnUnmapped = "unmapped"

// perColumn is how many cards a column shows at first.
const perColumn = 50

// recentDays is how long ended cards stay on the board, in days begun.
const recentDays = 14

// Board is the board that a query selects. The error is a *FilterError where it asks for what
// cannot be.
func (v *Sight) Board(ctx context.Context, q Query) (Board, error) {
	if err := v.vet(q); err != nil {
		return Board{}, err
	}
	seq, faces, err := v.picture.latest(ctx, v.Source)
	if err != nil {
		return Board{}, err
	}
	fresh, err := v.fresh(ctx)
	if err != nil {
		return Board{}, err
	}
	eng, now := v.Engine(), v.Now().In(v.zone())
	board := Board{Seq: seq, At: now, Write: writeMode(eng.Write), Units: v.units(), Priorities: []Named{}, Freshness: fresh}
	for _, p := range eng.Rules.Layout().Priorities {
		board.Priorities = append(board.Priorities, Named{Key: string(p.Key), Name: p.Name})
	}
	board.Pulse = v.pulse(faces, eng.Rules.Layout(), now)
	board.Limits = v.limits(newCensus(eng.Rules.Layout(), faces))
	board.Sides = v.sides(faces)
	board.Columns, board.Lanes = v.columns(faces, q, eng.Rules.Layout(), now)
	board.Lanes = limited(board.Lanes, board.Limits, q.Lanes)
	return board, nil
}

func writeMode(on bool) string {
	if on {
		return "on"
	}
	return "plan"
}

func (v *Views) units() []Named {
	return append(slices.Clone(v.Units), unassigned())
}

// unassigned is the unit of cards that are nobody's.
func unassigned() Named { return Named{Key: string(kanban.UnitUnassigned), Name: "Unassigned"} }

// zone is that of dates and ages.
func (v *Views) zone() *time.Location {
	if v.Zone == nil {
		return time.UTC
	}
	return v.Zone
}

// shelves are the columns of a layout, the last one being of unmapped cards.
type shelves struct {
	cols []Column
	at   map[kanban.ColumnKey]int
}

func newShelves(l kanban.Layout) shelves {
	s := shelves{at: map[kanban.ColumnKey]int{}}
	for _, c := range l.Columns {
		s.at[c.Key] = len(s.cols)
		s.cols = append(s.cols, Column{Key: c.Key, Name: c.Name, Category: c.Category, Turn: c.Turn, WIP: c.WIP, WIPHard: c.WIPHard, Cards: []Card{}})
	}
	s.cols = append(s.cols, Column{Key: ColumnUnmapped, Name: "Unmapped", Cards: []Card{}})
	return s
}

// of is the column in which a card stands.
func (s shelves) of(c kanban.Card) int {
	if i, ok := s.at[c.Column]; ok {
		return i
	}
	return len(s.cols) - 1
}

// done gives the columns as the board shows them: unmapped cards come first, while there
// are any.
func (s shelves) done() []Column {
	last := len(s.cols) - 1
	if s.cols[last].All == 0 {
		return s.cols[:last]
	}
	return append([]Column{s.cols[last]}, s.cols[:last]...)
}

// heads are the columns with what their heads say, and no cards.
func (v *Sight) heads(faces []*store.Face, l kanban.Layout, now time.Time) []Column {
	s := newShelves(l)
	for _, f := range faces {
		c := &s.cols[s.of(f.Card)]
		if v.count(c, f.Card, now) {
			c.Count++
			v.age(c, f.Card, now)
		}
	}
	return s.done()
}

// count takes a card into what a column's head says, and reports whether the card is on
// the board.
func (v *Sight) count(c *Column, card kanban.Card, now time.Time) bool {
	if v.longEnded(c.Category, card, now) {
		c.Earlier++
		return false
	}
	c.All++
	if !card.Planned {
		c.Unplanned++
	}
	if c.Category == kanban.Option && card.Turn == kanban.IT {
		c.Ready++
	}
	return true
}

// longEnded reports whether a card left the board too long ago to be on it still.
func (v *Sight) longEnded(in kanban.Category, card kanban.Card, now time.Time) bool {
	if !in.Ended() {
		return false
	}
	at := card.Journey.Entered
	if card.Journey.Finished != nil {
		at = *card.Journey.Finished
	}
	return kanban.Days(at, now, v.zone()) > recentDays
}

// age takes a card's ages into those of its column.
func (v *Sight) age(c *Column, card kanban.Card, now time.Time) {
	if c.Category.Ended() {
		return
	}
	c.Oldest = max(c.Oldest, card.Journey.AgeDays(now, v.zone()))
	c.Longest = max(c.Longest, kanban.Days(card.Journey.Entered, now, v.zone()))
}

// columns sorts the cards that a query selects into the columns of the layout, and
// those into lanes where it asks for them.
func (v *Sight) columns(faces []*store.Face, q Query, l kanban.Layout, now time.Time) ([]Column, []Lane) {
	s, sift := newShelves(l), v.sift(q, now)
	piles := make([][]*store.Face, len(s.cols))
	for _, f := range faces {
		i := s.of(f.Card)
		if here := v.count(&s.cols[i], f.Card, now); (here || q.Earlier) && sift.selects(f) {
			piles[i] = append(piles[i], f)
		}
	}
	lanes := v.lanes(piles, q)
	for i := range s.cols {
		v.fill(&s.cols[i], piles[i], lanes, q, now)
	}
	return s.done(), lanes.heads()
}

// fill puts the cards of a column into order, and as many on show as there is room.
func (v *Sight) fill(c *Column, pile []*store.Face, lanes *lanes, q Query, now time.Time) {
	slices.SortFunc(pile, longestHere)
	c.Count = len(pile)
	for _, f := range pile {
		v.age(c, f.Card, now)
	}
	if lanes != nil {
		v.divide(c, pile, lanes, q.room(c.Key), now)
		return
	}
	for _, f := range pile[:min(len(pile), q.room(c.Key))] {
		c.Cards = append(c.Cards, v.card(f, now))
	}
}

// longestHere puts the cards that entered their column first on top; of ended
// ones the latest.
func longestHere(a, b *store.Face) int {
	if a.Card.Journey.Finished != nil && b.Card.Journey.Finished != nil {
		return b.Card.Journey.Finished.Compare(*a.Card.Journey.Finished)
	}
	return cmp.Or(a.Card.Journey.Entered.Compare(b.Card.Journey.Entered), cmp.Compare(a.Card.ID, b.Card.ID))
}

// room is how many cards of a column are shown.
func (q Query) room(c kanban.ColumnKey) int {
	limit := q.Limit
	if limit <= 0 {
		limit = perColumn
	}
	if q.Column == string(c) {
		limit *= 20
	}
	return limit
}
