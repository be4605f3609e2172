package githubsim

import "fmt"

// eventJSON is an event or a line of the timeline. Keys that a kind lacks are
// left out.
type eventJSON struct {
	ID        int64         `json:"id"`
	NodeID    string        `json:"node_id"`
	URL       string        `json:"url"`
	Actor     *userJSON     `json:"actor"`
	Event     string        `json:"event"`
	CommitID  *string       `json:"commit_id"`
	CommitURL *string       `json:"commit_url"`
	CreatedAt string        `json:"created_at"`
	Label     *labelBrief   `json:"label,omitempty"`
	Assignee  *userJSON     `json:"assignee,omitempty"`
	Assigner  *userJSON     `json:"assigner,omitempty"`
	Milestone *titleJSON    `json:"milestone,omitempty"`
	Rename    *renameJSON   `json:"rename,omitempty"`
	Lock      *lockedFor    `json:"lock_reason,omitempty"`
	Reason    *closedReason `json:"state_reason,omitempty"`
	App       *appJSON      `json:"performed_via_github_app"`
	Issue     *issueJSON    `json:"issue,omitempty"`
	Source    *sourceJSON   `json:"source,omitempty"` // timeline only
}

type titleJSON struct {
	Title string `json:"title"`
}

type renameJSON struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// lockedFor and closedReason are words that are null where empty, in keys that
// only some kinds have.
type (
	lockedFor    string
	closedReason string
)

// MarshalJSON writes null for no reason.
func (l lockedFor) MarshalJSON() ([]byte, error) { return encode(orNull(string(l))), nil }

// MarshalJSON writes null for no reason.
func (r closedReason) MarshalJSON() ([]byte, error) { return encode(orNull(string(r))), nil }

// event renders an event; the repository's feed adds the issue as it is now.
func (c *call) event(e *event, withIssue bool) *eventJSON {
	j := &eventJSON{
		ID: e.id, NodeID: nodeID("IE", e.issue.repo.id, e.id), URL: fmt.Sprintf("%s/issues/events/%d", c.repoURL(e.issue.repo), e.id),
		Actor: c.person(e.actor), Event: e.kind, CreatedAt: stamp(e.at), App: c.app(e.app),
	}
	switch e.kind {
	case "labeled", "unlabeled":
		j.Label = &e.label
	case "assigned", "unassigned":
		j.Assignee, j.Assigner = c.person(e.assignee), c.person(e.assigner)
	case string(CrossReference):
		j.Source = c.source(e.issue)
	case "milestoned", "demilestoned":
		j.Milestone = &titleJSON{e.milestone}
	case "renamed":
		j.Rename = &renameJSON{e.from, e.to}
	case "locked":
		l := lockedFor(e.lockedFor)
		j.Lock = &l
	case "closed", "reopened":
		if r := closedReason(e.reason); c.w.reasons() {
			j.Reason = &r
		}
	}
	if withIssue {
		j.Issue = c.show(e.issue, e.issue.state)
	}
	return j
}

type commentJSON struct {
	URL               string        `json:"url"`
	HTMLURL           string        `json:"html_url"`
	IssueURL          string        `json:"issue_url"`
	ID                int64         `json:"id"`
	NodeID            string        `json:"node_id"`
	User              *userJSON     `json:"user"`
	CreatedAt         string        `json:"created_at"`
	UpdatedAt         string        `json:"updated_at"`
	AuthorAssociation string        `json:"author_association"`
	Body              string        `json:"body"`
	Reactions         reactionsJSON `json:"reactions"`
	App               *appJSON      `json:"performed_via_github_app"`
	Event             string        `json:"event,omitempty"` // timeline only
	Actor             *userJSON     `json:"actor,omitempty"` // timeline only
}

func (c *call) remark(m *comment) *commentJSON {
	rp := m.issue.repo
	url := fmt.Sprintf("%s/issues/comments/%d", c.repoURL(rp), m.id)
	return &commentJSON{
		URL: url, HTMLURL: fmt.Sprintf("%s#issuecomment-%d", m.issue.html(c.w), m.id), IssueURL: c.issueURL(m.issue),
		ID: m.id, NodeID: nodeID("IC", rp.id, m.id), User: c.author(m.user), CreatedAt: stamp(m.created), UpdatedAt: stamp(m.updated),
		AuthorAssociation: rp.association(m.user), Body: m.body, Reactions: reactionsJSON{URL: url + "/reactions"}, App: c.app(m.app),
	}
}
