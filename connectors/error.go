package connectors

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// ErrorKind says what a failure means for what to do next. The set is closed,
// so that metrics and pages can name every kind.
type ErrorKind string

// Kinds of failure, classified once at the connector.
const (
	Auth      ErrorKind = "auth"       // credential refused or resolved to nobody: stop calling
	Forbidden ErrorKind = "forbidden"  // the account may not do this
	RateLimit ErrorKind = "rate-limit" // refused unseen, nothing happened; RetryAt says when
	NotFound  ErrorKind = "not-found"  // deleted, moved or hidden: absence proves nothing
	Gone      ErrorKind = "gone"       // the tracker says it was deleted
	Moved     ErrorKind = "moved"      // lives elsewhere now; Location says where
	Conflict  ErrorKind = "conflict"   // somebody else changed it at the same moment: read again
	Invalid   ErrorKind = "invalid"    // this value is refused and will be refused again
	Unknown   ErrorKind = "unknown"    // a write whose outcome nobody knows: look it up
	Transient ErrorKind = "transient"  // did not happen, may work later
	Malformed ErrorKind = "malformed"  // the answer is not what the product sends (login page, proxy)
)

// Scopes of a RateLimit that does not concern everything.
const (
	ScopeIssue    = "issue"    // the one issue
	ScopeEndpoint = "endpoint" // requests of this sort, for whatever issue
	ScopeContent  = "content"  // what creates or changes something; reads go on
	ScopeClass    = "class"    // requests of this class, see ClassOf
)

// Error is a failed request to a tracker.
type Error struct {
	Kind     ErrorKind
	Tracker  string    // configured name
	Doing    string    // "read OPS-12", lower case, verb first
	Status   int       // HTTP status, 0 where there was no answer
	Message  string    // the tracker's own words, without secrets
	Field    string    // the field the tracker complains about
	Scope    string    // what a RateLimit pauses, one of the scopes; "" everything
	RetryAt  time.Time // earliest sensible repetition, zero: the caller backs off by itself
	Locked   bool      // Auth: every further attempt makes it worse, until a person has acted
	Location string    // Moved: the new address
	Hint     string    // what a person can do about it
	Err      error
}

// Error is one line: what was being done, where, what happened.
func (e *Error) Error() string {
	s := fmt.Sprintf("%s: %s", e.Tracker, e.Doing)
	switch bare := e.Status == 0 && (e.Message != "" || e.Err != nil); {
	case e.Kind == Transient && !bare:
		s += ": failed for now"
	case e.Kind != Transient:
		s += ": " + e.Kind.words()
	}
	if e.Status != 0 {
		s += fmt.Sprintf(" (HTTP %d)", e.Status)
	}
	if e.Message != "" {
		s += ": " + strings.TrimSuffix(e.Message, ".") // a hint may follow
	} else if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// words is a kind as people say it.
func (k ErrorKind) words() string {
	switch k {
	case Auth:
		return "sign-in refused"
	case Forbidden:
		return "not allowed"
	case RateLimit:
		return "asks for a pause"
	case NotFound:
		return "not found"
	case Gone:
		return "deleted"
	case Conflict:
		return "changed by somebody else at the same moment"
	case Invalid:
		return "refused"
	case Unknown:
		return "outcome unknown"
	case Malformed:
		return "not an answer of its interface"
	default:
		return string(k)
	}
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// KindOf gives the kind of err, Transient where err is not an *Error.
func KindOf(err error) ErrorKind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Transient
}
