package jirasim

// Permission is a Jira project permission by its key.
type Permission string

// The permissions that the simulator looks at.
const (
	Browse     Permission = "BROWSE_PROJECTS"
	EditIssues Permission = "EDIT_ISSUES"
	Transit    Permission = "TRANSITION_ISSUES"
	AddComment Permission = "ADD_COMMENTS"
	LinkIssues Permission = "LINK_ISSUES"
	Create     Permission = "CREATE_ISSUES"
	Delete     Permission = "DELETE_ISSUES"
	Administer Permission = "ADMINISTER"
	Assign     Permission = "ASSIGN_ISSUES"   // to give issues to people
	Assignable Permission = "ASSIGNABLE_USER" // to be given issues
)

// denial is a permission that an account lacks in a project.
type denial struct {
	account, project string
	permission       Permission
}

// Revoke takes permissions in a project away from an account. Every account has
// all of them to begin with, except Administer, which is User.Admin.
func (s *Site) Revoke(accountID, projectKey string, permissions ...Permission) {
	s.setDenied(accountID, projectKey, permissions, true)
}

// Grant gives back what Revoke took.
func (s *Site) Grant(accountID, projectKey string, permissions ...Permission) {
	s.setDenied(accountID, projectKey, permissions, false)
}

func (s *Site) setDenied(account, project string, permissions []Permission, denied bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range permissions {
		s.denied[denial{account, project, p}] = denied
	}
}

// RestrictLevel lets only the members see issues with that security level.
// A level that was never restricted hides nothing.
func (s *Site) RestrictLevel(level string, members ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	set := make(map[string]bool, len(members))
	for _, m := range members {
		set[m] = true
	}
	s.levels[level] = set
}

// allowed reports whether u may do p in a project. Nobody (nil) may look at public
// projects and do nothing else.
func (s *Site) allowed(u *User, projectKey string, p Permission) bool {
	if u == nil {
		p, found := s.catalog.project(projectKey), p == Browse
		return found && p != nil && p.Public
	}
	if p == Administer {
		return u.Admin
	}
	return !s.denied[denial{u.AccountID, projectKey, p}]
}

// sees reports whether u may see an issue.
func (s *Site) sees(u *User, v *Issue) bool {
	if !s.allowed(u, v.Project, Browse) {
		return false
	}
	if v.Security == "" {
		return true
	}
	members, restricted := s.levels[v.Security]
	return !restricted || u != nil && members[u.AccountID]
}

// actor resolves who does something: an account, or automation for "". It
// refuses an account that may not.
func (s *Site) actor(accountID, projectKey string, p Permission, what string) *Refusal {
	if accountID == "" {
		return nil
	}
	u := s.catalog.users[accountID]
	if u == nil {
		return invalid("The account '%s' does not exist.", accountID)
	}
	if !s.allowed(u, projectKey, p) {
		return forbidden(what)
	}
	return nil
}
