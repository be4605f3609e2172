package jirasim

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"sort"
)

// WriteJSON writes all issues as one search answer with every field, the whole
// changelog and all properties; LoadJSON reads it. Remote links, which Jira
// shows apart, and the rules of projects are not in it.
func (s *Site) WriteJSON(w io.Writer) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	out := bufio.NewWriter(w)
	c := &call{site: s, version: 2, base: s.opts.BaseURL, zone: s.opts.Zone}
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	_, _ = out.WriteString(`{"issues":[`) // bufio keeps the first error for Flush
	for i, v := range s.living() {
		if i > 0 {
			_ = out.WriteByte(',')
		}
		if err := enc.Encode(c.whole(v)); err != nil {
			return fmt.Errorf("write %s: %w", v.Key, err)
		}
	}
	_, _ = out.WriteString("]}\n")
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write issues: %w", err)
	}
	return nil
}

// whole is everything about an issue.
func (c *call) whole(v *Issue) obj {
	fields := c.fieldsJSON(v, selectFields([]string{"*all"}))
	comments := make([]obj, len(v.Comments))
	for i, cm := range v.Comments {
		comments[i] = c.commentJSON(v, cm)
		comments[i]["properties"] = properties(cm)
	}
	fields["comment"] = obj{"comments": comments, "total": len(comments)}
	out := c.issueJSON(v, show{properties: []string{"*all"}, changelog: len(v.History)})
	out["fields"] = fields
	return out
}

// living lists the issues that exist, by id.
func (s *Site) living() []*Issue {
	var out []*Issue
	for _, rec := range s.issues {
		if rec.current != nil {
			out = append(out, rec.current)
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].num < out[j].num })
	return out
}
