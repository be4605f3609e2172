package githubsim

import (
	"slices"
	"strings"
)

// Assign adds people to the assignees of an issue as actor.
func (h *Hub) Assign(actor, name string, number int, logins ...string) error {
	return h.on(actor, name, number, func(a act, is *issue) error { return a.assign(is, logins) })
}

// Unassign takes people off the assignees of an issue; who is none is ignored.
func (h *Hub) Unassign(actor, name string, number int, logins ...string) error {
	return h.on(actor, name, number, func(a act, is *issue) error { return a.unassign(is, logins) })
}

const maxAssignees = 10

// assignable resolves logins that a create or an edit names; one that cannot be
// assigned is refused.
func (a act) assignable(rp *repo, logins []string) ([]*user, error) {
	var out []*user
	for _, login := range logins {
		u := a.w.users[strings.ToLower(login)]
		if !rp.member(u) {
			return nil, invalid(FieldError{Value: login, Resource: "Issue", Field: "assignees", Code: "invalid"})
		}
		if !slices.Contains(out, u) {
			out = append(out, u)
		}
	}
	if len(out) > maxAssignees {
		out = out[:maxAssignees]
	}
	return out, nil
}

// assign adds assignees. Who cannot be assigned, and everything of an actor who
// may not assign, is dropped silently, as the endpoint for assignees does.
func (a act) assign(is *issue, logins []string) error {
	if err := a.changes(is); err != nil || !a.can(is.repo, Triage) {
		return err
	}
	to := slices.Clone(is.state.assignees)
	for _, login := range logins {
		u := a.w.users[strings.ToLower(login)]
		if is.repo.member(u) && !slices.Contains(to, u) && len(to) < maxAssignees {
			to = append(to, u)
		}
	}
	a.reassign(is, to)
	return nil
}

func (a act) unassign(is *issue, logins []string) error {
	if err := a.changes(is); err != nil || !a.can(is.repo, Triage) {
		return err
	}
	a.reassign(is, slices.DeleteFunc(slices.Clone(is.state.assignees), func(u *user) bool {
		return slices.ContainsFunc(logins, func(l string) bool { return strings.EqualFold(l, u.Login) })
	}))
	return nil
}

func (a act) reassign(is *issue, to []*user) {
	was := is.state.assignees
	if slices.Equal(was, to) {
		return
	}
	a.change(is, func(s *state) { s.assignees = to })
	for _, u := range was {
		if !slices.Contains(to, u) {
			a.record(is, event{kind: "unassigned", assignee: u, assigner: a.who})
		}
	}
	for _, u := range to {
		if !slices.Contains(was, u) {
			a.record(is, event{kind: "assigned", assignee: u, assigner: a.who})
		}
	}
}

// dropAssignee forgets a deleted account without a trace in the issues' dates.
func (rp *repo) dropAssignee(u *user) {
	for _, is := range rp.issues {
		if slices.Contains(is.state.assignees, u) {
			s := *is.state
			s.assignees = without(s.assignees, u)
			is.state = &s
		}
	}
	rp.version++
}
