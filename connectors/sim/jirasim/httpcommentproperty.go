package jirasim

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
)

// commented finds the comment of the path, on whatever issue it is. Hold the lock.
func (c *call) commented() (*Issue, Comment, error) {
	id, err := c.commentID()
	if err != nil {
		return nil, Comment{}, err
	}
	for _, v := range c.site.living() {
		if !c.site.sees(c.user, v) {
			continue
		}
		if cm, err := c.commentOf(v, id); err == nil {
			return v, cm, nil
		}
	}
	return nil, Comment{}, refuse(http.StatusNotFound, "Can not find a comment for the id: %d.", id)
}

func (c *call) commentProperties() (reply, error) {
	c.site.mu.RLock()
	defer c.site.mu.RUnlock()
	_, cm, err := c.commented()
	if err != nil {
		return reply{}, err
	}
	keys := []obj{}
	for _, k := range slices.Sorted(maps.Keys(cm.Properties)) {
		keys = append(keys, obj{"self": c.self("comment/%d/properties/%s", cm.ID, url.PathEscape(k)), "key": k})
	}
	return ok(obj{"keys": keys})
}

func (c *call) getCommentProperty() (reply, error) {
	c.site.mu.RLock()
	defer c.site.mu.RUnlock()
	_, cm, err := c.commented()
	if err != nil {
		return reply{}, err
	}
	value, set := cm.Properties[c.params["property"]]
	if !set {
		return reply{}, noProperty(c.params["property"])
	}
	return ok(obj{"key": c.params["property"], "value": value})
}

func (c *call) putCommentProperty() (reply, error) {
	raw, err := io.ReadAll(io.LimitReader(c.r.Body, maxBody))
	if err != nil || !json.Valid(raw) {
		return reply{}, invalid("The property value is not valid JSON.")
	}
	had, err := c.setCommentProperty(raw)
	if err != nil {
		return reply{}, err
	}
	if !had {
		return reply{http.StatusCreated, obj{}}, nil
	}
	return ok(obj{})
}

func (c *call) deleteCommentProperty() (reply, error) {
	if out, err := c.getCommentProperty(); err != nil {
		return out, err
	}
	if _, err := c.setCommentProperty(nil); err != nil {
		return reply{}, err
	}
	return noContent()
}

// setCommentProperty sets or, with nil, removes the property of the path.
func (c *call) setCommentProperty(value json.RawMessage) (had bool, err error) {
	c.site.mu.RLock()
	v, cm, err := c.commented()
	c.site.mu.RUnlock()
	if err != nil {
		return false, err
	}
	key := c.params["property"]
	if r := checkProperty(key, value); r != nil {
		return false, r
	}
	_, had = cm.Properties[key]
	err = c.site.present().SetCommentProperty(c.account(), v.Key, cm.ID, key, value)
	return had, err
}
