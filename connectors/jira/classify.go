package jira

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"parley/connectors"
	"parley/connectors/transport"
)

// fail makes an error without an answer.
func (c *Client) fail(q request, kind connectors.ErrorKind, err error) *connectors.Error {
	return &connectors.Error{
		Kind: kind, Tracker: c.config.Name, Doing: q.doing,
		Message: c.clean(err.Error()), Err: connectors.Veiled(err, c.clean(err.Error())),
	}
}

// unanswered classifies a request that got no (whole) answer.
func (c *Client) unanswered(q request, err error) *connectors.Error {
	// The address stands first in net/http's words and is longer than a message
	// may be; what went wrong would be cut off.
	if outer, ok := errors.AsType[*url.Error](err); ok {
		err = outer.Err
	}
	if held, ok := errors.AsType[*transport.Held](err); ok {
		e := c.fail(q, connectors.RateLimit, held)
		e.Scope, e.RetryAt = held.Scope, held.Until
		return e
	}
	if errors.Is(err, transport.ErrTooLarge) {
		return c.fail(q, connectors.Malformed, err)
	}
	kind := connectors.Transient
	if q.write && !transport.NotSent(err) {
		kind = connectors.Unknown
	}
	e := c.fail(q, kind, err)
	if words, ok := connectors.Unanswered("Jira", c.config.URL, err); ok {
		e.Message = c.clean(words)
	}
	return e
}

// malformed is an answer that is not what Jira sends.
func (c *Client) malformed(q request, a transport.Answer, err error) *connectors.Error {
	e := c.fail(q, connectors.Malformed, err)
	e.Status = a.Status
	return e
}

// classify turns an answer into an error, nil where it is a success.
func (c *Client) classify(q request, a transport.Answer) error {
	if a.Status/100 == 2 {
		return c.classifySuccess(q, a)
	}
	e := &connectors.Error{Tracker: c.config.Name, Doing: q.doing, Status: a.Status}
	words := parseWords(a)
	e.Message, e.Field = c.clean(words.message), c.clean(words.field)
	if at, ok := transport.RetryAt(a.Header, c.config.Now()); ok && (a.Status == 429 || a.Status == 503 || a.Status == 403) {
		e.RetryAt = at
	}
	switch {
	case a.Status/100 == 3:
		c.redirect(e, a)
	case a.Status == http.StatusTooManyRequests:
		e.Kind, e.Scope = connectors.RateLimit, scope(a.Header)
	case a.Status >= 500 || a.Status == http.StatusRequestTimeout || a.Status == http.StatusTooEarly:
		e.Kind = connectors.Transient
		if q.write {
			e.Kind = connectors.Unknown
		}
	default:
		c.classifyRefusal(e, a, words)
	}
	return e
}

// classifySuccess refuses a 2xx that carries something other than JSON: the
// page of a sign-in form or of a proxy. An empty body is a matter for decode.
func (c *Client) classifySuccess(q request, a transport.Answer) error {
	if len(strings.TrimSpace(string(a.Body))) == 0 {
		if q.write {
			return nil
		}
		return c.malformed(q, a, errors.New("the answer is empty"))
	}
	if err := transport.CheckJSON(a.Header); err != nil {
		e := c.malformed(q, a, err)
		e.Hint = "something between Parley and Jira answered, such as a sign-in page or a proxy; check url"
		return e
	}
	return nil
}

func (c *Client) redirect(e *connectors.Error, a transport.Answer) {
	e.Kind = connectors.Malformed
	e.Location = c.clean(withoutQuery(a.Header.Get("Location")))
	e.Message = "redirected to " + e.Location
	e.Hint = "Parley follows no redirects; set url to the final address of the site (https, context path), or let the account pass single sign-on"
}

// withoutQuery drops what a sign-in redirect carries along.
func withoutQuery(location string) string {
	location, _, _ = strings.Cut(location, "?")
	location, _, _ = strings.Cut(location, "#")
	return location
}

// scope is what a rate limit pauses; anything not known pauses everything.
func scope(h http.Header) string {
	switch reason := h.Get("RateLimit-Reason"); {
	case strings.Contains(reason, "per-issue"):
		return connectors.ScopeIssue
	case strings.Contains(reason, "burst"):
		return connectors.ScopeEndpoint
	}
	return ""
}

