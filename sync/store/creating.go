package store

import (
	"context"
	"encoding/json"
	"fmt"

	"parley/sync/engine"
	"parley/sync/mirror"
	"parley/sync/store/internal/stored"
)

// creating reports whether the twin of a card is being created, or waits to be.
func creating(c engine.Card) bool { return c.Mirror != nil && c.Mirror.State.Open() }

// Creating lists the creates that are not resolved or not sent yet, by the ids of their
// cards.
func (s *Store) Creating(ctx context.Context) ([]mirror.Saga, error) {
	sagas, err := collect(ctx, s.db.Reader, scanSaga, `SELECT id, doc FROM card WHERE creating = 1 ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("list creates: %w", err)
	}
	return sagas, nil
}

func scanSaga(row scanner) (mirror.Saga, error) {
	var id, doc string
	if err := row.Scan(&id, &doc); err != nil {
		return mirror.Saga{}, err
	}
	var card struct {
		Mirror mirror.Saga `json:"mirror"`
	}
	if err := json.Unmarshal([]byte(doc), &card); err != nil {
		return mirror.Saga{}, fmt.Errorf("decode card %s: %w", id, err)
	}
	return card.Mirror, nil
}

// Linked counts the cards that join an issue of a project and one of a repository.
func (s *Store) Linked(ctx context.Context, project, repo string) (int, error) {
	n, err := one[int](ctx, s.db.Reader, `SELECT COUNT(*) FROM issue a JOIN issue b ON b.card = a.card
		WHERE a.container = $1 AND b.container = $2 AND a.tracker <> b.tracker`, stored.Brief(project), stored.Brief(repo))
	if err != nil {
		return 0, fmt.Errorf("count linked cards of %s and %s: %w", project, repo, err)
	}
	return n, nil
}
