package jira

import (
	"context"
	"maps"
	"slices"
	"strings"
)

// fieldSet is what every read asks for.
type fieldSet struct {
	ids    []string          // in the order in which they are asked for
	custom map[string]string // name in the configuration → id
}

func newFieldSet(custom map[string]string) *fieldSet {
	return &fieldSet{append(slices.Clone(systemFields), slices.Sorted(maps.Values(custom))...), custom}
}

// asked gives the fields of the next read.
func (c *Client) asked() *fieldSet {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.fields
}

// rankName is what the field with the order of boards is asked for by.
const rankName = "Rank"

// wireField is one field of GET field.
type wireField struct {
	ID           string `json:"id"`
	Name         string `json:"name"`
	Untranslated string `json:"untranslatedName"`
	Schema       struct {
		Custom string `json:"custom"`
	} `json:"schema"`
}

// ranks reports whether it is the field in which Jira keeps the order of its boards: any
// other one can be called Rank, too.
func (f wireField) ranks() bool { return strings.HasSuffix(f.Schema.Custom, ":gh-lexo-rank") }

// nameFields finds the ids of the custom fields that the configuration knows by
// name, once: in any letter case, translated or not. A name that no field has is
// asked for no further, for Check to tell; of several fields with one name all
// would be right, and the one with the lowest id is taken, or that of the boards' order.
func (c *Client) nameFields(ctx context.Context) error {
	if len(c.config.FieldNames) == 0 || c.fieldsAreNamed() {
		return nil
	}
	var fields []wireField
	if _, err := c.get(ctx, "read the custom fields", "field", nil, &fields); err != nil {
		return err
	}
	slices.SortFunc(fields, func(a, b wireField) int { // what comes last counts
		if a.ranks() != b.ranks() {
			return map[bool]int{false: -1, true: 1}[a.ranks()]
		}
		return strings.Compare(b.ID, a.ID)
	})
	custom := maps.Clone(c.config.Fields)
	if custom == nil {
		custom = map[string]string{}
	}
	for _, name := range c.config.FieldNames {
		for _, f := range fields {
			if strings.EqualFold(f.Name, name) || strings.EqualFold(f.Untranslated, name) || f.ID == name {
				custom[name] = f.ID
			}
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fields, c.fieldsNamed = newFieldSet(custom), true
	return nil
}

func (c *Client) fieldsAreNamed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.fieldsNamed
}
