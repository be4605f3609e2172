package store

import (
	"cmp"
	"fmt"
	"slices"

	"parley/sync/store/internal/stored"
)

// Comments, swaps, questions and digests on their way are rows of a kind: each has a name of
// its own, and a lock that counts its versions, 0 where it is new.

// checkLocked refuses what could not be found again: rows without a name that can be kept,
// one that is written twice, and whatever check refuses. what is such a row in words.
func checkLocked[T any](what string, rows []T, name func(T) string, check func(T) error) error {
	seen := make(map[string]bool, len(rows))
	for _, r := range rows {
		id := name(r)
		switch {
		case id == "" || id != stored.Brief(id):
			return fmt.Errorf("%s %.40q: not an id", what, id)
		case seen[id]:
			return fmt.Errorf("%s %.40q: written twice", what, id)
		}
		seen[id] = true
		if err := check(r); err != nil {
			return fmt.Errorf("%s %.40q: %w", what, id, err)
		}
	}
	return nil
}

// writeLocked writes rows in the order of their names: two commits that write the same ones
// must not wait for each other. put says how many rows it has written; that it was none is
// an ErrStale.
func writeLocked[T any](what string, rows []T, name func(T) string, put func(T) (int64, error)) error {
	for _, r := range slices.SortedFunc(slices.Values(rows), func(a, b T) int { return cmp.Compare(name(a), name(b)) }) {
		n, err := put(r)
		if err != nil {
			return fmt.Errorf("write %s %.80q: %w", what, name(r), err)
		}
		if n == 0 {
			return fmt.Errorf("%s %.80q: %w", what, name(r), ErrStale)
		}
	}
	return nil
}
