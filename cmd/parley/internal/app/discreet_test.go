package app

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"parley/connectors"
)

// TestTheLogQuotesNoIssue logs errors of trackers in every wrapping: their words are not in
// the log where they may quote an issue, and what helps to mend them is.
func TestTheLogQuotesNoIssue(t *testing.T) {
	t.Parallel()
	refused := &connectors.Error{Kind: connectors.Invalid, Tracker: "jira", Doing: "edit OPS-1", Status: 400, Message: "secret."}
	for name, c := range map[string]struct {
		err    error
		quoted bool
		want   string
	}{
		"refused":      {refused, false, "jira: edit OPS-1: refused (HTTP 400): " + elsewhere},
		"wrapped":      {fmt.Errorf("write: %w", refused), false, "write: jira: edit OPS-1"},
		"joined":       {errors.Join(errors.New("one"), fmt.Errorf("two: %w", refused)), false, "(HTTP 400): " + elsewhere},
		"a cause":      {&connectors.Error{Kind: connectors.Malformed, Tracker: "jira", Doing: "read", Status: 200, Message: "not JSON", Err: refused}, false, elsewhere},
		"sign-in":      {&connectors.Error{Kind: connectors.Auth, Status: 401, Message: "secret"}, true, ""},
		"a pause":      {&connectors.Error{Kind: connectors.RateLimit, Status: 429, Message: "secret"}, true, ""},
		"the network":  {&connectors.Error{Kind: connectors.Transient, Message: "secret"}, true, ""},
		"another sort": {errors.New("secret"), true, ""},
	} {
		for form, log := range map[string]func(*slog.Logger){
			"an attribute":      func(l *slog.Logger) { l.Error("failed", "error", c.err) },
			"one of the logger": func(l *slog.Logger) { l.With("error", c.err).Error("failed") },
			"in a group":        func(l *slog.Logger) { l.WithGroup("of").Error("failed", "error", c.err) },
		} {
			var out bytes.Buffer
			log(quietly(slog.New(slog.NewTextHandler(&out, nil))))
			if got := out.String(); strings.Contains(got, "secret") != c.quoted || !strings.Contains(got, c.want) || !strings.Contains(got, "failed") {
				t.Errorf("%s, %s: %s", name, form, got)
			}
		}
	}
}
