package jira

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"parley/connectors"
	"parley/connectors/transport"
)

// public finds out whether anybody may look at a project, by looking as nobody: there
// is no permission to ask for. Where that cannot be told just now it counts as public,
// so that no text goes where it may be seen by more people than it was written for. Who is
// asked for quiet until a time as nobody keeps it as somebody: the error is nothing else.
func (c *Client) public(ctx context.Context, who identity, key string) (bool, error) {
	a, ok := c.asNobody(ctx, who.web+"/"+root+"project/"+key)
	switch {
	case !ok:
		return true, nil
	case a.Status == http.StatusOK:
		var project struct {
			Key text `json:"key"`
		}
		return json.Unmarshal(a.Body, &project) == nil && project.Key != "", nil // else a page to sign in
	case a.Status == http.StatusUnauthorized, a.Status == http.StatusForbidden, a.Status == http.StatusNotFound, a.Status/100 == 3:
		return false, nil
	}
	err := c.classify(request{doing: "look at project " + key + " as nobody"}, a)
	if e, refused := errors.AsType[*connectors.Error](err); refused && e.Kind == connectors.RateLimit && !e.RetryAt.IsZero() {
		return true, err
	}
	return true, nil
}

// asNobody reads an address without a credential, if it answers.
func (c *Client) asNobody(ctx context.Context, address string) (a transport.Answer, ok bool) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return a, false
	}
	req.Header.Set("Accept", "application/json")
	resp, err := c.nobody.Do(req) //nolint:bodyclose // transport.Read closes it
	if err != nil {
		return a, false
	}
	a, err = transport.Read(resp)
	return a, err == nil
}
