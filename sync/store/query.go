package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"parley/sync/store/internal/stored"
)

// querier is what a pool and a transaction have in common.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// scanner is a row that can be scanned.
type scanner interface{ Scan(dest ...any) error }

// collect reads all rows of a query.
func collect[T any](ctx context.Context, q querier, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // its error is rows.Err's
	var all []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rows.Err()
}

// one reads a single value; no row is sql.ErrNoRows.
func one[T any](ctx context.Context, q querier, query string, args ...any) (T, error) {
	var v T
	err := q.QueryRowContext(ctx, query, args...).Scan(&v)
	return v, err
}

// single reads the one row of a query; no row is ErrUnknown.
func single[T any](ctx context.Context, q querier, scan func(scanner) (T, error), query string, args ...any) (T, error) {
	v, err := scan(q.QueryRowContext(ctx, query, args...))
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrUnknown
	}
	return v, err
}

// column scans rows of a single value.
func column[T any](row scanner) (T, error) {
	var v T
	err := row.Scan(&v)
	return v, err
}

// where gathers the conditions of a query and their arguments.
type where struct {
	join  string // before them, "" for one table
	terms []string
	args  []any
}

// arg adds an argument and gives its placeholder.
func (w *where) arg(v any) string {
	w.args = append(w.args, v)
	return fmt.Sprintf("$%d", len(w.args))
}

// and adds a condition in which %s stands for v.
func (w *where) and(term string, v any) {
	w.terms = append(w.terms, fmt.Sprintf(term, w.arg(v)))
}

// in adds the condition that a column has one of the values; no values, no condition.
func (w *where) in(col string, values []string) {
	if len(values) == 0 {
		return
	}
	marks := make([]string, len(values))
	for i, v := range values {
		marks[i] = w.arg(v)
	}
	w.terms = append(w.terms, col+" IN ("+strings.Join(marks, ", ")+")")
}

// clause is the WHERE clause, without conditions the join alone.
func (w *where) clause() string {
	if len(w.terms) == 0 {
		return w.join
	}
	return w.join + " WHERE " + strings.Join(w.terms, " AND ")
}

// limit is the LIMIT clause; n below 1 means no limit.
func (w *where) limit(n int) string {
	if n < 1 {
		return ""
	}
	return " LIMIT " + w.arg(int64(n))
}

// words turns typed names into the texts they are stored as.
func words[T ~string](values []T) []string {
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = stored.Brief(string(v))
	}
	return texts
}
