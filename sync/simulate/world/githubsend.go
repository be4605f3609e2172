package world

import (
	"context"
	"slices"
	"strings"
	"time"

	"parley/connectors"
)

// Send performs one write in one request.
func (g *github) Send(ctx context.Context, wr connectors.Write) (connectors.Receipt, error) {
	q, i, err := g.open(ctx, "send", wr.Issue, true)
	var out connectors.Receipt
	if err == nil {
		out, err = q.perform(func() outcome { return g.effect(&q, i, wr) })
		g.react(i, wr)
	}
	q.end()
	return out, err
}

// effect is what a write does when it arrives.
func (g *github) effect(q *request, i *issue, wr connectors.Write) outcome {
	if err := g.gone(q, i); err != nil {
		return outcome{err: err}
	}
	if b := i.now().box; b.hidden.After(g.w.now) {
		return outcome{err: q.fail(connectors.NotFound, 404, "Not Found")}
	} else if b.archived.After(g.w.now) {
		return outcome{err: q.fail(connectors.Forbidden, 403, "Repository was archived so is read-only.")}
	}
	s := i.draft()
	changes, ok := g.edit(s, wr)
	if !ok {
		return outcome{err: q.fail(connectors.Invalid, 422, "Validation Failed")}
	}
	i.commit(s, q.as(wr.Op), open, changes...)
	now := i.show(i.now().state)
	labels := now.Labels
	if labels == nil {
		labels = []string{}
	}
	switch {
	case wr.RemoveLabel != "" && len(changes) == 0:
		return outcome{} // 404 "Label does not exist": what is left is not said
	case wr.AddLabel != "", wr.RemoveLabel != "":
		return outcome{receipt: connectors.Receipt{Labels: labels}}
	default:
		return outcome{receipt: connectors.Receipt{Issue: &now, Labels: now.Labels}}
	}
}

// edit applies a write to a draft and says what changed; false: not a write of GitHub's.
func (g *github) edit(s *state, wr connectors.Write) ([]connectors.Change, bool) {
	switch {
	case wr.AddLabel != "":
		return label(s, wr.AddLabel), true
	case wr.RemoveLabel != "":
		return unlabel(s, wr.RemoveLabel), true
	case wr.State != "":
		return g.restate(s, wr.State, wr.Reason), true
	case wr.Title != "":
		return retitle(s, wr.Title), true
	case wr.Assign != "":
		return enlist(s, wr.Assign), true
	case wr.Unassign != "":
		return dismiss(s, wr.Unassign), true
	}
	return nil, false
}

// label adds one; letter case does not count.
func label(s *state, name string) []connectors.Change {
	if slices.ContainsFunc(s.labels, sameLabel(name)) {
		return nil
	}
	name = s.box.spell(name)
	s.labels = append(slices.Clip(s.labels), name)
	return []connectors.Change{{Field: "label", To: name}}
}

func unlabel(s *state, name string) []connectors.Change {
	at := slices.IndexFunc(s.labels, sameLabel(name))
	if at < 0 {
		return nil
	}
	name = s.labels[at]
	s.labels = slices.Delete(slices.Clone(s.labels), at, at+1)
	return []connectors.Change{{Field: "label", From: name}}
}

// restate opens or closes. Another reason on a closed issue is a second closed event.
func (g *github) restate(s *state, to, reason string) []connectors.Change {
	shut := !s.closed.IsZero()
	switch {
	case to == "open" && shut:
		s.closed, s.reason = time.Time{}, "reopened"
		return []connectors.Change{{Field: "state", From: "closed", To: "open"}}
	case to != "closed" || shut && (reason == "" || reason == "reopened" || reason == s.reason):
		return nil
	case reason == "" || reason == "reopened":
		reason = "completed"
	}
	if !shut {
		s.closed = g.stamp()
	}
	s.reason = reason
	return []connectors.Change{{Field: "state", From: "open", To: "closed:" + reason}}
}

