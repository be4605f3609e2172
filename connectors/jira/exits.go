package jira

import (
	"context"
	"slices"

	"parley/connectors"
)

var _ connectors.Exits = (*Client)(nil)

// ReadWithExits is Read with the transitions in the same answer. Where Jira leaves them
// out, or does not say what their screens ask for, whole is false.
func (c *Client) ReadWithExits(ctx context.Context, ref connectors.Ref) (o connectors.Observation, exits []connectors.Transition, whole bool, err error) {
	doing := "read " + called(ref)
	path, err := c.address(doing, ref)
	if err != nil {
		return o, nil, false, err
	}
	o, w, err := c.readAt(ctx, doing, path, ref, "changelog,transitions.fields")
	if err != nil || w.Transitions.V == nil {
		return o, nil, false, err
	}
	wire := *w.Transitions.V
	if slices.ContainsFunc(wire, func(t wireTransition) bool { return t.ID == "" || t.To.ID == "" || t.Fields == nil }) {
		return o, nil, false, nil
	}
	return o, c.transitions(path, wire), true, nil
}
