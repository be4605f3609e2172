package jira

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"parley/connectors"
)

type wireTransition struct {
	ID        text              `json:"id"`
	Name      text              `json:"name"`
	To        wireStatus        `json:"to"`
	HasScreen bool              `json:"hasScreen"`
	Global    bool              `json:"isGlobal"`
	Available *bool             `json:"isAvailable"`
	Fields    map[string]*field `json:"fields"`
}

// field is a field of a transition's screen.
type field struct {
	Required   bool `json:"required"`
	HasDefault bool `json:"hasDefaultValue"`
	Schema     struct {
		Type  text `json:"type"`
		Items text `json:"items"`
	} `json:"schema"`
	Allowed soft[[]choice] `json:"allowedValues"`
}

type choice struct {
	ID    text `json:"id"`
	Name  text `json:"name"`
	Value text `json:"value"`
}

// screen is what a transition asks for.
type screen map[string]*field

type screenKey struct{ issue, transition string }

// Transitions lists the ways out of the issue's present status. Required names
// the required fields that neither Jira nor TransitionDefaults would fill.
func (c *Client) Transitions(ctx context.Context, ref connectors.Ref) ([]connectors.Transition, error) {
	doing := "read the transitions of " + called(ref)
	path, err := c.address(doing, ref)
	if err != nil {
		return nil, err
	}
	var wire struct {
		Transitions []wireTransition `json:"transitions"`
	}
	query := url.Values{"expand": {"transitions.fields"}}
	a, err := c.get(ctx, doing, path+"/transitions", query, &wire)
	if err == nil {
		err = c.listed(request{doing: doing}, a, "transitions", wire.Transitions != nil)
	}
	if err != nil {
		return nil, err
	}
	return c.transitions(path, wire.Transitions), nil
}

// transitions are those that can be taken, and their screens are remembered.
func (c *Client) transitions(path string, wire []wireTransition) []connectors.Transition {
	out := make([]connectors.Transition, 0, len(wire))
	for _, t := range wire {
		if t.Available != nil && !*t.Available {
			continue
		}
		c.rememberScreen(path, string(t.ID), t.Fields)
		out = append(out, connectors.Transition{
			ID: string(t.ID), Name: string(t.Name), To: t.To.option(), Global: t.Global,
			Screen: t.HasScreen || len(t.Fields) > 0, Required: c.required(t.Fields),
		})
	}
	return out
}

func (c *Client) required(s screen) []string {
	var out []string
	for key, f := range s {
		if !f.wanted() {
			continue
		}
		if v, ok := c.config.TransitionDefaults[key]; !ok || !f.takes(v) {
			out = append(out, key)
		}
	}
	slices.Sort(out)
	return out
}

// wanted reports whether leaving the field out is refused.
func (f *field) wanted() bool { return f != nil && f.Required && !f.HasDefault }

// takes reports whether the field can have the value, as far as its choices tell.
func (f *field) takes(value string) bool {
	_, ok := f.pick(value)
	return ok || len(f.Allowed.V) == 0
}

// pick finds a choice by its id, name or value, in any case.
func (f *field) pick(value string) (choice, bool) {
	if f == nil {
		return choice{}, false
	}
	for _, ch := range f.Allowed.V {
		if string(ch.ID) == value || strings.EqualFold(string(ch.Name), value) || strings.EqualFold(string(ch.Value), value) {
			return ch, true
		}
	}
	return choice{}, false
}

// encode gives the value the form that the field's type asks for. A field that
// the screen does not describe is taken for what its key says.
func (f *field) encode(key, value string, cloud bool) any {
	if f == nil {
		if key == "resolution" || key == "priority" {
			return map[string]string{"name": value}
		}
		return value
	}
	kind, list := string(f.Schema.Type), false
	if kind == "array" {
		kind, list = string(f.Schema.Items), true
	}
	v := f.encodeOne(kind, value, cloud)
	if list {
		return []any{v}
	}
	return v
}

func (f *field) encodeOne(kind, value string, cloud bool) any {
	if ch, ok := f.pick(value); ok && ch.ID != "" {
		return map[string]string{"id": string(ch.ID)}
	}
	switch kind {
	case "number":
		if _, err := strconv.ParseFloat(value, 64); err == nil && json.Valid([]byte(value)) {
			return json.Number(value)
		}
	case "option":
		return map[string]string{"value": value}
	case "user":
		if cloud {
			return map[string]string{"accountId": value}
		}
		return map[string]string{"name": value}
	case "resolution", "priority", "version", "component", "group", "issuetype":
		return map[string]string{"name": value}
	}
	return value
}

func (c *Client) rememberScreen(path, transition string, s screen) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.screens) >= maxRemembered {
		clear(c.screens)
	}
	c.screens[screenKey{path, transition}] = s
}

// screenOf gives the screen of a transition seen on this very issue: ids of
// transitions mean other things in other workflows.
func (c *Client) screenOf(path, transition string) (screen, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s, ok := c.screens[screenKey{path, transition}]
	return s, ok
}
