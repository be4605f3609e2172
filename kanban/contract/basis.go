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
	basisJudging  = "judging"

	basisSays = "parley contract basis 1"
)

// basisBytes is how much of a hash stands in a Basis. Lines of earlier versions have less of
// the same ones.
const basisBytes = 16

// judging is the version of the rules by which Parley itself judges. It is raised with each
// change of this code that can let the same record, terms, calendar and configuration come
// out otherwise.
const judging = 1

// Basis names by their hashes what verdicts go by besides the record of events and
// decisions, so that a line of the ledger tells later what was another one then.
type Basis struct {
	Terms    []string // version by version
	Calendar string
	Rules    string // "": nobody knows
	Judging  string // version of Parley's own rules
}

// basis names what all accounts go by.
func (r *run) basis() Basis {
	b := Basis{Calendar: hashed(basisCalendar, r.Calendar.String()), Judging: fmt.Sprintf("%s/%d", basisJudging, judging)}
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
	return fmt.Sprintf("%s/%x", what, sum[:basisBytes])
}

// of is what a verdict by a version of the terms goes by: names with spaces between them.
func (b Basis) of(version int) string {
	var names []string
	if version > 0 && version <= len(b.Terms) {
		names = append(names, b.Terms[version-1])
	}
	for _, name := range []string{b.Calendar, b.Rules, b.Judging} {
		if name != "" {
			names = append(names, name)
		}
	}
	return strings.Join(names, " ")
}

// changed says in words which parts of a basis are others than they were; unsaid, that of one
// it was not recorded what it was.
func changed(was, is string) (others []string, unsaid bool) {
	words := map[string]string{basisTerms: "the terms", basisCalendar: "the calendar", basisRules: "the rules of the configuration", basisJudging: "the rules by which Parley judges"}
	for _, what := range []string{basisTerms, basisCalendar, basisRules, basisJudging} {
		switch before, now := part(was, what), part(is, what); {
		case before == now:
		case what == basisJudging && before == "": // lines of earlier versions do not tell
			unsaid = true
		case !sameHash(what, before, now):
			others = append(others, words[what])
		}
	}
	return others, unsaid
}

// sameHash reports whether two names are of the same: of one there may be less than of the
// other.
func sameHash(what, a, b string) bool {
	if what == basisJudging || a == "" || b == "" {
		return a == b
	}
	return strings.HasPrefix(a, b) || strings.HasPrefix(b, a)
}

// since says why a verdict is told otherwise, as far as that is certain: which of what it
// goes by is another than it was, whether or not that alone turned it.
func since(was, is string) string {
	const told = "the trackers, what is known of when they were read, or the decisions tell it otherwise than then"
	others, unsaid := changed(was, is)
	switch n := len(others); {
	case n > 1:
		others = []string{strings.Join(others[:n-1], ", ") + " and " + others[n-1]}
		fallthrough
	case n == 1:
		return "not as it was when it was decided: " + others[0]
	case unsaid:
		return told + ", or it goes by something else that was not recorded"
	}
	return told
}

// part is the name of one sort in a basis.
func part(basis, what string) string {
	names := strings.Fields(basis)
	if i := slices.IndexFunc(names, func(n string) bool { return strings.HasPrefix(n, what+"/") }); i >= 0 {
		return names[i]
	}
	return ""
}
