package propose

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"parley/connectors"
)

// Jira's categories of statuses.
const (
	categoryNew  = "new"
	categoryBusy = "indeterminate"
	categoryDone = "done"
)

// fits reports whether a status of a category can stand in a slot: the category is what
// Jira itself counts by, and outweighs a name.
func fits(s slot, category string) bool {
	switch category {
	case categoryNew:
		return s == requests || s == committed || s == waiting
	case categoryBusy:
		return s == committed || s == doing || s == review || s == accepting || s == waiting
	case categoryDone:
		return s == done || s == withdrawn
	}
	return true
}

// byCategory is where a status goes whose name says nothing; "" for one without category.
func byCategory(category string) slot {
	return map[string]slot{categoryNew: requests, categoryBusy: doing, categoryDone: done}[category]
}

// categoryWord is what people see in Jira.
func categoryWord(category string) string {
	return cmp.Or(map[string]string{categoryNew: "To Do", categoryBusy: "In Progress", categoryDone: "Done"}[category], "none")
}

// verdict is where a status goes, and why.
type verdict struct {
	slot slot
	sure Sureness
	rank int
	why  string
}

// judge places one status; a slot of "" leaves it to a person.
func (m *maker) judge(st connectors.Status) verdict {
	for _, name := range []string{st.Untranslated, st.Name} {
		known, ok := m.words[normal(name)]
		switch {
		case !ok:
			continue
		case fits(known.slot, st.Category) && byCategory(st.Category) == "":
			return verdict{known.slot, Likely, known.rank, "by its name; Jira gives it no category"}
		case fits(known.slot, st.Category):
			return verdict{known.slot, Sure, known.rank, "by its name"}
		}
		return verdict{byCategory(st.Category), Guess, 0, fmt.Sprintf("Jira's category is %s, though the name sounds like %s", categoryWord(st.Category), known.slot)}
	}
	for _, h := range hints() {
		if contains(normal(st.Name), h.word) && fits(h.slot, st.Category) && byCategory(st.Category) != "" {
			return verdict{h.slot, Likely, 0, fmt.Sprintf("by the word %q in it", h.word)}
		}
	}
	return verdict{byCategory(st.Category), Likely, 0, "by Jira's category " + categoryWord(st.Category) + " alone"}
}

// placed is a status with its verdict.
type placed struct {
	connectors.Status
	verdict
}

func (m *maker) placeStatuses() {
	if m.Jira == nil {
		return
	}
	var all []placed
	statuses := m.Jira.Directory.Statuses
	anyUsed := slices.ContainsFunc(statuses, func(st connectors.Status) bool { return len(st.Used) > 0 })
	for _, st := range statuses {
		if len(st.Used) > 0 || !anyUsed { // where no workflow could be read, all that there are
			all = append(all, placed{st, m.judge(st)})
		}
	}
	if slices.ContainsFunc(all, func(p placed) bool { return p.slot == requests && isBacklog(cmp.Or(p.Untranslated, p.Name)) }) {
		for i := range all {
			if p := &all[i]; p.slot == requests && (isToDo(p.Untranslated) || isToDo(p.Name)) {
				p.verdict = verdict{committed, Likely, 0, "there is a backlog beside it, so what stands here was taken from there"}
			}
		}
	}
	slices.SortStableFunc(all, func(a, b placed) int { return cmp.Or(cmp.Compare(a.sure, b.sure), cmp.Compare(a.rank, b.rank)) })
	for _, p := range all {
		m.placeStatus(p, all)
	}
}

func (m *maker) placeStatus(p placed, all []placed) {
	value, ok := spelled(p, all)
	switch {
	case !ok:
		m.open(fmt.Sprintf("a status of %s has neither a name nor an id that could be written here", list(p.Used)))
		return
	case p.slot == "":
		m.open(fmt.Sprintf("the status %s (id %s) of %s has no category in Jira and no name that is known", Quote(short(p.Name)), short(p.ID), list(p.Used)),
			"jira = ["+Quote(value)+"]   # into one of the columns")
		return
	}
	c := m.column(p.slot)
	if has(c.Jira, value) {
		return
	}
	if len(c.Jira) >= mostItems {
		m.open(fmt.Sprintf("the column %s has %d statuses already; %s of %s was left out", p.slot, mostItems, Quote(short(p.Name)), list(p.Used)),
			"jira = ["+Quote(value)+"]   # into one of the columns")
		return
	}
	why := p.why
	if value == p.ID {
		why = fmt.Sprintf("%s of %s; %s", Quote(short(p.Name)), list(p.Used), why)
	} else if fold(value) != fold(p.Name) {
		why = fmt.Sprintf("%s to this account; %s", Quote(short(p.Name)), why)
	}
	c.Jira = append(c.Jira, Item{value, why, p.sure})
}

// spelled is how the configuration names a status: by the name that no translation
// changes, by its id where that name is also another status's in another column, or would be read as
// something else.
func spelled(p placed, all []placed) (value string, ok bool) {
	name := cmp.Or(strings.TrimSpace(p.Untranslated), strings.TrimSpace(p.Name))
	double := slices.ContainsFunc(all, func(o placed) bool {
		return o.ID != p.ID && o.slot != p.slot && (fold(o.Name) == fold(name) || fold(o.Untranslated) == fold(name))
	})
	if double || !writable(name) || isNumber(name) {
		return p.ID, isNumber(p.ID)
	}
	return name, true
}

func isNumber(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == "" && len(s) < 20
}

// writable reports whether a name can stand in a list of the mapping as it is.
func writable(name string) bool {
	return name != "" && len([]rune(name)) <= mostName && !strings.Contains(name, " + ") && !strings.HasPrefix(fold(name), "same:") && printable(name)
}
