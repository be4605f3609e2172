package jirasim

import (
	"net/http"
	"slices"
	"time"
)

// Comment is a comment on an issue; Body is plain text.
type Comment struct {
	ID      int64
	Author  string
	Body    string
	Created time.Time
	Updated time.Time
}

// AddComment adds a comment at the moment; see Site.AddComment.
func (m Moment) AddComment(actor, key, body string) (id int64, err error) {
	u := update{actor, key, AddComment, "comment on this issue"}
	err = m.change(u, func(d *Issue, at time.Time) (effect, *Refusal) {
		if body == "" {
			return unchanged, refuseField("comment", "Comment body can not be empty!")
		}
		id = m.site.comment(d, actor, body, at)
		return touched, nil
	})
	return id, err
}

// EditComment replaces the text of a comment.
func (m Moment) EditComment(actor, key string, id int64, body string) error {
	return m.changeComment(actor, key, id, func(cs []Comment, i int, at time.Time) []Comment {
		cs[i].Body, cs[i].Updated = body, at
		return cs
	})
}

// DeleteComment removes a comment.
func (m Moment) DeleteComment(actor, key string, id int64) error {
	return m.changeComment(actor, key, id, func(cs []Comment, i int, _ time.Time) []Comment {
		return slices.Delete(cs, i, i+1)
	})
}

func (m Moment) changeComment(actor, key string, id int64, change func([]Comment, int, time.Time) []Comment) error {
	u := update{actor, key, AddComment, "change comments of this issue"}
	return m.change(u, func(d *Issue, at time.Time) (effect, *Refusal) {
		i := slices.IndexFunc(d.Comments, func(c Comment) bool { return c.ID == id })
		if i < 0 {
			return unchanged, refuse(http.StatusNotFound, "Can not find a comment for the id: %d.", id)
		}
		d.Comments = change(slices.Clone(d.Comments), i, at)
		return touched, nil
	})
}

// comment appends a comment to a draft, none for an empty text.
func (s *Site) comment(d *Issue, actor, body string, at time.Time) int64 {
	if body == "" {
		return 0
	}
	c := Comment{ID: s.takeID("comment"), Author: actor, Body: body, Created: at, Updated: at}
	d.Comments = append(slices.Clip(d.Comments), c)
	return c.ID
}
