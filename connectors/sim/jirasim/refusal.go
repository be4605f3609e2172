package jirasim

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// Refusal is Jira saying no: the HTTP status and body it says it with. Every
// error of a Site's methods is one.
type Refusal struct {
	Status   int
	Messages []string          // errorMessages of the body
	Errors   map[string]string // errors of the body, by field
}

// Error is the first thing that the body says.
func (r *Refusal) Error() string {
	var parts []string
	parts = append(parts, r.Messages...)
	for _, field := range slices.Sorted(maps.Keys(r.Errors)) {
		parts = append(parts, field+": "+r.Errors[field])
	}
	return fmt.Sprintf("jira refused (%d): %s", r.Status, strings.Join(parts, "; "))
}

// refuse makes a refusal with one message.
func refuse(status int, format string, args ...any) *Refusal {
	return &Refusal{Status: status, Messages: []string{fmt.Sprintf(format, args...)}}
}

// refuseField makes a 400 about one field.
func refuseField(field, format string, args ...any) *Refusal {
	return &Refusal{Status: http.StatusBadRequest, Errors: map[string]string{field: fmt.Sprintf(format, args...)}}
}

// offScreen is the answer to a field that the screen in question does not show.
func offScreen(field string) *Refusal {
	return refuseField(field, "Field '%s' cannot be set. It is not on the appropriate screen, or unknown.", field)
}

// absent is the answer for an issue that does not exist or must not be seen;
// the product does not tell the two apart.
func absent() *Refusal {
	return refuse(http.StatusNotFound, "Issue does not exist or you do not have permission to see it.")
}

// forbidden is the answer to a known user without a permission.
func forbidden(what string) *Refusal {
	return refuse(http.StatusForbidden, "You do not have the permission to %s.", what)
}

// invalid reports a request that names something the site does not have.
func invalid(format string, args ...any) *Refusal {
	return refuse(http.StatusBadRequest, format, args...)
}

// merge joins refusals of several fields into one body; nil where there is none.
func merge(all ...*Refusal) *Refusal {
	var out *Refusal
	for _, r := range all {
		switch {
		case r == nil:
		case out == nil:
			out = &Refusal{Status: r.Status, Messages: slices.Clone(r.Messages), Errors: maps.Clone(r.Errors)}
		default:
			out.Messages = append(out.Messages, r.Messages...)
			if out.Errors == nil {
				out.Errors = map[string]string{}
			}
			maps.Copy(out.Errors, r.Errors)
		}
	}
	return out
}
