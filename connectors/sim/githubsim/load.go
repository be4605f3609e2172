package githubsim

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// dumped is an issue as lists of GitHub give it; keys that are missing are made up.
type dumped struct {
	ID          int64             `json:"id"`
	Number      int               `json:"number"`
	Title       string            `json:"title"`
	Body        string            `json:"body"`
	State       string            `json:"state"`
	Reason      string            `json:"state_reason"`
	User        *dumpedUser       `json:"user"`
	Labels      []json.RawMessage `json:"labels"`
	Assignees   []dumpedUser      `json:"assignees"`
	Milestone   *dumpedMilestone  `json:"milestone"`
	Locked      bool              `json:"locked"`
	LockReason  string            `json:"active_lock_reason"`
	Comments    int               `json:"comments"`
	Created     time.Time         `json:"created_at"`
	Updated     time.Time         `json:"updated_at"`
	Closed      *time.Time        `json:"closed_at"`
	ClosedBy    *dumpedUser       `json:"closed_by"`
	Pull        *struct{}         `json:"pull_request"`
	Association string            `json:"author_association"`
}

type dumpedUser struct {
	Login string `json:"login"`
	ID    int64  `json:"id"`
	Type  string `json:"type"`
}

type dumpedMilestone struct {
	ID     int64      `json:"id"`
	Number int        `json:"number"`
	Title  string     `json:"title"`
	About  string     `json:"description"`
	Due    *time.Time `json:"due_on"`
	Closed *time.Time `json:"closed_at"`
}

// LoadJSON adds issues in GitHub's own JSON, as an array or one object after
// another, to a repository that is there. Ids, numbers and dates are kept; labels,
// people and milestones are made as they are met. A dump has no history, so the
// least that explains each issue is made up: labelled and assigned when created,
// closed at closed_at. It fails on a number that is taken and on what no issue of
// GitHub looks like; the issues before it stay.
func (h *Hub) LoadJSON(name string, r io.Reader) error {
	return h.do("", name, func(a act, rp *repo) error {
		defer func() { rp.version++ }()
		n := 0
		err := eachJSON(r, func(d *json.Decoder) error {
			n++
			var in dumped
			if err := d.Decode(&in); err != nil {
				return err
			}
			return a.load(rp, in)
		})
		if err != nil {
			return fmt.Errorf("load issues of %s: entry %d: %w", name, n, err)
		}
		slices.SortFunc(rp.issues, func(x, y *issue) int { return x.number - y.number })
		return nil
	})
}

// WriteJSON writes all issues and pull requests of a repository in GitHub's JSON,
// one a line by number, as LoadJSON reads them.
func (h *Hub) WriteJSON(name string, w io.Writer) error {
	return h.do("", name, func(a act, rp *repo) error {
		base := a.w.opts.BaseURL
		if base == "" {
			base = "https://api.github.com"
		}
		c := &call{act: a, base: base, version: apiVersion}
		for _, is := range rp.issues {
			if _, err := w.Write(append(encode(c.show(is, is.state)), '\n')); err != nil {
				return fmt.Errorf("write issues of %s: %w", name, err)
			}
		}
		return nil
	})
}

// eachJSON calls fn at each element of an array or each value of a sequence.
func eachJSON(r io.Reader, fn func(*json.Decoder) error) error {
	b := bufio.NewReaderSize(r, 1<<16)
	first, err := firstRune(b)
	if errors.Is(err, io.EOF) {
		return nil
	}
	if err != nil {
		return err
	}
	array := first == '['
	d := json.NewDecoder(b)
	if array {
		if _, err := d.Token(); err != nil {
			return err
		}
	}
	for d.More() {
		if err := fn(d); err != nil {
			return err
		}
	}
	if array {
		_, err := d.Token()
		return err
	}
	return nil
}

// firstRune skips white space and a byte order mark, and leaves what it gives
// to be read again.
func firstRune(b *bufio.Reader) (rune, error) {
	for {
		c, _, err := b.ReadRune()
		if err != nil {
			return 0, err
		}
		if !strings.ContainsRune(" \t\r\n\ufeff", c) {
			return c, b.UnreadRune()
		}
	}
}

