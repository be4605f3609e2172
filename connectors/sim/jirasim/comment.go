package jirasim

import (
	"encoding/json"
	"maps"
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

	Visibility *Visibility // nil: everybody who sees the issue
	Internal   bool        // of a service desk: customers do not see it
	Properties map[string]json.RawMessage
}

// AddComment adds a comment at the moment; see Site.AddComment.
func (m Moment) AddComment(actor, key, body string) (id int64, err error) {
	return m.PostComment(actor, key, Comment{Body: body})
}

// PostComment adds a comment at the moment; see Site.PostComment.
func (m Moment) PostComment(actor, key string, c Comment) (id int64, err error) {
	u := update{actor, key, AddComment, "comment on this issue"}
	err = m.change(u, func(d *Issue, at time.Time) (effect, *Refusal) {
		if c.Body == "" {
			return unchanged, refuseField("comment", "Comment body can not be empty!")
		}
		if r := merge(m.site.checkVisibility(actor, d.Project, c.Visibility), checkProperties(c.Properties)); r != nil {
			return unchanged, r
		}
		c.ID, c.Author, c.Created, c.Updated = m.site.takeID("comment"), actor, at, at
		c.Internal = m.site.internal(d.Project, c)
		d.Comments = append(slices.Clip(d.Comments), c)
		id = c.ID
		return touched, nil
	})
	return id, err
}

// EditComment replaces the text of a comment and leaves the rest as it is.
func (m Moment) EditComment(actor, key string, id int64, body string) error {
	return m.changeComment(actor, key, id, func(cs []Comment, i int, at time.Time) []Comment {
		cs[i].Body, cs[i].Updated = body, at
		return cs
	})
}

// ReplaceComment is what PUT does: what is not sent again is gone, so that a comment
// for few becomes one for all. Properties stay unless they are sent.
func (m Moment) ReplaceComment(actor, key string, id int64, c Comment) error {
	if r := m.site.checkReplacement(actor, key, c); r != nil {
		return r
	}
	return m.changeComment(actor, key, id, func(cs []Comment, i int, at time.Time) []Comment {
		cs[i].Body, cs[i].Updated, cs[i].Visibility = c.Body, at, c.Visibility
		if len(c.Properties) > 0 {
			cs[i].Properties = maps.Clone(cs[i].Properties)
			if cs[i].Properties == nil {
				cs[i].Properties = map[string]json.RawMessage{}
			}
			maps.Copy(cs[i].Properties, c.Properties)
		}
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
func (s *Site) comment(d *Issue, actor, body string, at time.Time) {
	if body == "" {
		return
	}
	c := Comment{ID: s.takeID("comment"), Author: actor, Body: body, Created: at, Updated: at}
	d.Comments = append(slices.Clip(d.Comments), c)
}

// SetCommentProperty sets a property of a comment; a nil value removes it. It does not
// touch "updated".
func (m Moment) SetCommentProperty(actor, key string, id int64, property string, value json.RawMessage) error {
	u := update{actor, key, AddComment, "change comments of this issue"}
	return m.change(u, func(d *Issue, _ time.Time) (effect, *Refusal) {
		i := slices.IndexFunc(d.Comments, func(c Comment) bool { return c.ID == id })
		if i < 0 {
			return unchanged, refuse(http.StatusNotFound, "Can not find a comment for the id: %d.", id)
		}
		d.Comments = slices.Clone(d.Comments)
		c := &d.Comments[i]
		c.Properties = maps.Clone(c.Properties)
		if c.Properties == nil {
			c.Properties = map[string]json.RawMessage{}
		}
		c.Properties[property] = value
		if value == nil {
			delete(c.Properties, property)
		}
		if property == publicProperty {
			c.Internal = m.site.internal(d.Project, Comment{Properties: c.Properties})
		}
		return quiet, nil
	})
}
