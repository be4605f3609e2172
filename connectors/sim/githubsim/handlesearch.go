package githubsim

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
)

func searchRoutes(on add) {
	on("GET", "search/issues", "/search/search#search-issues-and-pull-requests", searchIssues)
}

// mostFound is how many results a search gives at most.
const mostFound = 1000

// searchIssues knows repo:, is:, label:, author: and words of the title. It is an index:
// it shows what lists show, as late as they do.
func searchIssues(c *call) (answer, error) {
	q := strings.Fields(c.query.Get("q"))
	if len(q) == 0 {
		return answer{}, invalid(FieldError{Resource: "Search", Field: "q", Code: "missing"})
	}
	var found []row
	for _, rp := range c.w.byID {
		if !c.sees(rp) {
			continue
		}
		for _, is := range rp.issues {
			if r := (row{is, is.listed(c.now)}); r.st != nil && r.matches(q) {
				found = append(found, r)
			}
		}
	}
	slices.SortFunc(found, func(a, b row) int { return cmp.Compare(b.is.id, a.is.id) })
	total := len(found)
	list, link := page(c, found[:min(total, mostFound)])
	items := make([]foundJSON, 0, len(list))
	for _, r := range list {
		items = append(items, foundJSON{c.show(r.is, r.st), 1})
	}
	return answer{status: http.StatusOK, link: link, body: map[string]any{"total_count": total, "incomplete_results": false, "search_type": "lexical", "items": items}}, nil
}

// foundJSON is an issue that a search found.
type foundJSON struct {
	*issueJSON

	Score float64 `json:"score"`
}

// matches reports whether a row fits all terms of a search.
func (r row) matches(terms []string) bool {
	for _, term := range terms {
		key, value, qualified := strings.Cut(term, ":")
		if !qualified {
			key, value = "", term
		}
		if !r.fits(key, strings.Trim(value, `"`)) {
			return false
		}
	}
	return true
}

func (r row) fits(key, value string) bool {
	switch key {
	case "repo":
		return strings.EqualFold(r.is.repo.full(), value)
	case "is", "state", "type":
		return value == r.st.word() || value == "issue" && !r.is.pull || value == "pr" && r.is.pull
	case "label":
		return r.st.label(value) != nil
	case "author":
		return strings.EqualFold(loginOf(r.is.user), value)
	}
	return strings.Contains(strings.ToLower(r.st.title), strings.ToLower(value))
}
