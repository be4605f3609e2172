package store

import (
	"context"
	"errors"
)

// Refusal is what kind of failure an error of the store is, in a word from a small set.
func Refusal(err error) string {
	switch {
	case errors.Is(err, ErrStale):
		return "stale"
	case errors.Is(err, ErrFenced):
		return "fenced"
	case errors.Is(err, ErrAnswered):
		return "answered"
	case errors.Is(err, ErrUnknown):
		return "unknown"
	case errors.Is(err, context.Canceled):
		return "stopped"
	}
	if _, full := errors.AsType[*FullError](err); full {
		return "full"
	}
	return "failed"
}
