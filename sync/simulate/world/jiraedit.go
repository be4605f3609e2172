package world

import (
	"slices"

	"parley/connectors"
)

// edit applies a write that is not a transition to a draft and says what changed.
func (j *jira) edit(q *request, s *state, wr connectors.Write) ([]connectors.Change, error) {
	switch {
	case wr.Priority != "":
		if !slices.ContainsFunc(j.cat.priorities, func(o connectors.Option) bool { return o.ID == wr.Priority }) {
			e := q.fail(connectors.Invalid, 400, "The priority selected is invalid.")
			e.Field = "priority"
			return nil, e
		}
		return j.prioritise(s, wr.Priority), nil
	case wr.Title != "":
		return retitle(s, wr.Title), nil
	case wr.Due != "":
		return redate(s, wr.Due), nil
	case wr.Assign != "":
		return j.assign(s, wr.Assign), nil
	case wr.Unassign != "":
		if len(s.assignees) == 0 || s.assignees[0] != wr.Unassign {
			return nil, nil
		}
		return j.assign(s, ""), nil
	case wr.AddLabel != "":
		return relabel(s, append(slices.Clone(s.labels), wr.AddLabel)), nil
	case wr.RemoveLabel != "":
		return relabel(s, slices.DeleteFunc(slices.Clone(s.labels), func(l string) bool { return l == wr.RemoveLabel })), nil
	}
	return nil, q.fail(connectors.Invalid, 400, "a write to Jira is exactly one action")
}

func (j *jira) prioritise(s *state, to string) []connectors.Change {
	if s.priority == to {
		return nil
	}
	c := optionChange("priority", j.rank(s.priority), j.rank(to))
	s.priority = to
	return []connectors.Change{c}
}

func (j *jira) rank(id string) connectors.Option {
	if id == "" {
		return connectors.Option{}
	}
	return j.cat.priority(id)
}

// retitle sets a title as both products keep it: trimmed, on one line.
func retitle(s *state, to string) []connectors.Change {
	to = trimmed(to)
	if to == "" || to == s.title {
		return nil
	}
	c := connectors.Change{Field: "title", From: s.title, To: to}
	s.title = to
	return []connectors.Change{c}
}

func redate(s *state, to string) []connectors.Change {
	if to == s.due {
		return nil
	}
	c := connectors.Change{Field: "due", From: s.due, To: to}
	s.due = to
	return []connectors.Change{c}
}

// assign puts one person in the place of another; "" is nobody.
func (j *jira) assign(s *state, to string) []connectors.Change {
	from := ""
	if len(s.assignees) > 0 {
		from = s.assignees[0]
	}
	if from == to {
		return nil
	}
	c := connectors.Change{Field: "assignee", From: from, FromName: j.person(from).Name, To: to, ToName: j.person(to).Name}
	s.assignees = nil
	if to != "" {
		s.assignees = []string{to}
	}
	return []connectors.Change{c}
}

// relabel gives the draft another set of labels: first what goes, then what comes.
func relabel(s *state, to []string) []connectors.Change {
	to = sortedSet(to)
	var out []connectors.Change
	for _, l := range s.labels {
		if !slices.Contains(to, l) {
			out = append(out, connectors.Change{Field: "label", From: l})
		}
	}
	for _, l := range to {
		if !slices.Contains(s.labels, l) {
			out = append(out, connectors.Change{Field: "label", To: l})
		}
	}
	s.labels = to
	return out
}
