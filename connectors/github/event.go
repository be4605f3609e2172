package github

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	gogithub "github.com/google/go-github/v60/github"

	"parley/connectors"
)

// eventJSON is an entry of an issue's history as GitHub sends it. The library's
// own type lacks state_reason.
type eventJSON struct {
	ID          int64          `json:"id"`
	Event       string         `json:"event"`
	Created     time.Time      `json:"created_at"`
	Actor       *gogithub.User `json:"actor"` // null: the account was deleted
	StateReason string         `json:"state_reason"`
	Label       *struct {
		Name string `json:"name"`
	} `json:"label"`
	Rename *struct {
		From string `json:"from"`
		To   string `json:"to"`
	} `json:"rename"`
	Assignee *gogithub.User `json:"assignee"` // null: the account was deleted
	Via      *viaApp        `json:"performed_via_github_app"`
	Issue    *struct {      // in a repository's feed only; null where the issue is gone
		ID          int64           `json:"id"`
		PullRequest json.RawMessage `json:"pull_request"`
	} `json:"issue"`
}

// viaApp is the App that something was done with, whoever did it.
type viaApp struct {
	ID int64 `json:"id"`
}

// self is the account that Parley uses.
type self struct {
	login string
	id    int64 // of the person's account, 0 where it is not known
	app   int64 // id of the App whose installation it is, 0 for a person

	people *people // who is who, for the others
}

// made reports whether something was made by the account. Its number decides where that
// is known, an App's or an account's, because a login can be changed and taken by others.
// What a person did by way of the App is that person's.
func (s self) made(u *gogithub.User, via *viaApp) bool {
	switch {
	case s.app != 0 && via != nil && via.ID == s.app && (u == nil || u.GetType() == "Bot"):
		return true
	case s.id != 0 && u.GetID() != 0:
		return u.GetID() == s.id
	}
	return u.GetLogin() != "" && strings.EqualFold(u.GetLogin(), s.login)
}

// ofIssue is the id of the issue a feed's event belongs to; false for those of
// pull requests and of issues that are gone.
func (e *eventJSON) ofIssue() (string, bool) {
	if e.Issue == nil || e.Issue.ID <= 0 || isSet(e.Issue.PullRequest) {
		return "", false
	}
	return strconv.FormatInt(e.Issue.ID, 10), true
}

func isSet(raw json.RawMessage) bool { return len(raw) > 0 && string(raw) != "null" }

// entry puts an event into the connectors' terms. me is who made Parley's own.
func (e *eventJSON) entry(issueID string, me self) connectors.Entry {
	actor := me.people.person(e.Actor)
	return connectors.Entry{
		ID:      "e" + strconv.FormatInt(e.ID, 10),
		Seq:     e.ID,
		IssueID: issueID,
		At:      e.Created.UTC(),
		Actor:   actor,
		Own:     me.made(e.Actor, e.Via),
		Changes: []connectors.Change{e.change(me.people)},
	}
}

func (e *eventJSON) change(who *people) connectors.Change {
	switch e.Event {
	case "labeled", "unlabeled":
		if e.Label != nil {
			return element(e, "label", e.Label.Name, e.Event == "labeled")
		}
	case "assigned", "unassigned":
		return element(e, "assignee", who.meet(e.Assignee), e.Event == "assigned")
	case "renamed":
		if e.Rename != nil {
			return connectors.Change{Field: "title", From: e.Rename.From, To: e.Rename.To}
		}
	case "closed":
		reason := e.StateReason
		if reason == "" {
			reason = "completed" // GitHub says nothing where the usual reason applies
		}
		return connectors.Change{Field: "state", From: "open", To: "closed:" + reason}
	case "reopened":
		return connectors.Change{Field: "state", From: "closed", To: "open"}
	}
	return connectors.Change{Field: e.Event}
}

// element is a member that came into a set or went from it. An event that no longer
// says which, as that of a deleted account, keeps its own name.
func element(e *eventJSON, field, name string, came bool) connectors.Change {
	switch {
	case name == "":
		return connectors.Change{Field: e.Event}
	case came:
		return connectors.Change{Field: field, To: name}
	}
	return connectors.Change{Field: field, From: name}
}

// entries takes the events that belong to an issue: to fixed where it is not
// "", else to the one each names. They come in the order of the page.
func entries(events []eventJSON, fixed string, me self) []connectors.Entry {
	var out []connectors.Entry
	for i := range events {
		e := &events[i]
		id, ok := fixed, fixed != ""
		if !ok {
			id, ok = e.ofIssue()
		}
		if ok && e.ID > 0 {
			out = append(out, e.entry(id, me))
		}
	}
	return out
}

// after keeps the entries with a higher Seq than since, oldest first.
func after(all []connectors.Entry, since int64) []connectors.Entry {
	out := slices.DeleteFunc(all, func(e connectors.Entry) bool { return e.Seq <= since })
	slices.SortStableFunc(out, func(a, b connectors.Entry) int { return cmp.Compare(a.Seq, b.Seq) })
	return out
}
