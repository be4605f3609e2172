package connectors

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// clockDoubt is how far ahead of the server's Date a moment of its answer may lie.
const clockDoubt = 48 * time.Hour

// Plausible keeps moments out that would poison what is ordered by them: a row from the
// far future would count as newer than all its later states. now is the server's clock,
// zero where it is not known.
func Plausible(t, now time.Time) bool {
	if now.IsZero() {
		return t.Year() > 1970 && t.Year() < 2200
	}
	return t.Year() > 1970 && t.Before(now.Add(clockDoubt))
}

// ShapeOnly keeps what a decoding error says about the shape and leaves out the text that
// was found, which may be anything.
func ShapeOnly(err error) error {
	if kind, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return fmt.Errorf("%s has the wrong type", kind.Field)
	}
	if _, ok := errors.AsType[*time.ParseError](err); ok {
		return errors.New("a moment cannot be read")
	}
	return errors.New("a value cannot be read")
}

// Veiled is a cause in other words than its own, which may repeat what was sent. errors.Is
// looks through to it; nothing else does.
func Veiled(cause error, words string) error { return &veil{words, cause} }

type veil struct {
	words string
	cause error
}

func (v *veil) Error() string { return v.words }

func (v *veil) Is(target error) bool { return errors.Is(v.cause, target) }
