package jirasim

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"sort"
	"strconv"
)

const commentPage = 100

// getComments pages through comments. Parameters are checked before the issue.
func (c *call) getComments() (reply, error) {
	p, err := c.page(commentPage)
	if err != nil {
		return reply{}, err
	}
	order := c.query("orderBy")
	if !slices.Contains([]string{"", "created", "+created", "-created"}, order) {
		return reply{}, invalid("The orderBy parameter '%s' is not valid.", order)
	}
	return c.locked(func(v *Issue) (reply, error) {
		all := c.seenComments(v)
		sort.SliceStable(all, func(i, j int) bool { return all[i].ID < all[j].ID != (order == "-created") })
		shown := cut(all, p)
		out := make([]obj, len(shown))
		for i, cm := range shown {
			out[i] = c.commentJSON(v, cm)
		}
		return ok(obj{"startAt": p.start, "maxResults": p.size, "total": len(all), "comments": out})
	})
}

func (c *call) commentID() (int64, error) {
	id, err := strconv.ParseInt(c.params["id"], 10, 64)
	if err != nil {
		return 0, refuse(http.StatusNotFound, "Can not find a comment for the id: %s.", c.params["id"])
	}
	return id, nil
}

func (c *call) showComment(id int64, status int) (reply, error) {
	return c.locked(func(v *Issue) (reply, error) {
		cm, err := c.commentOf(v, id)
		if err != nil {
			return reply{}, err
		}
		return reply{status, c.commentJSON(v, cm)}, nil
	})
}

// commentOf finds a comment of an issue that the account may see.
func (c *call) commentOf(v *Issue, id int64) (Comment, error) {
	for _, cm := range c.seenComments(v) {
		if cm.ID == id {
			return cm, nil
		}
	}
	return Comment{}, refuse(http.StatusNotFound, "Can not find a comment for the id: %d.", id)
}

func (c *call) getComment() (reply, error) {
	id, err := c.commentID()
	if err != nil {
		return reply{}, err
	}
	return c.showComment(id, http.StatusOK)
}

// commentBody reads a comment that is sent.
func (c *call) commentBody() (Comment, error) {
	var b struct {
		Body       json.RawMessage `json:"body"`
		Visibility *struct{ Type, Value, Identifier string }
		Properties []struct {
			Key   string
			Value json.RawMessage
		}
	}
	if err := c.decode(&b, false); err != nil {
		return Comment{}, err
	}
	if b.Body == nil {
		return Comment{}, refuseField("comment", "Comment body can not be empty!")
	}
	text, r := readText(c.version, b.Body)
	if r != nil {
		return Comment{}, refuseField("comment", "Comment body is not valid!")
	}
	out := Comment{Body: text}
	if v := b.Visibility; v != nil && v.Type+v.Value+v.Identifier != "" {
		out.Visibility = &Visibility{Type: v.Type, Value: cmp.Or(v.Value, v.Identifier)}
	}
	for _, p := range b.Properties {
		if out.Properties == nil {
			out.Properties = map[string]json.RawMessage{}
		}
		out.Properties[p.Key] = p.Value
	}
	return out, nil
}

func (c *call) postComment() (reply, error) {
	text, err := c.commentBody()
	if err != nil {
		return reply{}, err
	}
	if err := c.visible(); err != nil {
		return reply{}, err
	}
	id, err := c.site.PostComment(c.account(), c.params["key"], text)
	if err != nil {
		return reply{}, err
	}
	return c.showComment(id, http.StatusCreated)
}

func (c *call) putComment() (reply, error) {
	id, err := c.commentID()
	if err != nil {
		return reply{}, err
	}
	text, err := c.commentBody()
	if err != nil {
		return reply{}, err
	}
	if _, err := c.showComment(id, http.StatusOK); err != nil {
		return reply{}, err
	}
	if err := c.site.present().ReplaceComment(c.account(), c.params["key"], id, text); err != nil {
		return reply{}, err
	}
	return c.showComment(id, http.StatusOK)
}

func (c *call) deleteComment() (reply, error) {
	id, err := c.commentID()
	if err != nil {
		return reply{}, err
	}
	if _, err := c.showComment(id, http.StatusOK); err != nil {
		return reply{}, err
	}
	if err := c.site.present().DeleteComment(c.account(), c.params["key"], id); err != nil {
		return reply{}, err
	}
	return noContent()
}
