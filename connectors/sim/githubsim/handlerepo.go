package githubsim

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
)

func repoRoutes(on add) {
	on("GET", "", "/repos/repos#get-a-repository", getRepo)
	on("GET", "assignees", "/issues/assignees#list-assignees", listAssignees)
	on("GET", "assignees/*", "/issues/assignees#check-if-a-user-can-be-assigned", checkAssignee)
	on("GET", "milestones", "/issues/milestones#list-milestones", listMilestones)
	on("GET", "milestones/*", "/issues/milestones#get-a-milestone", getMilestone)
	on("GET", "collaborators/*/permission", "/collaborators/collaborators#get-repository-permissions-for-a-user", getPermission)
}

func getRepo(c *call) (answer, error) {
	return answer{status: http.StatusOK, body: c.repository(c.rp)}, nil
}

func listAssignees(c *call) (answer, error) {
	var members []*user
	for _, u := range c.w.users {
		if c.rp.member(u) {
			members = append(members, u)
		}
	}
	slices.SortFunc(members, func(x, y *user) int { return cmp.Compare(x.ID, y.ID) })
	list, link := page(c, members)
	return answer{status: http.StatusOK, body: c.people(list), link: link}, nil
}

func checkAssignee(c *call) (answer, error) {
	if !c.rp.member(c.w.users[strings.ToLower(c.args[0])]) {
		return answer{}, refuse(http.StatusNotFound, "Not Found")
	}
	return answer{status: http.StatusNoContent}, nil
}

func listMilestones(c *call) (answer, error) {
	state, err := c.choice("state", "open", "closed", "all")
	if err != nil {
		return answer{}, err
	}
	var list []*milestone
	for _, m := range c.rp.miles {
		if state == "all" || (state == "open") == m.closed.IsZero() {
			list = append(list, m)
		}
	}
	list, link := page(c, list)
	out := make([]*milestoneJSON, 0, len(list))
	for _, m := range list {
		out = append(out, c.milestone(c.rp, m))
	}
	return answer{status: http.StatusOK, body: out, link: link}, nil
}

func getMilestone(c *call) (answer, error) {
	m := c.rp.milestone(c.number(0))
	if m == nil {
		return answer{}, refuse(http.StatusNotFound, "Not Found")
	}
	return answer{status: http.StatusOK, body: c.milestone(c.rp, m)}, nil
}

// getPermission tells those with push access what a user may do; the word for
// maintain is write, that for triage read, and role_name has the exact one.
func getPermission(c *call) (answer, error) {
	if c.user == nil || !c.rp.permission(c.user).atLeast(Write) && !strings.EqualFold(c.user.Login, c.args[0]) {
		return answer{}, refuse(http.StatusForbidden, "Must have push access to view collaborator permission.")
	}
	u := c.w.users[strings.ToLower(c.args[0])]
	if u == nil {
		return answer{}, refuse(http.StatusNotFound, c.args[0]+" is not a user")
	}
	role := c.rp.permission(u)
	word := role
	switch role {
	case Maintain:
		word = Write
	case Triage:
		word = Read
	}
	return answer{status: http.StatusOK, body: map[string]any{"permission": word, "role_name": role, "user": c.person(u)}}, nil
}
