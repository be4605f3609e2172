package githubsim

import (
	"net/http"
	"slices"
	"strconv"
	"time"
)

func commentRoutes(on add) {
	on("GET", "issues/comments", "/issues/comments#list-issue-comments-for-a-repository", repoComments)
	on("GET", "issues/comments/*", "/issues/comments#get-an-issue-comment", getComment)
	on("PATCH", "issues/comments/*", "/issues/comments#update-an-issue-comment", patchComment)
	on("DELETE", "issues/comments/*", "/issues/comments#delete-an-issue-comment", deleteComment)
	on("GET", "issues/*/comments", "/issues/comments#list-issue-comments", issueComments)
	on("POST", "issues/*/comments", "/issues/comments#create-an-issue-comment", createComment)
}

func issueComments(c *call) (answer, error) {
	is, err := c.issue()
	if err != nil {
		return answer{}, err
	}
	since, err := c.since()
	if err != nil {
		return answer{}, err
	}
	seen := c.at.Add(-is.lag(c.w.opts.ListLag))
	return c.comments(slices.DeleteFunc(slices.Clone(is.comments), func(m *comment) bool { return m.updated.Before(since) || m.created.After(seen) }))
}

// repoComments lists all comments of a repository, by age or by last change.
func repoComments(c *call) (answer, error) {
	since, err := c.since()
	if err != nil {
		return answer{}, err
	}
	sort, err := c.choice("sort", "created", "updated")
	if err != nil {
		return answer{}, err
	}
	direction, err := c.choice("direction", "desc", "asc")
	if err != nil {
		return answer{}, err
	}
	var all []*comment
	for _, is := range c.rp.issues {
		for _, m := range is.comments {
			if !m.updated.Before(since) {
				all = append(all, m)
			}
		}
	}
	slices.SortFunc(all, func(x, y *comment) int {
		if d := x.updated.Compare(y.updated); sort == "updated" && d != 0 {
			return d
		}
		return byCreation(x, y)
	})
	if direction == "desc" && c.query.Has("sort") { // direction means nothing without sort
		slices.Reverse(all)
	}
	return c.comments(all)
}

func (c *call) since() (time.Time, error) {
	s := c.query.Get("since")
	if s == "" {
		return time.Time{}, nil
	}
	t, err := parseSince(s)
	if err != nil {
		return t, malformed("For 'since', %q is not a date-time.", s)
	}
	return t, nil
}

func (c *call) comments(list []*comment) (answer, error) {
	list, link := page(c, list)
	out := make([]*commentJSON, 0, len(list))
	for _, m := range list {
		out = append(out, c.remark(m))
	}
	return answer{status: http.StatusOK, body: out, link: link}, nil
}

func createComment(c *call) (answer, error) {
	is, err := c.issue()
	if err != nil {
		return answer{}, err
	}
	body, err := c.commentBody()
	if err != nil {
		return answer{}, err
	}
	m, err := c.comment(is, body)
	if err != nil {
		return answer{}, err
	}
	j := c.remark(m)
	return answer{status: http.StatusCreated, body: j, location: j.URL}, nil
}

func (c *call) commentBody() (string, error) {
	f, err := c.object()
	if err != nil {
		return "", err
	}
	if _, ok := f["body"]; !ok {
		return "", malformed("%q wasn't supplied.", "body")
	}
	return f.word("body")
}

// named is the comment whose id the first star is.
func (c *call) named() (*comment, error) {
	id, err := strconv.ParseInt(c.args[0], 10, 64)
	if err == nil {
		if m := c.rp.comment(id); m != nil {
			return m, nil
		}
	}
	return nil, refuse(http.StatusNotFound, "Not Found")
}

func getComment(c *call) (answer, error) {
	m, err := c.named()
	if err != nil {
		return answer{}, err
	}
	if m = m.seen(c.at.Add(-m.issue.lag(c.w.opts.ReadLag))); m == nil {
		return answer{}, refuse(http.StatusNotFound, "Not Found")
	}
	return answer{status: http.StatusOK, body: c.remark(m)}, nil
}

func patchComment(c *call) (answer, error) {
	m, err := c.named()
	if err != nil {
		return answer{}, err
	}
	body, err := c.commentBody()
	if err != nil {
		return answer{}, err
	}
	if err := c.editComment(m, body); err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusOK, body: c.remark(m)}, nil
}

func deleteComment(c *call) (answer, error) {
	m, err := c.named()
	if err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusNoContent}, c.deleteComment(m)
}