func (a act) load(rp *repo, in dumped) error {
	if in.Number < 1 || in.Title == "" || in.Created.IsZero() {
		return errors.New("an issue needs number, title and created_at")
	}
	if _, was := rp.gone[in.Number]; was || rp.byNumber[in.Number] != nil {
		return fmt.Errorf("number %d is taken", in.Number)
	}
	labels, err := a.loadLabels(rp, in.Labels)
	if err != nil {
		return fmt.Errorf("issue %d: %w", in.Number, err)
	}
	s := &state{
		title: in.Title, body: in.Body, reason: in.Reason, labels: labels, milestone: a.loadMilestone(rp, in.Milestone),
		locked: in.Locked, lockedFor: in.LockReason, updated: later(in.Created, in.Updated).UTC(), comments: in.Comments,
	}
	for _, u := range in.Assignees {
		s.assignees = append(s.assignees, a.w.meet(u.Login, u.ID, u.Type))
	}
	if in.State == "closed" {
		s.closed, s.closedBy = s.updated, a.loadUser(in.ClosedBy)
		if in.Closed != nil {
			s.closed = in.Closed.UTC()
		}
	}
	is := &issue{id: next(&a.w.ids.issue, in.ID), number: in.Number, repo: rp, user: a.loadUser(in.User), pull: in.Pull != nil,
		created: in.Created.UTC(), state: s, given: in.Association}
	rp.issues = append(rp.issues, is)
	rp.byNumber[is.number] = is
	rp.lastN = max(rp.lastN, is.number)
	a.explain(is)
	return nil
}

// explain makes up the history that a dump lacks.
func (a act) explain(is *issue) {
	then := act{w: a.w, who: is.user, at: is.created}
	for _, l := range is.state.labels {
		then.record(is, event{kind: "labeled", label: *l.brief()})
	}
	for _, u := range is.state.assignees {
		then.record(is, event{kind: "assigned", assignee: u, assigner: is.user})
	}
	if m := is.state.milestone; m != nil {
		then.record(is, event{kind: "milestoned", milestone: m.title})
	}
	if !is.state.closed.IsZero() {
		then.who, then.at = is.state.closedBy, is.state.closed
		then.record(is, event{kind: "closed", reason: is.state.reason})
	}
}

func (a act) loadUser(u *dumpedUser) *user {
	if u == nil || u.Login == "" || u.Login == "ghost" {
		return nil
	}
	return a.w.meet(u.Login, u.ID, u.Type)
}

// loadLabels takes labels as objects or, from old dumps, as bare names.
func (a act) loadLabels(rp *repo, raw []json.RawMessage) ([]*label, error) {
	var out []*label
	for _, r := range raw {
		var in Label
		if err := json.Unmarshal(r, &in); err != nil {
			if err := json.Unmarshal(r, &in.Name); err != nil {
				return nil, fmt.Errorf("label %s: %w", r, err)
			}
		}
		l := rp.labels.find(in.Name)
		if l == nil {
			if in.Name == "" {
				return nil, errors.New("a label without a name")
			}
			if in.Color == "" {
				in.Color = "ededed"
			}
			in.ID = next(&a.w.ids.label, in.ID)
			l = &label{in}
			rp.labels.add(l)
		}
		if !slices.Contains(out, l) {
			out = append(out, l)
		}
	}
	return out, nil
}

func (a act) loadMilestone(rp *repo, in *dumpedMilestone) *milestone {
	if in == nil {
		return nil
	}
	if m := rp.milestone(in.Number); m != nil {
		return m
	}
	m := &milestone{id: next(&a.w.ids.milestone, in.ID), number: in.Number, title: in.Title, about: in.About, created: rp.created}
	if in.Due != nil {
		m.due = in.Due.UTC()
	}
	if in.Closed != nil {
		m.closed = in.Closed.UTC()
	}
	rp.addMilestone(m)
	return m
}
