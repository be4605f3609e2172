package world

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"parley/connectors"
	"parley/kanban"
)

// populate makes the issues that the world begins with.
func (w *World) populate() {
	a := w.jira.cat.people
	for n := range w.opts.Pairs {
		i := w.jira.newcomer(0, fmt.Sprintf("Order %03d", n+1), author{account: a[n%len(a)].jira, cause: ByPerson})
		w.adopt(i)
		w.adopt(w.github.newcomer(0, i.last().key+" "+i.last().title, author{account: a[(n+1)%len(a)].github, cause: ByPerson}))
	}
	for n := 2 * w.opts.Pairs; n < w.opts.Items; n++ {
		title := fmt.Sprintf("Task %03d", n+1)
		if n%2 == 0 {
			w.adopt(w.jira.newcomer(0, title, author{account: a[n%len(a)].jira, cause: ByPerson}))
		} else {
			w.adopt(w.github.newcomer(0, title, author{account: a[n%len(a)].github, cause: ByPerson}))
		}
	}
}

// newcomer is an issue that a person makes at Jira.
func (j *jira) newcomer(box int, title string, a author) *issue {
	s := &state{box: j.boxes[box], title: trimmed(title), status: j.cat.statuses[0].ID, priority: j.usual(), crossed: j.stamp()}
	i := j.create(s, a, "")
	i.typ = "Task"
	return i
}

// newcomer is an issue that a person makes on GitHub.
func (g *github) newcomer(box int, title string, a author) *issue {
	return g.create(&state{box: g.boxes[box], title: trimmed(title)}, a, "")
}

func (w *World) raise(d Deed) {
	h := &w.jira.host
	if d.Kind == connectors.GitHub {
		h = &w.github.host
	}
	box := slices.IndexFunc(h.boxes, func(b *container) bool { return b.key == d.Box })
	if box < 0 || h.boxes[box].archived.After(w.now) || d.To == "" {
		return
	}
	a := author{account: w.accountOn(h, d.Who), cause: ByPerson, deed: d.N}
	if d.Kind == connectors.GitHub {
		w.adopt(w.github.newcomer(box, d.To, a))
		return
	}
	w.adopt(w.jira.newcomer(box, d.To, a))
}

// clone copies an issue with everything a person sees, and with its marker.
func (w *World) clone(i *issue, a author) {
	from := i.now().state
	s := *from
	s.picture, s.title = nil, "CLONE - "+from.title
	s.resolved, s.crossed, s.closed, s.reason = time.Time{}, i.host.stamp(), time.Time{}, ""
	if i.kind == connectors.Jira {
		s.status, s.resolution = i.host.cat.statuses[0].ID, ""
	}
	var c *issue
	if i.kind == connectors.GitHub {
		c = w.github.appear(&s, a, i.id)
	} else {
		c = i.host.create(&s, a, i.id)
		c.typ = i.typ
	}
	w.subjects = append(w.subjects, subject{})
	w.subjects[len(w.subjects)-1].set(c)
}

// forge pastes the marker of another issue, or one that somebody made up.
func (w *World) forge(i *issue, a author, d Deed) {
	s := i.draft()
	marker := "v1 m=00000000-0000-5000-8000-000000000000 mac=0000000000000000"
	if from := w.byID[issueID{i.kind, d.To}]; from != nil && from.last().marker != "" {
		marker = from.last().marker
	}
	if marker == s.marker {
		return
	}
	c := connectors.Change{Field: "marker", From: s.marker, To: marker}
	s.marker = marker
	if i.kind == connectors.GitHub {
		s.body = marked(connectors.Draft{Marker: marker})
		i.commit(s, a, silent, c)
		return
	}
	i.commit(s, a, hushed, c) // a property moves no "updated"
}

// remove deletes an issue without a trace.
func (w *World) remove(i *issue) {
	i.truth.Deleted = w.now
	i.depart()
	w.edits++
}

// depart takes an issue off its tracker.
func (i *issue) depart() {
	b := i.last().box
	i.push(nil)
	b.feed = slices.DeleteFunc(b.feed, func(e connectors.Entry) bool { return e.IssueID == i.id })
}

// transfer moves an issue to another container: at Jira it keeps its id and gets
// another key, on GitHub it becomes another issue with the same history.
func (w *World) transfer(i *issue, a author, d Deed) {
	to := i.host.box(d.Box)
	if to == nil || to == i.now().box || to.archived.After(w.now) {
		return
	}
	if i.kind == connectors.Jira {
		w.jira.move(i, a, to)
		return
	}
	w.github.transfer(i, a, to)
}

func (j *jira) move(i *issue, a author, to *container) {
	s := i.draft()
	from, key := s.box, s.key
	to.last++
	s.box, s.key = to, fmt.Sprintf("%s-%d", to.key, to.last)
	i.commit(s, a, open,
		connectors.Change{Field: "project", From: from.id, FromName: from.key, To: to.id, ToName: to.key},
		connectors.Change{Field: "key", From: key, FromName: key, To: s.key, ToName: s.key})
}

// transfer makes the issue anew in the target. Its events go along under their ids;
// what was edited belongs to the story of the new one as well.
func (g *github) transfer(i *issue, a author, to *container) {
	s := *i.now().state
	s.picture, s.box = nil, to
	s.labels = slices.DeleteFunc(slices.Clone(s.labels), func(l string) bool { return !slices.ContainsFunc(to.labels, sameLabel(l)) })
	moved := g.create(&s, a, "")
	moved.creator, moved.created = i.creator, i.created
	moved.truth.Cause, moved.truth.Who = i.truth.Cause, i.truth.Who
	moved.truth.first, moved.truth.last = i.truth.first, map[kanban.Field]int{}
	for _, e := range i.entries {
		e.IssueID = moved.id
		moved.entries = append(moved.entries, e)
		to.feed = append(to.feed, e)
	}
	slices.SortStableFunc(to.feed, bySeq)
	for _, e := range i.truth.Edits {
		moved.truth.tell(e)
	}
	moved.versions[0].entries = len(moved.entries)
	i.movedTo, i.truth.MovedTo = moved, moved.id
	i.depart()
	d := moved.draft()
	moved.commit(d, a, open, connectors.Change{Field: "transferred"})
	g.w.replace(i, moved)
}

// replace lets people go on at what an issue has become.
func (w *World) replace(old, now *issue) {
	for n := range w.subjects {
		if w.subjects[n].github == old {
			w.subjects[n].github = now
		}
	}
}

// archive makes a Jira issue read-only and takes it out of searches, or brings it back.
func (w *World) archive(i *issue, a author) {
	s := i.draft()
	s.archived, s.archivedAt = !s.archived, time.Time{}
	if s.archived {
		s.archivedAt = i.host.stamp()
	}
	c := connectors.Change{Field: "archived", From: strconv.FormatBool(!s.archived), To: strconv.FormatBool(s.archived)}
	if s.archived || w.opts.Swarm.LongLag {
		i.commit(s, a, hushed, c)
		return
	}
	i.commit(s, a, silent, c) // or what changed before would be found by a sweep only
}
