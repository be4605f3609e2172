package memory

import (
	"context"
	"fmt"

	"parley/sync/mirror"
	"parley/sync/store"
	"parley/sync/store/internal/stored"
)

// Creating lists the creates that are not resolved or not sent yet, by the ids of their
// cards.
func (s *Store) Creating(ctx context.Context) ([]mirror.Saga, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("list creates: %w", err)
	}
	var out []mirror.Saga
	for _, id := range s.ids {
		if m := s.cards[id].card.Mirror; m != nil && m.State.Open() {
			out = append(out, give(s.copies, *m))
		}
	}
	return out, nil
}

// Linked counts the cards that join an issue of a project and one of a repository.
func (s *Store) Linked(ctx context.Context, project, repo string) (int, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return 0, fmt.Errorf("count linked cards of %s and %s: %w", project, repo, err)
	}
	n := 0
	for _, id := range s.ids {
		n += s.joins(s.byCard[id], stored.Brief(project), stored.Brief(repo))
	}
	return n, nil
}

// joins counts the ways in which issues of one card lie in both containers.
func (s *Store) joins(issues []store.IssueID, project, repo string) int {
	n := 0
	for _, a := range issues {
		for _, b := range issues {
			if a.Tracker != b.Tracker && s.issues[a].Container == project && s.issues[b].Container == repo {
				n++
			}
		}
	}
	return n
}
