package jira

import (
	"encoding/json"
	"fmt"

	"parley/connectors"
)

const (
	// commentProperty holds Parley's mark of a comment. It is part of the creating request.
	commentProperty = "parley.comment"
	// internalProperty is where a service desk notes that a comment is for agents only.
	internalProperty = "sd.public.comment"
)

// wireComment is a comment as both products send it.
type wireComment struct {
	ID         text            `json:"id"`
	Author     soft[*wireUser] `json:"author"` // missing for deleted and anonymous accounts
	Body       json.RawMessage `json:"body"`
	Created    stamp           `json:"created"`
	Updated    stamp           `json:"updated"`
	Public     *bool           `json:"jsdPublic"` // Cloud
	Visibility *wireVisibility `json:"visibility"`
	Properties *[]wireProperty `json:"properties"` // nil where they were not sent
}

type wireVisibility struct {
	Type       text `json:"type"`
	Value      text `json:"value"`
	Identifier text `json:"identifier"` // Cloud
}

type wireProperty struct {
	Key   string          `json:"key"`
	Value json.RawMessage `json:"value"`
}

// property is the value of a property that came along, nil for none.
func (w *wireComment) property(key string) json.RawMessage {
	if w.Properties == nil {
		return nil
	}
	for _, p := range *w.Properties {
		if p.Key == key {
			return p.Value
		}
	}
	return nil
}

// audience says who may read it. What looks restricted in a way that is not known is for
// a group of that name, never for everybody.
func (w *wireComment) audience() connectors.Audience {
	var said struct{ Internal soft[bool] }
	_ = json.Unmarshal(w.property(internalProperty), &said) // whatever else it says, it does not say that
	out := connectors.Audience{Internal: said.Internal.V}
	if w.Public != nil {
		out.Internal = !*w.Public // the property is only what was asked for, outside a service desk nothing comes of it
	}
	if v := w.Visibility; v != nil && v.Type+v.Value+v.Identifier != "" {
		name := string(firstOf(v.Value, v.Identifier, v.Type))
		if out.ID = string(v.Identifier); v.Type == "role" {
			out.Role = name
		} else {
			out.Group = name
		}
	}
	return out
}

// comment puts it into the connectors' terms, without the mark where no properties came.
func (w *wireComment) comment(who identity, issue connectors.Ref) (connectors.Comment, error) {
	if !plainID.MatchString(string(w.ID)) || w.Created.IsZero() {
		return connectors.Comment{}, fmt.Errorf("comment%s: id or created is not usable", shown(w.ID))
	}
	out := connectors.Comment{ID: string(w.ID), Issue: issue, Author: person(w.Author.V), Own: own(who, w.Author.V), Audience: w.audience(),
		Created: w.Created.Time, Updated: w.Updated.Time, Marker: markIn(w.property(commentProperty))}
	if out.Updated.Before(out.Created) {
		out.Updated = out.Created
	}
	out.Robot = w.Author.V != nil && w.Author.V.AccountType == "app"
	out.Body = remarkText(w.Body, out.Own && out.Marker != "")
	return out, nil
}

// newComment is what POST and PUT take. What is not sent again with a PUT is gone.
type newComment struct {
	Body       any               `json:"body"`
	Visibility map[string]string `json:"visibility,omitempty"`
	Properties []commentNote     `json:"properties"`
}

type commentNote struct {
	Key   string `json:"key"`
	Value any    `json:"value"`
}

func commentFrom(who identity, d connectors.CommentDraft) newComment {
	out := newComment{Body: remarked(who, d), Properties: []commentNote{{commentProperty, mark{d.Marker}}}}
	if d.Audience.Internal {
		out.Properties = append(out.Properties, commentNote{internalProperty, map[string]bool{"internal": true}})
	}
	kind, name := "role", d.Audience.Role
	if d.Audience.Group != "" {
		kind, name = "group", d.Audience.Group
	}
	switch {
	case name == "":
	case who.cloud && d.Audience.ID != "":
		out.Visibility = map[string]string{"type": kind, "identifier": d.Audience.ID}
	default:
		out.Visibility = map[string]string{"type": kind, "value": name}
	}
	return out
}
