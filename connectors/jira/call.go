package jira

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"

	"parley/connectors"
	"parley/connectors/transport"
)

const (
	root      = "rest/api/2/"
	rootCloud = "rest/api/3/" // takes documents instead of wiki text; Data Center has none
)

// request is one HTTP request to the site.
type request struct {
	doing  string // for errors, verb first
	method string
	root   string // "" is root
	path   string // below it
	query  url.Values
	body   any
	write  bool // may change something; a search by POST does not
	open   bool // identity requests, whose answers the gate does not judge
}

// call sends one request and gives its answer when it is a success with a body
// that is JSON or empty. Every failure is an *connectors.Error.
func (c *Client) call(ctx context.Context, q request) (transport.Answer, error) {
	a, err := c.exchange(ctx, q)
	if err != nil {
		return a, err
	}
	failure := c.classify(q, a)
	if !q.open && doubtful(q, failure) {
		if err := c.gate(ctx, q, a); err != nil {
			return a, err
		}
	}
	return a, failure
}

// doubtful tells the answers that an anonymous visitor could have got as well.
func doubtful(q request, failure error) bool {
	if failure == nil {
		return !q.write
	}
	switch connectors.KindOf(failure) {
	case connectors.NotFound, connectors.Forbidden, connectors.Invalid:
		return true
	}
	return false
}

// exchange sends the request and reads the answer, whatever its status.
func (c *Client) exchange(ctx context.Context, q request) (transport.Answer, error) {
	if !q.write {
		ctx = transport.Reading(ctx)
	}
	path := cmp.Or(q.root, root) + q.path
	if len(q.query) > 0 {
		path += "?" + q.query.Encode()
	}
	req, err := c.api.NewRequestWithContext(ctx, q.method, path, q.body)
	if err != nil {
		return transport.Answer{}, c.fail(q, connectors.Invalid, err)
	}
	req.Header.Set("Accept", "application/json")
	if q.method != http.MethodGet {
		req.Header.Set("X-Atlassian-Token", "no-check")
	}
	resp, err := c.api.Do(req, nil)
	if resp == nil || resp.Response == nil {
		return transport.Answer{}, c.unanswered(q, err)
	}
	// Do reports refusals as errors without their status; the answer has it.
	a, err := transport.Read(resp.Response)
	if err != nil && !(q.write && a.Status < 300) {
		return a, c.unanswered(q, err)
	}
	return a, nil
}

// get reads one resource into out, which may be nil.
func (c *Client) get(ctx context.Context, doing, path string, query url.Values, out any) (transport.Answer, error) {
	q := request{doing: doing, method: http.MethodGet, path: path, query: query}
	a, err := c.call(ctx, q)
	if err != nil {
		return a, err
	}
	return a, c.decode(q, a, out)
}

func (c *Client) decode(q request, a transport.Answer, out any) error {
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(a.Body, out); err != nil {
		return c.malformed(q, a, err)
	}
	return nil
}

// listed fails for an answer that lacks the list that was asked for, which is no empty one:
// something on the way may have made it up.
func (c *Client) listed(q request, a transport.Answer, list string, there bool) error {
	if there {
		return nil
	}
	return c.malformed(q, a, fmt.Errorf("the answer has no %s", list))
}

var plainID = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

// address gives the path of an issue: its immutable id, else its key.
func (c *Client) address(doing string, ref connectors.Ref) (string, error) {
	id := ref.ID
	if id == "" {
		id = ref.Key
	}
	if !plainID.MatchString(id) {
		return "", &connectors.Error{
			Kind: connectors.Invalid, Tracker: c.config.Name, Doing: doing,
			Message: "the issue has no usable id or key",
		}
	}
	return "issue/" + id, nil
}

// called names an issue in errors.
func called(ref connectors.Ref) string {
	if ref.Key != "" {
		return ref.Key
	}
	return "issue " + ref.ID
}
