package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
)

// Kind is the kind of values of a column: the three that every engine keeps alike.
type Kind string

// Kinds.
const (
	Text  Kind = "text"
	Int   Kind = "int"
	Bytes Kind = "bytes"
)

// Column is a column of a table.
type Column struct {
	Name string
	Kind Kind
}

// Table is a table of a store as rows are carried from one store into another. It is the
// same in every engine.
type Table struct {
	Name    string
	Columns []Column // by name
	Key     []string // what tells rows apart, in the order of its index
	Keyless bool     // nothing does: Key is all columns
}

// At gives the place of a column, -1 where there is none of that name.
func (t Table) At(column string) int {
	return slices.IndexFunc(t.Columns, func(c Column) bool { return c.Name == column })
}

func (t Table) names() string {
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = c.Name
	}
	return strings.Join(names, ", ")
}

// elsewhere are tables that hold nothing of what a store remembers: the versions of its
// tables, and what processes that run tell each other.
func elsewhere(table string) bool { return table == "goose_db_version" || table == "notice" }

// Rows is one picture of all rows of a store, or the transaction that fills one.
type Rows struct {
	store *Store
	tx    *sql.Tx
}

// Picture shows all rows as they are at one moment. It waits for nobody, and nobody waits
// for it.
func (s *Store) Picture(ctx context.Context, look func(Rows) error) error {
	return s.read(ctx, func(tx *sql.Tx) error { return look(Rows{s, tx}) })
}

// Fill writes rows in one transaction: all of what do writes, or nothing.
func (s *Store) Fill(ctx context.Context, do func(Rows) error) error {
	return s.write(ctx, func(tx *sql.Tx) error { return do(Rows{s, tx}) })
}

// Schema is the version of the tables.
func (r Rows) Schema(ctx context.Context) (int64, error) {
	n, err := one[int64](ctx, r.tx, `SELECT MAX(version_id) FROM goose_db_version`)
	if err != nil {
		return 0, fmt.Errorf("read schema version: %w", err)
	}
	return n, nil
}

// Tables lists the tables by their names.
func (r Rows) Tables(ctx context.Context) ([]Table, error) {
	type cell struct {
		table string
		Column
		place int64 // in the key, from 1; 0: not in it
	}
	cells, err := collect(ctx, r.tx, func(row scanner) (c cell, err error) {
		return c, row.Scan(&c.table, &c.Name, &c.Kind, &c.place)
	}, r.store.db.Catalog)
	if err != nil {
		return nil, fmt.Errorf("list tables: %w", err)
	}
	var all []Table
	for _, c := range cells { // by table and column
		if elsewhere(c.table) {
			continue
		}
		if n := len(all); n == 0 || all[n-1].Name != c.table {
			all = append(all, Table{Name: c.table})
		}
		t := &all[len(all)-1]
		t.Columns = append(t.Columns, c.Column)
		if n := int(c.place); n > 0 {
			t.Key = append(t.Key, make([]string, max(n-len(t.Key), 0))...)
			t.Key[n-1] = c.Name
		}
	}
	for i := range all {
		if t := &all[i]; len(t.Key) == 0 {
			t.Keyless = true
			for _, c := range t.Columns {
				t.Key = append(t.Key, c.Name)
			}
		}
	}
	return all, nil
}

// Each shows the rows of a table that come after a key, all of them for nil, by their keys:
// int64, string or []byte in the order of the columns. At most so many; 0: no limit.
func (r Rows) Each(ctx context.Context, t Table, after []any, most int, show func(row []any) error) error {
	var w where
	if len(after) > 0 {
		marks := make([]string, len(after))
		for i, v := range after {
			marks[i] = w.arg(v)
		}
		w.terms = append(w.terms, "("+strings.Join(t.Key, ", ")+") > ("+strings.Join(marks, ", ")+")")
	}
	query := `SELECT ` + t.names() + ` FROM ` + t.Name + w.clause() + ` ORDER BY ` + strings.Join(t.Key, ", ") + w.limit(most) //nolint:gosec // names of the database's own catalog
	rows, err := r.tx.QueryContext(ctx, query, w.args...)
	if err != nil {
		return fmt.Errorf("read table %s: %w", t.Name, err)
	}
	defer func() { _ = rows.Close() }() // its error is rows.Err's
	row := make([]any, len(t.Columns))
	into := make([]any, len(row))
	for i := range row {
		into[i] = &row[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return fmt.Errorf("read table %s: %w", t.Name, err)
		}
		if err := show(row); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read table %s: %w", t.Name, err)
	}
	return nil
}

// Last is the key of the last row of a table, nil where it has none.
func (r Rows) Last(ctx context.Context, t Table) ([]any, error) {
	back := make([]string, len(t.Key))
	for i, name := range t.Key {
		back[i] = name + " DESC"
	}
	key, err := collect(ctx, r.tx, func(row scanner) ([]any, error) {
		key, into := make([]any, len(t.Key)), make([]any, len(t.Key))
		for i := range key {
			into[i] = &key[i]
		}
		return key, row.Scan(into...)
	}, `SELECT `+strings.Join(t.Key, ", ")+` FROM `+t.Name+` ORDER BY `+strings.Join(back, ", ")+` LIMIT 1`)
	if err != nil || len(key) == 0 {
		return nil, wrap(err, "find the end of table "+t.Name)
	}
	return key[0], nil
}

// Count is the number of rows of a table.
func (r Rows) Count(ctx context.Context, t Table) (int64, error) {
	n, err := one[int64](ctx, r.tx, `SELECT COUNT(*) FROM `+t.Name)
	return n, wrap(err, "count rows of table "+t.Name)
}

// Put writes new rows, each in the order of the table's columns.
func (r Rows) Put(ctx context.Context, t Table, rows [][]any) error {
	return r.store.insert(ctx, r.tx, insertion{into: t.Name + " (" + t.names() + ")", columns: len(t.Columns)}, rows)
}

// Clear takes all rows out of a table.
func (r Rows) Clear(ctx context.Context, t Table) error {
	_, err := r.tx.ExecContext(ctx, `DELETE FROM `+t.Name) //nolint:gosec // a name of the database's own catalog
	return wrap(err, "clear table "+t.Name)
}

// Set remembers a setting in the same transaction.
func (r Rows) Set(ctx context.Context, name, value string) error {
	return wrap(r.store.settings(ctx, r.tx, map[string]string{name: value}), "write setting "+name)
}

// Forget forgets the settings whose names begin with a prefix of plain letters.
func (r Rows) Forget(ctx context.Context, prefix string) error {
	_, err := r.tx.ExecContext(ctx, `DELETE FROM setting WHERE substr(name, 1, $1) = $2`, int64(len(prefix)), prefix)
	return wrap(err, "forget settings "+prefix)
}

// wrap says what was being done when it failed.
func wrap(err error, doing string) error {
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	return nil
}
