package store

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// maxBrief is the longest text in bytes that goes into an index; PostgreSQL
// refuses entries beyond some 2,700.
const maxBrief = 500

// clean makes text that both engines store: PostgreSQL takes neither NUL nor
// anything that is not UTF-8.
func clean(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

// brief is clean text of a length that can be indexed. Longer ones keep their
// beginning and a hash, so that different texts stay different.
func brief(s string) string {
	s = clean(s)
	if len(s) <= maxBrief {
		return s
	}
	sum := sha256.Sum256([]byte(s))
	return strings.ToValidUTF8(s[:maxBrief-100], "") + "…" + hex.EncodeToString(sum[:])
}

// fold makes names comparable in any case.
func fold(s string) string { return brief(strings.ToLower(strings.TrimSpace(clean(s)))) }

// micros is a moment as it is stored: microseconds since 1970 in UTC, 0 for the
// zero time.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// moment is the opposite of micros.
func moment(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

// bit is a bool as it is stored.
func bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// encode is v as JSON text.
func encode(v any) (string, error) {
	b, err := json.Marshal(v)
	return string(b), err
}

// decode reads JSON text that encode wrote. The error names what it belongs to.
func decode[T ~string | ~[]byte](text T, v any, what, id string) error {
	if err := json.Unmarshal([]byte(text), v); err != nil {
		return fmt.Errorf("read %s %s from the store: %w", what, id, err)
	}
	return nil
}
