package githubsim

import (
	"errors"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// call is one request while it is being answered.
type call struct {
	act
	r       *http.Request
	base    string // REST root of this request's answers
	now     time.Time
	token   string
	address string
	version string // of the API
	body    []byte
	query   url.Values
	rp      *repo
	rest    string // escaped path below the repository
	args    []string
	free    bool // costs nothing
	points  int  // of GraphQL that it costs; below 1: one
	user    *user
	with    *token // what it signed in with, nil for nobody's and an App's own
	asApp   *app   // signed in as the App itself, not as an installation of it
	seen    int64  // version of the repository that the answer shows
	seenAll int64  // version of the world
}

func (c *call) writes() bool { return c.r.Method != http.MethodGet && c.r.Method != http.MethodHead }

const (
	apiVersion    = "2022-11-28"
	apiVersionNew = "2026-03-10"
)

// open reads what every call carries; the lock is not held yet.
func (w *world) open(r *http.Request, body []byte) *call {
	c := &call{r: r, body: body, query: r.URL.Query(), now: w.opts.Clock.Now().UTC(), base: w.opts.BaseURL, version: r.Header.Get("X-GitHub-Api-Version")}
	c.act = act{w: w, at: c.now.Truncate(time.Second)}
	if c.address, _, _ = net.SplitHostPort(r.RemoteAddr); c.address == "" {
		c.address = r.RemoteAddr
	}
	if c.version == "" || w.opts.Enterprise != nil {
		c.version = apiVersion
	}
	if c.base == "" {
		c.base = "http://" + r.Host
		if r.TLS != nil {
			c.base = "https://" + r.Host
		}
		if strings.HasPrefix(r.URL.EscapedPath(), enterprise) {
			c.base += strings.TrimSuffix(enterprise, "/")
		}
	}
	return c
}

// sees is can for a caller: one without a token is a stranger, not a deleted account.
func (c *call) sees(rp *repo) bool { return rp.permission(c.user).atLeast(Read) }

// enter resolves the repository that the path names. segs are all segments; the
// ones below the repository come back.
func (c *call) enter(segs []string) ([]string, error) {
	notFound := refuse(404, "Not Found")
	var below []string
	switch {
	case segs[0] == "repos" && len(segs) >= 3:
		owner, err1 := url.PathUnescape(segs[1])
		name, err2 := url.PathUnescape(segs[2])
		if err1 != nil || err2 != nil {
			return nil, notFound
		}
		below = segs[3:]
		key := strings.ToLower(owner + "/" + name)
		c.rp = c.w.repos[key]
		if was := c.w.moved[key]; c.rp == nil && was != nil && c.sees(was) {
			return nil, c.redirect(was, below)
		}
	case segs[0] == "repositories" && len(segs) >= 2:
		id, err := strconv.ParseInt(segs[1], 10, 64)
		if err != nil {
			return nil, notFound
		}
		c.rp, below = c.w.byID[id], segs[2:]
	}
	if c.rp == nil || !c.sees(c.rp) {
		c.rp = nil
		return nil, notFound
	}
	if err := c.ssoWall(); err != nil {
		return nil, err
	}
	c.rest = strings.Join(below, "/")
	c.rp.settle(c.now)
	return below, nil
}

// redirect sends a caller to the numeric address of a renamed repository: reads
// with 301, writes with 307, which clients repeat with method and body.
func (c *call) redirect(rp *repo, below []string) error {
	to := "/repositories/" + strconv.FormatInt(rp.id, 10)
	if len(below) > 0 {
		to += "/" + strings.Join(below, "/")
	}
	if c.r.URL.RawQuery != "" {
		to += "?" + c.r.URL.RawQuery
	}
	status := http.StatusMovedPermanently
	if c.writes() {
		status = http.StatusTemporaryRedirect
	}
	return &Refusal{Status: status, Message: "Moved Permanently", location: to, DocumentationURL: redirectDoc}
}

// number reads the n-th star as an issue number.
func (c *call) number(n int) int {
	v, err := strconv.Atoi(c.args[n])
	if err != nil || v < 1 {
		return 0
	}
	return v
}

// issue resolves the issue that the first star names.
func (c *call) issue() (*issue, error) {
	is, err := c.lookup(c.number(0))
	if r, ok := errors.AsType[*Refusal](err); ok && r.location != "" {
		if below := strings.SplitN(c.rest, "/", 3); len(below) == 3 {
			r.location += "/" + below[2]
		}
		if c.r.URL.RawQuery != "" {
			r.location += "?" + c.r.URL.RawQuery
		}
	}
	return is, err
}

// lookup is find for a caller, who may be a stranger.
func (c *call) lookup(number int) (*issue, error) {
	if t, was := c.rp.gone[number]; was && t.to != nil && !c.sees(t.to.repo) {
		return nil, refuse(404, "Not Found")
	}
	return c.find(c.rp, number)
}
