package world

import (
	"slices"
	"strconv"

	"parley/connectors"
)

// show is the issue in a state, in the connectors' terms and as the real connectors
// fill them. The picture is drawn once; what a reader might write into is copied.
func (i *issue) show(s *state) connectors.Issue {
	if s.picture == nil {
		s.picture = i.draw(s)
	}
	out := *s.picture
	out.Labels = slices.Clone(out.Labels)
	out.Assignees = slices.Clone(out.Assignees)
	return out
}

func (i *issue) draw(s *state) *connectors.Issue {
	h := i.host
	out := &connectors.Issue{
		Ref: i.ref(s), Kind: i.kind, Title: s.title, Body: s.body, Type: i.typ, Created: i.created, Updated: s.updated,
		Reporter: h.person(i.creator), Creator: h.person(i.creator), Own: i.creator == h.me, Marker: s.marker,
		Due: s.due, Security: s.security, Archived: s.archivedAt,
	}
	if len(s.labels) > 0 {
		out.Labels = s.labels
	}
	for _, a := range s.assignees {
		out.Assignees = append(out.Assignees, h.person(a))
	}
	if i.kind == connectors.Jira {
		i.drawJira(s, out)
		return out
	}
	out.URL = h.base + "/" + s.box.key + "/issues/" + strconv.Itoa(s.number)
	out.State, out.Reason, out.Closed = "open", s.reason, s.closed
	if !s.closed.IsZero() {
		out.State = "closed"
	}
	return out
}

func (i *issue) drawJira(s *state, out *connectors.Issue) {
	cat := i.host.cat
	out.URL = i.host.base + "/browse/" + s.key
	out.Status = cat.status(s.status)
	if s.priority != "" {
		out.Priority = cat.priority(s.priority)
	}
	out.Closed = s.resolved
	if s.resolution != "" {
		out.Resolution = cat.resolution(s.resolution)
	} else if out.Status.Category == "done" {
		out.Closed = s.crossed
	}
}
