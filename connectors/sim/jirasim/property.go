package jirasim

import (
	"encoding/json"
	"maps"
	"time"
)

// Limits of an issue property.
const (
	maxPropertyKey   = 255
	maxPropertyValue = 32768 // characters of JSON
)

// SetProperty sets a property at the moment; see Site.SetProperty.
func (m Moment) SetProperty(actor, key, property string, value json.RawMessage) (created bool, err error) {
	u := update{actor, key, EditIssues, "edit this issue"}
	err = m.change(u, func(d *Issue, _ time.Time) (effect, *Refusal) {
		if r := checkProperty(property, value); r != nil {
			return unchanged, r
		}
		_, had := d.Properties[property]
		created = !had
		return setProperties(d, map[string]json.RawMessage{property: value}), nil
	})
	return created, err
}

// setProperties changes a draft's properties; nil values remove.
func setProperties(d *Issue, set map[string]json.RawMessage) effect {
	if len(set) == 0 {
		return unchanged
	}
	d.Properties = maps.Clone(d.Properties)
	if d.Properties == nil {
		d.Properties = map[string]json.RawMessage{}
	}
	for k, v := range set {
		if v == nil {
			delete(d.Properties, k)
			continue
		}
		d.Properties[k] = v
	}
	return quiet
}
