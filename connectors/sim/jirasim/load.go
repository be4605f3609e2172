package jirasim

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
)

// LoadJSON adds issues in Jira's own JSON: the answer of a search, an array of
// issues, or issues one after another. Projects, statuses, priorities, types and
// accounts that the site does not have are made; made projects get a permissive
// workflow of the statuses met. An issue whose key the site already has, or
// that lacks a key, is an error; what was read before it stays.
func (s *Site) LoadJSON(r io.Reader) error {
	l := &loader{site: s, dec: json.NewDecoder(bufio.NewReaderSize(r, 1<<16)), texts: map[string]string{}, cats: map[string]bool{}}
	s.mu.Lock()
	defer s.mu.Unlock()
	defer l.finish()
	for {
		t, err := l.dec.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = l.value(t)
		}
		if err != nil {
			return fmt.Errorf("load issue %d: %w", l.count+1, err)
		}
	}
}

// loader reads issues without holding more than one in its JSON form.
type loader struct {
	site   *Site
	dec    *json.Decoder
	count  int
	texts  map[string]string // one copy of each repeated text
	cats   map[string]bool   // statuses whose category is known
	loaded []*Issue
}

// value reads what begins with t: an array, a search answer or an issue.
func (l *loader) value(t json.Token) error {
	switch t {
	case json.Delim('['):
		return l.array()
	case json.Delim('{'):
		return l.object()
	}
	return fmt.Errorf("unexpected %v", t)
}

// array reads the issues of an array whose '[' was read.
func (l *loader) array() error {
	for l.dec.More() {
		var in loadIssue
		if err := l.dec.Decode(&in); err != nil {
			return err
		}
		if err := l.add(&in); err != nil {
			return err
		}
	}
	return l.end()
}

// issues reads the list of a search answer.
func (l *loader) issues() error {
	if t, err := l.dec.Token(); err != nil || t != json.Delim('[') {
		return fmt.Errorf("issues is no array")
	}
	return l.array()
}

