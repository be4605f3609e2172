package githubsim

import (
	"fmt"
	"net/url"
)

type issueJSON struct {
	URL               string         `json:"url"`
	RepositoryURL     string         `json:"repository_url"`
	LabelsURL         string         `json:"labels_url"`
	CommentsURL       string         `json:"comments_url"`
	EventsURL         string         `json:"events_url"`
	HTMLURL           string         `json:"html_url"`
	ID                int64          `json:"id"`
	NodeID            string         `json:"node_id"`
	Number            int            `json:"number"`
	Title             string         `json:"title"`
	User              *userJSON      `json:"user"`
	Labels            []labelJSON    `json:"labels"`
	State             string         `json:"state"`
	Locked            bool           `json:"locked"`
	Assignee          any            `json:"assignee,omitempty"` // gone in the API version of 2026
	Assignees         []*userJSON    `json:"assignees"`
	Milestone         *milestoneJSON `json:"milestone"`
	Comments          int            `json:"comments"`
	CreatedAt         string         `json:"created_at"`
	UpdatedAt         string         `json:"updated_at"`
	ClosedAt          *string        `json:"closed_at"`
	AuthorAssociation string         `json:"author_association"`
	ActiveLockReason  *string        `json:"active_lock_reason"`
	Draft             *bool          `json:"draft,omitempty"`
	PullRequest       *pullJSON      `json:"pull_request,omitempty"`
	Body              *string        `json:"body"`
	ClosedBy          *userJSON      `json:"closed_by"`
	Reactions         reactionsJSON  `json:"reactions"`
	TimelineURL       string         `json:"timeline_url"`
	App               *appJSON       `json:"performed_via_github_app"`
	StateReason       any            `json:"state_reason,omitempty"` // a text or null
	*summariesJSON
}

// summariesJSON is what issues have and pull requests lack.
type summariesJSON struct {
	Type         *struct{}      `json:"type"`
	SubIssues    map[string]int `json:"sub_issues_summary"`
	Dependencies map[string]int `json:"issue_dependencies_summary"`
	// FieldValues are there where the organisation has fields.
	FieldValues *[]fieldValueJSON `json:"issue_field_values,omitempty"`
}

type pullJSON struct {
	URL      string  `json:"url"`
	HTMLURL  string  `json:"html_url"`
	DiffURL  string  `json:"diff_url"`
	PatchURL string  `json:"patch_url"`
	MergedAt *string `json:"merged_at"`
}

type reactionsJSON struct {
	URL      string `json:"url"`
	Total    int    `json:"total_count"`
	PlusOne  int    `json:"+1"`
	MinusOne int    `json:"-1"`
	Laugh    int    `json:"laugh"`
	Hooray   int    `json:"hooray"`
	Confused int    `json:"confused"`
	Heart    int    `json:"heart"`
	Rocket   int    `json:"rocket"`
	Eyes     int    `json:"eyes"`
}

type labelJSON struct {
	ID          int64   `json:"id"`
	NodeID      string  `json:"node_id"`
	URL         string  `json:"url"`
	Name        string  `json:"name"`
	Color       string  `json:"color"`
	Default     bool    `json:"default"`
	Description *string `json:"description"`
}

type milestoneJSON struct {
	URL          string    `json:"url"`
	HTMLURL      string    `json:"html_url"`
	LabelsURL    string    `json:"labels_url"`
	ID           int64     `json:"id"`
	NodeID       string    `json:"node_id"`
	Number       int       `json:"number"`
	Title        string    `json:"title"`
	Description  *string   `json:"description"`
	Creator      *userJSON `json:"creator"`
	OpenIssues   int       `json:"open_issues"`
	ClosedIssues int       `json:"closed_issues"`
	State        string    `json:"state"`
	CreatedAt    string    `json:"created_at"`
	UpdatedAt    string    `json:"updated_at"`
	DueOn        *string   `json:"due_on"`
	ClosedAt     *string   `json:"closed_at"`
}

func (is *issue) html(w *world) string {
	return fmt.Sprintf("%s/%s/%s/%d", w.opts.HTMLURL, is.repo.full(), is.kind(), is.number)
}

func (c *call) issueURL(is *issue) string {
	return fmt.Sprintf("%s/issues/%d", c.repoURL(is.repo), is.number)
}

