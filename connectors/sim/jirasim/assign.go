package jirasim

// mayAssign refuses an actor without the permission to assign as Jira does: the field
// is not there for them.
func (s *Site) mayAssign(actor, project string, to *string) *Refusal {
	if to == nil || actor == "" || s.allowed(s.catalog.users[actor], project, Assign) {
		return nil
	}
	return offScreen("assignee")
}

// checkAssignee refuses accounts that cannot be given issues of a project.
func (s *Site) checkAssignee(project, account string) *Refusal {
	if account == "" {
		return nil
	}
	if r := s.checkUser("assignee", account); r != nil {
		return r
	}
	if u := s.catalog.users[account]; u.Inactive || !s.allowed(u, project, Assignable) {
		return refuseField("assignee", "User '%s' cannot be assigned issues.", account)
	}
	return nil
}
