package jira

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"

	"parley/connectors"
)

// Send performs one mutating request: a transition, a priority or a remote link.
// Where a transition may need defaults and its screen was not seen lately, one
// read comes before it.
func (c *Client) Send(ctx context.Context, w connectors.Write) (connectors.Receipt, error) {
	doing := "change " + called(w.Issue)
	path, err := c.address(doing, w.Issue)
	if err != nil {
		return connectors.Receipt{}, err
	}
	switch {
	case w.Transition != "" && w.Priority == "" && w.Link == nil:
		return connectors.Receipt{}, c.transition(ctx, path, w)
	case w.Priority != "" && w.Transition == "" && w.Link == nil:
		return c.setPriority(ctx, path, w)
	case w.Link != nil && w.Transition == "" && w.Priority == "":
		return connectors.Receipt{}, c.link(ctx, path, w)
	}
	return connectors.Receipt{}, &connectors.Error{
		Kind: connectors.Invalid, Tracker: c.config.Name, Doing: doing,
		Message: "a write to Jira is exactly one of a transition, a priority and a link",
	}
}

// metadata makes the history entry of a write carry the id of its operation.
type metadata struct {
	Type        string            `json:"type"`
	Description string            `json:"description,omitempty"`
	Generator   map[string]string `json:"generator"`
	Extra       map[string]string `json:"extraData"`
}

func about(op string) *metadata {
	if op == "" {
		return nil
	}
	return &metadata{
		Type: metadataType, Description: "Parley",
		Generator: map[string]string{"id": "parley", "type": "application"},
		Extra:     map[string]string{"op": op},
	}
}

type idBody struct {
	ID string `json:"id"`
}

func (c *Client) transition(ctx context.Context, path string, w connectors.Write) error {
	q := request{doing: "move " + called(w.Issue), method: http.MethodPost, path: path + "/transitions", write: true}
	who, err := c.learn(ctx)
	if err != nil {
		return err
	}
	fields, err := c.transitionFields(ctx, who, path, w)
	if err != nil {
		return err
	}
	q.body = struct {
		Transition idBody         `json:"transition"`
		Fields     map[string]any `json:"fields,omitempty"`
		Metadata   *metadata      `json:"historyMetadata,omitempty"`
	}{idBody{w.Transition}, fields, about(w.Op)}
	_, err = c.call(ctx, q)
	return err
}

// transitionFields joins the fields of the write with the defaults for what the
// screen still wants.
func (c *Client) transitionFields(ctx context.Context, who identity, path string, w connectors.Write) (map[string]any, error) {
	s, known := c.screenOf(path, w.Transition)
	if !known && c.needsScreen(w) {
		if _, err := c.Transitions(ctx, w.Issue); err != nil {
			return nil, err
		}
		s, _ = c.screenOf(path, w.Transition)
	}
	out := map[string]any{}
	for key, f := range s {
		if v, ok := c.config.TransitionDefaults[key]; ok && f.wanted() && f.takes(v) {
			out[key] = f.encode(key, v, who.cloud)
		}
	}
	for key, v := range w.Fields {
		out[key] = s[key].encode(key, v, who.cloud)
	}
	return out, nil
}

// needsScreen reports whether the write depends on what the screen shows.
func (c *Client) needsScreen(w connectors.Write) bool {
	for key := range w.Fields {
		if key != "resolution" && key != "priority" {
			return true
		}
	}
	for key := range c.config.TransitionDefaults {
		if _, given := w.Fields[key]; !given {
			return true
		}
	}
	return false
}

// setPriority asks for the issue in the answer: it verifies the write and shows
// what it replaced. Data Center answers without.
func (c *Client) setPriority(ctx context.Context, path string, w connectors.Write) (connectors.Receipt, error) {
	who, err := c.learn(ctx)
	if err != nil {
		return connectors.Receipt{}, err
	}
	a, err := c.call(ctx, request{
		doing: "set the priority of " + called(w.Issue), method: http.MethodPut, path: path, write: true,
		query: url.Values{"returnIssue": {"true"}, "expand": {"changelog"}},
		body: struct {
			Fields   map[string]idBody `json:"fields"`
			Metadata *metadata         `json:"historyMetadata,omitempty"`
		}{map[string]idBody{"priority": {w.Priority}}, about(w.Op)},
	})
	if err != nil {
		return connectors.Receipt{}, err
	}
	return c.receipt(who, w, a.Body), nil
}

// receipt reads the issue that came with a success. The write has happened
// whatever the answer looks like, so one that cannot be read is no failure.
func (c *Client) receipt(who identity, w connectors.Write, body []byte) connectors.Receipt {
	var wire wireIssue
	if json.Unmarshal(body, &wire) != nil {
		return connectors.Receipt{}
	}
	o, err := c.observation(who, wire, false)
	if err != nil || w.Issue.ID != "" && o.Issue.ID != w.Issue.ID {
		return connectors.Receipt{}
	}
	return connectors.Receipt{Issue: &o.Issue, Entries: o.Entries, Since: o.Since}
}

// link creates or updates a remote link. Jira finds the one to update by the
// global id; without it every repetition would add another link.
func (c *Client) link(ctx context.Context, path string, w connectors.Write) error {
	q := request{doing: "link " + called(w.Issue), method: http.MethodPost, path: path + "/remotelink", write: true}
	if n := len(w.Link.GlobalID); n == 0 || n > 255 || w.Link.URL == "" || w.Link.Title == "" {
		return &connectors.Error{
			Kind: connectors.Invalid, Tracker: c.config.Name, Doing: q.doing,
			Message: "a remote link needs a global id of at most 255 characters, an address and a title",
		}
	}
	q.body = map[string]any{
		"globalId":     w.Link.GlobalID,
		"application":  map[string]string{"type": "org.parley", "name": "Parley"},
		"relationship": "mirrors",
		"object":       map[string]any{"url": w.Link.URL, "title": w.Link.Title},
	}
	_, err := c.call(ctx, q)
	return err
}
