package jirasim

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
)

func linkRoutes() []route {
	const links = "/issue/{key}/remotelink"
	get, post, put, del := http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete
	return []route{
		{method: get, pattern: links, run: (*call).getLinks},
		{method: post, pattern: links, run: (*call).postLink},
		{method: del, pattern: links, run: (*call).deleteLinkByGlobalID},
		{method: get, pattern: links + "/{id}", run: (*call).getLink},
		{method: put, pattern: links + "/{id}", run: (*call).putLink},
		{method: del, pattern: links + "/{id}", run: (*call).deleteLink},
	}
}

// getLinks lists the links, or gives the one with the globalId asked for.
func (c *call) getLinks() (reply, error) {
	return c.locked(func(v *Issue) (reply, error) {
		if c.r.URL.Query().Has("globalId") {
			l, err := c.linkByGlobalID(v)
			if err != nil {
				return reply{}, err
			}
			return ok(c.linkJSON(v, l))
		}
		out := make([]obj, len(v.Links))
		for i, l := range v.Links {
			out[i] = c.linkJSON(v, l)
		}
		return ok(out)
	})
}

func (c *call) linkByGlobalID(v *Issue) (RemoteLink, error) {
	id := c.query("globalId")
	i := slices.IndexFunc(v.Links, func(l RemoteLink) bool { return l.GlobalID == id && id != "" })
	if i < 0 {
		return RemoteLink{}, refuse(http.StatusNotFound, "The issue remote link with the global id '%s' does not exist.", id)
	}
	return v.Links[i], nil
}

func (c *call) linkByID(v *Issue) (RemoteLink, error) {
	id := c.params["id"]
	i := slices.IndexFunc(v.Links, func(l RemoteLink) bool { return l.id() == id })
	if i < 0 {
		return RemoteLink{}, refuse(http.StatusNotFound, "No remote issue link with the id '%s' exists.", id)
	}
	return v.Links[i], nil
}

func (c *call) getLink() (reply, error) {
	return c.locked(func(v *Issue) (reply, error) {
		l, err := c.linkByID(v)
		if err != nil {
			return reply{}, err
		}
		return ok(c.linkJSON(v, l))
	})
}

// readLink takes a link as sent. What is left out is gone, also in an update.
func (c *call) readLink() (RemoteLink, error) {
	var b struct {
		GlobalID     string          `json:"globalId"`
		Relationship string          `json:"relationship"`
		Application  json.RawMessage `json:"application"`
		Object       json.RawMessage `json:"object"`
	}
	if err := c.decode(&b, false); err != nil {
		return RemoteLink{}, err
	}
	var o struct{ URL, Title string }
	if b.Object != nil && json.Unmarshal(b.Object, &o) != nil {
		return RemoteLink{}, badPayload()
	}
	if string(b.Application) == "null" {
		b.Application = nil
	}
	return RemoteLink{GlobalID: b.GlobalID, Relationship: b.Relationship, URL: o.URL, Title: o.Title, Application: b.Application, Object: b.Object}, nil
}

func (c *call) postLink() (reply, error) {
	l, err := c.readLink()
	if err != nil {
		return reply{}, err
	}
	if err := c.visible(); err != nil {
		return reply{}, err
	}
	id, created, err := c.site.AddRemoteLink(c.account(), c.params["key"], l)
	if err != nil {
		return reply{}, err
	}
	status := http.StatusOK
	if created && !c.site.server() { // Data Center says 200 to both
		status = http.StatusCreated
	}
	return reply{status, obj{"id": id, "self": c.self("issue/%s/remotelink/%d", c.params["key"], id)}}, nil
}

func (c *call) putLink() (reply, error) {
	l, err := c.readLink()
	if err != nil {
		return reply{}, err
	}
	id, err := c.pathLink()
	if err != nil {
		return reply{}, err
	}
	if err := c.site.present().ReplaceRemoteLink(c.account(), c.params["key"], id, l); err != nil {
		return reply{}, err
	}
	return noContent()
}

// pathLink is the id in the path, of a link that exists on an issue that is seen.
func (c *call) pathLink() (int64, error) {
	if _, err := c.getLink(); err != nil {
		return 0, err
	}
	return strconv.ParseInt(c.params["id"], 10, 64)
}

func (c *call) deleteLink() (reply, error) {
	id, err := c.pathLink()
	if err != nil {
		return reply{}, err
	}
	return c.removeLink(id)
}

func (c *call) deleteLinkByGlobalID() (reply, error) {
	var id int64
	_, err := c.locked(func(v *Issue) (reply, error) {
		l, err := c.linkByGlobalID(v)
		id = l.ID
		return reply{}, err
	})
	if err != nil {
		return reply{}, err
	}
	return c.removeLink(id)
}

func (c *call) removeLink(id int64) (reply, error) {
	if err := c.site.DeleteRemoteLink(c.account(), c.params["key"], id); err != nil {
		return reply{}, err
	}
	return noContent()
}
