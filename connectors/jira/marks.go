package jira

import (
	"context"
	"encoding/json"
	"sync"

	"parley/connectors"
)

// marks remembers the marks of issues that the account made on Data Center, whose
// searches bring no properties. A mark is part of the creating request and so never
// comes later.
type marks struct {
	mu    sync.Mutex
	known map[string]string // issue id → mark, "" for none
}

func (m *marks) get(id string) (string, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	mark, ok := m.known[id]
	return mark, ok
}

func (m *marks) put(id, mark string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.known == nil || len(m.known) >= maxRemembered {
		m.known = map[string]string{}
	}
	m.known[id] = mark
}

// markOf gives the mark of an issue that the account made, by a request of its own
// where it is not known.
func (c *Client) markOf(ctx context.Context, ref connectors.Ref) (string, error) {
	if mark, ok := c.marks.get(ref.ID); ok {
		return mark, nil
	}
	doing := "read the mark of " + called(ref)
	path, err := c.address(doing, ref)
	if err != nil {
		return "", err
	}
	var property struct {
		Value json.RawMessage `json:"value"`
	}
	_, err = c.get(ctx, doing, path+"/properties/"+markerProperty, nil, &property)
	if err != nil && connectors.KindOf(err) != connectors.NotFound {
		return "", err
	}
	mark := marker(map[string]json.RawMessage{markerProperty: property.Value})
	c.marks.put(ref.ID, mark)
	return mark, nil
}

// markAll completes what a page of Data Center's issues lacks.
func (c *Client) markAll(ctx context.Context, page []connectors.Observation) error {
	for n := range page {
		i := &page[n].Issue
		if !i.Own || i.Marker != "" {
			continue
		}
		var err error
		if i.Marker, err = c.markOf(ctx, i.Ref); err != nil {
			return err
		}
	}
	return nil
}
