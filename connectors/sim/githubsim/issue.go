package githubsim

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Issue is a copy of an issue as it stands.
type Issue struct {
	Repo        string // owner/name
	ID          int64
	NodeID      string
	Number      int
	URL         string // for people
	Title, Body string
	State       string // open, closed
	StateReason string // completed, not_planned, duplicate, reopened or ""
	User        string // login; "ghost" where the account was deleted
	Labels      []string
	Assignees   []string
	Milestone   string
	Locked      bool
	PullRequest bool
	Comments    int
	Created     time.Time
	Updated     time.Time
	Closed      time.Time // zero while open
}

// NewIssue is what to create.
type NewIssue struct {
	Title, Body string
	Labels      []string // without triage permission dropped silently
	Assignees   []string // the same
	Milestone   int      // number, 0 none; the same
	PullRequest bool     // a pull request instead: it shares numbers and lists with issues
	// Created is the moment, where it is not the hub's present one.
	Created time.Time
}

// issue is the part of an issue that never changes, and where to find the rest.
// Its state is replaced, never written to, so that lists may hold on to it.
type issue struct {
	id       int64
	number   int
	repo     *repo
	user     *user
	app      string
	pull     bool
	created  time.Time
	state    *state
	inLists  late
	inReads  late
	bump     time.Time // when updated_at moves once more
	events   []*event
	asides   []*event // in the timeline only
	comments []*comment
	thumbs   int
	given    string // author_association that a dump said
}

type state struct {
	title     string
	body      string
	reason    string
	labels    []*label
	assignees []*user
	milestone *milestone
	locked    bool
	lockedFor string
	// discussion says that the conversation went on elsewhere: nothing changes any more.
	discussion bool
	closed     time.Time // zero while open
	closedBy   *user
	updated    time.Time
	comments   int
	fields     []fieldValue // by the id of the field
}

func (s *state) word() string {
	if s.closed.IsZero() {
		return "open"
	}
	return "closed"
}

func (s *state) label(name string) *label {
	for _, l := range s.labels {
		if strings.EqualFold(l.Name, name) {
			return l
		}
	}
	return nil
}

// CreateIssue creates an issue, or a pull request, as actor.
func (h *Hub) CreateIssue(actor, name string, in NewIssue) (Issue, error) {
	if !in.Created.IsZero() {
		h = h.At(in.Created)
	}
	var out Issue
	err := h.do(actor, name, func(a act, rp *repo) error {
		is, err := a.create(rp, in)
		if err == nil {
			out = is.snapshot(a.w)
		}
		return err
	})
	return out, err
}

// Issue is the present state of one issue. It fails like a GET: 404, 410 deleted,
// 301 transferred.
func (h *Hub) Issue(name string, number int) (Issue, error) {
	var out Issue
	err := h.on("", name, number, func(a act, is *issue) error {
		out = is.snapshot(a.w)
		return nil
	})
	return out, err
}

// Issues are the present states of all issues and pull requests by number; none
// where the repository is unknown.
func (h *Hub) Issues(name string) []Issue {
	var out []Issue
	_ = h.do("", name, func(a act, rp *repo) error {
		for _, is := range rp.issues {
			out = append(out, is.snapshot(a.w))
		}
		return nil
	})
	return out
}

func (is *issue) snapshot(w *world) Issue {
	s := is.state
	out := Issue{
		Repo: is.repo.full(), ID: is.id, NodeID: is.node(), Number: is.number, URL: is.html(w),
		Title: s.title, Body: s.body, State: s.word(), StateReason: s.reason, User: "ghost",
		Locked: s.locked, PullRequest: is.pull, Comments: s.comments,
		Created: is.created, Updated: s.updated, Closed: s.closed,
	}
	if is.user != nil && !is.user.deleted {
		out.User = is.user.Login
	}
	for _, l := range s.labels {
		out.Labels = append(out.Labels, l.Name)
	}
	for _, u := range s.assignees {
		out.Assignees = append(out.Assignees, u.Login)
	}
	if s.milestone != nil {
		out.Milestone = s.milestone.title
	}
	return out
}

func (is *issue) node() string {
	if is.pull {
		return nodeID("PR", is.repo.id, is.id)
	}
	return nodeID("I", is.repo.id, is.id)
}

func (is *issue) kind() string {
	if is.pull {
		return "pull"
	}
	return "issues"
}

// create makes an issue after checking everything about it.
func (a act) create(rp *repo, in NewIssue) (*issue, error) {
	if err := a.open(rp); err != nil {
		return nil, err
	}
	if err := checkText(&in.Title, &in.Body); err != nil {
		return nil, err
	}
	if !a.can(rp, Triage) {
		in.Labels, in.Assignees, in.Milestone = nil, nil, 0
	}
	labels, assignees, mile, err := a.parts(rp, in.Labels, in.Assignees, in.Milestone)
	if err != nil {
		return nil, err
	}
	rp.lastN++
	is := &issue{
		id: next(&a.w.ids.issue, 0), number: rp.lastN, repo: rp, user: a.who, pull: in.PullRequest, created: a.at,
		state: &state{title: strings.TrimSpace(in.Title), body: in.Body, updated: a.at},
	}
	if a.who != nil {
		is.app = a.who.App
	}
	a.appear(is)
	a.change(is, func(s *state) {
		s.labels, s.assignees, s.milestone = labels, assignees, mile
	})
	a.note(is, "issues", "opened", nil)
	for _, l := range labels {
		a.record(is, event{kind: "labeled", label: *l.brief()})
	}
	for _, u := range assignees {
		a.record(is, event{kind: "assigned", assignee: u, assigner: a.who})
	}
	if mile != nil {
		a.record(is, event{kind: "milestoned", milestone: mile.title})
	}
	return is, nil
}

// parts resolves what an issue refers to, making labels that are new. Nothing is
// made when anything is refused.
func (a act) parts(rp *repo, labels, assignees []string, mile int) ([]*label, []*user, *milestone, error) {
	people, err := a.assignable(rp, assignees)
	if err != nil {
		return nil, nil, nil, err
	}
	m := rp.milestone(mile)
	if mile != 0 && m == nil {
		return nil, nil, nil, invalid(FieldError{Value: mile, Resource: "Issue", Field: "milestone", Code: "invalid"})
	}
	ls, err := a.labelsFor(rp, nil, labels)
	return ls, people, m, err
}

// insert files an issue under its number.
func (rp *repo) insert(is *issue) {
	at, _ := slices.BinarySearchFunc(rp.issues, is.number, func(x *issue, n int) int { return x.number - n })
	rp.issues = slices.Insert(rp.issues, at, is)
	rp.byNumber[is.number] = is
	rp.lastN = max(rp.lastN, is.number)
}

// checkText holds a title and a body to GitHub's sizes; nil is left alone.
func checkText(title, body *string) error {
	if title != nil && strings.TrimSpace(*title) == "" {
		return invalid(FieldError{Resource: "Issue", Field: "title", Code: "missing_field"})
	}
	if title != nil && utf8.RuneCountInString(*title) > 256 {
		return invalid(FieldError{Resource: "Issue", Field: "title", Code: "custom", Message: "title is too long (maximum is 256 characters)"})
	}
	if body != nil && utf8.RuneCountInString(*body) > 65536 {
		return invalid(FieldError{Resource: "Issue", Field: "body", Code: "custom", Message: "body is too long (maximum is 65536 characters)"})
	}
	return nil
}
