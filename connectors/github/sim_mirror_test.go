package github_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/connectors"
	"parley/connectors/github"
	"parley/connectors/sim"
	"parley/connectors/sim/githubsim"
)

const mark = "v1 m=6f0c2d1e src=jira/10007 mac=0123456789abcdef"

// changesOf reads the whole history of an issue, one change after the other.
func (b *bundle) changesOf(c *github.Client, number int) []connectors.Change {
	b.Helper()
	entries, more, err := c.History(context.Background(), b.ref(number), 0)
	b.ok(err)
	if more {
		b.Fatal("the history goes on")
	}
	var out []connectors.Change
	for _, e := range entries {
		out = append(out, e.Changes...)
	}
	return out
}

// What is written shows in the receipt, on the next read, in the history of the issue
// and in the feed of the repository, in the same terms.
func TestSimWritesShowEverywhere(t *testing.T) {
	t.Parallel()
	b := setup(t, githubsim.Options{})
	b.issues(1, githubsim.NewIssue{Assignees: []string{"ana"}})
	c := b.client("t-bot")
	for _, w := range []connectors.Write{
		{Title: "Pay the invoice"}, {Assign: "Parley-Bot"}, {Unassign: "ana"}, {Unassign: "nobody"},
		{AddLabel: "urgent"}, {RemoveLabel: "urgent"},
	} {
		b.clock.Advance(time.Second)
		w.Issue = b.ref(1)
		r, err := c.Send(context.Background(), w)
		b.ok(err)
		if r.Issue != nil && (r.Issue.Own || r.Issue.Creator.ID != "ana") {
			t.Errorf("%+v: receipt %+v", w, r.Issue)
		}
	}
	want := []connectors.Change{
		{Field: "assignee", To: "ana"}, {Field: "title", From: "issue 0", To: "Pay the invoice"}, {Field: "assignee", To: "parley-bot"},
		{Field: "assignee", From: "ana"}, {Field: "label", To: "urgent"}, {Field: "label", From: "urgent"},
	}
	if diff := cmp.Diff(want, b.changesOf(c, 1)); diff != "" {
		t.Error(diff)
	}
	page, err := c.Feed(context.Background(), repo, "")
	b.ok(err)
	var fed []connectors.Change
	for _, e := range slices.Backward(page.Entries) {
		fed = append(fed, e.Changes...)
	}
	if diff := cmp.Diff(want, fed); diff != "" {
		t.Error(diff)
	}
	o, err := c.Read(context.Background(), b.ref(1))
	if err != nil || o.Issue.Title != "Pay the invoice" || len(o.Issue.Assignees) != 1 || o.Issue.Assignees[0].ID != "parley-bot" {
		t.Errorf("%+v, %v", o.Issue, err)
	}
}

func TestSimWhoCannotBeAssignedIsToldApart(t *testing.T) {
	t.Parallel()
	b := setup(t, githubsim.Options{})
	b.issues(1, githubsim.NewIssue{Assignees: []string{"ana"}})
	for name, tc := range map[string]struct {
		token string
		write connectors.Write
		want  connectors.ErrorKind
	}{
		"a reader":           {"t-bot", connectors.Write{Assign: "reader"}, connectors.Invalid},
		"a stranger":         {"t-bot", connectors.Write{Assign: "stranger"}, connectors.Invalid},
		"without permission": {"t-reader", connectors.Write{Assign: "parley-bot"}, connectors.Invalid},
		"taken off, without": {"t-reader", connectors.Write{Unassign: "ana"}, connectors.Forbidden},
	} {
		tc.write.Issue = b.ref(1)
		_, err := b.client(tc.token).Send(context.Background(), tc.write)
		var e *connectors.Error
		if !errors.As(err, &e) || e.Kind != tc.want || e.Hint == "" {
			t.Errorf("%s: %v, want kind %s with a hint", name, err, tc.want)
		}
	}
}

func draft() connectors.Draft {
	return connectors.Draft{Op: "op-1", Container: repo, Title: "Pay", Body: "Do <!-- it -->.\r\n", Labels: []string{"bug"}, Marker: mark}
}

