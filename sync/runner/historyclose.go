package runner

import (
	"context"
	"errors"
	"slices"

	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/store"
)

// commit stores a part of what was read, and how far that is.
func (h *chronicle) commit(ctx context.Context, events []kanban.Event, marks ...store.HistoryMark) error {
	h.changed = true
	_, err := h.put(ctx, store.Commit{
		Now: h.Now(), Record: engine.Record{Events: events}, Histories: marks,
	})
	return err
}

// whole stores the last part of the histories of some issues, and what they tell of their
// cards. Cards that are being worked on are tried again one by one.
func (h *chronicle) whole(ctx context.Context, rows []store.IssueRow, events []kanban.Event) error {
	err := h.close(ctx, rows, events)
	if errors.Is(err, store.ErrStale) {
		err = h.singly(ctx, rows, events)
	}
	if err != nil {
		return err
	}
	return h.tell(ctx, false)
}

func (h *chronicle) singly(ctx context.Context, rows []store.IssueRow, events []kanban.Event) error {
	for i, row := range rows {
		err := h.again(func() error { return h.close(ctx, rows[i:i+1], ofIssue(events, row.ID)) })
		if errors.Is(err, store.ErrStale) {
			h.aside.put(row.ID, h.Now().Add(setAside))
			continue
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// close is whole in one transaction.
func (h *chronicle) close(ctx context.Context, rows []store.IssueRow, events []kanban.Event) error {
	c := store.Commit{Now: h.Now(), Record: engine.Record{Events: events}, Histories: marks(rows, store.HistoryWhole)}
	ids := make([]string, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
	}
	now, err := h.Store.Index(ctx, h.t.Name, ids)
	if err != nil {
		return err
	}
	told, err := h.journeys(ctx, rows, now, events)
	if err != nil {
		return err
	}
	h.changed = true
	eng := h.Engine()
	for _, card := range told {
		c.Cards = append(c.Cards, h.cardWrite(eng, card))
	}
	if _, err = h.put(ctx, c); err == nil {
		h.recovered(rows)
	}
	return err
}

// journeys are the cards of which the histories tell more than was known.
func (h *chronicle) journeys(ctx context.Context, rows []store.IssueRow, now map[string]store.IssueRow, fresh []kanban.Event) ([]engine.Card, error) {
	var ids []kanban.CardID
	for _, row := range rows {
		if card := now[row.ID].Card; card != "" && !slices.Contains(ids, card) {
			ids = append(ids, card)
		}
	}
	cards, err := h.Store.Cards(ctx, ids)
	if err != nil {
		return nil, err
	}
	eng, side := h.Engine(), sideOf(h.t.Kind)
	var told []engine.Card
	for _, row := range rows {
		card, known := cards[now[row.ID].Card]
		if !known {
			continue
		}
		events, err := h.story(ctx, card.ID, row.ID, fresh)
		if err != nil {
			return nil, err
		}
		if after, ok := eng.Recollect(card, side, row.ID, events); ok {
			cards[card.ID] = after // it may have another of the issues
			told = append(slices.DeleteFunc(told, func(c engine.Card) bool { return c.ID == card.ID }), after)
		}
	}
	return told, nil
}

// story is all that is known of a card, with what was just read of one of its issues.
func (h *chronicle) story(ctx context.Context, card kanban.CardID, issue string, fresh []kanban.Event) ([]kanban.Event, error) {
	stored, err := h.Store.Events(ctx, card)
	if err != nil {
		return nil, err
	}
	return joined(stored, ofIssue(fresh, issue)), nil
}

// joined are events that are stored, and others of which some may be, each once.
func joined(stored, fresh []kanban.Event) []kanban.Event {
	type id struct{ tracker, source string }
	have := make(map[id]bool, len(stored))
	for _, e := range stored {
		have[id{e.Tracker, e.SourceID}] = true
	}
	for _, e := range fresh {
		if key := (id{e.Tracker, e.SourceID}); !have[key] {
			have[key] = true
			stored = append(stored, e)
		}
	}
	return stored
}

func ofIssue(events []kanban.Event, issue string) []kanban.Event {
	return slices.DeleteFunc(slices.Clone(events), func(e kanban.Event) bool { return e.Issue != issue })
}
