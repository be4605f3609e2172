package githubsim

import (
	"fmt"
	"strings"
)

// Refusal is GitHub saying no, with the status and the words of its answer.
type Refusal struct {
	Status           int
	Message          string
	Errors           []FieldError // of a failed validation
	DocumentationURL string       // empty: the page of the endpoint

	location string            // of a redirect, below the REST root
	header   map[string]string // more headers of the answer
}

// FieldError is one entry of a failed validation.
type FieldError struct {
	Value    any    `json:"value,omitempty"`
	Resource string `json:"resource"`
	Field    string `json:"field"`
	Code     string `json:"code"` // missing, missing_field, invalid, already_exists, unprocessable, custom
	Message  string `json:"message,omitempty"`
}

// Error is the status, GitHub's message and the fields it complains about.
func (r *Refusal) Error() string {
	var s strings.Builder
	fmt.Fprintf(&s, "github %d: %s", r.Status, strings.ReplaceAll(r.Message, "\n\n", " "))
	for _, e := range r.Errors {
		s.WriteString(" " + strings.TrimSpace(fmt.Sprintf("(%s.%s: %s %s", e.Resource, e.Field, e.Code, e.Message)) + ")")
	}
	return s.String()
}

func refuse(status int, message string) *Refusal { return &Refusal{Status: status, Message: message} }

// invalid is a failed validation.
func invalid(errs ...FieldError) *Refusal {
	return &Refusal{Status: 422, Message: "Validation Failed", Errors: errs}
}

// malformed is a body or parameter that does not fit the endpoint's schema.
func malformed(format string, args ...any) *Refusal {
	return refuse(422, "Invalid request.\n\n"+fmt.Sprintf(format, args...))
}

func movedTo(is *issue) *Refusal {
	return &Refusal{Status: 301, Message: "Moved Permanently", location: fmt.Sprintf("/repositories/%d/issues/%d", is.repo.id, is.number),
		DocumentationURL: redirectDoc}
}

const redirectDoc = "https://docs.github.com/v3/#http-redirects"
