package memory

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"parley/kanban"
	"parley/sync/store"
	"parley/sync/store/internal/stored"
)

// Faces gives the faces that a query selects, by ascending id.
func (s *Store) Faces(ctx context.Context, q store.FaceQuery) ([]store.Face, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("read faces: %w", err)
	}
	needle, after := stored.Needle(q.Search), kanban.CardID(stored.Brief(string(q.After)))
	ids, columns, units := asked(q.IDs), asked(q.Columns), asked(q.Units)
	wanted := func(id kanban.CardID, row *cardRow) bool {
		return row.seq > q.SinceSeq && id > after && ids.have(string(id)) &&
			columns.have(row.column) && units.have(row.unit) && strings.Contains(row.search, needle)
	}
	var faces []store.Face
	for _, id := range s.ids {
		row := s.cards[id]
		if !wanted(id, row) {
			continue
		}
		faces = append(faces, store.Face{Card: give(s.copies, row.face), Seq: row.seq})
		if len(faces) == q.Limit {
			break
		}
	}
	return faces, nil
}

// Gone lists the cards that ended since a data sequence because they live on as
// others, in the order in which that happened.
func (s *Store) Gone(ctx context.Context, sinceSeq int64) ([]store.Alias, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("list ended cards: %w", err)
	}
	var gone []store.Alias
	for _, a := range s.aliases {
		if a.Seq > sinceSeq {
			gone = append(gone, a)
		}
	}
	slices.SortFunc(gone, func(a, b store.Alias) int {
		return cmp.Or(cmp.Compare(a.Seq, b.Seq), cmp.Compare(a.Old, b.Old))
	})
	return gone, nil
}
