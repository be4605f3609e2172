package github

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"parley/connectors"
	"parley/connectors/transport"
)

// refusal is the body of a refused request. Errors holds objects or plain strings.
type refusal struct {
	Message string            `json:"message"`
	Doc     string            `json:"documentation_url"`
	Errors  []json.RawMessage `json:"errors"`
}

// classify turns a refusal into an error of one kind; nil for a success and for
// 304. It looks at status, headers and body together: both 403 and 429 are used
// for both rate limits, and 403 for missing permission as well.
func (c *Client) classify(q call, a transport.Answer) error {
	if a.Status >= 200 && a.Status < 300 || a.Status == http.StatusNotModified {
		return nil
	}
	var body refusal
	_ = json.Unmarshal(a.Body, &body) // a body that is no JSON leaves it empty
	e := c.fail(q, kindOfStatus(a.Status, q.write()), body.Message, nil)
	e.Status = a.Status
	switch {
	case rateLimited(a, body):
		e.Kind, e.RetryAt = connectors.RateLimit, retryAt(a.Header, c.now())
		e.Scope = limitScope(q, a, body)
	case a.Status >= 300 && a.Status < 400:
		c.moved(e, a)
	case a.Status >= 500:
		e.RetryAt, _ = transport.RetryAt(onlyRetryAfter(a.Header), c.now())
	case a.Status == http.StatusUnauthorized:
		e.Hint = "the token is wrong, expired or revoked: make a new one"
		if c.app != nil {
			e.Field, e.Hint = fieldInstallation, "GitHub refuses the token that it gave the app just now: check that the app is still installed there"
		}
	case isHTML(a):
		e.Kind = connectors.Malformed
		e.Hint = "a page for people came instead of JSON: check that url is the REST root and that no proxy answers for it"
	default:
		c.explain(e, a, body)
	}
	if q.asApp {
		c.refusedApp(e, q, a.Header)
	}
	if e.Message == "" {
		e.Message = http.StatusText(a.Status)
	}
	return e
}

// kindOfStatus is what a status alone says.
func kindOfStatus(status int, write bool) connectors.ErrorKind {
	switch {
	case status == http.StatusUnauthorized:
		return connectors.Auth
	case status == http.StatusForbidden, status == http.StatusUnavailableForLegalReasons, status == http.StatusLocked:
		return connectors.Forbidden
	case status == http.StatusNotFound:
		return connectors.NotFound
	case status == http.StatusGone:
		return connectors.Gone
	case status == http.StatusConflict:
		return connectors.Conflict
	case status >= 300 && status < 400:
		return connectors.Moved
	case status < 300, status >= 500, status == http.StatusRequestTimeout:
		if write {
			return connectors.Unknown
		}
		return connectors.Transient
	}
	return connectors.Invalid
}

// rateLimited recognises both limits under both statuses.
func rateLimited(a transport.Answer, body refusal) bool {
	if a.Status == http.StatusTooManyRequests || a.Status == http.StatusUnprocessableEntity && tooQuick(string(a.Body)) {
		return true
	}
	if a.Status != http.StatusForbidden {
		return false
	}
	text := strings.ToLower(body.Message + " " + body.Doc)
	return a.Header.Get("Retry-After") != "" || a.Header.Get("X-RateLimit-Remaining") == "0" ||
		strings.Contains(text, "secondary rate limit") || strings.Contains(text, "secondary-rate-limit") ||
		strings.Contains(text, "rate limit exceeded") || strings.Contains(text, "abuse")
}

// tooQuick recognises the limit on what creates content where GitHub tells it as a fault of
// the content, in a 422 or in an error of GraphQL: it is none, and goes well a while later.
func tooQuick(text string) bool { return strings.Contains(text, "was submitted too quickly") }

// limitScope is what a rate limit pauses. GitHub keeps one of its secondary limits for
// what creates content; reads may go on under it. Of the others it does not say which
// one was met.
func limitScope(q call, a transport.Answer, body refusal) string {
	if a.Status == http.StatusUnprocessableEntity {
		return connectors.ScopeContent
	}
	if q.write() && a.Header.Get("X-RateLimit-Remaining") != "0" && strings.Contains(strings.ToLower(body.Message), "content creation") {
		return connectors.ScopeContent
	}
	return ""
}

// retryAt is when a rate limit ends on the local clock: Retry-After, else the reset if
// the primary quota is used up, else zero. The reset header that travels with a
// secondary limit belongs to another limit and lies up to an hour ahead.
func retryAt(h http.Header, now time.Time) time.Time {
	if at, ok := transport.RetryAt(onlyRetryAfter(h), now); ok {
		return at
	}
	if h.Get("X-RateLimit-Remaining") == "0" {
		if at, ok := transport.RetryAt(h, now); ok {
			return at
		}
	}
	return time.Time{}
}

