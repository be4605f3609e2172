package memory

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"parley/sync/store"
	"parley/sync/store/internal/stored"
)

// values are those that a query asks for, as they are stored; none means all.
type values []string

func asked[T ~string](all []T) values {
	v := make(values, len(all))
	for i, a := range all {
		v[i] = stored.Brief(string(a))
	}
	return v
}

// have reports whether a stored value is asked for.
func (v values) have(value string) bool { return len(v) == 0 || slices.Contains(v, value) }

// atMost is the first n values; all where n is below 1.
func atMost[T any](values []T, n int) []T {
	if n < 1 || n > len(values) {
		return values
	}
	return values[:n]
}

// single gives a row by its name, in the form that as gives it; store.ErrUnknown where there is none.
func single[R, T any](ctx context.Context, s *Store, doing, name string, of func(*tables) map[string]R, as func(R) (T, error)) (T, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var none T
	err := ctx.Err()
	row, ok := of(&s.tables)[stored.Brief(name)]
	if err == nil && !ok {
		err = store.ErrUnknown
	}
	if err != nil {
		return none, fmt.Errorf("%s: %w", doing, err)
	}
	return as(row)
}

// listed gives the rows that a condition holds of, in the form that as gives them, by their names.
func listed[R, T any](ctx context.Context, s *Store, doing string, of func(*tables) map[string]R, want func(R) bool, as func(R) (T, error)) ([]T, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", doing, err)
	}
	rows := of(&s.tables)
	var out []T
	for _, name := range slices.Sorted(maps.Keys(rows)) {
		if !want(rows[name]) {
			continue
		}
		v, err := as(rows[name])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", doing, err)
		}
		out = append(out, v)
	}
	return out, nil
}

// dueNow names the rows that need a step now, the longest due first. due says of a row when
// that is, if it is at all.
func dueNow[R any](ctx context.Context, s *Store, doing string, of func(*tables) map[string]R, now int64, limit int, due func(R) (at int64, open bool)) ([]string, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", doing, err)
	}
	when := map[string]int64{}
	for name, row := range of(&s.tables) {
		if at, open := due(row); open && at <= now {
			when[name] = at
		}
	}
	names := slices.SortedFunc(maps.Keys(when), func(a, b string) int {
		return cmp.Or(cmp.Compare(when[a], when[b]), cmp.Compare(a, b))
	})
	return names[:min(len(names), max(limit, 0))], nil
}
