package jirasim

import "time"

// Delete removes an issue at the moment; see Site.Delete.
func (m Moment) Delete(actor, key string) error {
	s := m.site
	s.mu.Lock()
	defer s.mu.Unlock()
	rec, r := s.writable(update{actor, key, Delete, "delete issues in this project"})
	if r != nil {
		return r
	}
	s.publish(rec, rec.current.version+1, nil, m.now())
	s.keep(rec.current, nil)
	s.announce(rec.current, nil, actor)
	rec.current = nil
	return nil
}

// Move takes an issue to another project at the moment; see Site.Move.
func (m Moment) Move(actor, key, project string) (Issue, error) {
	s := m.site
	var moved Issue
	err := m.change(update{actor, key, EditIssues, "move this issue"}, func(d *Issue, at time.Time) (effect, *Refusal) {
		to, from := s.catalog.project(project), s.catalog.project(d.Project)
		if to == nil || to == from {
			return unchanged, refuseField("project", "Specify a valid project ID or key")
		}
		old := d.Key
		d.Project, d.Key = to.Key, to.takeKey()
		s.addHistory(d, actor, at, []Item{
			item("project", from.ID, from.Name, to.ID, to.Name),
			item("Key", "", old, "", d.Key),
		}, nil)
		moved = s.catalog.snapshot(d)
		moved.Updated = at
		return touched, nil
	})
	return moved, err
}
