package githubsim

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const maxBody = 4 << 20

// serve answers one request: who calls, may they, which endpoint, its answer, and
// the headers that go with every answer.
func (w *world) serve(rw http.ResponseWriter, r *http.Request) {
	if w.forPeople(rw, r) {
		return
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if err != nil {
		http.Error(rw, "unreadable body", http.StatusBadRequest)
		return
	}
	c := w.open(r, body)
	w.mu.Lock()
	w.serial++
	w.limits.running++
	c.headers(rw.Header(), w.serial)
	tag, fresh, ans, err := w.answer(c)
	w.tell()
	w.mu.Unlock()
	c.send(rw, tag, fresh, ans, err)
}

// answer does the work of a call under the lock. fresh says that the caller holds
// the present answer already.
func (w *world) answer(c *call) (tag string, fresh bool, ans answer, err error) {
	if err = c.signIn(); err != nil {
		return
	}
	if err = c.acceptable(); err != nil {
		return
	}
	segs := segments(strings.TrimPrefix(c.r.URL.EscapedPath(), strings.TrimSuffix(enterprise, "/")))
	c.free = len(segs) == 1 && segs[0] == "rate_limit"
	if !c.free {
		if err = w.admit(c); err != nil {
			return
		}
	}
	rt, err := w.dispatch(c, segs)
	if err == nil {
		if tag = w.known(c); tag != "" && c.holds(tag) {
			return tag, true, answer{}, nil
		}
		if c.rp != nil {
			c.seen, c.seenAll = c.rp.version, w.version
		}
		ans, err = rt.do(c)
	}
	var r *Refusal
	if errors.As(err, &r) && r.DocumentationURL == "" && rt != nil {
		r.DocumentationURL = rt.doc
	}
	return "", false, ans, err
}

// acceptable checks what GitHub demands of every request.
func (c *call) acceptable() error {
	if c.r.Header.Get("User-Agent") == "" {
		return refuse(403, "Request forbidden by administrative rules. Please make sure your request has a User-Agent header")
	}
	if c.w.opts.Enterprise == nil && c.version != apiVersion && c.version != apiVersionNew {
		return refuse(400, fmt.Sprintf("Unsupported API version %q", c.version))
	}
	return nil
}

func (w *world) dispatch(c *call, segs []string) (*route, error) {
	inRepo := len(segs) > 0 && (segs[0] == "repos" || segs[0] == "repositories")
	if inRepo {
		below, err := c.enter(segs)
		if err != nil {
			return nil, err
		}
		segs = below
	}
	rt := w.find(c, segs, inRepo)
	if rt == nil {
		return nil, refuse(404, "Not Found")
	}
	if c.asApp != nil && (len(segs) == 0 || segs[0] != "app") {
		return rt, badCredentials() // an App itself may only look at itself
	}
	if c.writes() && c.user == nil && c.asApp == nil {
		return rt, refuse(401, "Requires authentication")
	}
	return rt, nil
}

// headers are those of every answer.
func (c *call) headers(h http.Header, serial int64) {
	h.Set("Server", "GitHub.com")
	h.Set("Date", c.now.Format(http.TimeFormat))
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("X-GitHub-Media-Type", "github.v3; format=json")
	if c.w.opts.Enterprise == nil {
		h.Set("X-GitHub-Api-Version-Selected", c.version)
	}
	h.Set("X-GitHub-Request-Id", fmt.Sprintf("%04X:%08X", serial>>32, serial&0xffffffff))
	h.Set("Vary", "Accept, Authorization, Cookie, X-GitHub-OTP, Accept-Encoding, X-Requested-With")
	h.Set("X-Content-Type-Options", "nosniff")
	if v := c.w.enterprise(c.r.URL.EscapedPath()); v != "" {
		h.Set("X-GitHub-Enterprise-Version", v)
	}
}

// send writes the answer. Bodies are built outside the lock.
func (c *call) send(rw http.ResponseWriter, tag string, fresh bool, ans answer, err error) {
	h, status, body := rw.Header(), ans.status, []byte(nil)
	switch {
	case err != nil:
		status, body = c.refusal(h, err)
	case fresh:
		status = http.StatusNotModified
	case ans.body != nil:
		body = encode(ans.body)
	}
	if err == nil && ans.location != "" {
		h.Set("Location", ans.location)
	}
	c.w.mu.Lock()
	if err == nil && body != nil {
		tag = c.tag(body)
		c.w.remember(c, tag)
		if !c.writes() && c.holds(tag) {
			status, body = http.StatusNotModified, nil
		}
	}
	c.w.limits.running--
	c.w.limits.charge(c, status)
	if !c.w.limitless() {
		c.w.limits.window(c).headers(h)
	}
	c.expiry(h)
	c.w.mu.Unlock()
	c.caching(h, tag)
	if status == http.StatusNotModified || status == http.StatusNoContent {
		h.Del("Content-Type")
	} else {
		if ans.link != "" {
			h.Set("Link", ans.link)
		}
		h.Set("Content-Length", strconv.Itoa(len(body)))
	}
	rw.WriteHeader(status)
	if c.r.Method != http.MethodHead {
		_, _ = rw.Write(body)
	}
}

// refusal gives the status and body of a refused call.
func (c *call) refusal(h http.Header, err error) (int, []byte) {
	var r *Refusal
	if !errors.As(err, &r) {
		r = refuse(http.StatusInternalServerError, "Server Error")
	}
	doc := r.DocumentationURL
	if doc == "" {
		doc = docRoot
	}
	for k, v := range r.header {
		h.Set(k, v)
	}
	if r.location != "" {
		h.Set("Location", c.base+r.location)
		return r.Status, encode(struct {
			Message string `json:"message"`
			URL     string `json:"url"`
			Doc     string `json:"documentation_url"`
		}{r.Message, c.base + r.location, doc})
	}
	return r.Status, encode(struct {
		Message string       `json:"message"`
		Errors  []FieldError `json:"errors,omitempty"`
		Doc     string       `json:"documentation_url"`
		Status  string       `json:"status"`
	}{r.Message, r.Errors, doc, strconv.Itoa(r.Status)})
}

// encode is JSON as GitHub writes it: without escapes for HTML.
func encode(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(fmt.Sprintf("githubsim: encode %T: %v", v, err)) // only own types get here
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// stamp is a time as answers carry it.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

// stampOrNull is null for the zero time.
func stampOrNull(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	s := stamp(t)
	return &s
}
