package githubsim

import (
	"slices"
	"strings"
	"time"
)

// Comment is a copy of a comment.
type Comment struct {
	ID      int64
	User    string // login; "ghost" where the account was deleted
	Body    string
	Created time.Time
	Updated time.Time
}

type comment struct {
	id      int64
	issue   *issue
	user    *user
	app     string
	body    string
	created time.Time
	updated time.Time
	place   int64    // among the events of its second
	was     *comment // before its last edit
}

// seen is the comment as a copy that lags behind shows it; nil where that has none yet.
func (c *comment) seen(at time.Time) *comment {
	for ; c != nil && c.updated.After(at); c = c.was {
	}
	return c
}

// Comment adds a comment as actor and gives its id. It moves updated_at: three of
// four such moves in real repositories are comments and other noise.
func (h *Hub) Comment(actor, name string, number int, body string) (int64, error) {
	var id int64
	err := h.on(actor, name, number, func(a act, is *issue) error {
		c, err := a.comment(is, body)
		if err == nil {
			id = c.id
		}
		return err
	})
	return id, err
}

// EditComment replaces the text of a comment, as its author or somebody who may write
// in the repository does. Nothing tells who it was.
func (h *Hub) EditComment(actor, name string, id int64, body string) error {
	return h.onComment(actor, name, id, func(a act, c *comment) error { return a.editComment(c, body) })
}

// DeleteComment deletes a comment, as its author or somebody who may write does.
func (h *Hub) DeleteComment(actor, name string, id int64) error {
	return h.onComment(actor, name, id, func(a act, c *comment) error { return a.deleteComment(c) })
}

func (h *Hub) onComment(actor, name string, id int64, fn func(act, *comment) error) error {
	return h.do(actor, name, func(a act, rp *repo) error {
		c := rp.comment(id)
		if c == nil {
			return refuse(404, "Not Found")
		}
		return fn(a, c)
	})
}

// Comments are the comments of an issue, oldest first.
func (h *Hub) Comments(name string, number int) ([]Comment, error) {
	var out []Comment
	err := h.on("", name, number, func(_ act, is *issue) error {
		for _, c := range is.comments {
			out = append(out, Comment{ID: c.id, User: loginOf(c.user), Body: c.body, Created: c.created, Updated: c.updated})
		}
		return nil
	})
	return out, err
}

func loginOf(u *user) string {
	if u == nil || u.deleted {
		return "ghost"
	}
	return u.Login
}

func checkComment(body string) error {
	if strings.TrimSpace(body) == "" {
		return invalid(FieldError{Resource: "IssueComment", Field: "data", Code: "unprocessable", Message: "Body cannot be blank"})
	}
	if len([]rune(body)) > 65536 {
		return invalid(FieldError{Resource: "IssueComment", Field: "data", Code: "unprocessable", Message: "Body is too long (maximum is 65536 characters)"})
	}
	return nil
}

func (a act) comment(is *issue, body string) (*comment, error) {
	if err := a.changes(is); err != nil {
		return nil, err
	}
	if is.state.locked && !a.can(is.repo, Write) {
		return nil, refuse(403, "Unable to create comment because issue is locked.")
	}
	if err := checkComment(body); err != nil {
		return nil, err
	}
	c := &comment{id: next(&a.w.ids.comment, 0), issue: is, user: a.who, body: body, created: a.at, updated: a.at, place: a.w.ids.event(a.at)}
	if a.who != nil {
		c.app = a.who.App
	}
	at, _ := slices.BinarySearchFunc(is.comments, c, byCreation)
	is.comments = slices.Insert(is.comments, at, c)
	a.change(is, func(s *state) { s.comments++ })
	a.noteComment(c, "created")
	a.tell(is, body)
	return c, nil
}

func byCreation(x, y *comment) int {
	if d := x.created.Compare(y.created); d != 0 {
		return d
	}
	return int(x.id - y.id)
}

func (a act) editComment(c *comment, body string) error {
	if a.who != c.user && !a.can(c.issue.repo, Write) {
		return mustAdmin()
	}
	if err := checkComment(body); err != nil {
		return err
	}
	if a.w.opts.ReadLag != nil {
		before := *c
		c.was = &before
	}
	c.body, c.updated = body, later(c.updated, a.at)
	a.change(c.issue, func(*state) {})
	a.noteComment(c, "edited")
	a.tell(c.issue, body)
	return nil
}

func (a act) deleteComment(c *comment) error {
	if a.who != c.user && !a.can(c.issue.repo, Write) {
		return mustAdmin()
	}
	c.issue.comments = without(c.issue.comments, c)
	a.change(c.issue, func(s *state) { s.comments-- })
	a.noteComment(c, "deleted")
	return nil
}

func (rp *repo) comment(id int64) *comment {
	for _, is := range rp.issues {
		for _, c := range is.comments {
			if c.id == id {
				return c
			}
		}
	}
	return nil
}
