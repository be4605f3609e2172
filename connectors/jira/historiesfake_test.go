package jira

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/connectors"
)

func refs(ids ...string) []connectors.Ref {
	var out []connectors.Ref
	for _, id := range ids {
		out = append(out, connectors.Ref{ID: id})
	}
	return out
}

// TestManyHistoriesAreHeldToTheQuestion answers with what was not asked for, and with an
// entry that nobody can read.
func TestManyHistoriesAreHeldToTheQuestion(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	good := `{"id":"7","created":1492070429000,"author":{"accountId":"me"},"items":[{"field":"Status","fieldId":"status","from":"1","to":"3"}]}`
	f.onAny("POST", "/rest/api/3/changelog/bulkfetch", jsonReply(`{"issueChangeLogs":[
		{"issueId":"1","changeHistories":[`+good+`]},
		{"issueId":"2","changeHistories":[`+good+`,{"id":"x","created":1492070429,"items":[]}]},
		{"issueId":"3","changeHistories":[{"id":"8","created":"soon"}]},
		{"issueId":"4","changeHistories":[`+good+`]}],"nextPageToken":"t2"}`))
	page, ok, err := f.client.Histories(t.Context(), refs("1", "2", "3"), "t1")
	if err != nil || !ok || page.Next != "t2" {
		t.Fatalf("%+v, %v, %v", page, ok, err)
	}
	if len(page.Entries) != 1 || page.Entries[0].IssueID != "1" || !page.Entries[0].Own || page.Entries[0].Changes[0] != (connectors.Change{Field: "status", From: "1", To: "3"}) {
		t.Errorf("entries %+v", page.Entries)
	}
	if len(page.Broken) != 2 || page.Broken[0].ID != "2" || page.Broken[1].ID != "3" {
		t.Errorf("broken %+v", page.Broken)
	}
	want := map[string]any{"issueIdsOrKeys": []any{"1", "2", "3"}, "maxResults": 1000.0, "nextPageToken": "t1",
		"fieldIds": []any{"status", "resolution", "priority", "labels", "assignee", "summary", "duedate", "components", "issuetype"}}
	if diff := cmp.Diff(want, f.lastBody()); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
}

func TestManyHistoriesEnd(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.onAny("POST", "/rest/api/3/changelog/bulkfetch", jsonReply(`{"issueChangeLogs":[],"nextPageToken":"t1"}`), jsonReply(`{"nextPageToken":"`+strings.Repeat("x", 5000)+`"}`))
	for range 2 {
		if _, _, err := f.client.Histories(t.Context(), refs("1"), "t1"); connectors.KindOf(err) != connectors.Malformed {
			t.Errorf("a list that does not end: %v", err)
		}
	}
	if _, _, err := f.client.Histories(t.Context(), refs("../1"), ""); connectors.KindOf(err) != connectors.Invalid {
		t.Errorf("an id that is none: %v", err)
	}
}

func TestFieldsWhoseChangesAreAskedFor(t *testing.T) {
	t.Parallel()
	custom := map[string]string{"A": "customfield_1"}
	f := newFake(t, func(c *Config) { c.Fields = custom })
	if got := f.client.told(); len(got) != 10 || got[9] != "customfield_1" {
		t.Errorf("asks for %v", got)
	}
	custom["B"] = "customfield_2"
	if got := newFake(t, func(c *Config) { c.Fields = custom }).client.told(); got != nil {
		t.Errorf("asks for %v, more than Jira takes", got)
	}
}
