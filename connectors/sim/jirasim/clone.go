package jirasim

import (
	"maps"
	"slices"
	"time"
)

// Clone copies an issue at the moment; see Site.Clone.
func (m Moment) Clone(actor, key string) (Issue, error) {
	s := m.site
	s.mu.Lock()
	defer s.mu.Unlock()
	rec, r := s.readable(actor, key)
	if r == nil {
		r = s.actor(actor, rec.current.Project, Create, "create issues in this project")
	}
	if r != nil {
		return Issue{}, r
	}
	from, now := rec.current, m.now()
	v := s.copyOf(from, actor, now)
	s.place(v, s.catalog.project(from.Project))
	// Each of the two says in its history what it has to do with the other.
	s.mention(s.issues[v.num], actor, now, "This issue clones "+from.Key, from.Key)
	s.mention(rec, actor, now, "This issue is cloned by "+v.Key, v.Key)
	return s.catalog.snapshot(s.issues[v.num].current), nil
}

// copyOf is a new issue with what cloning takes over: what describes the work, not what
// happened to it.
func (s *Site) copyOf(from *Issue, actor string, now time.Time) *Issue {
	v := &Issue{Project: from.Project, Type: from.Type, Summary: "CLONE - " + from.Summary, Description: from.Description,
		Priority: from.Priority, Labels: slices.Clone(from.Labels), Components: slices.Clone(from.Components), FixVersions: slices.Clone(from.FixVersions),
		Assignee: from.Assignee, Reporter: actor, Creator: actor, Security: from.Security, Parent: from.Parent, Due: from.Due,
		Custom: maps.Clone(from.Custom), Created: now, Updated: now, CategoryChanged: now}
	v.Status = s.catalog.workflow(s.catalog.project(from.Project), from.Type).initial()
	if v.Status == "" {
		v.Status = from.Status
	}
	if r := []rune(v.Summary); len(r) > maxTitle {
		v.Summary = string(r[:maxTitle])
	}
	if s.opts.CloneProperties {
		v.Properties = maps.Clone(from.Properties)
	}
	return v
}

// mention adds a link between issues to the history of one of them.
func (s *Site) mention(rec *record, actor string, now time.Time, what, other string) {
	d := rec.current.draft()
	d.Updated = after(d.Updated, now)
	s.addHistory(d, actor, d.Updated, []Item{item("Link", "", "", other, what)}, nil)
	s.commit(rec, d, now)
}

// readable finds an issue that the actor may see; "" is automation, which sees all.
func (s *Site) readable(actor, key string) (*record, *Refusal) {
	rec := s.find(key)
	if rec == nil || actor != "" && !s.sees(s.catalog.users[actor], rec.current) {
		return nil, absent()
	}
	return rec, nil
}