// end reads the bracket that closes a value. A text that stops before it is
// cut off, not finished.
func (l *loader) end() error {
	_, err := l.dec.Token()
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// object reads an object whose '{' was read.
func (l *loader) object() error {
	var in loadIssue
	parts := map[string]any{"id": &in.ID, "key": &in.Key, "fields": &in.Fields, "changelog": &in.Changelog, "properties": &in.Properties}
	answer := false
	for l.dec.More() {
		token, err := l.dec.Token()
		if err != nil {
			return err
		}
		name, _ := token.(string) // the decoder lets nothing but texts be names
		if name == "issues" {
			answer = true
			err = l.issues()
		} else if to := parts[name]; to != nil {
			err = l.dec.Decode(to)
		} else {
			var skipped json.RawMessage
			err = l.dec.Decode(&skipped)
		}
		if err != nil {
			return err
		}
	}
	if err := l.end(); err != nil || answer {
		return err
	}
	return l.add(&in)
}

func (l *loader) add(in *loadIssue) error {
	s := l.site
	if in.Key == "" {
		return fmt.Errorf("an issue without a key")
	}
	if s.keys[in.Key] != nil {
		return fmt.Errorf("%s: the key is taken", in.Key)
	}
	v, err := l.issue(in)
	if err != nil {
		return fmt.Errorf("%s: %w", in.Key, err)
	}
	if s.issues[v.num] != nil {
		return fmt.Errorf("%s: the id %s is taken", in.Key, v.ID)
	}
	s.reserveID("issue", v.num)
	rec := &record{num: v.num, current: v, indexed: v, shown: 1}
	v.version = 1
	s.issues[v.num], s.keys[v.Key] = rec, rec
	l.loaded = append(l.loaded, v)
	l.count++
	return nil
}

// finish puts what was loaded into the index in one go.
func (l *loader) finish() {
	l.site.index.insertAll(l.loaded)
	l.site.fresh.insertAll(l.loaded)
}

func (l *loader) issue(in *loadIssue) (*Issue, error) {
	f := &in.Fields
	v := &Issue{ID: string(in.ID), Key: in.Key, Summary: f.Summary, Due: f.Due, Properties: in.Properties,
		Labels: sortedSet(l.internAll(f.Labels)), Created: f.Created.Time, Updated: f.Updated.Time, Resolved: f.ResolutionDate.Time, CategoryChanged: f.CategoryChanged.Time}
	if v.ID == "" {
		v.ID = strconv.FormatInt(l.site.takeID("issue"), 10)
	}
	var err error
	if v.num, err = strconv.ParseInt(v.ID, 10, 64); err != nil {
		return nil, fmt.Errorf("the id %q is no number", v.ID)
	}
	if v.Created.IsZero() {
		return nil, fmt.Errorf("fields.created is missing")
	}
	if v.Updated.IsZero() {
		v.Updated = v.Created
	}
	if v.Description, err = loadText(f.Description); err != nil {
		return nil, err
	}
	if err := l.relate(v, f); err != nil {
		return nil, err
	}
	if len(v.Properties) == 0 {
		v.Properties = nil
	}
	v.Custom = l.custom(f.rest)
	v.History = l.histories(in.Changelog.Histories)
	v.Comments = l.comments(f.Comment.Comments)
	return v, nil
}

// relate resolves everything of an issue that lives in the catalog.
func (l *loader) relate(v *Issue, f *loadFields) error {
	p, err := l.project(v.Key, f.Project)
	if err != nil {
		return err
	}
	v.Project = p.Key
	v.Type = l.typeName(p, f.Type.Name)
	if f.Status.Name == "" && f.Status.ID == "" {
		return fmt.Errorf("fields.status is missing")
	}
	v.Status = l.status(p, v.Type, f.Status)
	v.Priority = l.priority(f.Priority)
	v.Resolution = l.resolution(f.Resolution)
	v.Components, v.FixVersions = l.names(f.Components), l.names(f.FixVersions)
	v.Assignee, v.Reporter, v.Creator = l.user(f.Assignee), l.user(f.Reporter), l.user(f.Creator)
	v.Security, v.Parent = l.intern(f.Security.Name), strings.ToUpper(f.Parent.Key)
	return nil
}

func loadText(raw json.RawMessage) (string, error) {
	if len(raw) == 0 {
		return "", nil
	}
	version := 2
	if raw[0] == '{' {
		version = 3
	}
	text, r := readText(version, raw)
	if r != nil {
		return "", fmt.Errorf("fields.description: %s", r.Messages[0])
	}
	return text, nil
}

func (l *loader) histories(in []loadHistory) []History {
	var out []History
	for _, h := range in {
		id, err := strconv.ParseInt(string(h.ID), 10, 64)
		if err != nil {
			id = l.site.takeID("changelog")
		}
		l.site.reserveID("changelog", id)
		items := make([]Item, len(h.Items))
		for i, it := range h.Items {
			items[i] = Item{Field: l.intern(it.Field), FieldID: l.intern(it.FieldID), FieldType: l.intern(it.FieldType),
				From: l.intern(it.From), FromText: l.intern(it.FromText), To: l.intern(it.To), ToText: l.intern(it.ToText)}
		}
		out = append(out, History{ID: id, At: h.Created.Time, Author: l.user(h.Author), Items: items, Metadata: h.Metadata})
	}
	slices.SortStableFunc(out, func(a, b History) int { return int(a.ID - b.ID) })
	return out
}

func (l *loader) comments(in []loadComment) []Comment {
	var out []Comment
	for _, c := range in {
		id, err := strconv.ParseInt(string(c.ID), 10, 64)
		if err != nil {
			id = l.site.takeID("comment")
		}
		l.site.reserveID("comment", id)
		body, _ := loadText(c.Body)
		cm := Comment{ID: id, Author: l.user(c.Author), Body: body, Created: c.Created.Time, Updated: later(c.Created.Time, c.Updated.Time),
			Visibility: c.Visibility, Internal: c.Public != nil && !*c.Public}
		for _, p := range c.Properties {
			if cm.Properties == nil {
				cm.Properties = map[string]json.RawMessage{}
			}
			cm.Properties[p.Key] = p.Value
		}
		out = append(out, cm)
	}
	return out
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
