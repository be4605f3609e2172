package world

import "parley/connectors"

// bulk does one edit to many issues at the same moment.
func (w *World) bulk(d Deed) {
	for _, id := range d.Many {
		i := w.byID[issueID{d.Kind, id}]
		if i == nil || i.deleted() || i.host.locked(i.now().state) {
			continue
		}
		one := Deed{N: d.N, Act: Prioritise, Kind: d.Kind, Issue: id, Who: d.Who, To: d.To}
		if d.Field == "status" {
			one.Act = Move
			if d.Kind == connectors.Jira {
				w.bulkMove(i, d)
				continue
			}
		}
		w.touch(i, w.author(i, one), one)
	}
}

// bulkMove takes the direct way to one status, as a bulk transition does.
func (w *World) bulkMove(i *issue, d Deed) {
	st, ok := at(w.jira.cat.statuses, d.To)
	if !ok {
		return
	}
	s := i.draft()
	i.commit(s, w.author(i, d), open, w.jira.walkTo(s, st.ID, "")...)
}
