package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"parley/sync/view"
)

// viewerKey is where the viewer of a request stands in its context.
type viewerKey struct{}

// viewer is who sent a request. Without anybody known it is somebody who sees masked
// cards and may do nothing.
func viewer(r *http.Request) view.Viewer {
	w, _ := r.Context().Value(viewerKey{}).(view.Viewer)
	return w
}

// inside reports whether a viewer is of those who run the trackers' side of things.
func inside(w view.Viewer) bool {
	return w.Audience == view.AudienceOps || w.Audience == view.AudienceIT
}

// reader is what the sender of a request reads.
func (s *server) reader(r *http.Request) Reader { return s.Readers(viewer(r)) }

// linkParameter is where an address carries a read-only link.
const linkParameter = "link"

// identified finds out who sends a request before anything is done with it.
func (s *server) identified(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if open(r.URL.Path) {
			next.ServeHTTP(w, r)
			return
		}
		if token := r.URL.Query().Get(linkParameter); token != "" && s.Links != nil && r.Method == http.MethodGet && !isAPI(r) {
			s.openLink(w, r, token)
			return
		}
		who, err := s.whoIs(r)
		if err == nil {
			r = r.WithContext(context.WithValue(r.Context(), viewerKey{}, who))
		}
		if err == nil && who.Link && !reads(r) {
			err = &Refusal{Status: http.StatusForbidden, Reason: "you came by a read-only link; sign in to change something"}
		}
		if err != nil {
			if s.inTime(w, r) {
				s.turnAway(w, r, err)
			}
			return
		}
		next.ServeHTTP(w, r)
	})
}

// whoIs tells who sends a request. A link goes before the account of whoever opened it:
// it shows what it was made to show, to everybody.
func (s *server) whoIs(r *http.Request) (view.Viewer, error) {
	if s.Links != nil {
		switch who, ok, err := s.Links.Viewer(r); {
		case err != nil:
			return who, deadLink{err}
		case ok:
			return who, nil
		}
	}
	return s.Identity.Viewer(r)
}

// deadLink is why the link of a browser does not let it in.
type deadLink struct{ error }

// Unwrap is what the link's own check said.
func (d deadLink) Unwrap() error { return d.error }

// open reports whether a path tells nothing of any card: what pages are drawn with, what
// machines ask, the ways in and out, and webhooks, which prove themselves whose they are.
func open(path string) bool {
	switch path {
	case "/healthz", "/readyz", "/metrics", SignInPath, BeginPath, FinishPath, SignOutPath:
		return true
	}
	return strings.HasPrefix(path, "/static/") || strings.HasPrefix(path, "/hooks/")
}

func isAPI(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/api/") }

func reads(r *http.Request) bool { return r.Method == http.MethodGet || r.Method == http.MethodHead }

// turnAway answers those who are not let in: a page that can be signed in to leads to the
// door, and a link that no longer opens anything is forgotten.
func (s *server) turnAway(w http.ResponseWriter, r *http.Request, err error) {
	refused, ok := errors.AsType[*Refusal](err)
	if !ok {
		s.fail(w, r, err)
		return
	}
	if _, dead := errors.AsType[deadLink](err); dead {
		s.Links.Close(w)
	}
	switch {
	case isAPI(r):
		writeError(w, refused.Status, refused.Reason)
	case refused.Status == http.StatusUnauthorized && s.Door != nil && reads(r):
		http.Redirect(w, r, SignInPath+"?"+url.Values{"return": {local(r.URL.RequestURI())}}.Encode(), http.StatusSeeOther)
	default:
		d := doorData{Title: "Not this way", Theme: theme(r), Words: sentence(refused.Reason), Back: "/"}
		if s.Door != nil {
			d.Provider = s.Door.Provider()
		}
		s.render(w, r, refused.Status, "door-page", d)
	}
}

// sentence writes a reason as a page does.
func sentence(reason string) string {
	if reason == "" {
		return ""
	}
	return strings.ToUpper(reason[:1]) + reason[1:] + "."
}
