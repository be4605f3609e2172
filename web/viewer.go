package web

import (
	"context"
	"errors"
	"net/http"
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

// reader is what the sender of a request reads.
func (s *server) reader(r *http.Request) Reader { return s.Readers(viewer(r)) }

// identified finds out who sends a request before anything is done with it.
func (s *server) identified(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if open(r.URL.Path) {
			next.ServeHTTP(w, r)
			return
		}
		who, err := s.Identity.Viewer(r)
		if err != nil {
			s.turnAway(w, r, err)
			return
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), viewerKey{}, who)))
	})
}

// open reports whether a path tells nothing of any card: what pages are drawn with, what
// machines ask, and webhooks, which prove themselves whose they are.
func open(path string) bool {
	return path == "/healthz" || path == "/readyz" || strings.HasPrefix(path, "/static/") || strings.HasPrefix(path, "/hooks/")
}

// turnAway answers those who are not let in.
func (s *server) turnAway(w http.ResponseWriter, r *http.Request, err error) {
	refused, ok := errors.AsType[*Refusal](err)
	if !ok {
		s.fail(w, r, err)
		return
	}
	if strings.HasPrefix(r.URL.Path, "/api/") {
		writeError(w, refused.Status, refused.Reason)
		return
	}
	http.Error(w, refused.Reason, refused.Status)
}
