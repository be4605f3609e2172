package githubsim

import (
	"net/http"
	"net/url"
	"strings"
)

// Enterprise makes a hub an Enterprise Server: its REST root is /api/v3 and everything
// else is for people, it keeps no rate limits and names none unless Options.Limits sets
// some, and it knows one version of the API, whatever is asked for.
type Enterprise struct {
	// Version is told in X-GitHub-Enterprise-Version; empty is a recent one.
	Version string
	// NoReasons leaves out state_reason, which servers of old do not know: it is in no
	// answer, and one that is sent is passed over.
	NoReasons bool
}

const enterprise = "/api/v3/"

const enterpriseVersion = "3.17.0"

// enterprise is the version of the Enterprise Server a request came to, "" at GitHub.com.
func (w *world) enterprise(path string) string {
	switch e := w.opts.Enterprise; {
	case e != nil && e.Version != "":
		return e.Version
	case e != nil, strings.HasPrefix(path, enterprise):
		return enterpriseVersion
	}
	return ""
}

// forPeople reports whether a path is a page of an Enterprise Server, which sends who is
// not signed in to the page for that.
func (w *world) forPeople(rw http.ResponseWriter, r *http.Request) bool {
	path := r.URL.EscapedPath()
	if w.opts.Enterprise == nil || strings.HasPrefix(path+"/", enterprise) || asksGraph(path) {
		return false
	}
	rw.Header().Set("Content-Type", "text/html; charset=utf-8")
	rw.Header().Set("Location", "/login?return_to="+url.QueryEscape(path))
	rw.WriteHeader(http.StatusFound)
	return true
}

// reasons reports whether the hub knows state_reason.
func (w *world) reasons() bool { return w.opts.Enterprise == nil || !w.opts.Enterprise.NoReasons }

// limitless reports whether no limit is kept, and so none is told of.
func (w *world) limitless() bool { return w.opts.Enterprise != nil && w.limits.Limits == quiet() }

// admit refuses a call that is over a limit.
func (w *world) admit(c *call) error {
	if w.limitless() {
		return nil
	}
	return w.limits.admit(c)
}

// quiet is what a limiter makes of limits that were not set.
func quiet() Limits { return newLimiter(Limits{}).Limits }
