package jira_test

import (
	"net/http/httptest"
	"testing"
	"time"

	"parley/connectors"
	"parley/connectors/sim/jirasim"
	"parley/connectors/sim/official"
)

// What the client sends and what the simulator answers is what Atlassian describes.
func TestOfficialDescriptionOfWrites(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(o *jirasim.Options) { o.BulkTimes = "text" }) // by its example, and against its schema, a moment there is a number
	j := official.Need(t, official.JiraCloud)
	srv := httptest.NewServer(j.Wrap(b.site.Handler(), func(objection error) { t.Error(objection) }))
	t.Cleanup(srv.Close)
	b.url = srv.URL
	b.client = b.open("t0ken")
	made, err := b.client.Create(t.Context(), draft())
	b.must(err)
	for _, w := range []connectors.Write{{Title: "New"}, {Due: "2026-12-24"}, {AddLabel: "x"}, {RemoveLabel: "x"}, {Assign: "ana"}, {Unassign: "ana"}, {Priority: "2"}, {Transition: "11"},
		{Link: &connectors.Link{GlobalID: "parley:gh:7", URL: "https://github.com/acme/infra/issues/7", Title: "acme/infra#7"}}} {
		w.Issue, w.Op = made.Ref, "op-1"
		_, err := b.client.Send(t.Context(), w)
		b.must(err)
	}
	_, err = b.client.Send(t.Context(), connectors.Write{Issue: made.Ref, Assign: "stranger"})
	if connectors.KindOf(err) != connectors.Invalid {
		t.Error(err)
	}
	_, err = b.client.Created(t.Context(), connectors.Search{Container: "OPS", Since: b.clock.Now().Add(-time.Hour), After: "OPS-0"})
	b.must(err)
	_, err = b.client.Read(t.Context(), made.Ref)
	b.must(err)
	_, _, err = b.client.History(t.Context(), made.Ref, 0)
	b.must(err)
	_, err = b.client.Changes(t.Context(), connectors.Cursor{})
	b.must(err)
	_, _, err = b.client.Histories(t.Context(), []connectors.Ref{made.Ref}, "")
	b.must(err)
	seen := j.Seen()
	for _, want := range []string{"POST /rest/api/3/issue", "POST /rest/api/3/changelog/bulkfetch", "PUT /rest/api/2/issue/{issueIdOrKey}", "POST /rest/api/2/issue/bulkfetch", "POST /rest/api/2/search/jql",
		"GET /rest/api/2/issue/createmeta/{projectIdOrKey}/issuetypes", "GET /rest/api/2/issue/createmeta/{projectIdOrKey}/issuetypes/{issueTypeId}"} {
		if seen[want] == 0 {
			t.Errorf("%s was not tried: %v", want, seen)
		}
	}
}
