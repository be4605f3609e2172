package githubsim

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// handler answers one call; its error is a *Refusal.
type handler func(*call) (answer, error)

// answer is a success. A nil body is an answer without one.
type answer struct {
	status   int
	body     any
	link     string
	location string
}

// route is one endpoint. In a path "*" stands for one segment; paths of the
// repository routes start behind /repos/OWNER/NAME or /repositories/ID.
type route struct {
	method string
	path   []string
	doc    string // of the endpoint, for refusals
	inRepo bool
	do     handler
}

const docRoot = "https://docs.github.com/rest"

func routes() []route {
	var all []route
	top := func(method, path, doc string, do handler) {
		all = append(all, route{method, segments(path), docRoot + doc, false, do})
	}
	in := func(method, path, doc string, do handler) {
		all = append(all, route{method, segments(path), docRoot + doc, true, do})
	}
	metaRoutes(top)
	appRoutes(top)
	searchRoutes(top)
	repoRoutes(in)
	issueRoutes(in)
	labelRoutes(in)
	commentRoutes(in)
	eventRoutes(in)
	issueFieldRoutes(top, in)
	top("POST", "graphql", "/graphql", graphQL)
	top("POST", "api/graphql", "/graphql", graphQL)
	// issues/events is an endpoint, not an issue: paths with fewer stars go first.
	stars := func(rt route) int { return strings.Count(strings.Join(rt.path, "/"), "*") }
	slices.SortStableFunc(all, func(x, y route) int { return stars(x) - stars(y) })
	return all
}

// add registers an endpoint.
type add func(method, path, doc string, do handler)

// segments splits an escaped path. A slash at the end does not count.
func segments(path string) []string {
	path = strings.Trim(path, "/")
	if path == "" {
		return nil
	}
	return strings.Split(path, "/")
}

// match reports whether segs fit the route and gives what its stars stand for.
func (rt *route) match(method string, segs []string) ([]string, bool) {
	if method == http.MethodHead {
		method = http.MethodGet
	}
	if rt.method != method || len(rt.path) != len(segs) {
		return nil, false
	}
	var args []string
	for i, want := range rt.path {
		if want == "*" {
			arg, err := url.PathUnescape(segs[i])
			if err != nil {
				return nil, false
			}
			args = append(args, arg)
		} else if want != segs[i] {
			return nil, false
		}
	}
	return args, true
}

// find picks the endpoint of a call; nil where GitHub has none.
func (w *world) find(c *call, segs []string, inRepo bool) *route {
	for i := range w.routes {
		rt := &w.routes[i]
		if rt.inRepo != inRepo {
			continue
		}
		if args, ok := rt.match(c.r.Method, segs); ok {
			c.args = args
			return rt
		}
	}
	return nil
}
