package jira

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
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

// markAll completes what a page of Data Center's issues lacks. An issue whose mark alone
// cannot be read is set aside; without it, it would be taken for somebody's own.
func (c *Client) markAll(ctx context.Context, page *connectors.Page) error {
	whole := page.Observations[:0]
	for _, o := range page.Observations {
		if o.Issue.Own && o.Issue.Marker == "" {
			var err error
			o.Issue.Marker, err = c.markOf(ctx, o.Issue.Ref)
			if err != nil && !single(err) {
				return err
			}
			if err != nil {
				page.Broken = append(page.Broken, connectors.Broken{ID: o.Issue.ID, Key: o.Issue.Key, Err: errNoMark})
				continue
			}
		}
		whole = append(whole, o)
	}
	page.Observations = whole
	return nil
}

var errNoMark = errors.New("it is made with Parley's account, and its property " + markerProperty + " cannot be read")

// single reports whether a failed read may concern the one thing that was asked for, and so
// may last, while others can be read.
func single(err error) bool {
	e, ok := errors.AsType[*connectors.Error](err)
	switch {
	case !ok:
		return false
	case e.Kind == connectors.Transient:
		return e.Status == http.StatusInternalServerError
	}
	return skipped(err)
}
