package jirasim

import (
	"encoding/json"
	"maps"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"
)

// Issue is one issue at one moment. Accounts are account ids; "" is nobody.
type Issue struct {
	ID      string // immutable
	Key     string // changes with a move
	Project string // key
	Type    string // name

	Summary, Description string

	Status, StatusName         string // id; the name is filled in copies given out
	Priority, PriorityName     string // id, "" where the issue has none
	Resolution, ResolutionName string // id, "" while unresolved

	Labels, Components, FixVersions []string

	Assignee, Reporter, Creator string
	Security                    string // level name
	Parent                      string // key
	Due                         string // YYYY-MM-DD

	Created, Updated time.Time
	Resolved         time.Time // zero while unresolved
	CategoryChanged  time.Time // when the status last crossed categories
	Archived         bool
	ArchivedAt       time.Time // zero unless archived
	ArchivedBy       string    // account

	Custom     map[string]json.RawMessage // by custom field id
	Properties map[string]json.RawMessage // issue properties
	History    []History                  // oldest first
	Comments   []Comment                  // oldest first
	Links      []RemoteLink

	num     int64 // ID as a number
	version int64 // counts changes; the index shows older versions
}

// record is an issue through its life. Versions are never changed in place.
type record struct {
	num     int64
	current *Issue // nil once deleted
	indexed *Issue // what searches see, nil before it is indexed
	shown   int64  // version of indexed
}

// draft is a copy that may be changed and then committed. Slices and maps are
// shared with the version it came from: replace them, never write into them.
func (v *Issue) draft() *Issue {
	d := *v
	return &d
}

// snapshot is a copy that shares nothing with the site.
func (c *catalog) snapshot(v *Issue) Issue {
	out := *v
	out.Labels, out.Components = slices.Clone(v.Labels), slices.Clone(v.Components)
	out.FixVersions = slices.Clone(v.FixVersions)
	out.Custom, out.Properties = maps.Clone(v.Custom), maps.Clone(v.Properties)
	out.History, out.Comments = slices.Clone(v.History), slices.Clone(v.Comments)
	out.Links = slices.Clone(v.Links)
	out.StatusName = c.status(v.Status).Name
	if p := c.priority(v.Priority); p != nil {
		out.PriorityName = p.Name
	}
	if r := c.resolution(v.Resolution); r != nil {
		out.ResolutionName = r.Name
	}
	return out
}

// Issue finds an issue by its key, a former key or its id, as it is now.
func (s *Site) Issue(idOrKey string) (Issue, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	rec := s.find(idOrKey)
	if rec == nil {
		return Issue{}, false
	}
	return s.catalog.snapshot(rec.current), true
}

// Issues lists the issues of a project, or of all for "", by id.
func (s *Site) Issues(projectKey string) []Issue {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var out []Issue
	for _, rec := range s.issues {
		if v := rec.current; v != nil && (projectKey == "" || v.Project == projectKey) {
			out = append(out, s.catalog.snapshot(v))
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].num < out[j].num })
	return out
}

// find resolves an id, a key or a former key to a living issue. As the product
// does, it takes no id with leading zeros.
func (s *Site) find(ref string) *record {
	rec := s.keys[strings.ToUpper(ref)]
	if n, err := strconv.ParseInt(ref, 10, 64); err == nil && strconv.FormatInt(n, 10) == ref {
		rec = s.issues[n]
	}
	if rec == nil || rec.current == nil {
		return nil
	}
	return rec
}
