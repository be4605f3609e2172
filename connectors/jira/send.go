package jira

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"parley/connectors"
)

// Send performs one mutating request: a transition, an edit of one field or a remote
// link. Where a transition may need defaults and its screen was not seen lately, one
// read comes before it, and so it does before somebody is unassigned.
//
// Jira knows no precondition on an edit. An Unassign therefore reads the assignee
// first and sends nothing where that is somebody else by now; who is assigned between
// the two requests is taken off nevertheless. That shows: the history entry in the
// receipt, or the next one read, names in From whom the write took off.
func (c *Client) Send(ctx context.Context, w connectors.Write) (connectors.Receipt, error) {
	doing := "change " + called(w.Issue)
	path, err := c.address(doing, w.Issue)
	if err != nil {
		return connectors.Receipt{}, err
	}
	if err := onlyOurs(w); err != nil {
		return connectors.Receipt{}, c.fail(request{doing: doing}, connectors.Invalid, err)
	}
	receipt, err := c.perform(ctx, path, w)
	c.wrote(w.Issue, err)
	return receipt, err
}

func (c *Client) perform(ctx context.Context, path string, w connectors.Write) (connectors.Receipt, error) {
	switch {
	case w.Transition != "":
		return connectors.Receipt{}, c.transition(ctx, path, w)
	case w.Link != nil:
		return connectors.Receipt{}, c.link(ctx, path, w)
	case w.Unassign != "":
		return c.unassign(ctx, path, w)
	}
	return c.edit(ctx, path, w)
}

// onlyOurs fails unless exactly one action is set that Jira has.
func onlyOurs(w connectors.Write) error {
	if w.State != "" || w.Reason != "" {
		return errors.New("a Jira issue has no state and reason of its own")
	}
	if len(w.Fields) > 0 && w.Transition == "" {
		return errors.New("fields belong to a transition")
	}
	set := 0
	for _, v := range []string{w.Transition, w.Priority, w.Title, w.Due, w.Assign, w.Unassign, w.AddLabel, w.RemoveLabel} {
		if v != "" {
			set++
		}
	}
	if w.Link != nil {
		set++
	}
	if set != 1 {
		return errors.New("a write to Jira is exactly one of: a transition, a priority, a title, a due date, a label to add or remove, a person to assign or unassign, a link")
	}
	return nil
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
	return missing(err)
}

// missing tells, of a transition that was refused for one field, where its value is set:
// validators ask for fields that no screen shows as required.
func missing(err error) error {
	e, ok := errors.AsType[*connectors.Error](err)
	if !ok || e.Kind != connectors.Invalid || e.Field == "" || e.Hint != "" {
		return err
	}
	told := *e
	told.Hint = "if the workflow asks for " + e.Field + ", give it a value in transition_defaults of this Jira"
	return &told
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