func TestSimCreateIsFoundByItsMark(t *testing.T) {
	t.Parallel()
	b := setup(t, githubsim.Options{})
	c := b.client("t-bot")
	made, err := c.Create(context.Background(), draft())
	b.ok(err)
	if !made.Own || made.Marker != mark || made.Key != repo+"#1" || made.ID == "" || !cmp.Equal(made.Labels, []string{"bug"}) || made.Created.IsZero() {
		t.Errorf("created %+v", made)
	}
	polled, _ := b.poll(c, connectors.Cursor{Source: repo})
	read, err := c.Read(context.Background(), made.Ref)
	b.ok(err)
	for name, got := range map[string]connectors.Issue{"poll": polled[0], "read": read.Issue} {
		if diff := cmp.Diff(made, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// An answer that is lost leaves an issue that the look-up finds: once, and with its mark.
func TestSimALostCreateIsFoundAgain(t *testing.T) {
	t.Parallel()
	b := setup(t, githubsim.Options{})
	c := b.client("t-bot")
	b.issues(3, githubsim.NewIssue{Body: "x\n<!-- parley:" + mark + " -->"}) // copies by a person
	b.clock.Advance(time.Hour)
	sent := b.clock.Now()
	if _, err := c.Read(context.Background(), b.ref(1)); err != nil { // who we are is known from here on
		t.Fatal(err)
	}
	b.hub.SetFaults(func(r *http.Request) sim.Fault { return sim.Fault{Name: "lost", Lost: r.Method == http.MethodPost} })
	_, err := c.Create(context.Background(), draft())
	if connectors.KindOf(err) != connectors.Unknown {
		t.Fatalf("%v, want kind unknown", err)
	}
	b.hub.SetFaults(nil)
	got, err := c.Created(context.Background(), connectors.Search{Container: repo, Since: sent.Add(-time.Minute)})
	if err != nil || len(got) != 1 || got[0].Marker != mark || !got[0].Own || got[0].Number != 4 {
		t.Fatalf("found %+v, %v", got, err)
	}
	if later, err := c.Created(context.Background(), connectors.Search{Container: repo, Since: sent.Add(time.Minute)}); err != nil || len(later) != 0 {
		t.Errorf("since a minute later: %+v, %v", later, err)
	}
}

func TestSimCreatedWalksThePages(t *testing.T) {
	t.Parallel()
	for name, links := range map[string]githubsim.LinkStyle{"numbered": githubsim.PageLinks, "by cursor": githubsim.BareCursorLinks} {
		b := setup(t, githubsim.Options{Links: links})
		since := b.clock.Now()
		for n := range 230 {
			_, err := b.hub.CreateIssue("parley-bot", repo, githubsim.NewIssue{Title: "x", Body: fmt.Sprintf("<!-- parley:v1 m=%d -->", n), PullRequest: n%10 == 0})
			b.ok(err)
		}
		got, err := b.client("t-bot").Created(context.Background(), connectors.Search{Container: repo, Since: since})
		b.ok(err)
		if n := len(numbers(got)); n != 207 || len(got) != n || !strings.HasPrefix(got[0].Marker, "v1 m=") {
			t.Errorf("%s: found %d issues in %d rows, want 207", name, n, len(got))
		}
	}
}

// A renamed repository changes the address of an issue and nothing else, and keeps the
// name that the configuration gives it; a transferred issue is another one.
func TestSimReadAfterRenameAndTransfer(t *testing.T) {
	t.Parallel()
	b := setup(t, githubsim.Options{})
	b.ok(b.hub.AddRepo(githubsim.Repo{Owner: "acme", Name: "other"}))
	b.issues(2, githubsim.NewIssue{})
	first, second := b.ref(1), b.ref(2)
	b.ok(b.hub.RenameRepo(repo, "platform"))
	c := b.client("t-bot")
	o, err := c.Read(context.Background(), first)
	if err != nil || o.Issue.Key != repo+"#1" || o.Issue.ID != first.ID || o.Issue.Container != repo || !strings.HasSuffix(o.Issue.URL, "/acme/platform/issues/1") {
		t.Fatalf("%+v, %v", o.Issue.Ref, err)
	}
	if _, err := c.Send(context.Background(), connectors.Write{Issue: o.Issue.Ref, Title: "New"}); err != nil {
		t.Errorf("a write after the rename: %v", err)
	}
	moved, err := b.hub.Transfer("ana", "acme/platform", 2, "acme/other")
	b.ok(err)
	o, err = c.Read(context.Background(), second)
	if connectors.KindOf(err) != connectors.Moved || o.Issue.Key != "acme/other#1" || o.Issue.ID != fmt.Sprint(moved.ID) {
		t.Errorf("%+v, %v", o.Issue.Ref, err)
	}
}
