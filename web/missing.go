package web

import (
	"fmt"
	"net/http"
	"strings"
)

// offered lists the methods with which an address would be answered; none where there
// is nothing at that address. HEAD goes with GET.
func offered(mux *http.ServeMux, r *http.Request) []string {
	var out []string
	for _, m := range [...]string{http.MethodGet, http.MethodPost} { // nothing here answers to others
		other := *r
		other.Method = m
		if _, pattern := mux.Handler(&other); pattern == "" || pattern == "/" || pattern == "/api/" {
			continue
		}
		if out = append(out, m); m == http.MethodGet {
			out = append(out, http.MethodHead)
		}
	}
	return out
}

// noSuchAPI answers what the API does not have: a path, or a method of one.
func (s *server) noSuchAPI(mux *http.ServeMux) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if allow := offered(mux, r); len(allow) > 0 {
			w.Header().Set("Allow", strings.Join(allow, ", "))
			writeError(w, http.StatusMethodNotAllowed, fmt.Sprintf("%s does not go with %s; %s does", r.Method, r.URL.Path, allow[0]))
			return
		}
		writeError(w, http.StatusNotFound, fmt.Sprintf("there is no %s %s; /api/v1/openapi.json lists what there is", r.Method, r.URL.Path))
	}
}

// noSuchPage answers an address that nothing is at with a page that leads on.
func (s *server) noSuchPage(mux *http.ServeMux) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if allow := offered(mux, r); len(allow) > 0 {
			w.Header().Set("Allow", strings.Join(allow, ", "))
			s.sorry(w, r, http.StatusMethodNotAllowed, r.Method+" does not go with this address.")
			return
		}
		s.render(w, r, http.StatusNotFound, "nowhere-page", frame{Title: "No such page", Page: "nowhere", Theme: theme(r), Guest: s.guest(r, nil), Contract: contractWay(s.reader(r).Parties())})
	}
}
