package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// trackers are the simulators of a `parley sim` process, as people use them.
type trackers struct {
	t            *testing.T
	jira, github string // addresses
}

// do sends one request as a person and reads its answer into out. It gives the
// status; a refusal is no failure of the test.
func (w *trackers) do(tracker, method, path string, body, out any) (int, error) {
	base := w.jira
	if tracker == "github" {
		base = w.github
	}
	return exchange(method, base+path, body, out, func(r *http.Request) { signIn(r, tracker) })
}

// exchange sends JSON and reads JSON.
func exchange(method, url string, body, out any, sign func(*http.Request)) (int, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return 0, err
	}
	if body == nil {
		text = nil
	}
	req, err := http.NewRequest(method, url, bytes.NewReader(text))
	if err != nil {
		return 0, err
	}
	req.Header.Set("Content-Type", "application/json")
	if sign != nil {
		sign(req)
	}
	client := http.Client{Timeout: 20 * time.Second}
	resp, err := client.Do(req)
	if err != nil {
		return 0, err
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return 0, err
	}
	if resp.StatusCode < 300 && out != nil {
		err = json.Unmarshal(answer, out)
	}
	return resp.StatusCode, err
}

// must is do where anything but a success fails the test.
func (w *trackers) must(tracker, method, path string, body, out any) {
	w.t.Helper()
	code, err := w.do(tracker, method, path, body, out)
	if err != nil || code >= 300 {
		w.t.Fatalf("%s %s %s: %d %v", tracker, method, path, code, err)
	}
}

type object = map[string]any

// twins are the two issues of one card.
type twins struct {
	key    string
	repo   string
	number int
}

func (p twins) hubPath() string { return fmt.Sprintf("/repos/%s/issues/%d", p.repo, p.number) }

// pair makes a Jira issue and a GitHub issue whose title names it.
func (w *trackers) pair(project, repo, title string) twins {
	w.t.Helper()
	var j struct {
		Key string `json:"key"`
	}
	w.must("jira", "POST", "/rest/api/2/issue", object{"fields": object{
		"project": object{"key": project}, "issuetype": object{"name": "Request"}, "summary": title}}, &j)
	var g struct {
		Number int `json:"number"`
	}
	w.must("github", "POST", "/repos/"+repo+"/issues", object{"title": j.Key + ": " + title}, &g)
	return twins{j.Key, repo, g.Number}
}

// jiraIssue is what the test reads of a Jira issue.
type jiraIssue struct {
	Fields struct {
		Status   struct{ Name string }
		Priority struct{ ID, Name string }
	}
	Changelog struct {
		Histories []jiraHistory
	}
}

type jiraHistory struct {
	ID       string
	Created  string
	Author   struct{ AccountID string }
	Items    []struct{ Field, FieldID, FromString, ToString string }
	Metadata struct {
		ExtraData struct{ Op string }
	} `json:"historyMetadata"`
}

func (w *trackers) jiraIssue(key string) (is jiraIssue) {
	w.t.Helper()
	w.must("jira", "GET", "/rest/api/2/issue/"+key, nil, &is)
	for {
		var page struct {
			Values []jiraHistory
			IsLast bool
		}
		w.must("jira", "GET", fmt.Sprintf("/rest/api/2/issue/%s/changelog?startAt=%d", key, len(is.Changelog.Histories)), nil, &page)
		is.Changelog.Histories = append(is.Changelog.Histories, page.Values...)
		if page.IsLast || len(page.Values) == 0 {
			break
		}
	}
	slices.SortFunc(is.Changelog.Histories, func(a, b jiraHistory) int { return len(a.ID)*10 - len(b.ID)*10 + strings.Compare(a.ID, b.ID) })
	return is
}

// hubIssue is what the test reads of a GitHub issue.
type hubIssue struct {
	State  string
	Reason string `json:"state_reason"`
	Labels []struct{ Name string }
}

func (i hubIssue) labels() []string {
	out := []string{}
	for _, l := range i.Labels {
		out = append(out, l.Name)
	}
	return out
}

func (w *trackers) hubIssue(p twins) (is hubIssue) {
	w.t.Helper()
	w.must("github", "GET", p.hubPath(), nil, &is)
	return is
}

type hubEvent struct {
	Event   string
	Created string `json:"created_at"`
	Reason  string `json:"state_reason"`
	Actor   struct{ Login string }
	Label   struct{ Name string }
}

func (w *trackers) hubEvents(p twins) (all []hubEvent) {
	w.t.Helper()
	for page := 1; ; page++ {
		var some []hubEvent
		w.must("github", "GET", fmt.Sprintf("%s/events?per_page=100&page=%d", p.hubPath(), page), nil, &some)
		if all = append(all, some...); len(some) < 100 {
			return all
		}
	}
}

// botLogin and botAccount are what the company calls the account Parley uses.
const (
	botLogin   = "parley-acme"
	botAccount = "acme:parley"
)

// meanings of the demo's configuration: what a column looks like in each tracker.
type meaning struct{ column, status, label, reason string }

func meanings() []meaning {
	return []meaning{
		{"requests", "Open", "", ""},
		{"committed", "Selected", "status:committed", ""},
		{"doing", "In Progress", "status:in-progress", ""},
		{"review", "In Review", "status:review", ""},
		{"waiting", "Waiting for customer", "status:waiting", ""},
		{"verify", "Acceptance", "status:acceptance", ""},
		{"done", "Done", "", "completed"},
		{"withdrawn", "Withdrawn", "", "not_planned"},
	}
}

// columnInJira is the column that a Jira status means.
func columnInJira(status string) string {
	for _, m := range meanings() {
		if m.status == status {
			return m.column
		}
	}
	return "unmapped"
}

// columnInGitHub is the column that a GitHub issue means; silent is true where it says
// nothing, as an open issue without a status label.
func columnInGitHub(is hubIssue) (column string, silent bool) {
	var found []string
	for _, m := range meanings() {
		switch {
		case is.State == "closed":
			if m.reason == is.Reason || m.reason == "not_planned" && is.Reason == "duplicate" {
				return m.column, false
			}
		case m.label != "" && slices.Contains(is.labels(), m.label):
			found = append(found, m.column)
		}
	}
	if len(found) == 0 {
		return "", true
	}
	return strings.Join(found, " and "), false
}

// priorities of the demo's configuration: the board's, Jira's and GitHub's.
func priorities() [][3]string {
	return [][3]string{
		{"urgent", "Highest", "priority:urgent"}, {"high", "High", "priority:high"},
		{"normal", "Medium", "priority:normal"}, {"low", "Low", "priority:low"},
	}
}

func priorityInJira(name string) string {
	if name == "Lowest" {
		return "low"
	}
	for _, p := range priorities() {
		if p[1] == name {
			return p[0]
		}
	}
	return ""
}

func priorityInGitHub(is hubIssue) (priority string, silent bool) {
	var found []string
	for _, p := range priorities() {
		if slices.Contains(is.labels(), p[2]) {
			found = append(found, p[0])
		}
	}
	return strings.Join(found, " and "), len(found) == 0
}
