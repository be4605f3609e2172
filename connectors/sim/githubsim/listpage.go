package githubsim

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// listKey names a list of issues whatever the page of it.
func (c *call) listKey() string {
	q := maps.Clone(c.query)
	for _, k := range []string{"page", "per_page", "after", "before"} {
		delete(q, k)
	}
	return q.Encode()
}

// issuePage cuts a page out of a list of issues, by number or by cursor.
func (c *call) issuePage(rows []row, f filter) ([]row, string, error) {
	after, before := c.query.Get("after"), c.query.Get("before")
	if after == "" && before == "" {
		return c.numbered(rows, f)
	}
	k, ok := parseCursor(after + before)
	if !ok || after != "" && before != "" {
		return nil, "", refuse(http.StatusUnprocessableEntity, "The after or before cursor is not valid.")
	}
	at, there := slices.BinarySearchFunc(rows, k, func(r row, k cursor) int { return f.order(f.place(r), k) })
	from, to := max(at-c.paging().per, 0), at
	if after != "" {
		if there {
			at++
		}
		from, to = at, min(at+c.paging().per, len(rows))
	}
	return rows[from:to], c.cursorLinks(rows, f, from, to), nil
}

func (c *call) numbered(rows []row, f filter) ([]row, string, error) {
	p := c.paging()
	if p.page > 1 && p.page*p.per > maxRows {
		return nil, "", refuse(http.StatusUnprocessableEntity,
			"Pagination with the page parameter is not supported for large datasets, please use cursor based pagination (after/before)")
	}
	if c.w.opts.Links == PageLinks && len(rows) <= maxRows {
		out, link := page(c, rows)
		return out, link, nil
	}
	from, to := p.bounds(len(rows))
	return rows[from:to], c.cursorLinks(rows, f, from, to), nil
}

// cursorLinks link the rows before and after a page.
func (c *call) cursorLinks(rows []row, f filter, from, to int) string {
	var links []string
	add := func(rel, param string, r row, page int) {
		params := []string{param, f.place(r).String()}
		if c.w.opts.Links != BareCursorLinks {
			params = append(params, "page", strconv.Itoa(page))
		}
		links = append(links, c.link(rel, params...))
	}
	n := from/c.paging().per + 1
	if to < len(rows) && to > from {
		add("next", "after", rows[to-1], n+1)
	}
	if from > 0 && from < len(rows) {
		add("prev", "before", rows[from], max(n-1, 1))
	}
	return strings.Join(links, ", ")
}
