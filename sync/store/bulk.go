package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"
)

// insertion is an INSERT of any number of rows.
type insertion struct {
	into    string // "table (column, column)"
	columns int
	then    string // ON CONFLICT …
}

// insert writes the rows, DB.Bulk of them to a statement.
func (s *Store) insert(ctx context.Context, tx *sql.Tx, into insertion, rows [][]any) error {
	size := max(s.db.Bulk, 1)
	if full := len(rows) / size; full > 0 {
		if err := into.run(ctx, tx, rows[:full*size], size); err != nil {
			return err
		}
		rows = rows[full*size:]
	}
	if len(rows) == 0 {
		return nil
	}
	return into.run(ctx, tx, rows, len(rows))
}

// run writes rows, whose number is a multiple of size.
func (i insertion) run(ctx context.Context, tx *sql.Tx, rows [][]any, size int) error {
	stmt, err := tx.PrepareContext(ctx, i.text(size))
	if err != nil {
		return fmt.Errorf("prepare insert into %s: %w", i.table(), err)
	}
	defer func() { _ = stmt.Close() }()
	args := make([]any, 0, size*i.columns)
	for len(rows) > 0 {
		args = args[:0]
		for _, row := range rows[:size] {
			args = append(args, row...)
		}
		if _, err := stmt.ExecContext(ctx, args...); err != nil {
			return fmt.Errorf("insert into %s: %w", i.table(), err)
		}
		rows = rows[size:]
	}
	return nil
}

func (i insertion) table() string {
	name, _, _ := strings.Cut(i.into, " ")
	return name
}

// text is the statement for so many rows.
func (i insertion) text(rows int) string {
	var b strings.Builder
	b.WriteString("INSERT INTO " + i.into + " VALUES ")
	n := 0
	for r := range rows {
		if r > 0 {
			b.WriteString(", ")
		}
		for c := range i.columns {
			n++
			b.WriteByte("(,"[min(c, 1)])
			b.WriteByte('$')
			b.WriteString(strconv.Itoa(n))
		}
		b.WriteByte(')')
	}
	b.WriteByte(' ')
	b.WriteString(i.then)
	return b.String()
}
