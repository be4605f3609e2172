package engine

import (
	"cmp"
	"slices"
	"time"

	"parley/connectors"
	"parley/kanban"
	"parley/mapping"
)

// stop notes the beginning and the end of what blocks a card, as it happens.
func (t *turn) stop(before Card) {
	traits := t.Rules.Traits(t.card.issues()...)
	now := blocked(&t.card, traits)
	n := len(t.card.Blocks)
	open := n > 0 && t.card.Blocks[n-1].To.IsZero()
	if open && now != nil && sameStop(t.card.Blocks[n-1], now) {
		return
	}
	list := slices.Clone(t.card.Blocks)
	if open {
		list[n-1].To = t.ended(before, list[n-1])
		if list[n-1].To.Equal(list[n-1].From) {
			list = list[:n-1] // it was taken back, or said in other words at once
		}
	}
	if now != nil {
		h := kanban.Hindrance{Party: now.Party, Reason: now.Reason, From: now.Since, Asked: now.Asked}
		if m := len(list); m > 0 && h.From.Before(list[m-1].To) {
			h.From = list[m-1].To
		}
		list = append(list, h)
	}
	t.card.Blocks = kanban.Bounded(list, kanban.MaxBlocks)
}

// sameStop reports whether a card is blocked for the same reason as before.
func sameStop(h kanban.Hindrance, b *kanban.Block) bool {
	return h.Party == b.Party && h.Reason == b.Reason && h.Asked == b.Asked
}

// ended is when a block was over: of one that a person made when that was said, of one by
// rules when the tracker last changed. One that was taken back at once was none.
func (t *turn) ended(before Card, h kanban.Hindrance) time.Time {
	if at, known := t.awaited(h); known {
		return at
	}
	if before.Block != nil {
		if t.card.Block == nil && len(before.Deeds) > len(t.card.Deeds) && t.now.Sub(h.From) < UndoFor {
			return h.From
		}
		return latest(t.now, h.From)
	}
	if t.card.Block != nil {
		return latest(t.card.Block.Since, h.From)
	}
	at := h.From
	for _, i := range t.card.issues() {
		at = latest(at, i.Updated)
	}
	return at
}

// hindered tells from the whole record of a card's issues what blocked it and since when:
// by rules, of what the issues showed, and by people on the board, whose word counts
// before the rules'.
func (t *turn) hindered(events []kanban.Event) []kanban.Hindrance {
	some, told := t.Rules.Hindering()
	if !told || !some && !slices.ContainsFunc(events, ofBoard) {
		return t.card.Blocks
	}
	w := witness{turn: t, now: map[kanban.Side]connectors.Issue{}, rules: some}
	var all []kanban.Event
	for _, s := range kanban.Sides {
		if t.card.Sides[s] != nil {
			mine := t.ofSide(s, events)
			w.now[s] = t.rewound(t.card.Sides[s].Issue, mine)
			all = append(all, mine...)
		}
	}
	for _, e := range events {
		if ofBoard(e) {
			all = append(all, e)
		}
	}
	slices.SortStableFunc(all, func(a, b kanban.Event) int {
		return cmp.Or(a.At.Compare(b.At), compareBool(ofBoard(a), ofBoard(b)), cmp.Compare(a.Tracker, b.Tracker), cmp.Compare(a.Seq, b.Seq), cmp.Compare(a.SourceID, b.SourceID))
	})
	w.look(t.card.lead().Created)
	for _, e := range all {
		if w.take(e) {
			w.look(e.At)
		}
	}
	return w.settled()
}

// witness follows what blocks a card through its record.
type witness struct {
	*turn
	now  map[kanban.Side]connectors.Issue // as they were
	said *kanban.Hindrance                // by a person on the board
	list []kanban.Hindrance

	asked bool // a question waits for its answer

	rules bool // some of them call cards blocked
}

// take takes an event in, and reports whether it may have blocked the card, or ended that.
func (w *witness) take(e kanban.Event) bool {
	changed := false
	for _, c := range e.Changes {
		switch {
		case ofBoard(e) && c.Field == kanban.ChangeBlocked:
			changed = true
			if w.said = nil; c.To != "" {
				w.said = &kanban.Hindrance{Party: kanban.Party(c.To), Reason: c.ToName, From: e.At}
			}
		case ofBoard(e) && c.Field == kanban.ChangeAsked:
			changed, w.asked = true, c.To != ""
		case !ofBoard(e) && w.Rules.Hinders(c):
			for s, i := range w.now {
				if i.Tracker == e.Tracker && i.ID == e.Issue {
					w.now[s] = mapping.Replayed(i, c)
				}
			}
			changed = true
		}
	}
	return changed
}

// look notes what blocks the card at a moment.
func (w *witness) look(at time.Time) {
	var is *kanban.Block
	switch {
	case w.said != nil:
		is = &kanban.Block{Party: w.said.Party, Reason: w.said.Reason}
	case w.asked:
		is = &kanban.Block{Party: kanban.Business, Reason: kanban.AwaitsAnswer, Asked: true}
	case w.rules:
		var issues []connectors.Issue
		for _, s := range kanban.Sides {
			if i, ok := w.now[s]; ok && !i.Created.After(at) {
				issues = append(issues, i)
			}
		}
		if t := w.Rules.Traits(issues...); t.Blocked != "" {
			is = &kanban.Block{Party: t.Blocked, Reason: t.Reason}
		}
	}
	w.note(is, at)
}

func (w *witness) note(is *kanban.Block, at time.Time) {
	n := len(w.list)
	open := n > 0 && w.list[n-1].To.IsZero()
	if open && is != nil && sameStop(w.list[n-1], is) {
		return
	}
	if open {
		if w.list[n-1].To = at; !at.After(w.list[n-1].From) {
			w.list = w.list[:n-1]
		}
	}
	if is != nil {
		w.list = append(w.list, kanban.Hindrance{Party: is.Party, Reason: is.Reason, From: at, Asked: is.Asked})
	}
}

// settled are the blocks, the last one as the card is now.
func (w *witness) settled() []kanban.Hindrance {
	now := blocked(&w.card, w.Rules.Traits(w.card.issues()...))
	at := w.card.lead().Created
	for _, i := range w.card.issues() {
		at = latest(at, i.Updated)
	}
	if now == nil {
		w.note(nil, at)
		return w.list
	}
	if !now.Since.IsZero() {
		at = now.Since
	}
	if n := len(w.list); n > 0 {
		at = latest(at, w.list[n-1].To)
	}
	w.note(now, at)
	return w.list
}

// rewound is an issue as it was before some events, as far as that may have blocked it.
func (t *turn) rewound(i connectors.Issue, events []kanban.Event) connectors.Issue {
	for _, e := range slices.Backward(events) {
		for _, c := range slices.Backward(e.Changes) {
			if t.Rules.Hinders(c) {
				i = mapping.Replayed(i, kanban.Change{Field: c.Field, From: c.To, To: c.From, FromName: c.ToName, ToName: c.FromName})
			}
		}
	}
	return i
}
