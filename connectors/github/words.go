package github

import (
	"errors"
	"fmt"

	"parley/connectors"
)

// quote shows foreign text within a sentence, cut so that the sentence stays one.
func quote(s string) string { return fmt.Sprintf("%.80q", s) }

// plainly says in words for people what is wrong with a repository.
func plainly(err error) string {
	var e *connectors.Error
	if !errors.As(err, &e) {
		return err.Error()
	}
	what := map[connectors.ErrorKind]string{
		connectors.NotFound:  "not found, or hidden from this token",
		connectors.Forbidden: "the token may not read it",
		connectors.Moved:     "it was renamed or moved",
		connectors.Gone:      "it was deleted",
		connectors.Malformed: "what answers is not GitHub's REST interface",
		connectors.Transient: "it could not be read just now",
	}[e.Kind]
	if what == "" {
		what = "it could not be read"
	}
	if e.Message != "" {
		what += " (" + e.Message + ")"
	}
	if e.Hint != "" {
		what += "; " + e.Hint
	}
	return what
}
