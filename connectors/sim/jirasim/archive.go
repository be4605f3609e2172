package jirasim

import "time"

// Archive archives or restores an issue at the moment; see Site.Archive.
func (m Moment) Archive(actor, key string, archived bool) error {
	s := m.site
	s.mu.Lock()
	defer s.mu.Unlock()
	rec := s.find(key)
	if rec == nil {
		return absent()
	}
	d := rec.current.draft()
	d.Archived, d.ArchivedBy, d.ArchivedAt = archived, "", time.Time{}
	if archived {
		d.ArchivedAt, d.ArchivedBy = m.now(), actor
	}
	s.commit(rec, d, m.now())
	return nil
}

// ArchiveProject archives or restores a project: its issues leave searches that do not
// ask for them, and can only be read.
func (s *Site) ArchiveProject(key string, archived bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, have := range s.catalog.projects {
		if have.Key == key {
			p := *have
			p.Archived = archived
			s.catalog.projects[i] = &p
		}
	}
}

// frozen reports whether an issue, or its project, is archived.
func (s *Site) frozen(v *Issue) bool {
	p := s.catalog.project(v.Project)
	return v.Archived || p != nil && p.Archived
}

// unearthed reports whether a search may show an issue as far as archives go: archived
// issues never, those of archived projects where that was asked for.
func (s *Site) unearthed(v *Issue, withProjects bool) bool {
	return !v.Archived && (withProjects || !s.frozen(v))
}
