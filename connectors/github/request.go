package github

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"parley/connectors"
	"parley/connectors/transport"
)

// call is one request: what it is for, in the words of an error, and what is sent.
type call struct {
	doing  string // "read acme/infra#7"
	method string
	path   string // below the REST root, or a whole address that lies below it
	body   any    // nil for none
	etag   string // sent as If-None-Match
	reads  bool   // changes nothing although it is a POST
	asApp  bool   // signed by the App itself; its POST makes a token and nothing else
}

func get(doing, path string) call { return call{doing: doing, method: http.MethodGet, path: path} }

// write reports whether repeating the call could change something.
func (q call) write() bool {
	return q.method != http.MethodGet && q.method != "" && !q.asApp && !q.reads
}

// do sends one request and gives the answer if it is a success or a 304; every
// other outcome is an *Error. To a repository that was renamed it is made anew, with the
// same method.
func (c *Client) do(ctx context.Context, q call) (transport.Answer, error) {
	asked := q.path
	q.path = c.place(q.path)
	a, err := c.signed(ctx, q)
	if err == nil || q.path != asked {
		return a, err
	}
	to, unsure := c.renamed(ctx, q, err)
	if unsure != nil {
		return a, unsure
	}
	if to == "" {
		return a, err
	}
	q.path = to
	return c.signed(ctx, q)
}

// signed is do at the address as given. The token of an App's installation that is
// refused before its hour ends is replaced once: nothing has happened then.
func (c *Client) signed(ctx context.Context, q call) (transport.Answer, error) {
	had := c.keeper.get().token
	token, err := c.bearer(ctx, q)
	if err != nil {
		return transport.Answer{}, err
	}
	a, err := c.send(ctx, q, token)
	if c.app == nil || a.Status != http.StatusUnauthorized || q.asApp || token != had {
		return a, err
	}
	c.keeper.drop(token)
	if token, err = c.bearer(ctx, q); err != nil {
		return transport.Answer{}, err
	}
	return c.send(ctx, q, token)
}

// send is one attempt. The library's own Do is not used: it remembers
// the rate headers of one answer and refuses later calls by itself, for up to an
// hour, and it knows the refusals of 403 but not those of 429.
func (c *Client) send(ctx context.Context, q call, token string) (transport.Answer, error) {
	if err := ctx.Err(); err != nil {
		return transport.Answer{}, c.fail(q, connectors.Transient, "not sent", err)
	}
	if strings.Contains(q.path, "://") || strings.HasPrefix(q.path, "//") { // both name a host
		if err := sameRoot(c.builder.BaseURL, q.path); err != nil {
			return transport.Answer{}, c.fail(q, connectors.Malformed, err.Error(), nil)
		}
	}
	req, err := c.builder.NewRequest(q.method, q.path, q.body)
	if err != nil {
		return transport.Answer{}, c.fail(q, connectors.Invalid, "the request cannot be written", err)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if q.etag != "" {
		req.Header.Set("If-None-Match", q.etag)
	}
	resp, err := c.http.Do(req.WithContext(ctx)) //nolint:bodyclose // transport.Read closes it
	if err != nil {
		return transport.Answer{}, c.noAnswer(q, err)
	}
	a, readErr := transport.Read(resp)
	c.noteExpiry(a.Status, a.Header)
	if e := c.classify(q, a); e != nil {
		return a, e
	}
	if readErr != nil {
		return a, c.noAnswer(q, readErr)
	}
	return a, nil
}

// decode reads a success's JSON into v.
func (c *Client) decode(q call, a transport.Answer, v any) error {
	if len(a.Body) > 0 && !isHTML(a) {
		err := json.Unmarshal(a.Body, v)
		if err == nil {
			return nil
		}
		return c.unreadable(q, a.Status, "the answer is not the JSON that GitHub sends", err)
	}
	return c.unreadable(q, a.Status, "the answer is no JSON at all", nil)
}

// unreadable is a success that says nothing: after a write nobody knows then
// whether GitHub or something before it answered.
func (c *Client) unreadable(q call, status int, message string, cause error) *connectors.Error {
	kind := connectors.Malformed
	if q.write() {
		kind = connectors.Unknown
	}
	e := c.fail(q, kind, message, cause)
	e.Status = status
	e.Hint = notRoot
	return e
}

// noAnswer is the failure of a request that got no complete answer.
func (c *Client) noAnswer(q call, err error) *connectors.Error {
	if held, ok := errors.AsType[*transport.Held](err); ok {
		e := c.fail(q, connectors.RateLimit, held.Error(), held)
		e.Scope, e.RetryAt = held.Scope, held.Until
		return e
	}
	kind := connectors.Transient
	if q.write() && !transport.NotSent(err) {
		kind = connectors.Unknown
	}
	cause := err
	if u, ok := errors.AsType[*url.Error](err); ok {
		cause = u.Err
	}
	message := cause.Error()
	if words, ok := connectors.Unanswered("GitHub", c.builder.BaseURL.String(), err); ok {
		message = words
	}
	return c.fail(q, kind, message, err)
}

// fail makes an error of this client. The message is cleaned.
func (c *Client) fail(q call, kind connectors.ErrorKind, message string, cause error) *connectors.Error {
	return &connectors.Error{Kind: kind, Tracker: c.name, Doing: q.doing, Message: c.clean(message), Err: c.veiled(cause)}
}

// serverTime is the answer's Date, zero where it has none.
func serverTime(h http.Header) time.Time {
	t, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}
