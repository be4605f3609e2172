// Package stored says in what form values are kept: what every store, with a
// database or without one, makes of texts, moments and repeated rows.
package stored

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"
)

// MaxBrief is the longest text in bytes that goes into an index; PostgreSQL
// refuses entries beyond some 2,700.
const MaxBrief = 500

// Clean makes text that both engines store: PostgreSQL takes neither NUL nor
// anything that is not UTF-8.
func Clean(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

// Brief is clean text of a length that can be indexed. Longer ones keep their
// beginning and a hash, so that different texts stay different.
func Brief(s string) string {
	s = Clean(s)
	if len(s) <= MaxBrief {
		return s
	}
	sum := sha256.Sum256([]byte(s))
	return strings.ToValidUTF8(s[:MaxBrief-100], "") + "…" + hex.EncodeToString(sum[:])
}

// Fold makes names comparable in any case.
func Fold(s string) string { return Brief(strings.ToLower(strings.TrimSpace(Clean(s)))) }

// Micros is a moment as it is stored: microseconds since 1970 in UTC, 0 for the
// zero time.
func Micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// Moment is the opposite of Micros.
func Moment(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

// Bit is a bool as it is stored.
func Bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// Last keeps, of the values with the same key, the last one, in order of their
// first appearance: a statement may not touch a row twice.
func Last[T any, K comparable](values []T, key func(T) K) []T {
	at := make(map[K]int, len(values))
	kept := make([]T, 0, len(values))
	for _, v := range values {
		k := key(v)
		if i, ok := at[k]; ok {
			kept[i] = v
			continue
		}
		at[k] = len(kept)
		kept = append(kept, v)
	}
	return kept
}

// Number is the number at the end of an issue's key: 12 of OPS-12, 7 of
// acme/payments#7; 0 where there is none of at most 18 digits.
func Number(key string) int64 {
	digits := key[len(strings.TrimRight(key, "0123456789")):]
	if len(digits) > 18 {
		return 0
	}
	n, _ := strconv.ParseInt(digits, 10, 64) // of no digits: 0
	return n
}
