package transfer

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"parley/sync/store"
)

// How much is carried in one transaction: so many rows, or so many bytes of text.
const (
	batchRows  = 1000
	batchBytes = 8 << 20
)

// errNotEmpty says that a store holds something.
var errNotEmpty = errors.New("it is not empty; name an empty file or schema")

// vacant makes sure that a store holds nothing of anybody's.
func vacant(ctx context.Context, r store.Rows, tables []store.Table) error {
	for _, t := range tables {
		if t.Name == tableLease {
			continue
		}
		err := r.Each(ctx, t, nil, 2, func(row []any) error {
			if own(t, row) || t.Name == "data_seq" && row[0] == int64(0) {
				return nil
			}
			return fmt.Errorf("table %s has rows: %w", t.Name, errNotEmpty)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// renewed is a row of a lease that nobody holds any more: whoever held it is fenced.
func renewed(t store.Table, row []any) []any {
	row = slices.Clone(row)
	if i := t.At("epoch"); i >= 0 {
		if n, ok := row[i].(int64); ok {
			row[i] = n + 1
		}
	}
	for column, nobody := range map[string]any{"owner": "", "until_at": int64(0)} {
		if i := t.At(column); i >= 0 {
			row[i] = nobody
		}
	}
	return row
}

// load is a batch of rows on its way into a table.
type load struct {
	into  store.Rows
	table store.Table
	rows  [][]any
	size  int
}

// add takes a row, which the caller goes on using.
func (l *load) add(ctx context.Context, row []any) error {
	l.rows = append(l.rows, slices.Clone(row))
	for _, v := range row {
		switch v := v.(type) {
		case string:
			l.size += len(v)
		case []byte:
			l.size += len(v)
		}
	}
	if len(l.rows) < batchRows && l.size < batchBytes {
		return nil
	}
	return l.flush(ctx)
}

func (l *load) flush(ctx context.Context) error {
	rows := l.rows
	l.rows, l.size = l.rows[:0:0], 0
	if len(rows) == 0 {
		return nil
	}
	return l.into.Put(ctx, l.table, rows)
}

// tablesOf lists the tables of a store.
func tablesOf(ctx context.Context, s *store.Store) (tables []store.Table, err error) {
	err = s.Picture(ctx, func(r store.Rows) error {
		tables, err = r.Tables(ctx)
		return err
	})
	return tables, err
}

// sameTables makes sure that rows of some tables fit into others.
func sameTables(from, to []store.Table) error {
	same := func(a, b store.Table) bool {
		return a.Name == b.Name && slices.Equal(a.Columns, b.Columns) && slices.Equal(a.Key, b.Key)
	}
	if slices.EqualFunc(from, to, same) {
		return nil
	}
	for i, t := range from {
		if i < len(to) && !same(t, to[i]) {
			return fmt.Errorf("tables %s and %s do not fit together", t.Name, to[i].Name)
		}
	}
	return fmt.Errorf("%d tables do not fit into %d", len(from), len(to))
}

// keepsSettings reports whether there is a table for settings: the very first version of the
// tables had none.
func keepsSettings(tables []store.Table) bool {
	return slices.ContainsFunc(tables, func(t store.Table) bool { return t.Name == "setting" })
}

// closedOf tells why a store is closed whose tables may be of any version.
func closedOf(ctx context.Context, s *store.Store) (*store.Closed, error) {
	tables, err := tablesOf(ctx, s)
	if err != nil || !keepsSettings(tables) {
		return nil, err
	}
	return s.Closed(ctx)
}
