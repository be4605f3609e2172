package jirasim

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"parley/connectors/sim"
)

// face is the HTTP side of a site.
type face struct {
	site   *Site
	routes []route
}

// call is one request on its way through an endpoint.
type call struct {
	site    *Site
	w       http.ResponseWriter
	r       *http.Request
	user    *User // nil: anonymous
	params  map[string]string
	version int    // of the API: 2 or 3
	base    string // of self links
	web     string // where people look
	zone    *time.Location
}

// reply is an answer; a nil body is an empty one.
type reply struct {
	status int
	body   any
}

// obj is a JSON object.
type obj = map[string]any

func ok(body any) (reply, error) { return reply{http.StatusOK, body}, nil }

func noContent() (reply, error) { return reply{http.StatusNoContent, nil}, nil }

func newFace(s *Site) *face { return &face{site: s, routes: routes(s.opts.Deployment)} }

// ServeHTTP answers one request.
func (f *face) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s := f.site
	w.Header().Set("Date", s.clock.Now().UTC().Format(http.TimeFormat))
	web := s.base(r)
	r, base, known := s.door(w, r)
	if !known {
		return
	}
	u, refused := s.authenticate(w, r)
	if refused {
		return
	}
	if browserWrite(r) {
		w.Header().Set("Content-Type", "text/html;charset=UTF-8")
		w.WriteHeader(http.StatusForbidden)
		_, _ = io.WriteString(w, "XSRF check failed")
		return
	}
	rt, params, version, problem := f.route(r)
	if problem != nil {
		problem.write(s, w, r)
		return
	}
	c := &call{site: s, w: w, r: r, user: u, params: params, version: version, base: base, web: web, zone: s.zoneOf(u)}
	if problem := c.mediaType(); problem != nil {
		problem.write(s, w, r)
		return
	}
	if c.limited(rt) {
		return
	}
	c.answer(rt)
}

// answer runs the endpoint and writes what it says.
func (c *call) answer(rt route) {
	out, err := c.run(rt)
	var problem *problem
	var refusal *Refusal
	switch {
	case err == nil:
		c.write(out)
	case errors.As(err, &problem):
		problem.write(c.site, c.w, c.r)
	case errors.As(err, &refusal):
		c.write(reply{refusal.Status, c.spoken(refusal).body()})
	}
}

// run is the endpoint for whoever may use it: nobody changes anything, not even where
// anybody may look. Where nobody sees anything, there is nothing to be changed.
func (c *call) run(rt route) (reply, error) {
	if c.user == nil && mutates(c.r) && c.site.open() {
		return c.unauthorized()
	}
	if c.inside(insideConflict) && mutates(c.r) {
		return reply{}, refuse(http.StatusConflict, "The issue could not be updated due to a conflicting update.")
	}
	return rt.run(c)
}

// inside reports whether the request is to go wrong in a way of the face's own.
func (c *call) inside(name string) bool { return sim.Inside(c.r) == name }

func (r *Refusal) body() obj {
	messages, fields := r.Messages, r.Errors
	if messages == nil {
		messages = []string{}
	}
	if fields == nil {
		fields = map[string]string{}
	}
	return obj{"errorMessages": messages, "errors": fields}
}

func (c *call) write(out reply) {
	if out.body == nil {
		c.w.WriteHeader(out.status)
		return
	}
	if text, plain := out.body.(string); plain {
		c.w.Header().Set("Content-Type", "text/plain;charset=UTF-8")
		c.w.WriteHeader(out.status)
		_, _ = io.WriteString(c.w, text)
		return
	}
	c.w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	c.w.WriteHeader(out.status)
	enc := json.NewEncoder(c.w)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(out.body) // the client is gone; there is nobody to tell
}

// base is the address of the site.
func (s *Site) base(r *http.Request) string {
	if s.opts.BaseURL != "" {
		return s.opts.BaseURL
	}
	return s.host(r)
}

// self is the address of something under the API.
func (c *call) self(format string, args ...any) string {
	return fmt.Sprintf("%s/rest/api/%d/", c.base, c.version) + fmt.Sprintf(format, args...)
}

// mediaType refuses what has no JSON content type where one is due; a DELETE is
// due one even without a body.
func (c *call) mediaType() *problem {
	if c.r.Method == http.MethodGet || c.r.Method == http.MethodHead || c.r.Method == http.MethodDelete && c.site.server() {
		return nil
	}
	sent := c.r.Header.Get("Content-Type")
	if strings.HasPrefix(strings.ToLower(sent), "application/json") {
		return nil
	}
	return &problem{http.StatusUnsupportedMediaType, "Unsupported Media Type", fmt.Sprintf("Content-Type '%s' is not supported.", sent)}
}

// limited answers 429 where a limit is exceeded, and tells the limits otherwise.
func (c *call) limited(rt route) bool {
	if c.user == nil {
		return false
	}
	if c.site.server() {
		return c.serverLimited()
	}
	r := rateOf(rt.method, rt.pattern)
	left := c.site.spend(rt.method+" "+rt.pattern, r)
	if left < 0 {
		return c.tooMany("jira-burst-based", r.burst, time.Second)
	}
	rateHeaders(c.w.Header(), r, left)
	if rt.method == http.MethodGet || !strings.HasPrefix(rt.pattern, "/issue/{key}") || strings.HasPrefix(rt.pattern, "/issue/{key}/changelog") {
		return false
	}
	c.site.mu.RLock()
	rec := c.site.find(c.params["key"])
	c.site.mu.RUnlock()
	if rec == nil {
		return false
	}
	if wait := c.site.countWrite(rec.num); wait > 0 {
		return c.tooMany("jira-per-issue-on-write", shortLimit, wait)
	}
	return false
}

func (c *call) tooMany(reason string, limit int, wait time.Duration) bool {
	tooMany(c.w.Header(), reason, limit, c.site.now(), wait)
	c.write(reply{http.StatusTooManyRequests, refuse(http.StatusTooManyRequests, "Rate limit exceeded.").body()})
	return true
}
