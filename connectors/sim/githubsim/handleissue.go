package githubsim

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

func issueRoutes(on add) {
	on("GET", "issues", "/issues/issues#list-repository-issues", listIssues)
	on("POST", "issues", "/issues/issues#create-an-issue", createIssue)
	on("GET", "issues/*", "/issues/issues#get-an-issue", getIssue)
	on("PATCH", "issues/*", "/issues/issues#update-an-issue", patchIssue)
	on("PUT", "issues/*/lock", "/issues/issues#lock-an-issue", lockIssue)
	on("DELETE", "issues/*/lock", "/issues/issues#unlock-an-issue", unlockIssue)
	on("POST", "issues/*/assignees", "/issues/assignees#add-assignees-to-an-issue", addAssignees)
	on("DELETE", "issues/*/assignees", "/issues/assignees#remove-assignees-from-an-issue", removeAssignees)
}

func listIssues(c *call) (answer, error) {
	f, err := c.filter()
	if err != nil {
		return answer{}, err
	}
	rows, link, err := c.issuePage(c.rows(f, c.listKey()), f)
	if err != nil {
		return answer{}, err
	}
	out := make([]*issueJSON, 0, len(rows))
	for _, r := range rows {
		out = append(out, c.show(r.is, r.st))
	}
	return answer{status: http.StatusOK, body: out, link: link}, nil
}

func getIssue(c *call) (answer, error) {
	is, err := c.issue()
	if err != nil {
		return answer{}, err
	}
	shown := is.read(c.now)
	if shown == nil {
		return answer{}, refuse(http.StatusNotFound, "Not Found")
	}
	return answer{status: http.StatusOK, body: c.show(is, shown)}, nil
}

func createIssue(c *call) (answer, error) {
	f, err := c.object()
	if err != nil {
		return answer{}, err
	}
	if _, ok := f["title"]; !ok {
		return answer{}, malformed("%q wasn't supplied.", "title")
	}
	e, err := f.edit()
	if err != nil {
		return answer{}, err
	}
	in := NewIssue{Labels: e.Labels, Assignees: e.Assignees, Milestone: e.number()}
	if e.Title != nil {
		in.Title = *e.Title
	}
	if e.Body != nil {
		in.Body = *e.Body
	}
	is, err := c.create(c.rp, in)
	if err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusCreated, body: c.show(is, is.state), location: c.issueURL(is)}, nil
}

func patchIssue(c *call) (answer, error) {
	is, err := c.issue()
	if err != nil {
		return answer{}, err
	}
	f, err := c.object()
	if err != nil {
		return answer{}, err
	}
	e, err := f.edit()
	if err != nil {
		return answer{}, err
	}
	if err := c.edit(is, e); err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusOK, body: c.show(is, is.state)}, nil
}

// edit reads the fields that creating and updating an issue share.
func (f fields) edit() (Edit, error) {
	var e Edit
	var errs [8]error
	var twin *int64
	e.Title, errs[0] = f.title()
	e.Body, errs[1] = f.text("body")
	e.State, errs[2] = f.word("state")
	e.StateReason, errs[3] = f.word("state_reason")
	e.Labels, errs[4] = f.names("labels", "name")
	e.Assignees, errs[5] = f.assignees()
	e.Milestone, errs[6] = f.milestone()
	twin, errs[7] = f.whole("duplicate_issue_id")
	if string(f["body"]) == "null" {
		e.Body = new(string)
	}
	if twin != nil {
		e.DuplicateOf = *twin
	}
	return e, firstOf(errs[:])
}

func firstOf(errs []error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// title may be a number, which GitHub takes as its digits.
func (f fields) title() (*string, error) {
	raw := string(f["title"])
	if _, err := strconv.ParseInt(raw, 10, 64); err == nil {
		return &raw, nil
	}
	return f.text("title")
}

// assignees also reads the old single assignee.
func (f fields) assignees() ([]string, error) {
	if _, many := f["assignees"]; many {
		return f.names("assignees", "login")
	}
	if _, one := f["assignee"]; !one {
		return nil, nil
	}
	login, err := f.word("assignee")
	if login == "" {
		return []string{}, err
	}
	return []string{login}, err
}

// milestone is a number, its digits, or null for none.
func (f fields) milestone() (*int, error) {
	raw, ok := f["milestone"]
	if !ok {
		return nil, nil
	}
	if s := strings.Trim(string(raw), `"`); s != "null" && s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			return nil, malformed("For 'properties/milestone', %s is not an integer.", raw)
		}
		return &n, nil
	}
	return new(int), nil
}

func lockIssue(c *call) (answer, error) {
	f, err := c.object()
	if err != nil && string(c.body) != "null" {
		return answer{}, err
	}
	reason, err := f.word("lock_reason")
	if err != nil {
		return answer{}, err
	}
	return c.locking(true, reason)
}

func unlockIssue(c *call) (answer, error) { return c.locking(false, "") }

func (c *call) locking(on bool, reason string) (answer, error) {
	is, err := c.issue()
	if err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusNoContent}, c.lock(is, on, reason)
}

func addAssignees(c *call) (answer, error) { return c.assigning(http.StatusCreated, act.assign) }

func removeAssignees(c *call) (answer, error) { return c.assigning(http.StatusOK, act.unassign) }

func (c *call) assigning(status int, do func(act, *issue, []string) error) (answer, error) {
	is, err := c.issue()
	if err != nil {
		return answer{}, err
	}
	f, err := c.object()
	if err != nil {
		return answer{}, err
	}
	logins, err := f.names("assignees", "login")
	if err == nil {
		err = do(c.act, is, slices.Compact(logins))
	}
	if err != nil {
		return answer{}, err
	}
	return answer{status: status, body: c.show(is, is.state)}, nil
}
