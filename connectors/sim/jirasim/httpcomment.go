package jirasim

import (
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
		all := slices.Clone(v.Comments)
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
		i := slices.IndexFunc(v.Comments, func(cm Comment) bool { return cm.ID == id })
		if i < 0 {
			return reply{}, refuse(http.StatusNotFound, "Can not find a comment for the id: %d.", id)
		}
		return reply{status, c.commentJSON(v, v.Comments[i])}, nil
	})
}

func (c *call) getComment() (reply, error) {
	id, err := c.commentID()
	if err != nil {
		return reply{}, err
	}
	return c.showComment(id, http.StatusOK)
}

// commentBody reads the text of a comment that is sent.
func (c *call) commentBody() (string, error) {
	var b struct {
		Body json.RawMessage `json:"body"`
	}
	if err := c.decode(&b, false); err != nil {
		return "", err
	}
	if b.Body == nil {
		return "", refuseField("comment", "Comment body can not be empty!")
	}
	text, r := readText(c.version, b.Body)
	if r != nil {
		return "", refuseField("comment", "Comment body is not valid!")
	}
	return text, nil
}

func (c *call) postComment() (reply, error) {
	text, err := c.commentBody()
	if err != nil {
		return reply{}, err
	}
	if err := c.visible(); err != nil {
		return reply{}, err
	}
	id, err := c.site.AddComment(c.account(), c.params["key"], text)
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
	if err := c.visible(); err != nil {
		return reply{}, err
	}
	if err := c.site.present().EditComment(c.account(), c.params["key"], id, text); err != nil {
		return reply{}, err
	}
	return c.showComment(id, http.StatusOK)
}

func (c *call) deleteComment() (reply, error) {
	id, err := c.commentID()
	if err != nil {
		return reply{}, err
	}
	if err := c.visible(); err != nil {
		return reply{}, err
	}
	if err := c.site.present().DeleteComment(c.account(), c.params["key"], id); err != nil {
		return reply{}, err
	}
	return noContent()
}
