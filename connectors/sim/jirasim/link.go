package jirasim

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// RemoteLink is a link from an issue to something outside Jira.
type RemoteLink struct {
	ID           int64
	GlobalID     string // at most 255 characters; "" never matches another link
	Relationship string
	URL, Title   string
	Application  json.RawMessage // as sent; nil: {}
	Object       json.RawMessage // as sent; nil: made of URL and Title
}

// AddRemoteLink adds or replaces a link at the moment; see Site.AddRemoteLink.
func (m Moment) AddRemoteLink(actor, key string, l RemoteLink) (id int64, created bool, err error) {
	u := update{actor, key, LinkIssues, "link issues in this project"}
	err = m.change(u, func(d *Issue, at time.Time) (effect, *Refusal) {
		if r := l.check(); r != nil {
			return unchanged, r
		}
		i := -1
		if l.GlobalID != "" {
			i = slices.IndexFunc(d.Links, func(have RemoteLink) bool { return have.GlobalID == l.GlobalID })
		}
		created = i < 0
		m.site.putLink(d, i, &l, actor, at)
		id = l.ID
		return touched, nil
	})
	return id, created, err
}

// ReplaceRemoteLink puts l in the place of the link with that id.
func (m Moment) ReplaceRemoteLink(actor, key string, id int64, l RemoteLink) error {
	u := update{actor, key, LinkIssues, "link issues in this project"}
	return m.change(u, func(d *Issue, at time.Time) (effect, *Refusal) {
		i := slices.IndexFunc(d.Links, func(have RemoteLink) bool { return have.ID == id })
		if i < 0 {
			return unchanged, noLink(id)
		}
		if r := l.check(); r != nil {
			return unchanged, r
		}
		m.site.putLink(d, i, &l, actor, at)
		return touched, nil
	})
}

// DeleteRemoteLink removes a link at the moment.
func (m Moment) DeleteRemoteLink(actor, key string, id int64) error {
	u := update{actor, key, LinkIssues, "link issues in this project"}
	return m.change(u, func(d *Issue, at time.Time) (effect, *Refusal) {
		i := slices.IndexFunc(d.Links, func(have RemoteLink) bool { return have.ID == id })
		if i < 0 {
			return unchanged, noLink(id)
		}
		gone := d.Links[i]
		d.Links = slices.Delete(slices.Clone(d.Links), i, i+1)
		m.site.addHistory(d, actor, at, []Item{item("RemoteIssueLink", gone.id(), gone.sentence(), "", "")}, nil)
		return touched, nil
	})
}

func noLink(id int64) *Refusal {
	return refuse(http.StatusNotFound, "No remote issue link with the id '%d' exists.", id)
}

// putLink stores l at i of the draft's links, or at the end for -1.
func (s *Site) putLink(d *Issue, i int, l *RemoteLink, actor string, at time.Time) {
	links := slices.Clone(d.Links)
	var it Item
	if i < 0 {
		l.ID = s.takeID("remotelink")
		links = append(links, *l)
		it = item("RemoteIssueLink", "", "", l.id(), l.sentence())
	} else {
		l.ID = links[i].ID
		it = item("RemoteIssueLink", l.id(), links[i].sentence(), l.id(), l.sentence())
		links[i] = *l
	}
	d.Links = links
	s.addHistory(d, actor, at, []Item{it}, nil)
}

func (l RemoteLink) check() *Refusal {
	var url, title, long *Refusal
	if l.URL == "" {
		url = refuseField("url", "'url' is required.")
	}
	if l.Title == "" {
		title = refuseField("title", "'title' is required.")
	}
	if len(l.GlobalID) > 255 {
		long = refuseField("globalId", "'globalId' must be at most 255 characters.")
	}
	return merge(url, title, long)
}

func (l RemoteLink) id() string { return strconv.FormatInt(l.ID, 10) }

// sentence is how a changelog speaks of the link.
func (l RemoteLink) sentence() string {
	var app struct{ Name string }
	_ = json.Unmarshal(l.Application, &app)
	if app.Name == "" {
		app.Name = "Web Link"
	}
	return fmt.Sprintf("This issue links to \"%s (%s)\"", l.Title, app.Name)
}
