package jira

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/connectors"
)

func TestSendEdits(t *testing.T) {
	t.Parallel()
	type m = map[string]any
	one := func(op, label string) m { return m{"labels": []any{m{op: label}}} }
	for name, tc := range map[string]struct {
		write          connectors.Write
		server         bool
		fields, update any
	}{
		"title":            {connectors.Write{Title: "Pay <now>"}, false, m{"summary": "Pay <now>"}, nil},
		"due":              {connectors.Write{Due: "2026-12-24"}, false, m{"duedate": "2026-12-24"}, nil},
		"label":            {connectors.Write{AddLabel: "urgent"}, false, nil, one("add", "urgent")},
		"label off":        {connectors.Write{RemoveLabel: "urgent"}, false, nil, one("remove", "urgent")},
		"assign":           {connectors.Write{Assign: "u2"}, false, m{"assignee": m{"accountId": "u2"}}, nil},
		"assign on server": {connectors.Write{Assign: "ben"}, true, m{"assignee": m{"name": "ben"}}, nil},
	} {
		f := newFake(t)
		if tc.server {
			f.on("GET serverInfo", jsonReply(`{"version":"10.3.24","deploymentType":"Server"}`))
		}
		f.on("PUT issue/10012", jsonReply(issueJSON(10012, `,"properties":{"parley.link":{"mark":"v1 m=1"}}`)))
		tc.write.Issue, tc.write.Op = ops12, "op-1"
		got, err := f.client.Send(t.Context(), tc.write)
		if err != nil || got.Issue == nil || got.Issue.Marker != "v1 m=1" {
			t.Errorf("%s: %+v, %v", name, got, err)
			continue
		}
		want := m{"historyMetadata": m{"type": "parley:sync", "description": "Parley", "generator": m{"id": "parley", "type": "application"}, "extraData": m{"op": "op-1"}}}
		if tc.fields != nil {
			want["fields"] = tc.fields
		}
		if tc.update != nil {
			want["update"] = tc.update
		}
		if diff := cmp.Diff(want, f.lastBody()); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestUnassignLeavesSomebodyElseAlone(t *testing.T) {
	t.Parallel()
	issue := func(assignee string) reply {
		return jsonReply(`{"id":"10012","key":"OPS-12","fields":{"status":{"id":"1"},"updated":"2026-11-02T09:30:00.000+0000","assignee":` + assignee + `}}`)
	}
	for name, tc := range map[string]struct {
		assignee string
		requests []string
	}{
		"the one meant": {`{"accountId":"u1"}`, []string{"GET issue/10012", "PUT issue/10012"}},
		"somebody else": {`{"accountId":"u2"}`, []string{"GET issue/10012"}},
		"nobody":        {`null`, []string{"GET issue/10012"}},
	} {
		f := newFake(t)
		f.on("GET issue/10012", issue(tc.assignee))
		f.on("PUT issue/10012", issue("null"))
		got, err := f.client.Send(t.Context(), connectors.Write{Issue: ops12, Op: "op-1", Unassign: "u1"})
		if err != nil || got.Issue == nil {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
		if diff := cmp.Diff(tc.requests, f.lines()); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if len(tc.requests) == 2 {
			if diff := cmp.Diff(map[string]any{"assignee": nil}, f.lastBody()["fields"]); diff != "" || f.lastBody()["historyMetadata"] == nil {
				t.Errorf("%s: sent %s", name, f.last().body)
			}
		}
	}
}
