package world

import (
	"slices"
	"strings"

	"parley/connectors"
)

// renameStatus gives a status another name; its id stays.
func (w *World) renameStatus(d Deed) {
	st, ok := at(w.jira.cat.statuses, d.To)
	if !ok {
		return
	}
	n := slices.Index(w.jira.cat.statuses, st)
	name, was := strings.CutSuffix(st.Name, " (new)")
	if !was {
		name = st.Name + " (new)"
	}
	w.jira.cat.statuses[n].Name = name
	w.jira.flow.rename(st.ID, name)
	for _, i := range w.issues {
		for v := range i.versions {
			if s := i.versions[v].state; s != nil && s.status == st.ID {
				s.picture = nil
			}
		}
	}
	w.edits++
}

func (f *workflow) rename(id, name string) {
	for n := range f.ways {
		if f.ways[n].To.ID == id {
			f.ways[n].To.Name = name
		}
	}
}

// renameLabel gives a label another name on all issues of a repository, which shows in
// no history and moves no "updated". A second time it gets its name back.
func (w *World) renameLabel(d Deed) {
	from, to := d.To, d.To+"-old"
	if d.N%2 == 0 {
		from, to = to, from
	}
	for _, i := range w.issues {
		if i.kind != connectors.GitHub || i.deleted() || i.host.locked(i.now().state) {
			continue
		}
		s := i.draft()
		at := slices.IndexFunc(s.labels, sameLabel(from))
		if at < 0 || slices.ContainsFunc(s.labels, sameLabel(to)) {
			continue
		}
		s.labels = slices.Clone(s.labels)
		s.labels[at] = s.box.spell(to)
		c := connectors.Change{Field: "label", From: from, To: to}
		i.commit(s, author{cause: ByAdmin, deed: d.N}, hushed, c)
	}
}
