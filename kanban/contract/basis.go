package contract

import (
	"fmt"
	"slices"
	"strings"
)

// What the names of a Basis begin with, and what each is hashed behind.
const (
	basisTerms    = "terms"
	basisCalendar = "calendar"
	basisRules    = "rules"

	basisSays = "parley contract basis 1"
)

// Basis names by their hashes what verdicts go by besides the record of events and
// decisions, so that a line of the ledger tells later what was another one then.
type Basis struct {
	Terms    []string // version by version
	Calendar string
	Rules    string // "": nobody knows
}

// basis names what all accounts go by.
func (r *run) basis() Basis {
	b := Basis{Calendar: hashed(basisCalendar, r.Calendar.String())}
	if r.Rules != "" {
		b.Rules = hashed(basisRules, r.Rules)
	}
	return b
}

// hashed names a text by its hash.
func hashed(what, text string) string {
	var b coder
	b.text(basisSays)
	b.text(what)
	b.text(text)
	sum := b.sum()
	return fmt.Sprintf("%s/%x", what, sum[:6])
}

// of is what a verdict by a version of the terms goes by: names with spaces between them.
func (b Basis) of(version int) string {
	var names []string
	if version > 0 && version <= len(b.Terms) {
		names = append(names, b.Terms[version-1])
	}
	names = append(names, b.Calendar)
	if b.Rules != "" {
		names = append(names, b.Rules)
	}
	return strings.Join(names, " ")
}

// changed says in words which parts of a basis are others than they were; none: "".
func changed(was, is string) string {
	words := map[string]string{basisTerms: "the terms", basisCalendar: "the calendar", basisRules: "the rules of the configuration"}
	var out []string
	for _, what := range []string{basisTerms, basisCalendar, basisRules} {
		if part(was, what) != part(is, what) {
			out = append(out, words[what])
		}
	}
	if n := len(out); n > 1 {
		out = []string{strings.Join(out[:n-1], ", ") + " and " + out[n-1]}
	}
	return strings.Join(out, "")
}

// part is the name of one sort in a basis.
func part(basis, what string) string {
	names := strings.Fields(basis)
	if i := slices.IndexFunc(names, func(n string) bool { return strings.HasPrefix(n, what+"/") }); i >= 0 {
		return names[i]
	}
	return ""
}
