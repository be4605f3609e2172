package world

import (
	"context"
	"slices"
	"time"

	"parley/connectors"
)

// Send performs one mutating request.
func (j *jira) Send(ctx context.Context, wr connectors.Write) (connectors.Receipt, error) {
	q, i, err := j.open(ctx, "send", wr.Issue, true)
	var out connectors.Receipt
	if err == nil {
		err = q.tooMany(i)
	}
	if err == nil {
		out, err = q.perform(func() outcome { return j.effect(&q, i, wr) })
		j.react(i, wr)
	}
	q.end()
	return out, err
}

// effect is what a write does when it arrives.
func (j *jira) effect(q *request, i *issue, wr connectors.Write) outcome {
	switch {
	case !j.sees(i):
		return outcome{err: q.fail(connectors.NotFound, 404, "Issue does not exist or you do not have permission to see it.")}
	case i.now().archived && wr.Transition != "":
		return outcome{err: q.fail(connectors.Invalid, 400, "Transition id '"+wr.Transition+"' is not valid for this issue.")}
	case j.locked(i.now().state):
		return outcome{err: q.fail(connectors.Forbidden, 403, "The issue is archived and cannot be changed.")}
	case wr.Link != nil:
		i.link(*wr.Link)
		return outcome{}
	case wr.Transition != "":
		return outcome{err: j.transit(q, i, wr)}
	}
	s := i.draft()
	changes, err := j.edit(q, s, wr)
	if err != nil {
		return outcome{err: err}
	}
	i.commit(s, q.as(wr.Op), open, changes...)
	o := j.observe(i, i.now(), j.page(readHistory), false)
	return outcome{receipt: connectors.Receipt{Issue: &o.Issue, Entries: o.Entries, Since: o.Since}}
}

// link creates or updates a remote link. It leaves no trace in the history.
func (i *issue) link(l connectors.Link) {
	at := slices.IndexFunc(i.links, func(h connectors.Link) bool { return h.GlobalID == l.GlobalID })
	if at < 0 {
		i.links = append(i.links, l)
		return
	}
	i.links[at] = l
}

// transit takes a transition if it is offered.
func (j *jira) transit(q *request, i *issue, wr connectors.Write) error {
	s := i.draft()
	t := j.flow.find(wr.Transition, s.status)
	if t == nil {
		return q.fail(connectors.Invalid, 400, "Transition id '"+wr.Transition+"' is not valid for this issue.")
	}
	resolution, given := wr.Fields["resolution"]
	if given && !t.Screen {
		e := q.fail(connectors.Invalid, 400, "Field 'resolution' cannot be set. It is not on the appropriate screen, or unknown.")
		e.Field = "resolution"
		return e
	}
	if len(t.Required) > 0 {
		e := q.fail(connectors.Invalid, 400, t.Required[0]+" is required.")
		e.Field = t.Required[0]
		return e
	}
	i.commit(s, q.as(wr.Op), open, j.take(s, t, resolution)...)
	return nil
}

// take puts a draft through a transition: the screen's resolution, the step and what
// the workflow does by itself, all one entry.
func (j *jira) take(s *state, t *way, resolution string) []connectors.Change {
	if resolution == "" {
		resolution = usualResolution // by the screen's default or by a post-function
	}
	if t.closes && !t.quiet {
		return append(j.resolve(s, resolution), j.step(s, t.To.ID)...)
	}
	if !t.closes {
		resolution = ""
	}
	steps := j.step(s, t.To.ID)
	return append(steps, j.resolve(s, resolution)...)
}

func (j *jira) resolve(s *state, to string) []connectors.Change {
	if s.resolution == to {
		return nil
	}
	c := optionChange("resolution", j.named(s.resolution), j.named(to))
	s.resolution, s.resolved = to, time.Time{}
	if to != "" {
		s.resolved = j.stamp()
	}
	return []connectors.Change{c}
}

func (j *jira) named(resolution string) connectors.Option {
	if resolution == "" {
		return connectors.Option{}
	}
	return j.cat.resolution(resolution)
}

func (j *jira) step(s *state, to string) []connectors.Change {
	from, next := j.cat.status(s.status), j.cat.status(to)
	if from.ID == next.ID {
		return nil
	}
	if from.Category != next.Category {
		s.crossed = j.stamp()
	}
	s.status = to
	return []connectors.Change{optionChange("status", from, next)}
}

func optionChange(field string, from, to connectors.Option) connectors.Change {
	return connectors.Change{Field: field, From: from.ID, FromName: from.Name, To: to.ID, ToName: to.Name}
}
