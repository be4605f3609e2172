package world

import (
	"context"
	"strconv"
	"strings"
	"time"

	"parley/connectors"
)

// Create makes an issue with its marker in one request.
func (j *jira) Create(ctx context.Context, d connectors.Draft) (connectors.Issue, error) {
	if err := j.stopped(ctx, "create in "+d.Container); err != nil {
		return connectors.Issue{}, err
	}
	q := j.begin("create", d.Container, true)
	made, err := q.make(func() (*issue, error) { return j.make(&q, d) })
	q.end()
	return made, err
}

// make is the effect of a create.
func (j *jira) make(q *request, d connectors.Draft) (*issue, error) {
	b := j.box(d.Container)
	if !connectors.IsMarker(d.Marker) || trimmed(d.Title) == "" {
		return nil, q.fail(connectors.Invalid, 0, "the draft has no mark or no title")
	}
	if b == nil || b.hidden.After(j.w.now) {
		return nil, q.fail(connectors.Invalid, 400, "Specify a valid project ID or key")
	}
	if b.archived.After(j.w.now) {
		return nil, q.fail(connectors.Forbidden, 403, "The project is archived.")
	}
	s := &state{box: b, title: trimmed(d.Title), body: d.Body, marker: d.Marker, status: j.cat.statuses[0].ID,
		priority: j.usual(), crossed: j.stamp(), labels: sortedSet(d.Labels)}
	i := j.create(s, q.as(d.Op), "")
	i.typ = d.Type
	if i.typ == "" {
		i.typ = "Task"
	}
	return i, nil
}

// usual is the priority of new issues: the middle of the scale.
func (j *jira) usual() string { return j.cat.priorities[len(j.cat.priorities)/2].ID }

// Created lists issues that Parley has made: those the search index shows and, past
// it, those under the keys that follow the newest known one.
func (j *jira) Created(ctx context.Context, s connectors.Search) ([]connectors.Issue, error) {
	if err := j.stopped(ctx, "look for created issues"); err != nil {
		return nil, err
	}
	q := j.begin("created", s.Container, false)
	err := q.refused()
	var out []connectors.Issue
	if err == nil {
		j.strike(&q, nil)
		if out, err = j.made(&q, s); err == nil {
			err = q.lost()
		}
	}
	q.end()
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (j *jira) made(q *request, s connectors.Search) (out []connectors.Issue, err error) {
	j.view.refresh(j.w.now)
	for _, i := range j.w.issues {
		if i.kind != connectors.Jira || !j.sees(i) {
			continue
		}
		probed := i.behind(s)
		switch own := i.creator == j.me; {
		case !probed && !(own && j.searched(i, s.Container)):
		case i.poisoned.After(j.w.now):
			return nil, q.fail(connectors.Malformed, 200, i.now().key+" cannot be understood")
		case own && !i.created.Before(s.Since.Truncate(time.Second)):
			out = append(out, i.show(i.now().state))
		}
	}
	return out, nil
}

// behind reports whether the issue has, or had when it was made, a key that follows
// the newest one known.
func (i *issue) behind(s connectors.Search) bool {
	if s.After == "" {
		return false
	}
	for _, st := range []*state{i.truth.first, i.now().state} {
		if st.box.key == s.Container && numberOf(st.key) > numberOf(s.After) {
			return true
		}
	}
	return false
}

// searched reports whether the search index shows an issue in a project.
func (j *jira) searched(i *issue, project string) bool {
	l := i.listed
	return l != nil && l.state != nil && l.box.key == project && j.listed(i, l)
}

// numberOf is the number in "OPS-12" and "acme/payments#12".
func numberOf(key string) int {
	n, _ := strconv.Atoi(key[strings.LastIndexAny(key, "-#")+1:])
	return n
}

// trimmed is a text as the products keep a title.
func trimmed(s string) string {
	return strings.TrimSpace(strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ").Replace(s))
}
