package githubsim

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// row is an issue in a list, in the state that the list shows.
type row struct {
	is *issue
	st *state
}

// filter is what a list of issues was asked for.
type filter struct {
	state     string
	sort      string
	asc       bool
	since     time.Time
	labels    []string
	milestone string
	assignee  string
	creator   string
	mentioned string
}

func (c *call) filter() (filter, error) {
	q := c.query
	f := filter{state: "open", sort: "created", milestone: q.Get("milestone"), assignee: q.Get("assignee"),
		creator: q.Get("creator"), mentioned: q.Get("mentioned")}
	var err error
	if f.state, err = c.choice("state", "open", "closed", "all"); err != nil {
		return f, err
	}
	if f.sort, err = c.choice("sort", "created", "updated", "comments"); err != nil {
		return f, err
	}
	direction, err := c.choice("direction", "desc", "asc")
	if err != nil {
		return f, err
	}
	f.asc = direction == "asc"
	if s := q.Get("since"); s != "" {
		if f.since, err = parseSince(s); err != nil {
			return f, malformed("For 'since', %q is not a date-time.", s)
		}
	}
	for l := range strings.SplitSeq(q.Get("labels"), ",") {
		if l = strings.TrimSpace(l); l != "" {
			f.labels = append(f.labels, l)
		}
	}
	return f, c.known(f)
}

// choice reads a parameter that must be one of a few words, the first by default.
func (c *call) choice(name string, words ...string) (string, error) {
	v := c.query.Get(name)
	if v == "" {
		return words[0], nil
	}
	if !slices.Contains(words, v) {
		return "", invalid(FieldError{Value: v, Resource: "Issue", Field: name, Code: "invalid"})
	}
	return v, nil
}

// known refuses filters that name what is not there.
func (c *call) known(f filter) error {
	bad := func(field, value string) error {
		return invalid(FieldError{Value: value, Resource: "Issue", Field: field, Code: "invalid"})
	}
	for _, p := range [][2]string{{"assignee", f.assignee}, {"creator", f.creator}, {"mentioned", f.mentioned}} {
		field, login := p[0], p[1]
		if field == "assignee" && (login == "none" || login == "*") {
			continue
		}
		if login != "" && c.w.users[strings.ToLower(login)] == nil {
			return bad(field, login)
		}
	}
	if f.milestone != "" && f.milestone != "none" && f.milestone != "*" {
		if n, err := strconv.Atoi(f.milestone); err != nil || c.rp.milestone(n) == nil {
			return bad("milestone", f.milestone)
		}
	}
	return nil
}

// parseSince takes the forms of ISO 8601 that GitHub takes, to the second.
func parseSince(s string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02T15:04Z", "2006-01-02"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC().Truncate(time.Second), nil
		}
	}
	return time.Parse(time.RFC3339, s)
}

// wants reports whether a list with this filter shows the row.
func (f filter) wants(r row) bool {
	if f.state != "all" && r.st.word() != f.state || r.st.updated.Before(f.since) {
		return false
	}
	for _, l := range f.labels {
		if r.st.label(l) == nil {
			return false
		}
	}
	switch m := r.st.milestone; f.milestone {
	case "":
	case "none":
		if m != nil {
			return false
		}
	case "*":
		if m == nil {
			return false
		}
	default:
		if m == nil || strconv.Itoa(m.number) != f.milestone {
			return false
		}
	}
	return f.wantsPeople(r)
}

func (f filter) wantsPeople(r row) bool {
	switch f.assignee {
	case "":
	case "none":
		if len(r.st.assignees) > 0 {
			return false
		}
	case "*":
		if len(r.st.assignees) == 0 {
			return false
		}
	default:
		if !slices.ContainsFunc(r.st.assignees, func(u *user) bool { return strings.EqualFold(u.Login, f.assignee) }) {
			return false
		}
	}
	if f.creator != "" && !strings.EqualFold(loginOf(r.is.user), f.creator) {
		return false
	}
	return f.mentioned == "" || strings.Contains(strings.ToLower(r.st.body), "@"+strings.ToLower(f.mentioned))
}

// place is where the row stands in the order of the list.
func (f filter) place(r row) cursor {
	switch f.sort {
	case "updated":
		return cursor{r.st.updated.Unix(), r.is.number}
	case "comments":
		return cursor{int64(r.st.comments), r.is.number}
	}
	return cursor{r.is.created.Unix(), r.is.number}
}

// order compares places in the direction of the list.
func (f filter) order(a, b cursor) int {
	d := cmp.Or(cmp.Compare(a.value, b.value), cmp.Compare(a.number, b.number))
	if f.asc {
		return d
	}
	return -d
}

// rows are all rows of a list in order. They are kept until the repository moves,
// so that walking the pages sorts once.
func (c *call) rows(f filter, key string) []row {
	rp := c.rp
	if rp.listsAt != rp.version || rp.lists == nil || len(rp.lists) > 32 {
		rp.lists, rp.listsAt = map[string][]row{}, rp.version
	}
	quiet := !c.now.Before(rp.settled)
	if rows, ok := rp.lists[key]; ok && quiet {
		return rows
	}
	var rows []row
	for _, is := range rp.issues {
		if st := is.listed(c.now); st != nil && f.wants(row{is, st}) {
			rows = append(rows, row{is, st})
		}
	}
	slices.SortFunc(rows, func(a, b row) int { return f.order(f.place(a), f.place(b)) })
	if quiet {
		rp.lists[key] = rows
	}
	return rows
}
