package web

import (
	"net/http"
	"strings"

	"parley/sync/view"
)

// guest is who reads a page, as the app bar names them.
type guest struct {
	Name     string
	Audience string // in words
	Role     string
	Link     bool // came by a read-only link
	Out      bool // can sign out here
	Open     bool // nobody signs in here: the reader is taken for the audience
}

// guest is the reader of a page; units are those whose names are known.
func (s *server) guest(r *http.Request, units []view.Named) guest {
	w := viewer(r)
	if !w.Proved && !w.Link {
		return guest{Audience: audienceWords(w.Audience, units), Open: true}
	}
	return guest{Name: w.Name, Audience: audienceWords(w.Audience, units), Role: string(w.Role), Link: w.Link, Out: s.Door != nil && !w.Link}
}

// audienceWords is what people call an audience.
func audienceWords(a view.Audience, units []view.Named) string {
	switch a {
	case view.AudienceIT:
		return "IT"
	case view.AudienceOps:
		return "Ops"
	case view.AudienceWall:
		return "Wall"
	}
	if unit := a.Unit(); unit != "" {
		return view.NameIn(units, string(unit))
	}
	return strings.TrimSpace("No audience " + string(a))
}
