package jira

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"parley/connectors"
)

func TestChanges(t *testing.T) {
	t.Parallel()
	type list = []connectors.Change
	for name, tc := range map[string]struct {
		item wireItem
		want list
	}{
		"labels": {wireItem{Field: "Étiquettes", FieldID: "labels", FromName: "a b c", ToName: "d b e"},
			list{{Field: "label", From: "a"}, {Field: "label", From: "c"}, {Field: "label", To: "d"}, {Field: "label", To: "e"}}},
		"first label": {wireItem{Field: "labels", ToName: "a"}, list{{Field: "label", To: "a"}}},
		"last label":  {wireItem{Field: "labels", FromName: "a"}, list{{Field: "label", From: "a"}}},
		"letter case": {wireItem{Field: "labels", FromName: "Bug", ToName: "bug"}, list{{Field: "label", From: "Bug"}, {Field: "label", To: "bug"}}},
		"named twice": {wireItem{Field: "labels", FromName: "", ToName: "a a"}, list{{Field: "label", To: "a"}}},
		"order":       {wireItem{Field: "labels", FromName: "a b", ToName: "b a"}, list{{Field: "labels"}}},
		"title":       {wireItem{Field: "Résumé", FieldID: "summary", FromName: "old", ToName: "new one"}, list{{Field: "title", From: "old", To: "new one"}}},
		"due":         {wireItem{FieldID: "duedate", From: "", To: "2026-12-24", ToName: "2026-12-24 00:00:00.0"}, list{{Field: "due", To: "2026-12-24"}}},
		"due by name": {wireItem{Field: "duedate", FromName: "2026-12-24 00:00:00.0", To: "", ToName: ""}, list{{Field: "due", From: "2026-12-24"}}},
		"assignee": {wireItem{Field: "assignee", FieldID: "assignee", From: "u1", FromName: "Ana", To: "u2", ToName: "Ben"},
			list{{Field: "assignee", From: "u1", To: "u2", FromName: "Ana", ToName: "Ben"}}},
		"unassigned": {wireItem{FieldID: "assignee", From: "u1", FromName: "Ana"}, list{{Field: "assignee", From: "u1", FromName: "Ana"}}},
	} {
		if diff := cmp.Diff(tc.want, changes(tc.item)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// Applied to the labels before, the changes give the labels after, and none is
// there that does nothing.
func TestLabelChangesLeadFromOneListToTheOther(t *testing.T) {
	t.Parallel()
	labels := rapid.SliceOf(rapid.SampledFrom([]string{"a", "b", "c", "A", "é", "d-e"}))
	rapid.Check(t, func(t *rapid.T) {
		from, to := labels.Draw(t, "from"), labels.Draw(t, "to")
		have := set(from)
		for _, c := range labelChanges(strings.Join(from, " "), strings.Join(to, " ")) {
			switch {
			case c.Field == "labels":
			case c.From != "" && have[c.From] && c.To == "":
				delete(have, c.From)
			case c.To != "" && !have[c.To] && c.From == "":
				have[c.To] = true
			default:
				t.Fatalf("%+v does nothing to %v", c, have)
			}
		}
		if diff := cmp.Diff(set(to), have); diff != "" {
			t.Fatal(diff)
		}
	})
}

func set(list []string) map[string]bool {
	m := map[string]bool{}
	for _, l := range list {
		m[l] = true
	}
	return m
}

// Data Center's histories name an assignee by the key, its issues by the name.
func TestAssigneesOfDataCenterGoByTheirNames(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.on("GET serverInfo", jsonReply(`{"version":"10.3.24","deploymentType":"Server"}`))
	f.on("GET issue/10012", jsonReply(`{"id":"10012","key":"OPS-12","fields":{"status":{"id":"1"},"updated":"2026-11-02T09:30:00.000+0000",
		"assignee":{"key":"JIRAUSER10100","name":"ben","displayName":"Ben"}},"changelog":{"total":1,"histories":[
		{"id":"1","author":{"key":"JIRAUSER10101","name":"ana"},"created":"2026-11-02T09:00:00.000+0000","items":[
			{"field":"assignee","from":"JIRAUSER10101","fromString":"Ana","to":"JIRAUSER10100","toString":"Ben"},
			{"field":"assignee","from":"JIRAUSER7","fromString":"Former","to":null}]}]}}`))
	o, err := f.client.Read(t.Context(), ops12)
	if err != nil {
		t.Fatal(err)
	}
	want := []connectors.Change{
		{Field: "assignee", From: "ana", FromName: "Ana", To: "ben", ToName: "Ben"},
		{Field: "assignee", From: "JIRAUSER7", FromName: "Former"},
	}
	if diff := cmp.Diff(want, o.Entries[0].Changes); diff != "" || o.Issue.Assignees[0].ID != "ben" {
		t.Error(diff, o.Issue.Assignees)
	}
}

// A history read by itself names its people as well: the authors it shows with both.
func TestAssigneesInAHistoryReadByItself(t *testing.T) {
	t.Parallel()
	const entry = `{"id":"1","author":{"key":"JIRAUSER7","name":"ana"},"created":"2026-11-02T09:00:00.000+0000","items":[{"field":"assignee","to":"JIRAUSER7","toString":"Ana"}]}`
	for name, tc := range map[string]struct{ deployment, path, answer string }{
		"whole":    {"Server", "GET issue/10012", `{"id":"10012","key":"OPS-12","changelog":{"total":1,"histories":[` + entry + `]}}`},
		"in pages": {"Cloud", "GET issue/10012/changelog", `{"isLast":true,"values":[` + entry + `]}`},
	} {
		f := newFake(t)
		f.on("GET serverInfo", jsonReply(`{"version":"1","deploymentType":"`+tc.deployment+`"}`))
		f.on(tc.path, jsonReply(tc.answer))
		got, _, err := f.client.History(t.Context(), ops12, 0)
		if err != nil || len(got) != 1 || got[0].Changes[0].To != "ana" {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestWhoMadeAnIssueAndItsMarker(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		more, properties string
		own              bool
		marker           string
	}{
		"Parley, marked":  {`"creator":{"accountId":"me"},"reporter":{"accountId":"u1"}`, `{"parley.link":{"mark":"v1 m=1"}}`, true, "v1 m=1"},
		"Parley":          {`"creator":{"accountId":"me"}`, `{}`, true, ""},
		"somebody, copy":  {`"creator":{"accountId":"u1"},"reporter":{"accountId":"me"}`, `{"parley.link":{"mark":"v1 m=1"}}`, false, "v1 m=1"},
		"nobody":          {`"creator":null`, `{"other":{"mark":"v1 m=1"}}`, false, ""},
		"a text":          {`"creator":null`, `{"parley.link":"v1 m=1"}`, false, ""},
		"no mark":         {`"creator":null`, `{"parley.link":{"mark":["v1"]}}`, false, ""},
		"lines":           {`"creator":null`, `{"parley.link":{"mark":"v1\nm=1"}}`, false, ""},
		"no object":       {`"creator":7`, `[1]`, false, ""},
		"nothing at all":  {`"creator":null`, `null`, false, ""},
		"closes comments": {`"creator":null`, `{"parley.link":{"mark":"v1 m=1 --> x"}}`, false, ""},
	} {
		f := newFake(t)
		f.on("GET issue/10012", jsonReply(`{"id":"10012","key":"OPS-12","fields":{"status":{"id":"1"},"updated":"2026-11-02T09:30:00.000+0000",`+tc.more+`},"properties":`+tc.properties+`}`))
		o, err := f.client.Read(t.Context(), ops12)
		if err != nil || o.Issue.Own != tc.own || o.Issue.Marker != tc.marker {
			t.Errorf("%s: own %v, marker %q, %v", name, o.Issue.Own, o.Issue.Marker, err)
		}
		if u := f.last().url; !slices.Contains(strings.Split(u, "&"), "properties=parley.link") {
			t.Errorf("asked for %s", u)
		}
	}
}
