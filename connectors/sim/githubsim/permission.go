package githubsim

import (
	"fmt"
	"strings"
)

// Permission is a role in a repository.
type Permission string

// Roles, from nothing to everything. Triage may label, assign and close; Write is
// what GitHub calls push access.
const (
	None     Permission = "none"
	Read     Permission = "read"
	Triage   Permission = "triage"
	Write    Permission = "write"
	Maintain Permission = "maintain"
	Admin    Permission = "admin"
)

func (p Permission) rank() int {
	switch p {
	case Read:
		return 1
	case Triage:
		return 2
	case Write:
		return 3
	case Maintain:
		return 4
	case Admin:
		return 5
	}
	return 0
}

func (p Permission) atLeast(q Permission) bool { return p.rank() >= q.rank() }

// SetPermission gives a user a role in one repository. It fails when either is
// unknown or the role is none of the six.
func (h *Hub) SetPermission(name, login string, p Permission) error {
	h.w.mu.Lock()
	defer h.w.mu.Unlock()
	rp, u := h.w.repos[strings.ToLower(name)], h.w.users[strings.ToLower(login)]
	switch {
	case rp == nil:
		return fmt.Errorf("set permission: no repository %s", name)
	case u == nil:
		return fmt.Errorf("set permission: no user %s", login)
	case p != None && p.rank() == 0:
		return fmt.Errorf("set permission of %s: %q is no role", login, p)
	}
	rp.perms[u] = p
	rp.version++
	return nil
}

// permission is what a user may do in the repository; nil is a stranger.
func (rp *repo) permission(u *user) Permission {
	if u != nil {
		if p, set := rp.perms[u]; set {
			return p
		}
		switch {
		case u == rp.owner:
			return Admin
		case u.Push:
			return Write
		}
	}
	if rp.private {
		return None
	}
	return Read
}

// member reports whether a user belongs to the repository, beyond being able to
// look at it: only members can be assigned.
func (rp *repo) member(u *user) bool {
	if u == nil || u.deleted || u.Type == "Organization" {
		return false
	}
	p, set := rp.perms[u]
	return set && p != None || !set && (u == rp.owner || u.Push)
}

func (rp *repo) association(u *user) string {
	switch {
	case u == nil || u.deleted:
		return "NONE"
	case u == rp.owner:
		return "OWNER"
	case rp.member(u) && rp.owner.Type == "Organization":
		return "MEMBER"
	case rp.member(u):
		return "COLLABORATOR"
	}
	return "NONE"
}
