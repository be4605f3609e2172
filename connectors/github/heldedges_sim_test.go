package github_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/connectors"
	"parley/connectors/sim"
	"parley/connectors/sim/githubsim"
)

// An issue of which the project cannot be told, for it is in too many, is told apart, in the
// list and in the project itself: the others are read.
func TestAnIssueInTooManyProjectsStopsNoOther(t *testing.T) {
	t.Parallel()
	b := setup(t, githubsim.Options{})
	b.issues(4, githubsim.NewIssue{})
	for n := range 51 {
		name := fmt.Sprintf("acme/%d", 100+n)
		b.ok(b.hub.AddProject(githubsim.Project{Owner: "acme", Number: 100 + n, Fields: []githubsim.ProjectField{
			{Name: "Status", Options: []string{"Todo"}}, {Name: "Priority", Options: []string{"High"}}}}))
		b.set(name, 2, "Status", "Todo")
	}
	const last = "acme/150"
	c := b.holder("t-bot", last)
	_, items := b.poll(c, connectors.Cursor{Source: "project " + last})
	page, err := c.Changes(context.Background(), connectors.Cursor{Source: repo})
	b.ok(err)
	if len(page.Observations) != 3 || len(page.Broken) != 1 || page.Broken[0].Key != repo+"#2" || !strings.Contains(page.Broken[0].Err.Error(), "more than 50 projects") {
		t.Errorf("%d issues, broken %+v", len(page.Observations), page.Broken)
	}
	if _, err := c.Read(context.Background(), b.ref(2)); connectors.KindOf(err) != connectors.Invalid {
		t.Errorf("a read: %v", err)
	}
	b.clock.Advance(time.Minute)
	b.set(last, 3, "Status", "Todo")
	b.set(last, 4, "Status", "Todo")
	page, err = c.Changes(context.Background(), items.Next)
	b.ok(err)
	if len(page.Observations) != 2 || len(page.Broken) != 1 || page.Broken[0].Key != repo+"#2" {
		t.Errorf("the project tells of %d issues, broken %+v", len(page.Observations), page.Broken)
	}
	if own, err := c.Created(context.Background(), connectors.Search{Container: repo}); err != nil {
		t.Errorf("own issues: %+v, %v", own, err)
	}
}

// A page that is just full is the last one until an issue comes behind it, which leaves it
// as it is.
func TestAnIssueBehindAFullPageIsWalkedTo(t *testing.T) {
	t.Parallel()
	b := withBoard(t, githubsim.Options{})
	b.issues(96, githubsim.NewIssue{})
	c := b.holder("t-bot", "")
	_, page := b.poll(c, connectors.Cursor{Source: "fields " + repo})
	b.clock.Advance(time.Minute)
	if _, page = b.poll(c, page.Next); page.Next.Scan.Token != "" {
		t.Fatal("the walk does not end")
	}
	b.issues(1, githubsim.NewIssue{})
	b.clock.Advance(time.Minute)
	_, page = b.poll(c, page.Next)
	b.set("", 101, "Status", "Done") // moves nothing of the issue
	b.clock.Advance(time.Minute)
	if found, _ := b.poll(c, page.Next); !slices.Contains(numbers(found), 101) {
		t.Errorf("found %v", numbers(found))
	}
}

// A yes after which a field shows what it showed before has set nothing.
func TestAFieldThatIsLeftIsRefused(t *testing.T) {
	t.Parallel()
	b := withBoard(t, githubsim.Options{})
	c := b.holder("t-bot", "")
	_, err := b.choose(c, 1, "status", "Todo")
	b.ok(err)
	b.hub.SetFaults(func(r *http.Request) sim.Fault {
		if r.Method == http.MethodPost {
			return inJSON(http.StatusOK, `[{"issue_field_name":"Status","data_type":"single_select","single_select_option":{"name":"Todo"}}]`)
		}
		return sim.Fault{}
	})
	if r, err := b.choose(c, 1, "status", "Done"); connectors.KindOf(err) != connectors.Forbidden {
		t.Errorf("%+v, %v", r, err)
	}
}
