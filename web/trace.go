package web

import (
	"cmp"
	"net/http"
	"strings"

	"parley/internal/trace"
)

// traced tells each request as a span: its method, its route and what was answered. Paths,
// queries and whoever asks are not told. What machines ask for all day is left out.
func traced(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p := r.URL.Path; p == "/healthz" || p == "/readyz" || p == "/metrics" || strings.HasPrefix(p, "/static/") {
			next.ServeHTTP(w, r)
			return
		}
		ctx, span := trace.Begin(r.Context(), "http")
		if !span.On() {
			next.ServeHTTP(w, r)
			return
		}
		defer span.End()
		span.Text("http.request.method", knownMethod(r.Method))
		seen := &statusSeen{ResponseWriter: w}
		next.ServeHTTP(seen, r.WithContext(ctx))
		status := cmp.Or(seen.status, http.StatusOK)
		span.Number("http.response.status_code", status)
		if status >= http.StatusInternalServerError {
			span.Fail("5xx")
		}
	})
}

// routed tells the route that a request has taken, once it is known.
func routed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r)
		span := trace.Of(r.Context())
		if !span.On() {
			return
		}
		_, route, found := strings.Cut(r.Pattern, " ")
		if !found {
			route = r.Pattern
		}
		span.Text("http.route", route)
		span.Rename(knownMethod(r.Method) + " " + route)
	})
}

// knownMethod is a method, or _OTHER for what somebody made up.
func knownMethod(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return method
	}
	return "_OTHER"
}

// statusSeen remembers the status of an answer.
type statusSeen struct {
	http.ResponseWriter

	status int
}

// WriteHeader remembers the first status that ends a request.
func (s *statusSeen) WriteHeader(status int) {
	if s.status == 0 && status >= http.StatusOK {
		s.status = status
	}
	s.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the connection.
func (s *statusSeen) Unwrap() http.ResponseWriter { return s.ResponseWriter }
