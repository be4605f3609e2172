package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"parley/kanban"
	"parley/sync/store/internal/stored"
)

// FaceQuery selects faces. The zero query is all of them.
type FaceQuery struct {
	SinceSeq int64         // changed after this data sequence
	After    kanban.CardID // beyond this id, for paging
	Limit    int           // at most so many, 0: all
	IDs      []kanban.CardID
	Columns  []kanban.ColumnKey // an empty key is the cards without a column
	Units    []kanban.UnitKey
	Search   string // part of the title or of a key, in any case
}

// Faces gives the faces that a query selects, by ascending id.
func (s *Store) Faces(ctx context.Context, q FaceQuery) ([]Face, error) {
	var w where
	if q.SinceSeq > 0 {
		w.and("seq > %s", q.SinceSeq)
	}
	if q.After != "" {
		w.and("id > %s", stored.Brief(string(q.After)))
	}
	w.in("id", words(q.IDs))
	w.in("column_key", words(q.Columns))
	w.in("unit", words(q.Units))
	if q.Search != "" {
		w.and("search LIKE %s ESCAPE '!'", pattern(q.Search))
	}
	query := `SELECT id, seq, face FROM card` + w.clause()
	if q.Limit > 0 {
		query += ` ORDER BY id` + w.limit(q.Limit)
	}
	faces, err := collect(ctx, s.db.Reader, scanFace, query, w.args...)
	if err != nil {
		return nil, fmt.Errorf("read faces: %w", err)
	}
	// Asked for the order, SQLite reads all cards by their ids to find the few that have changed.
	slices.SortFunc(faces, func(a, b Face) int { return cmp.Compare(a.Card.ID, b.Card.ID) })
	return faces, nil
}

// pattern is the LIKE pattern of a text anywhere.
func pattern(text string) string {
	return "%" + strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(stored.Needle(text)) + "%"
}

func scanFace(row scanner) (Face, error) {
	var f Face
	var id string
	var text sql.RawBytes
	if err := row.Scan(&id, &f.Seq, &text); err != nil {
		return Face{}, err
	}
	err := decode(text, &f.Card, "face of card", id)
	return f, err
}

// Gone lists the cards that ended since a data sequence because they live on as
// others, in the order in which that happened.
func (s *Store) Gone(ctx context.Context, sinceSeq int64) ([]Alias, error) {
	gone, err := collect(ctx, s.db.Reader, func(row scanner) (Alias, error) {
		var a Alias
		err := row.Scan(&a.Old, &a.New, &a.Seq)
		return a, err
	}, `SELECT old_id, new_id, seq FROM alias WHERE seq > $1 ORDER BY seq, old_id`, sinceSeq)
	if err != nil {
		return nil, fmt.Errorf("list ended cards: %w", err)
	}
	return gone, nil
}
