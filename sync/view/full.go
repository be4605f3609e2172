package view

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"parley/kanban"
	"parley/sync/store"
)

// Full is a hard limit that keeps a card out, and what takes up its places.
type Full struct {
	Limit *Limit `json:"limit"` // nil where whose it is must not be told
	// Holders are the cards that count against the limit, furthest on the way first, then
	// those that have stood there longest; the first few.
	Holders []Holder `json:"holders"`
	Reason  string   `json:"-"`
}

// Holder is a card that takes up a place, as far as it may be known.
type Holder struct {
	Card     kanban.CardID `json:"card"`
	Key      string        `json:"key,omitempty"`
	Column   string        `json:"column"`
	Assignee string        `json:"assignee,omitempty"`
}

// namedHolders is how many cards are named of those that fill a place.
const namedHolders = 3

// Full says why a hard limit keeps a card out while so many cards count against it: which
// limit that is, and which cards and people hold it. Whose limit it is stays untold to those
// who may not know who works on what, or who works on this card.
func (v *Sight) Full(ctx context.Context, id kanban.CardID, l kanban.Limit, count int) (Full, error) {
	_, faces, err := v.picture.latest(ctx, v.Source)
	people := slices.ContainsFunc(faces, func(f *store.Face) bool { return f.Card.ID == id && v.grant(f.Card).people })
	return v.full(l, count, faces, people), err
}

// full says it of a card whose people are for the viewer or not.
func (v *Sight) full(l kanban.Limit, count int, faces []*store.Face, people bool) Full {
	out := Full{Holders: []Holder{}}
	if l.Scope == kanban.ScopePerson && !(people && v.knowsPeople()) {
		out.Reason = "whoever works on it has as many cards in work as their hard limit allows; one has to be finished first"
		return out
	}
	shown := shownLimit(l, count)
	out.Limit = &shown
	layout := v.rules().Layout()
	var in []*store.Face
	for _, f := range faces {
		if layout.Counts(l, f.Card) && (l.Scope != kanban.ScopePerson || v.grant(f.Card).people) { // that it is theirs would be told
			in = append(in, f)
		}
	}
	slices.SortFunc(in, furthest(layout))
	for _, f := range in[:min(len(in), namedHolders)] {
		out.Holders = append(out.Holders, v.holder(f.Card))
	}
	out.Reason = fullWords(layout, out)
	return out
}

// furthest puts cards into order, those that are furthest on the way first.
func furthest(l kanban.Layout) func(a, b *store.Face) int {
	at := map[kanban.ColumnKey]int{}
	for i, c := range l.Columns {
		at[c.Key] = i
	}
	return func(a, b *store.Face) int {
		return cmp.Or(cmp.Compare(at[b.Card.Column], at[a.Card.Column]), longestHere(a, b))
	}
}

// holder is a card by what names it: the first key that may be known.
func (v *Sight) holder(c kanban.Card) Holder {
	g, out := v.grant(c), Holder{Card: c.ID, Column: columnKey(c)}
	if i := slices.IndexFunc(c.Sides, func(s kanban.CardSide) bool { return g.side(s.Side) }); i >= 0 {
		out.Key = c.Sides[i].Key
	}
	if g.people {
		out.Assignee = c.Assignee
	}
	return out
}

// fullWords is the limit and what holds it, in words.
func fullWords(l kanban.Layout, f Full) string {
	said := fmt.Sprintf("%s has %d of %d cards in work, its hard limit", f.Limit.Name, f.Limit.Count, f.Limit.WIP)
	if f.Limit.Scope == kanban.ScopeColumn {
		said = fmt.Sprintf("%s is full: %d of %d, its hard limit", f.Limit.Name, f.Limit.Count, f.Limit.WIP)
	}
	var names []string
	for _, h := range f.Holders {
		if name := h.words(l, f.Limit.Scope); name != "" {
			names = append(names, name)
		}
	}
	switch more := f.Limit.Count - len(names); {
	case len(names) == 0:
	case more > 0:
		said += fmt.Sprintf(" (%s and %d more)", strings.Join(names, ", "), more)
	default:
		said += " (" + strings.Join(names, ", ") + ")"
	}
	return said + "; finish or move one first"
}

// words name a holder by what its limit does not tell: who works on it in a column, and
// where it is elsewhere.
func (h Holder) words(l kanban.Layout, scope kanban.Scope) string {
	beside := h.Assignee
	if scope != kanban.ScopeColumn {
		if col, ok := l.Column(kanban.ColumnKey(h.Column)); ok {
			beside = "in " + col.Name
		}
	}
	if h.Key == "" || beside == "" {
		return h.Key
	}
	return h.Key + " " + beside
}
