package jirasim

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
)

func (c *call) propertyKeys() (reply, error) {
	return c.locked(func(v *Issue) (reply, error) {
		keys := []obj{}
		for _, k := range slices.Sorted(maps.Keys(v.Properties)) {
			keys = append(keys, obj{"self": c.self("issue/%s/properties/%s", v.ID, url.PathEscape(k)), "key": k})
		}
		return ok(obj{"keys": keys})
	})
}

func (c *call) getProperty() (reply, error) {
	return c.locked(func(v *Issue) (reply, error) {
		key := c.params["property"]
		value, set := v.Properties[key]
		if !set {
			return reply{}, noProperty(key)
		}
		return ok(obj{"key": key, "value": value})
	})
}

func noProperty(key string) *Refusal {
	return refuse(http.StatusNotFound, "The property %s does not exist.", key)
}

func (c *call) putProperty() (reply, error) {
	raw, err := io.ReadAll(io.LimitReader(c.r.Body, maxBody))
	if err != nil || !json.Valid(raw) {
		return reply{}, invalid("The property value is not valid JSON.")
	}
	if err := c.visible(); err != nil {
		return reply{}, err
	}
	created, err := c.site.SetProperty(c.account(), c.params["key"], c.params["property"], raw)
	if err != nil {
		return reply{}, err
	}
	if created {
		return reply{http.StatusCreated, obj{}}, nil
	}
	return ok(obj{})
}

func (c *call) deleteProperty() (reply, error) {
	if out, err := c.getProperty(); err != nil {
		return out, err
	}
	if _, err := c.site.SetProperty(c.account(), c.params["key"], c.params["property"], nil); err != nil {
		return reply{}, err
	}
	return noContent()
}