// classifyRefusal handles the 4xx that say something about the request.
func (c *Client) classifyRefusal(e *connectors.Error, a transport.Answer, w words) {
	switch a.Status {
	case http.StatusUnauthorized:
		c.refusedCredential(e)
		if captcha(a.Header) {
			lockedOut(e)
		}
	case http.StatusForbidden:
		c.classifyForbidden(e, a)
	case http.StatusNotFound:
		e.Kind = connectors.NotFound
		if !w.jira {
			e.Kind = connectors.Malformed
			e.Hint = "no Jira answers at this address; check url, with the context path if the site has one"
		}
	case http.StatusGone:
		e.Kind = connectors.Malformed
		e.Hint = "this Jira has removed the request; Parley needs an update, or url points at another product"
	case http.StatusConflict:
		e.Kind = connectors.Conflict
	case http.StatusMethodNotAllowed, http.StatusUnsupportedMediaType, http.StatusProxyAuthRequired:
		e.Kind = connectors.Malformed
		e.Hint = "this address does not take the requests of Jira's REST API; check url and proxies"
	default:
		e.Kind = connectors.Invalid
		if !w.json {
			e.Kind = connectors.Malformed
		}
	}
}

func (c *Client) refusedCredential(e *connectors.Error) {
	e.Kind = connectors.Auth
	e.Hint = "the personal access token is wrong, expired or revoked; make a new one in the account's profile"
	if c.config.Auth == "basic" {
		e.Hint = "the API token of " + c.config.User + " is wrong, expired or revoked; make a new one and check user; a Data Center takes a personal access token, with auth = \"bearer\""
	}
}

// classifyForbidden tells a refused credential from a missing permission.
func (c *Client) classifyForbidden(e *connectors.Error, a transport.Answer) {
	switch {
	case captcha(a.Header):
		lockedOut(e)
	case strings.Contains(a.Header.Get("X-Seraph-LoginReason"), "AUTHENTICATED_FAILED"):
		c.refusedCredential(e)
	case strings.Contains(e.Message, "Basic Authentication has been disabled"):
		e.Kind = connectors.Auth
		e.Hint = `this site takes personal access tokens only; set auth = "bearer"`
	case strings.Contains(e.Message, "Connect Session Auth Token"):
		e.Kind = connectors.Auth
		e.Hint = `this site takes no bearer tokens; set auth = "basic" with the account's e-mail address and API token`
	case a.Header.Get("RateLimit-Reason") != "" || c.asksForQuiet(a.Header):
		e.Kind, e.Scope = connectors.RateLimit, scope(a.Header)
	case strings.Contains(e.Message, "XSRF"):
		e.Kind = connectors.Forbidden
		e.Hint = "something on the way makes the request look like a browser's; check proxies that set User-Agent"
	default:
		e.Kind = connectors.Forbidden
		e.Hint = "the account lacks a permission in this project, or the site allows only certain addresses"
		if !transport.IsJSON(a.Header) && e.Message == "" {
			e.Message = "refused without a reason"
		}
	}
}

// asksForQuiet reports whether a refusal says when to come back, as no missing permission
// does. That a quota is reset at some time, other answers say as well.
func (c *Client) asksForQuiet(h http.Header) bool {
	_, ok := transport.RetryAt(http.Header{"Retry-After": h.Values("Retry-After"), "Date": h.Values("Date")}, c.config.Now())
	return ok
}

// captcha recognises the refusal of an account that failed to sign in too often.
func captcha(h http.Header) bool {
	return strings.Contains(h.Get("X-Authentication-Denied-Reason"), "CAPTCHA") ||
		strings.Contains(h.Get("X-Seraph-LoginReason"), "AUTHENTICATION_DENIED")
}

func lockedOut(e *connectors.Error) {
	e.Kind, e.Locked = connectors.Auth, true
	e.Message = "Jira asks for a CAPTCHA after too many failed sign-ins"
	e.Hint = "sign in once with a browser as this account and answer the CAPTCHA, then restart parley; it asks nothing until then"
}