// onlyRetryAfter keeps the reset header out: it says when to come back only
// after a refusal for the primary limit.
func onlyRetryAfter(h http.Header) http.Header {
	out := http.Header{}
	for _, k := range []string{"Date", "Retry-After"} {
		if v := h.Get(k); v != "" {
			out.Set(k, v)
		}
	}
	return out
}

// moved fills in where a redirect points. One to another host, or to what is no
// repository, is a sign-in page or a proxy.
func (c *Client) moved(e *connectors.Error, a transport.Answer) {
	target, err := c.builder.BaseURL.Parse(a.Header.Get("Location"))
	if a.Header.Get("Location") == "" || err != nil {
		e.Kind, e.Message = connectors.Malformed, "a redirect without an address"
		return
	}
	if sameRoot(c.builder.BaseURL, target.String()) != nil {
		e.Kind = connectors.Malformed
		e.Message = c.clean("a redirect out of the REST root to " + (&url.URL{Scheme: target.Scheme, Host: target.Host, Path: target.Path}).String())
		e.Hint = notRoot
		return
	}
	if below := strings.TrimPrefix(target.Path, c.builder.BaseURL.Path); !strings.HasPrefix(below, "repos/") && !strings.HasPrefix(below, "repositories/") {
		e.Kind, e.Hint = connectors.Malformed, notRoot
		e.Message = c.clean("a redirect to " + target.Path + ", which is no repository")
		return
	}
	e.Location = target.String()
	e.Hint = "the repository was renamed or the issue was transferred"
}

// explain adds what a person can do, and the field an invalid value is in.
func (c *Client) explain(e *connectors.Error, a transport.Answer, body refusal) {
	switch a.Status {
	case http.StatusForbidden:
		e.Hint = "the account lacks the permission: it needs write access to issues"
		if a.Header.Get("X-GitHub-SSO") != "" {
			e.Hint = "the organisation requires single sign-on: authorise the token for it"
		}
		if c.app != nil && strings.Contains(body.Message, "installation has been suspended") {
			e.Kind, e.Field, e.Hint = connectors.Auth, fieldInstallation, "let the app's installation go on where it was suspended"
		}
	case http.StatusNotFound:
		e.Hint = "GitHub answers 404 also where the token may not see a private repository"
	case http.StatusGone:
		if strings.Contains(strings.ToLower(body.Message), "disabled") {
			// Not a deleted issue: the repository's issues are switched off.
			e.Kind, e.Hint = connectors.NotFound, "switch issues on in the repository's settings"
		}
	case http.StatusUnprocessableEntity:
		c.invalid(e, body)
	}
}

// invalid takes the first field and every detail out of a 422.
func (c *Client) invalid(e *connectors.Error, body refusal) {
	parts := []string{body.Message}
	for _, raw := range body.Errors {
		var d struct{ Resource, Field, Code, Message string }
		if json.Unmarshal(raw, &d) != nil {
			_ = json.Unmarshal(raw, &d.Message) // a plain string; anything else says nothing
		}
		if e.Field == "" {
			e.Field = d.Field
		}
		if d.Message == "" {
			d.Message = strings.TrimSpace(d.Field + " " + d.Code)
		}
		if d.Message != "" {
			parts = append(parts, d.Message)
		}
	}
	e.Message = c.clean(strings.Join(parts, ": "))
}

// isHTML recognises a page for people, whatever its status.
func isHTML(a transport.Answer) bool {
	return strings.Contains(strings.ToLower(a.Header.Get("Content-Type")), "html") ||
		bytes.HasPrefix(bytes.TrimSpace(a.Body), []byte("<"))
}

// assertions are JSON web tokens, wherever they stand.
var assertions = regexp.MustCompile(`eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+`)

// notRoot is the advice where something else than the REST interface answers.
const notRoot = "check that url is the REST root, https://HOST/api/v3 on an Enterprise Server, and that no sign-in page or proxy answers for it"

// maxMessage is how much of a tracker's own words an error keeps, in characters.
const maxMessage = 300

// clean makes foreign text fit for logs and pages: one line, no token, not longer
// than maxMessage.
func (c *Client) clean(s string) string {
	s = c.withoutTokens(s)
	s = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, "?"), func(r rune) bool { return r <= ' ' || r == 0x7f || r == 0x2028 || r == 0x2029 }), " ")
	if r := []rune(s); len(r) > maxMessage {
		s = string(r[:maxMessage-1]) + "…"
	}
	return s
}
