package githubsim

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// LinkStyle is how lists of issues link their pages.
type LinkStyle int

// Link styles. GitHub changes them without notice; a reader follows the Link.
const (
	// PageLinks number pages, up to 10,000 rows; longer results carry cursors.
	PageLinks LinkStyle = iota
	// CursorLinks carry after= and page=, next and prev only.
	CursorLinks
	// BareCursorLinks carry after= alone.
	BareCursorLinks
)

const maxRows = 10_000

// paging is which page a call asks for.
type paging struct{ page, per int }

func (c *call) paging() paging {
	p := paging{1, 30}
	if n, err := strconv.Atoi(c.query.Get("page")); err == nil && n > 0 {
		p.page = n
	}
	if n, err := strconv.Atoi(c.query.Get("per_page")); err == nil && n > 0 {
		p.per = min(n, 100)
	}
	return p
}

// bounds are the rows of the page in a list of n.
func (p paging) bounds(n int) (from, to int) {
	from = min((p.page-1)*p.per, n)
	return from, min(from+p.per, n)
}

// page cuts the page out of a list and links its neighbours by number.
func page[T any](c *call, list []T) ([]T, string) {
	p := c.paging()
	from, to := p.bounds(len(list))
	last := max((len(list)+p.per-1)/p.per, 1)
	var links []string
	add := func(rel string, n int) {
		links = append(links, c.link(rel, "page", strconv.Itoa(n)))
	}
	if p.page > 1 {
		add("prev", min(p.page-1, last))
	}
	if p.page < last {
		add("next", p.page+1)
		add("last", last)
	}
	if p.page > 1 {
		add("first", 1)
	}
	return list[from:to], strings.Join(links, ", ")
}

// link is one entry of a Link header: this call's address, which names the
// repository by id, with other paging parameters.
func (c *call) link(rel string, params ...string) string {
	var keep []string
	for kv := range strings.SplitSeq(c.r.URL.RawQuery, "&") {
		switch name, _, _ := strings.Cut(kv, "="); name {
		case "", "page", "after", "before":
		default:
			keep = append(keep, kv)
		}
	}
	for i := 0; i < len(params); i += 2 {
		keep = append(keep, params[i]+"="+url.QueryEscape(params[i+1]))
	}
	path := "/" + c.rest
	if c.rp != nil {
		path = fmt.Sprintf("/repositories/%d/%s", c.rp.id, c.rest)
	}
	return fmt.Sprintf(`<%s%s?%s>; rel="%s"`, c.base, path, strings.Join(keep, "&"), rel)
}

// cursor is a place in a sorted list of issues, good also when rows have moved.
type cursor struct {
	value  int64
	number int
}

func (k cursor) String() string {
	return base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "cursor:v2:%d:%d", k.value, k.number))
}

func parseCursor(s string) (cursor, bool) {
	var k cursor
	raw, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		return k, false
	}
	n, err := fmt.Sscanf(string(raw), "cursor:v2:%d:%d", &k.value, &k.number)
	return k, err == nil && n == 2
}
