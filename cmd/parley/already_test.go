package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// holds reports whether the tracker shows already what a write of the daemon is about
// to make it show, and by the daemon's own doing: then the same write is sent twice.
// Where a person was quicker the write is of no use, but not a second one.
func (r *relay) holds(w *botWrite) bool {
	if r.tracker == "jira" {
		return r.jiraHolds(w)
	}
	return r.gitHubHolds(w)
}

func (r *relay) read(tracker, path string, out any) bool {
	code, err := exchange(http.MethodGet, r.target+path, nil, out, func(q *http.Request) { signIn(q, tracker) })
	return err == nil && code == http.StatusOK
}

// jiraHolds looks at priorities; a transition that was taken cannot be taken again
// unnoticed, for the status has moved on.
func (r *relay) jiraHolds(w *botWrite) bool {
	var body struct {
		Fields struct {
			Priority struct{ ID string }
		}
	}
	var is jiraIssue
	if json.Unmarshal([]byte(w.body), &body) != nil || body.Fields.Priority.ID == "" || !r.read("jira", w.path+"?expand=changelog", &is) {
		return false
	}
	return is.Fields.Priority.ID == body.Fields.Priority.ID && lastByBot(is.Changelog.Histories)
}

// lastByBot reports whether the newest change of the priority is the daemon's. Jira
// gives the newest entries first.
func lastByBot(histories []jiraHistory) bool {
	for _, h := range histories {
		for _, item := range h.Items {
			if item.FieldID == "priority" {
				return h.Author.AccountID == botAccount
			}
		}
	}
	return false
}

func (r *relay) gitHubHolds(w *botWrite) bool {
	issue, label, _ := strings.Cut(w.path, "/labels")
	var is hubIssue
	var events []hubEvent
	if !r.read("github", issue, &is) {
		return false
	}
	for page := 1; ; page++ {
		var some []hubEvent
		if !r.read("github", fmt.Sprintf("%s/events?per_page=100&page=%d", issue, page), &some) {
			return false
		}
		if events = append(events, some...); len(some) < 100 {
			break
		}
	}
	var body struct {
		State  string
		Reason string `json:"state_reason"`
		Labels []string
	}
	_ = json.Unmarshal([]byte(w.body), &body) // a removal has none
	switch {
	case w.method == http.MethodDelete:
		name, _ := url.PathUnescape(strings.TrimPrefix(label, "/"))
		return !slices.Contains(is.labels(), name) && lastWas(events, name, "unlabeled")
	case len(body.Labels) == 1:
		return slices.Contains(is.labels(), body.Labels[0]) && lastWas(events, body.Labels[0], "labeled")
	case body.State == "closed":
		return is.State == "closed" && (body.Reason == "" || body.Reason == is.Reason) && lastWas(events, "", "closed")
	case body.State == "open":
		return is.State == "open" && lastWas(events, "", "reopened")
	}
	return false
}

// lastWas reports whether the last event about a label, or about the state, is of the
// kind and the daemon's.
func lastWas(events []hubEvent, label, kind string) bool {
	about := []string{"closed", "reopened"}
	if label != "" {
		about = []string{"labeled", "unlabeled"}
	}
	for _, e := range slices.Backward(events) {
		if slices.Contains(about, e.Event) && e.Label.Name == label {
			return e.Event == kind && e.Actor.Login == botLogin
		}
	}
	return false
}
