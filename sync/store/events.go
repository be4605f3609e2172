package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"

	"parley/connectors"
	"parley/kanban"
	"parley/sync/store/internal/stored"
)

// Events lists what happened to the issues of a card, in the order of their
// time, then Jira before GitHub, then their order within the issue.
func (s *Store) Events(ctx context.Context, card kanban.CardID) ([]kanban.Event, error) {
	var events []kanban.Event
	err := s.read(ctx, func(tx *sql.Tx) error {
		issues, err := storyOf(ctx, tx, card)
		if err != nil {
			return err
		}
		for issue := range issues {
			part, err := collect(ctx, tx, scanEvent, `SELECT tracker, source_id, seq, issue, at, actor, own, op, changes
				FROM event WHERE tracker = $1 AND issue = $2`, issue.Tracker, issue.ID)
			if err != nil {
				return err
			}
			events = append(events, part...)
		}
		sides, err := sidesOf(ctx, tx, issues)
		SortEvents(events, sides)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read events of card %.80q: %w", card, err)
	}
	return events, nil
}

// storyOf gives the issues whose history is the card's: its two sides, and
// those that the index files under it. A side is kanban.Sides' index; -1 where
// only the index knows the issue.
func storyOf(ctx context.Context, tx *sql.Tx, card kanban.CardID) (map[IssueID]int, error) {
	issues := map[IssueID]int{}
	indexed, err := collect(ctx, tx, func(row scanner) (IssueID, error) {
		var i IssueID
		err := row.Scan(&i.Tracker, &i.ID)
		return i, err
	}, `SELECT tracker, id FROM issue WHERE card = $1`, stored.Brief(string(card)))
	if err != nil {
		return nil, err
	}
	for _, i := range indexed {
		issues[i] = -1
	}
	cards, err := collect(ctx, tx, scanCard, `SELECT id, lock, doc FROM card WHERE id = $1`, stored.Brief(string(card)))
	for _, c := range cards {
		for n, side := range c.Sides {
			if side != nil {
				issues[IssueID{stored.Brief(side.Issue.Tracker), stored.Brief(side.Issue.ID)}] = n
			}
		}
	}
	return issues, err
}

// sidesOf says which side each tracker is on: as its card has it, else by the
// product that its directory names.
func sidesOf(ctx context.Context, tx *sql.Tx, issues map[IssueID]int) (map[string]int, error) {
	sides := map[string]int{}
	_, err := collect(ctx, tx, func(row scanner) (struct{}, error) {
		var tracker string
		var kind connectors.Kind
		err := row.Scan(&tracker, &kind)
		if kind == connectors.GitHub {
			sides[tracker] = int(kanban.GitHub)
		}
		return struct{}{}, err
	}, `SELECT tracker, kind FROM directory`)
	for issue, side := range issues {
		if side >= 0 {
			sides[issue.Tracker] = side
		}
	}
	return sides, err
}

// SortEvents puts events into the order in which they are told: by their moments, at one the
// sides of their trackers, and each tracker's own in its own order.
func SortEvents[S cmp.Ordered](events []kanban.Event, sides map[string]S) {
	slices.SortFunc(events, func(a, b kanban.Event) int {
		return cmp.Or(
			a.At.Compare(b.At),
			cmp.Compare(sides[a.Tracker], sides[b.Tracker]),
			cmp.Compare(a.Tracker, b.Tracker),
			cmp.Compare(a.Seq, b.Seq),
			cmp.Compare(a.SourceID, b.SourceID),
		)
	})
}

func scanEvent(row scanner) (kanban.Event, error) {
	var e kanban.Event
	var at, own int64
	var changes string
	err := row.Scan(&e.Tracker, &e.SourceID, &e.Seq, &e.Issue, &at, &e.Actor, &own, &e.Op, &changes)
	if err != nil {
		return kanban.Event{}, err
	}
	e.At, e.Own = stored.Moment(at), own == 1
	err = decode(changes, &e.Changes, "event", e.SourceID)
	return e, err
}
