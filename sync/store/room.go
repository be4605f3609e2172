package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"

	"parley/kanban"
)

// Room is a limit on how many cards there may be of a kind. A commit that names it is made
// only where no more than Most of them are there afterwards.
type Room struct {
	Columns []kanban.ColumnKey // in which cards count; none: nothing counts
	Unit    kanban.UnitKey     // whose cards count; "": everybody's
	Class   string             // of which class of service; "": of every one
	Person  string             // who works on them; "": whoever does
	Most    int
}

// FullError says that a commit was not made because there is no room for one of its cards.
// Nothing of it was written.
type FullError struct {
	Room  int // which of Commit.Room
	Count int // cards that are there now, without those of the commit
}

// Error names the room by its place in the commit.
func (e *FullError) Error() string { return fmt.Sprintf("room %d is full: %d cards", e.Room, e.Count) }

// Takes reports whether a card counts.
func (r Room) Takes(c kanban.Card) bool {
	return slices.Contains(r.Columns, c.Column) && (r.Unit == "" || r.Unit == c.Unit) &&
		(r.Class == "" || r.Class == c.Class) && (r.Person == "" || r.Person == c.Person)
}

// Taken counts, for each room, the cards that are there.
func (s *Store) Taken(ctx context.Context, rooms []Room) ([]int, error) {
	counts := make([]int, len(rooms))
	err := s.read(ctx, func(tx *sql.Tx) (err error) {
		for i, r := range rooms {
			if counts[i], err = taken(ctx, tx, r); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("count cards: %w", err)
	}
	return counts, nil
}

// room makes sure that the cards written fit. It comes after them, in a transaction that
// no other commit can come between.
func room(ctx context.Context, tx *sql.Tx, c Commit) error {
	for i, r := range c.Room {
		n, err := taken(ctx, tx, r)
		if err != nil {
			return fmt.Errorf("count cards: %w", err)
		}
		if n > r.Most {
			return &FullError{Room: i, Count: n - r.own(c.Cards)}
		}
	}
	return nil
}

// own counts those of the cards written that take the room.
func (r Room) own(cards []CardWrite) int {
	n := 0
	for _, w := range cards {
		if r.Takes(w.Face) {
			n++
		}
	}
	return n
}

// taken counts the cards in a room. Class and person have no columns of their own: cards in
// work are few enough to be looked at.
func taken(ctx context.Context, q querier, r Room) (int, error) {
	if len(r.Columns) == 0 {
		return 0, nil
	}
	var w where
	w.in("column_key", words(r.Columns))
	if r.Unit != "" {
		w.in("unit", words([]kanban.UnitKey{r.Unit}))
	}
	if r.Class == "" && r.Person == "" {
		return one[int](ctx, q, `SELECT COUNT(*) FROM card`+w.clause(), w.args...)
	}
	counts, err := collect(ctx, q, func(row scanner) (bool, error) {
		var id string
		var text sql.RawBytes
		if err := row.Scan(&id, &text); err != nil {
			return false, err
		}
		var has struct{ Class, Person string }
		if err := json.Unmarshal(text, &has); err != nil {
			return false, fmt.Errorf("decode face of card %s: %w", id, err)
		}
		return (r.Class == "" || r.Class == has.Class) && (r.Person == "" || r.Person == has.Person), nil
	}, `SELECT id, face FROM card`+w.clause(), w.args...)
	n := 0
	for _, counted := range counts {
		if counted {
			n++
		}
	}
	return n, err
}
