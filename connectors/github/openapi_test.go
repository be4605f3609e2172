package github_test

import (
	"context"
	"net/http/httptest"
	"testing"
	"time"

	"parley/connectors"
	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/official"
)

// TestOfficialDescriptionOfFields: the same for Issue Fields.
func TestOfficialDescriptionOfFields(t *testing.T) {
	t.Parallel()
	b := withBoard(t, githubsim.Options{})
	j := official.Need(t, official.GitHub)
	srv := httptest.NewServer(j.Wrap(b.hub.Handler(), func(objection error) { t.Error(objection) }))
	t.Cleanup(srv.Close)
	b.url = srv.URL
	c := b.holder("t-bot", "")
	for _, option := range []string{"Done", "Todo", ""} {
		_, err := b.choose(c, 1, "status", option)
		b.ok(err)
	}
	_, err := c.Read(context.Background(), b.ref(1))
	b.ok(err)
	const values = "/repos/{owner}/{repo}/issues/{issue_number}/issue-field-values"
	seen := j.Seen()
	for want, n := range map[string]int{"GET /orgs/{org}/issue-fields": 1, "POST " + values: 2, "DELETE " + values + "/{issue_field_id}": 1} {
		if seen[want] != n {
			t.Errorf("%s was tried %d times: %v", want, seen[want], seen)
		}
	}
}

// What the client sends and what the simulator answers is what GitHub describes.
func TestOfficialDescriptionOfWrites(t *testing.T) {
	t.Parallel()
	b := setup(t, githubsim.Options{})
	j := official.Need(t, official.GitHub)
	srv := httptest.NewServer(j.Wrap(b.hub.Handler(), func(objection error) { t.Error(objection) }))
	t.Cleanup(srv.Close)
	b.url = srv.URL
	c := b.client("t-bot")
	made, err := c.Create(context.Background(), draft())
	b.ok(err)
	for _, w := range []connectors.Write{{Title: "New"}, {Assign: "ana"}, {Unassign: "ana"}, {AddLabel: "x"}, {RemoveLabel: "x"}} {
		w.Issue = made.Ref
		_, err := c.Send(context.Background(), w)
		b.ok(err)
	}
	_, err = c.Send(context.Background(), connectors.Write{Issue: made.Ref, Assign: "stranger"})
	if connectors.KindOf(err) != connectors.Invalid {
		t.Error(err)
	}
	_, err = c.Created(context.Background(), connectors.Search{Container: repo, Since: b.clock.Now().Add(-time.Minute)})
	b.ok(err)
	_, err = c.Read(context.Background(), made.Ref)
	b.ok(err)
	_, err = c.Feed(context.Background(), repo, "")
	b.ok(err)
	_, _, err = c.History(context.Background(), made.Ref, 0)
	b.ok(err)
	_, err = c.Check(context.Background())
	b.ok(err)
	for _, want := range []string{"POST /repos/{owner}/{repo}/issues", "PATCH /repos/{owner}/{repo}/issues/{issue_number}",
		"POST /repos/{owner}/{repo}/issues/{issue_number}/assignees", "DELETE /repos/{owner}/{repo}/issues/{issue_number}/assignees",
		"GET /repos/{owner}/{repo}/issues", "GET /repos/{owner}/{repo}/issues/{issue_number}/events"} {
		if j.Seen()[want] == 0 {
			t.Errorf("%s was not tried: %v", want, j.Seen())
		}
	}
}
