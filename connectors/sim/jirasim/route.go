package jirasim

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// route is an endpoint below /rest/api/{2,3}. Segments in braces are parameters.
type route struct {
	method, pattern string
	run             func(*call) (reply, error)
	segments        []string
}

// routes are all endpoints of a product; the first that fits is taken.
func routes(d Deployment) []route {
	var out []route
	for _, group := range [][]route{searchRoutes(), issueRoutes(), linkRoutes(), metaRoutes(), projectRoutes()} {
		out = append(out, group...)
	}
	if d == DataCenter {
		out = serverRoutes(out)
	}
	for i := range out {
		out[i].segments = strings.Split(strings.Trim(out[i].pattern, "/"), "/")
	}
	return out
}

// route finds the endpoint of a request, its parameters and the API version.
func (f *face) route(r *http.Request) (route, map[string]string, int, *problem) {
	rest, found := strings.CutPrefix(r.URL.EscapedPath(), "/rest/api/")
	api, path, _ := strings.Cut(rest, "/")
	version := map[string]int{"2": 2, "3": 3, "latest": 2}[api]
	if !found || version == 0 || version == 3 && f.site.server() {
		return route{}, nil, 0, noEndpoint(r)
	}
	segments := strings.Split(strings.TrimRight(path, "/"), "/")
	var others []string
	for _, rt := range f.routes {
		params, fits := rt.fit(segments)
		if !fits {
			continue
		}
		if rt.method == r.Method || rt.method == http.MethodGet && r.Method == http.MethodHead {
			return rt, params, version, nil
		}
		others = append(others, rt.method)
	}
	if others != nil {
		return route{}, nil, 0, &problem{http.StatusMethodNotAllowed, "Method Not Allowed", fmt.Sprintf("Request method '%s' is not supported.", r.Method)}
	}
	return route{}, nil, 0, noEndpoint(r)
}

// fit matches a path's escaped segments.
func (rt route) fit(segments []string) (map[string]string, bool) {
	if len(segments) != len(rt.segments) {
		return nil, false
	}
	params := map[string]string{}
	for i, want := range rt.segments {
		got, err := url.PathUnescape(segments[i])
		if err != nil {
			return nil, false
		}
		if name, isParam := strings.CutPrefix(want, "{"); isParam && got != "" {
			params[strings.TrimSuffix(name, "}")] = got
		} else if want != got {
			return nil, false
		}
	}
	return params, true
}

// mutates tells the log which requests can change something: POST is also used
// to ask questions that are too long for an address.
func mutates(r *http.Request) bool {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return false
	}
	if r.Method != http.MethodPost {
		return true
	}
	path := strings.TrimRight(r.URL.Path, "/")
	for _, question := range []string{"/search/jql", "/search", "/bulkfetch", "/changelog/list", "/search/approximate-count", "/jql/match"} {
		if strings.HasSuffix(path, question) {
			return false
		}
	}
	return true
}

// problem is an answer that the framework in front of Jira gives, in the form of
// RFC 7807.
type problem struct {
	status        int
	title, detail string
}

func (p *problem) Error() string { return p.title + ": " + p.detail }

func noEndpoint(r *http.Request) *problem {
	return &problem{http.StatusNotFound, "Not Found", fmt.Sprintf("No endpoint %s %s.", r.Method, r.URL.Path)}
}

// write answers with a problem: at Data Center in the form of its older framework.
func (p *problem) write(s *Site, w http.ResponseWriter, r *http.Request) {
	if s.server() {
		message := fmt.Sprintf("HTTP %d %s", p.status, p.title)
		if p.status == http.StatusNotFound {
			message = "null for uri: " + s.base(r) + r.URL.Path
		}
		writeReply(w, p.status, plainMessage(p.status, message))
		return
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.status)
	writeJSON(w, obj{"type": "about:blank", "title": p.title, "status": p.status, "detail": p.detail, "instance": r.URL.Path})
}
