package mapping

import (
	"cmp"
	"fmt"
	"slices"

	"parley/connectors"
	"parley/kanban"
)

// Person finds who an account belongs to, by id or login in any letter case.
func (r *Rules) Person(kind connectors.Kind, account connectors.Person) (PersonConfig, bool) {
	for _, p := range r.persons {
		id := p.Jira
		if kind == connectors.GitHub {
			id = p.GitHub
		}
		if id != "" && fold(id) == fold(account.ID) {
			return p, true
		}
	}
	return PersonConfig{}, false
}

// Strangers lists the accounts of a side that no [[person]] names, each once, by
// their ids. Nothing is assigned for them on the other side. Deleted accounts, that
// have no id, are nobody.
func (r *Rules) Strangers(side kanban.Side, people []connectors.Person) []connectors.Person {
	kind := bySide(side, connectors.Jira, connectors.GitHub)
	var out []connectors.Person
	for _, p := range people {
		if _, known := r.Person(kind, p); !known && fold(p.ID) != "" {
			out = append(out, p)
		}
	}
	slices.SortStableFunc(out, func(a, b connectors.Person) int { return cmp.Compare(fold(a.ID), fold(b.ID)) })
	return slices.CompactFunc(out, func(a, b connectors.Person) bool { return fold(a.ID) == fold(b.ID) })
}

// compilePersons takes in who is who. One account cannot be two people, and one name
// cannot: it is by their names that assignees are carried.
func (b *builder) compilePersons() {
	b.rules.people = map[string]PersonConfig{}
	b.takenOnce("name", "the name %s is that of %s as well", "tell them apart by their names", func(p PersonConfig) string { return p.Name })
	b.takenOnce("jira", "the account %s belongs to %s as well", "keep it with one of them", func(p PersonConfig) string { return p.Jira })
	b.takenOnce("github", "the account %s belongs to %s as well", "keep it with one of them", func(p PersonConfig) string { return p.GitHub })
	for _, p := range b.config.Persons {
		if fold(p.Name) != "" && fold(p.Jira) != "" && fold(p.GitHub) != "" {
			b.rules.people[p.Name] = p
		}
	}
}

// takenOnce refuses what two people have in common.
func (b *builder) takenOnce(key, format, fix string, of func(PersonConfig) string) {
	first := map[string]int{}
	for i, p := range b.config.Persons {
		text := fold(of(p))
		at, twice := first[text]
		if text == "" || !twice {
			first[text] = i
			continue
		}
		b.twicef(fmt.Sprintf("person[%d].%s", i, key), fmt.Sprintf("person[%d].%s", at, key), fix, format, quote(of(p)), b.config.Persons[at].Name)
	}
}

// NamesPeople reports whether the configuration says of anybody who they are.
func (r *Rules) NamesPeople() bool { return len(r.persons) > 0 }
