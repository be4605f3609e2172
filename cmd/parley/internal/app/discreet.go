package app

import (
	"context"
	"errors"
	"log/slog"
	"strings"

	"parley/connectors"
)

// discreet is a log that quotes no issue. A tracker that refuses a value, or answers what
// it should not, repeats in its own words what issues say, and the log is read by people who
// may not read those; whoever may finds the words on the card and on the page about sync.
type discreet struct{ slog.Handler }

// quietly is a logger in front of which nothing is quoted.
func quietly(l *slog.Logger) *slog.Logger { return slog.New(discreet{l.Handler()}) }

// Handle writes a record without what trackers say of issues.
func (d discreet) Handle(ctx context.Context, r slog.Record) error {
	out := slog.NewRecord(r.Time, r.Level, r.Message, r.PC)
	r.Attrs(func(a slog.Attr) bool {
		out.AddAttrs(unquoted(a))
		return true
	})
	return d.Handler.Handle(ctx, out)
}

// WithAttrs keeps attributes for all records.
func (d discreet) WithAttrs(as []slog.Attr) slog.Handler {
	quiet := make([]slog.Attr, len(as))
	for i, a := range as {
		quiet[i] = unquoted(a)
	}
	return discreet{d.Handler.WithAttrs(quiet)}
}

// WithGroup puts the attributes of all records into a group.
func (d discreet) WithGroup(name string) slog.Handler { return discreet{d.Handler.WithGroup(name)} }

// elsewhere stands for the words of a tracker.
const elsewhere = "the board says what it answered"

// unquoted is an attribute without the words of a tracker.
func unquoted(a slog.Attr) slog.Attr {
	err, ok := a.Value.Any().(error)
	if !ok {
		return a
	}
	text := err.Error()
	for _, words := range quotes(err) {
		text = strings.ReplaceAll(text, words, elsewhere)
	}
	a.Value = slog.StringValue(text)
	return a
}

// quotes are the words of trackers within an error. What they say of a credential or of
// their limits names no issue, and without an answer the words are the network's.
func quotes(err error) (out []string) {
	if e, ok := err.(*connectors.Error); ok { //nolint:errorlint // every error on the way is looked at by itself
		if words := strings.TrimSuffix(e.Message, "."); words != "" && e.Status != 0 && e.Kind != connectors.Auth && e.Kind != connectors.RateLimit {
			out = append(out, words)
		}
	}
	switch err := err.(type) { //nolint:errorlint // the same
	case interface{ Unwrap() []error }:
		for _, e := range err.Unwrap() {
			out = append(out, quotes(e)...)
		}
	default:
		if cause := errors.Unwrap(err); cause != nil {
			out = append(out, quotes(cause)...)
		}
	}
	return out
}