func (c *call) repoURL(rp *repo) string { return c.base + "/repos/" + rp.full() }

// show renders an issue in a state of it.
func (c *call) show(is *issue, s *state) *issueJSON {
	url := c.issueURL(is)
	j := &issueJSON{
		URL: url, RepositoryURL: c.repoURL(is.repo), LabelsURL: url + "/labels{/name}", CommentsURL: url + "/comments",
		EventsURL: url + "/events", HTMLURL: is.html(c.w), ID: is.id, NodeID: is.node(), Number: is.number, Title: s.title,
		User: c.author(is.user), Labels: c.labels(is.repo, s.labels), State: s.word(), Locked: s.locked,
		Assignees: c.people(s.assignees), Comments: s.comments, CreatedAt: stamp(is.created), UpdatedAt: stamp(s.updated),
		ClosedAt: stampOrNull(s.closed), AuthorAssociation: is.repo.association(is.user), ActiveLockReason: orNull(s.lockedFor),
		Body: orNull(s.body), ClosedBy: c.person(s.closedBy), Reactions: reactionsJSON{URL: url + "/reactions", Total: is.thumbs, PlusOne: is.thumbs},
		TimelineURL: url + "/timeline", App: c.app(is.app),
	}
	if c.w.reasons() {
		j.StateReason = orNull(s.reason)
	}
	if is.given != "" {
		j.AuthorAssociation = is.given
	}
	if s.milestone != nil {
		j.Milestone = c.milestone(is.repo, s.milestone)
	}
	if c.version == apiVersion {
		j.Assignee = (*userJSON)(nil)
		if len(j.Assignees) > 0 {
			j.Assignee = j.Assignees[0]
		}
	}
	c.kindOf(is, j)
	if len(c.w.fields[is.repo.owner]) > 0 && j.summariesJSON != nil && !c.w.opts.NoIssueFields {
		values := c.fieldValues(is, s)
		j.FieldValues = &values
	}
	return j
}

// kindOf adds what only issues or only pull requests have.
func (c *call) kindOf(is *issue, j *issueJSON) {
	if !is.pull && c.w.reasons() {
		j.summariesJSON = &summariesJSON{
			SubIssues:    map[string]int{"total": 0, "completed": 0, "percent_completed": 0},
			Dependencies: map[string]int{"blocked_by": 0, "total_blocked_by": 0, "blocking": 0, "total_blocking": 0},
		}
		return
	}
	if !is.pull {
		return // a server of old, without types and sub-issues
	}
	j.Draft = new(bool)
	j.PullRequest = &pullJSON{URL: fmt.Sprintf("%s/pulls/%d", c.repoURL(is.repo), is.number),
		HTMLURL: j.HTMLURL, DiffURL: j.HTMLURL + ".diff", PatchURL: j.HTMLURL + ".patch"}
}

func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func (c *call) label(rp *repo, l *label) labelJSON {
	return labelJSON{ID: l.ID, NodeID: nodeID("LA", rp.id, l.ID), URL: c.repoURL(rp) + "/labels/" + url.PathEscape(l.Name),
		Name: l.Name, Color: l.Color, Default: l.Default, Description: orNull(l.Description)}
}

func (c *call) labels(rp *repo, ls []*label) []labelJSON {
	out := make([]labelJSON, 0, len(ls))
	for _, l := range ls {
		out = append(out, c.label(rp, l))
	}
	return out
}

func (c *call) milestone(rp *repo, m *milestone) *milestoneJSON {
	rp.tally()
	url := fmt.Sprintf("%s/milestones/%d", c.repoURL(rp), m.number)
	j := &milestoneJSON{
		URL: url, HTMLURL: fmt.Sprintf("%s/%s/milestone/%d", c.w.opts.HTMLURL, rp.full(), m.number), LabelsURL: url + "/labels",
		ID: m.id, NodeID: nodeID("MI", rp.id, m.id), Number: m.number, Title: m.title, Description: orNull(m.about),
		Creator: c.author(m.creator), State: "open", CreatedAt: stamp(m.created), UpdatedAt: stamp(m.created),
		DueOn: stampOrNull(m.due), ClosedAt: stampOrNull(m.closed), OpenIssues: m.open, ClosedIssues: m.done,
	}
	if !m.closed.IsZero() {
		j.State = "closed"
	}
	return j
}
