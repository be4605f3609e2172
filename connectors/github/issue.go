package github

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	gogithub "github.com/google/go-github/v60/github"

	"parley/connectors"
)

// issueJSON is an issue as GitHub sends it: the library's fields and those that
// it does not know yet.
type issueJSON struct {
	gogithub.Issue
	Type *struct {
		Name string `json:"name"`
	} `json:"type"`
	Reason    reason           `json:"state_reason"`
	ParentURL string           `json:"parent_issue_url"`
	Via       *viaApp          `json:"performed_via_github_app"`
	Values    []fieldValueJSON `json:"issue_field_values"`
}

// reason is why an issue was closed. A server of old does not know such a thing and
// sends no key for it, where others send null.
type reason struct {
	known bool
	text  string
}

// UnmarshalJSON is called where the key is there.
func (r *reason) UnmarshalJSON(raw []byte) error {
	r.known, r.text = true, ""
	if string(raw) == "null" {
		return nil
	}
	if json.Unmarshal(raw, &r.text) != nil {
		return errors.New("state_reason is no text")
	}
	return nil
}

// sound reports whether the parts are there without which an issue cannot be
// addressed or ordered.
func (i *issueJSON) sound() bool {
	return i.GetID() > 0 && i.GetNumber() > 0 && !i.GetUpdatedAt().IsZero()
}

// issue puts it into the connectors' terms, under the repository's configured name.
// Whose it is shows only after account was called.
func (c *Client) issue(repo string, i *issueJSON) connectors.Issue {
	out := connectors.Issue{
		Ref: connectors.Ref{
			Tracker:   c.name,
			ID:        strconv.FormatInt(i.GetID(), 10),
			Key:       key(repo, i.GetNumber()),
			Container: repo,
			Number:    i.GetNumber(),
		},
		Kind:      connectors.GitHub,
		URL:       i.GetHTMLURL(),
		Title:     i.GetTitle(),
		Body:      i.GetBody(),
		Created:   i.GetCreatedAt().UTC(),
		Updated:   i.GetUpdatedAt().UTC(),
		State:     i.GetState(),
		Reason:    i.Reason.text,
		Reporter:  c.people.person(i.User),
		Creator:   c.people.person(i.User),
		Own:       c.self().made(i.User, i.Via),
		Marker:    marker(i.GetBody()),
		Milestone: i.GetMilestone().GetTitle(),
		Parent:    c.parentKey(i.ParentURL),
	}
	if due := i.GetMilestone().GetDueOn(); !due.IsZero() && connectors.Plausible(due.Time, time.Time{}) {
		out.ReleaseDay = due.UTC().Format(time.DateOnly)
	}
	c.reasonless.Store(!i.Reason.known)
	if i.ClosedAt != nil && out.State != "open" && connectors.Plausible(i.ClosedAt.Time, time.Time{}) { // one that was opened again may still tell when it was closed
		out.Closed = i.ClosedAt.UTC()
	}
	if i.Type != nil {
		out.Type = i.Type.Name
	}
	c.takeFields(&out, i.Values)
	for _, l := range i.Labels {
		out.Labels = append(out.Labels, l.GetName())
	}
	// The singular assignee is on its way out of the API; the list has them all.
	for _, a := range i.Assignees {
		if p := c.people.person(a); p.ID != "" {
			out.Assignees = append(out.Assignees, p)
		}
	}
	return out
}

func key(repo string, number int) string { return fmt.Sprintf("%s#%d", repo, number) }

// parentKey turns …/repos/acme/infra/issues/7 into acme/infra#7; "" for none.
func (c *Client) parentKey(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return ""
	}
	parts := strings.Split(u.Path, "/")
	if n := len(parts); n >= 5 && parts[n-5] == "repos" && parts[n-2] == "issues" {
		return c.spelling(parts[n-4]+"/"+parts[n-3]) + "#" + parts[n-1]
	}
	return ""
}
