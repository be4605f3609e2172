package jira

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/connectors"
)

// recorded reads a recorded payload. Those of one collection are lists of
// {url, data}, of which the data of the requests that match are given.
func recorded(t *testing.T, name string) []json.RawMessage {
	t.Helper()
	dir := os.Getenv("PARLEY_DATA")
	if dir == "" {
		t.Skip("PARLEY_DATA is not set: no recorded payloads")
	}
	raw, err := os.ReadFile(filepath.Join(dir, "jira", "recorded", name))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(name, "devlake") {
		return []json.RawMessage{raw}
	}
	var calls []struct{ Data json.RawMessage }
	if err := json.Unmarshal(raw, &calls); err != nil {
		t.Fatal(err)
	}
	var out []json.RawMessage
	for _, c := range calls {
		out = append(out, c.Data)
	}
	return out
}

func decodeAll[T any](t *testing.T, name string) []T {
	t.Helper()
	var out []T
	for i, raw := range recorded(t, name) {
		var v T
		if err := json.Unmarshal(raw, &v); err != nil {
			t.Fatalf("%s, payload %d: %v", name, i, err)
		}
		out = append(out, v)
	}
	if len(out) == 0 {
		t.Fatalf("%s holds nothing", name)
	}
	return out
}

func recordedClient(t *testing.T) *Client {
	t.Helper()
	return newFake(t).client
}

func TestRecordedIssuesWithChangelog(t *testing.T) {
	t.Parallel()
	c := recordedClient(t)
	var entries, statuses int
	for _, w := range decodeAll[wireIssue](t, "devlake-cloud-scrubbed/issues-with-changelog.json") {
		o, err := c.observation(identity{}, w, false)
		if err != nil {
			t.Fatal(err)
		}
		i := o.Issue
		if i.Status.ID == "" || i.Status.Category == "" || i.Title == "" || i.Type == "" || !strings.HasPrefix(i.Key, i.Container+"-") || i.Created.IsZero() || i.Updated.Before(i.Created) {
			t.Errorf("%s: %+v", i.Key, i)
		}
		last := int64(-1)
		for _, e := range o.Entries {
			entries++
			if e.Seq <= last || e.At.Before(i.Created) {
				t.Errorf("%s: entry %d after %d at %v", i.Key, e.Seq, last, e.At)
			}
			last = e.Seq
			for _, ch := range e.Changes {
				if ch.Field == "status" && ch.To != "" && ch.ToName != "" {
					statuses++
				}
			}
		}
		if o.Since != -1 && o.Since != connectors.NoHistory && (len(o.Entries) == 0 || o.Since >= o.Entries[0].Seq) {
			t.Errorf("%s: complete since %d although the first entry is %d", i.Key, o.Since, o.Entries[0].Seq)
		}
	}
	if entries < 30 || statuses == 0 {
		t.Errorf("%d entries, %d changes of status: the recording holds more", entries, statuses)
	}
}

func TestRecordedChangelogs(t *testing.T) {
	t.Parallel()
	for _, h := range decodeAll[wireHistory](t, "devlake-cloud-scrubbed/issue-changelogs.json") {
		if _, err := entry(wireUser{}, "1", h); err != nil {
			t.Error(err)
		}
	}
	for _, name := range []string{"jira-changelog-response-fixture.json", "jira-changelog-response-without-in-progress.fixture.json"} {
		for _, p := range decodeAll[historyPage](t, "hack-jira-cfd/"+name) {
			list, err := entries(wireUser{}, "1", p.Values)
			if err != nil || len(list) == 0 {
				t.Errorf("%s: %d entries, %v", name, len(list), err)
			}
		}
	}
}

func TestRecordedSearches(t *testing.T) {
	t.Parallel()
	c := recordedClient(t)
	for _, name := range []string{"hack-jira-cfd/jira-jql-query-response-fixture.json"} {
		for _, f := range decodeAll[found](t, name) {
			for _, row := range f.Issues {
				if _, err := c.observed(identity{}, row, time.Time{}); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			}
		}
	}
	// These were cut by hand and lack ids; their fields must be readable anyway.
	for _, name := range []string{"jira-cli/search.json"} {
		for _, f := range decodeAll[found](t, name) {
			for _, row := range f.Issues {
				w, err := row.decode()
				if err != nil {
					t.Error(err)
				}
				readableFields(t, name, w)
			}
		}
	}
	for _, name := range []string{"jira-cli/issue.json", "jira-cli/issue-1.json", "jira-cli/issue-2.json"} {
		for _, w := range decodeAll[wireIssue](t, name) {
			readableFields(t, name, w)
		}
	}
}

func readableFields(t *testing.T, name string, w wireIssue) {
	t.Helper()
	var f wireFields
	if err := json.Unmarshal(w.Fields, &f); err != nil || f.Summary == "" || f.Status == nil || f.Status.Name == "" || f.Updated.IsZero() {
		t.Errorf("%s %s: %+v, %v", name, w.Key, f, err)
	}
}

func TestRecordedDirectory(t *testing.T) {
	t.Parallel()
	for _, s := range decodeAll[wireStatus](t, "devlake-cloud-scrubbed/status.json") {
		if o := s.option(); o.ID == "" || o.Name == "" || o.Category == "" {
			t.Errorf("status %+v", s)
		}
	}
	for _, list := range decodeAll[[]wireStatus](t, "go-jira-mock/all_statuses.json") {
		for _, s := range list {
			if s.ID == "" || s.Category.Key == "" {
				t.Errorf("status %+v", s)
			}
		}
	}
	for _, list := range decodeAll[[]wireOption](t, "go-jira-mock/all_priorities.json") {
		if len(list) == 0 || list[0].ID == "" || list[0].Name == "" {
			t.Errorf("priorities %+v", list)
		}
	}
	for _, me := range decodeAll[wireUser](t, "jira-cli/myself.json") {
		if me.DisplayName != "Person A" {
			t.Errorf("myself %+v", me)
		}
	}
}

func TestRecordedTransitionsAndLinks(t *testing.T) {
	t.Parallel()
	type offered struct {
		Transitions []wireTransition `json:"transitions"`
	}
	for _, name := range []string{"go-jira-mock/transitions.json", "jira-cli/transitions.json"} {
		for _, o := range decodeAll[offered](t, name) {
			if len(o.Transitions) == 0 || o.Transitions[0].ID == "" || o.Transitions[0].Name == "" {
				t.Errorf("%s: %+v", name, o)
			}
		}
	}
	for _, l := range decodeAll[wireLink](t, "devlake-cloud-scrubbed/remotelinks.json") {
		if l.Object.URL == "" || l.Object.Title == "" {
			t.Errorf("link %+v", l)
		}
	}
	for _, list := range decodeAll[[]wireLink](t, "go-jira-mock/remote_links.json") {
		if list[0].GlobalID == "" {
			t.Errorf("links %+v", list)
		}
	}
}
