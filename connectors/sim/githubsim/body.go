package githubsim

import (
	"bytes"
	"encoding/json"
)

// fields is the object that a request sent, key by key.
type fields map[string]json.RawMessage

// object reads the body as a JSON object; an empty body is an empty object.
func (c *call) object() (fields, error) {
	f := fields{}
	raw := bytes.TrimSpace(c.body)
	if len(raw) == 0 {
		return f, nil
	}
	if !json.Valid(raw) {
		return nil, refuse(400, "Problems parsing JSON")
	}
	if raw[0] != '{' {
		return nil, refuse(400, "Body should be a JSON object")
	}
	return f, json.Unmarshal(raw, &f)
}

// text reads a string; nil where the key is absent or null.
func (f fields) text(key string) (*string, error) {
	raw, ok := f[key]
	if !ok || string(raw) == "null" {
		return nil, nil
	}
	var s string
	if err := json.Unmarshal(raw, &s); err != nil {
		return nil, malformed("For 'properties/%s', %s is not a string.", key, raw)
	}
	return &s, nil
}

// word is text where absent and empty are one.
func (f fields) word(key string) (string, error) {
	s, err := f.text(key)
	if s == nil {
		return "", err
	}
	return *s, err
}

// whole reads an integer; nil where absent, 0 for null.
func (f fields) whole(key string) (*int64, error) {
	raw, ok := f[key]
	if !ok {
		return nil, nil
	}
	var n int64
	if err := json.Unmarshal(raw, &n); err != nil {
		return nil, malformed("For 'properties/%s', %s is not an integer.", key, raw)
	}
	return &n, nil
}

// names reads a list of names, each a string or an object with the name under
// inner; nil where absent. An entry that is only suggested is left out: GitHub
// keeps it for a person to decide.
func (f fields) names(key, inner string) ([]string, error) {
	raw, ok := f[key]
	if !ok {
		return nil, nil
	}
	return names(raw, "properties/"+key, inner)
}

func names(raw json.RawMessage, where, inner string) ([]string, error) {
	var items []json.RawMessage
	if err := json.Unmarshal(raw, &items); err != nil || items == nil {
		if string(raw) == "null" {
			raw = []byte("nil")
		}
		return nil, malformed("For '%s', %s is not an array.", where, raw)
	}
	out := make([]string, 0, len(items))
	for i, item := range items {
		var s string
		if json.Unmarshal(item, &s) == nil && item[0] == '"' {
			out = append(out, s)
			continue
		}
		var o map[string]any
		name, ok := "", false
		if json.Unmarshal(item, &o) == nil {
			name, ok = o[inner].(string)
		}
		if !ok {
			return nil, malformed("For '%s/%d', %s is not a string or an object with %q.", where, i, item, inner)
		}
		if o["suggest"] != true {
			out = append(out, name)
		}
	}
	return out, nil
}

// labelNames reads the body of the endpoints for an issue's labels: a bare array
// or an object with labels.
func (c *call) labelNames() ([]string, error) {
	raw := bytes.TrimSpace(c.body)
	if len(raw) > 0 && raw[0] == '[' && json.Valid(raw) {
		return names(raw, "links/1/schema", "name")
	}
	if string(raw) == "null" {
		return nil, malformed("For 'links/1/schema', nil is not an array.")
	}
	f, err := c.object()
	if err != nil {
		return nil, err
	}
	out, err := f.names("labels", "name")
	if err == nil && out == nil {
		return nil, malformed("%q wasn't supplied.", "labels")
	}
	return out, err
}