func enlist(s *state, who string) []connectors.Change {
	if slices.ContainsFunc(s.assignees, func(a string) bool { return strings.EqualFold(a, who) }) {
		return nil
	}
	s.assignees = append(slices.Clip(s.assignees), who)
	return []connectors.Change{{Field: "assignee", To: who}}
}

func dismiss(s *state, who string) []connectors.Change {
	at := slices.IndexFunc(s.assignees, func(a string) bool { return strings.EqualFold(a, who) })
	if at < 0 {
		return nil
	}
	who = s.assignees[at]
	s.assignees = slices.Delete(slices.Clone(s.assignees), at, at+1)
	return []connectors.Change{{Field: "assignee", From: who}}
}

// Create makes an issue with its marker in one request.
func (g *github) Create(ctx context.Context, d connectors.Draft) (connectors.Issue, error) {
	if err := g.stopped(ctx, "create in "+d.Container); err != nil {
		return connectors.Issue{}, err
	}
	q := g.begin("create", d.Container, true)
	made, err := q.make(func() (*issue, error) { return g.make(&q, d) })
	q.end()
	return made, err
}

func (g *github) make(q *request, d connectors.Draft) (*issue, error) {
	b := g.box(d.Container)
	switch {
	case !connectors.IsMarker(d.Marker) || trimmed(d.Title) == "" || d.Type != "":
		return nil, q.fail(connectors.Invalid, 0, "the draft has no mark or no title, or a type")
	case b == nil || b.hidden.After(g.w.now):
		return nil, q.fail(connectors.NotFound, 404, "Not Found")
	case b.archived.After(g.w.now):
		return nil, q.fail(connectors.Forbidden, 403, "Repository was archived so is read-only.")
	}
	s := &state{box: b, title: trimmed(d.Title), body: marked(d), marker: d.Marker, labels: d.Labels}
	return g.appear(s, q.as(d.Op), ""), nil
}

// appear makes an issue. Labels and assignees that it begins with leave an event each.
func (g *github) appear(s *state, a author, copyOf string) *issue {
	labels, people := s.labels, s.assignees
	s.labels, s.assignees = nil, nil
	i := g.create(s, a, copyOf)
	d := i.draft()
	var changes []connectors.Change
	for _, l := range labels {
		changes = append(changes, label(d, l)...)
	}
	for _, p := range people {
		changes = append(changes, enlist(d, p)...)
	}
	i.commit(d, a, open, changes...)
	return i
}

// marked is the body of a draft with its marker, as the connector writes it.
func marked(d connectors.Draft) string {
	body := strings.TrimRight(strings.ReplaceAll(d.Body, "<!--", "&lt;!--"), " \t\r\n")
	if body != "" {
		body += "\n\n"
	}
	return body + "<!-- parley:" + d.Marker + " -->"
}

// Created lists issues that Parley has made, from a list by creator. A row that cannot
// be understood fails the call: it could be the one that is looked for.
func (g *github) Created(ctx context.Context, s connectors.Search) ([]connectors.Issue, error) {
	if err := g.stopped(ctx, "look for created issues"); err != nil {
		return nil, err
	}
	q := g.begin("created", s.Container, false)
	err := q.refused()
	b := g.box(s.Container)
	var out []connectors.Issue
	if err == nil && (b == nil || b.hidden.After(g.w.now)) {
		err = q.fail(connectors.NotFound, 404, "Not Found")
	} else if err == nil {
		g.strike(&q, nil)
		if out, err = g.made(&q, b, s.Since.Truncate(time.Second)); err == nil {
			err = q.lost()
		}
	}
	q.end()
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (g *github) made(q *request, b *container, since time.Time) (out []connectors.Issue, err error) {
	b.view.refresh(g.w.now)
	b.view.walk(since.Add(-slack), func(i *issue, v *version) bool {
		switch {
		case i.creator != g.me || i.hidden.After(g.w.now):
		case i.poisoned.After(g.w.now):
			err = q.fail(connectors.Malformed, 200, "an issue in the list cannot be understood: "+v.key)
		case !i.created.Before(since):
			out = append(out, i.show(v.state))
		}
		return err == nil
	})
	return out, err
}
