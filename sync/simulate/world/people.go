package world

import (
	"slices"
	"strconv"
	"strings"

	"parley/connectors"
)

// act does what a deed says.
func (w *World) act(d Deed) {
	switch d.Act {
	case Raise:
		w.raise(d)
	case Bulk:
		w.bulk(d)
	case RenameStat:
		w.renameStatus(d)
	case RenameLab:
		w.renameLabel(d)
	default:
		if i := w.byID[issueID{d.Kind, d.Issue}]; i != nil && !i.deleted() {
			w.touch(i, w.author(i, d), d)
		}
	}
}

// touch does something to one issue. Nobody can edit what is archived.
func (w *World) touch(i *issue, a author, d Deed) {
	switch {
	case d.Act == Archive && i.kind == connectors.Jira:
		w.archive(i, a)
	case i.host.locked(i.now().state):
	case d.Act == Delete:
		w.remove(i)
	case d.Act == Transfer:
		w.transfer(i, a, d)
	case d.Act == Clone:
		w.clone(i, a)
	case d.Act == Forge:
		w.forge(i, a, d)
	case d.Act == Comment:
		i.note(a)
	case i.kind == connectors.Jira:
		w.jira.human(i, a, d)
	default:
		w.github.human(i, a, d)
	}
}

// author is the person of a deed on an issue's tracker.
func (w *World) author(i *issue, d Deed) author {
	return author{account: w.accountOn(i.host, d.Who), cause: ByPerson, deed: d.N}
}

func (w *World) accountOn(h *host, name string) string {
	for _, p := range h.cat.people {
		if p.name == name {
			return h.account(p)
		}
	}
	return h.me
}

// note moves "updated" and nothing else, as a comment does.
func (i *issue) note(author) {
	s := i.draft()
	s.updated = i.moment()
	i.push(s)
	i.host.w.count("touched")
}

// human does what a person does in Jira.
func (j *jira) human(i *issue, a author, d Deed) {
	s := i.draft()
	var changes []connectors.Change
	switch d.Act {
	case Move:
		if t := j.flow.find(d.To, s.status); t != nil {
			changes = j.take(s, t, j.choice(d))
		}
	case Prioritise:
		changes = j.prioritise(s, d.To)
	case Revert:
		changes = j.revert(i, s, d)
	case Agree:
		changes = j.agree(i, s, d)
	case Migrate:
		a.account, a.cause = "", ByAdmin
		if changes = j.step(s, d.To); len(changes) > 0 {
			changes = append(changes, connectors.Change{Field: "workflow", From: "10000", FromName: "before migration", To: "10001", ToName: "after migration"})
		}
		i.commit(s, a, still, changes...)
		return
	case Hide:
		j.hide(i, a, s)
		return
	default:
		changes = j.lesser(s, d)
	}
	i.commit(s, a, open, changes...)
}

// lesser are edits of fields beside status and priority.
func (j *jira) lesser(s *state, d Deed) []connectors.Change {
	switch d.Act {
	case Retitle:
		return retitle(s, d.To)
	case Redate:
		return redate(s, d.To)
	case Assign:
		return j.assign(s, j.w.accountOn(&j.host, d.To))
	case Unassign:
		return j.assign(s, "")
	case AddLabel:
		return relabel(s, append(slices.Clip(s.labels), d.To))
	case DropLabel:
		return relabel(s, without(s.labels, d.To))
	case Describe:
		c := connectors.Change{Field: "description", FromName: s.body, ToName: "described " + strconv.FormatInt(d.N, 10)}
		s.body = c.ToName
		return []connectors.Change{c}
	}
	return nil
}

func without(list []string, name string) []string {
	var out []string
	for _, l := range list {
		if !strings.EqualFold(l, name) {
			out = append(out, l)
		}
	}
	return out
}

// choice is the resolution that a person chooses on a screen.
func (j *jira) choice(d Deed) string {
	var named []string
	for _, m := range j.cat.moves {
		if m.resolution != "" {
			named = append(named, m.resolution)
		}
	}
	if len(named) == 0 || d.N%3 > 0 {
		return ""
	}
	return named[int(d.N/3)%len(named)]
}

// revert puts back what the last edit of a field replaced, where the workflow lets it.
func (j *jira) revert(i *issue, s *state, d Deed) []connectors.Change {
	from, ok := i.truth.lastFrom(d.Field)
	switch {
	case !ok:
		return nil
	case d.Field == "priority":
		return j.prioritise(s, from)
	}
	return j.walkTo(s, from, "")
}

// walkTo takes the direct way to a status, if there is one.
func (j *jira) walkTo(s *state, status, resolution string) []connectors.Change {
	if t := j.flow.route(s.status, status); t != nil {
		return j.take(s, t, resolution)
	}
	return nil
}

// lastFrom is what the last edit of a field replaced.
func (i *Issue) lastFrom(field string) (string, bool) {
	for _, e := range slices.Backward(i.Edits) {
		if e.Field == field {
			return e.From, true
		}
	}
	return "", false
}

// hide sets a security level that keeps Parley's account out, or takes it off.
func (j *jira) hide(i *issue, a author, s *state) {
	c := connectors.Change{Field: "security", FromName: s.security, ToName: "secret"}
	if s.security != "" {
		c.ToName = ""
	}
	s.security = c.ToName
	i.commit(s, a, open, c)
}
