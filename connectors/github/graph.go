package github

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"parley/connectors"
	"parley/connectors/transport"
)

// graphPath is where GraphQL is asked, from the REST root: beside it at GitHub.com, and
// beside /api/v3 on an Enterprise Server.
func (c *Client) graphPath() string {
	if strings.HasSuffix(strings.TrimSuffix(c.builder.BaseURL.Path, "/"), "/api/v3") {
		return "../graphql"
	}
	return "graphql"
}

// document is a GraphQL request: what it is for, in the words of an error, and what is
// sent. change says that it is a mutation.
type document struct {
	doing  string
	text   string
	vars   map[string]any
	change bool
}

// graphErr is what GraphQL says of itself in a 200.
type graphErr struct {
	Type    string `json:"type"`
	Message string `json:"message"`
	Path    []any  `json:"path"`
}

// graph sends a document and reads its data into v. An error of the whole or of a part is
// an *Error, unless an entry of a list that was asked for by ids is not there any more:
// that is null then.
func (c *Client) graph(ctx context.Context, d document, v any) (transport.Answer, error) {
	q := call{doing: d.doing, method: http.MethodPost, path: c.graphPath(), reads: !d.change,
		body: map[string]any{"query": d.text, "variables": d.vars}}
	if q.reads {
		ctx = transport.Reading(ctx)
	}
	a, err := c.do(ctx, q)
	if err != nil {
		return a, err
	}
	var body struct {
		Data   json.RawMessage `json:"data"`
		Errors []graphErr      `json:"errors"`
	}
	if err := c.decode(q, a, &body); err != nil {
		return a, err
	}
	for _, e := range body.Errors {
		if !d.change && ofEntry(e) {
			continue
		}
		return a, c.graphFailed(q, a, e)
	}
	if !isSet(body.Data) {
		return a, c.unreadable(q, a.Status, "the answer has neither data nor errors", nil)
	}
	if err := json.Unmarshal(body.Data, v); err != nil {
		return a, c.unreadable(q, a.Status, "the answer is not the JSON that GitHub sends", err)
	}
	return a, nil
}

// ofEntry reports whether an error is that of one entry of a list that was asked for by
// ids: it is not there any more.
func ofEntry(e graphErr) bool {
	return len(e.Path) == 2 && e.Path[0] == "nodes" && e.Type == "NOT_FOUND"
}

// graphFailed is an error of GraphQL as one kind. It comes with status 200.
func (c *Client) graphFailed(q call, a transport.Answer, g graphErr) *connectors.Error {
	e := c.fail(q, connectors.Invalid, g.Message, nil)
	e.Status = a.Status
	text := strings.ToLower(g.Message)
	switch {
	case strings.Contains(text, "secondary rate limit"):
		e.Kind, e.RetryAt = connectors.RateLimit, retryAt(a.Header, c.now())
	case tooQuick(g.Message):
		e.Kind, e.Scope, e.RetryAt = connectors.RateLimit, connectors.ScopeContent, retryAt(a.Header, c.now())
	case g.Type == "RATE_LIMITED", g.Type == "RATE_LIMIT":
		e.Kind, e.Scope = connectors.RateLimit, connectors.ScopeEndpoint // REST has points of its own
		if e.RetryAt = retryAt(a.Header, c.now()); e.RetryAt.IsZero() {
			e.RetryAt, _ = transport.RetryAt(a.Header, c.now())
		}
	case g.Type == "INSUFFICIENT_SCOPES":
		e.Kind, e.Hint = connectors.Forbidden, "give the token the scope project"
	case g.Type == "FORBIDDEN":
		e.Kind, e.Hint = connectors.Forbidden, "give the account the role Write in the project"
		if c.app != nil {
			e.Hint = "give the app the organisation permission Projects: Read and write, and accept that for the installation"
		}
	case g.Type == "NOT_FOUND":
		e.Kind, e.Hint = connectors.NotFound, "GitHub says so also of what the token may not see"
	case g.Type == "" && strings.Contains(text, "something went wrong"), g.Type == "INTERNAL", g.Type == "SERVICE_UNAVAILABLE":
		e.Kind = connectors.Transient
		if q.write() {
			e.Kind = connectors.Unknown
		}
	}
	return e
}

// refusedAs reports whether err is of a kind.
func refusedAs(err error, kind connectors.ErrorKind) bool {
	var e *connectors.Error
	return errors.As(err, &e) && e.Kind == kind
}
