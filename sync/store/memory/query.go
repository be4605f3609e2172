package memory

import (
	"slices"

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
