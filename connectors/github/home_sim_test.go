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
	"parley/connectors/github"
	"parley/connectors/sim/githubsim"
	"parley/connectors/transport"
)

// A repository under another name, or of another owner, is read and written as if
// nothing had happened, under the name that the configuration gives it.
func TestSimRenamedRepositoryGoesOn(t *testing.T) {
	t.Parallel()
	for name, to := range map[string]string{"renamed": "acme/platform", "given to another owner": "bolt/infra"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t, githubsim.Options{})
			b.issues(2, githubsim.NewIssue{})
			first, second := b.ref(1), b.ref(2)
			b.clock.Advance(time.Hour)
			c, ctx := b.client("t-bot"), context.Background()
			_, page := b.poll(c, connectors.Cursor{Source: repo})
			b.ok(b.hub.RenameRepo(repo, to))
			b.clock.Advance(time.Minute)
			b.ok(b.hub.SetState("ana", to, 2, "closed", "completed"))

			got, page := b.poll(c, page.Next)
			at := slices.IndexFunc(got, func(i connectors.Issue) bool { return i.Ref == second })
			if at < 0 || got[at].State != "closed" {
				t.Fatalf("the poll after it: %+v", got)
			}
			b.hub.Log().Reset()
			_, page = b.poll(c, page.Next)
			if asked := b.asked(); len(asked) != 1 || !page.Unchanged {
				t.Errorf("the poll after that asks %q, unchanged %v", asked, page.Unchanged)
			}
			for _, w := range []connectors.Write{
				{AddLabel: "a/b 100%"}, {RemoveLabel: "a/b 100%"}, {Title: "New"}, {State: "closed", Reason: "not_planned"}, {Assign: "ana"}, {Unassign: "ana"},
			} {
				w.Issue = first
				_, err := c.Send(ctx, w)
				b.ok(err)
			}
			if i, err := b.hub.Issue(to, 1); err != nil || i.Title != "New" || i.StateReason != "not_planned" || len(i.Labels) != 0 {
				t.Errorf("%+v, %v", i, err)
			}
			entries, _, err := c.History(ctx, first, 0)
			b.ok(err)
			feed, err := c.Feed(ctx, repo, "")
			b.ok(err)
			if len(entries) != 6 || len(feed.Entries) != 7 {
				t.Errorf("%d entries, %d in the feed", len(entries), len(feed.Entries))
			}
			made, err := c.Create(ctx, draft())
			if err != nil || made.Key != repo+"#3" || made.Container != repo {
				t.Errorf("%+v, %v", made.Ref, err)
			}
			if n, err := c.Count(ctx, repo); n != 3 || err != nil {
				t.Errorf("counted %d, %v", n, err)
			}
			d, err := c.Check(ctx)
			b.ok(err)
			if box := d.Containers[0]; box.Key != repo || box.Called != to || !box.Writable || box.Problem != "" || len(d.Labels[repo]) == 0 {
				t.Errorf("%+v", box)
			}
		})
	}
}

// The very first request of a process is a write to a repository that was renamed
// meanwhile: it is sent again as what it was, once.
func TestSimFirstWriteAfterARename(t *testing.T) {
	t.Parallel()
	for name, w := range map[string]connectors.Write{
		"POST": {AddLabel: "urgent"}, "DELETE": {RemoveLabel: "old"}, "PATCH": {Title: "New"},
	} {
		b := setup(t, githubsim.Options{})
		b.issues(1, githubsim.NewIssue{Labels: []string{"old"}})
		w.Issue = b.ref(1)
		b.ok(b.hub.RenameRepo(repo, "platform"))
		b.hub.Log().Reset()
		_, err := b.clientOf("t-bot", "parley-bot").Send(context.Background(), w)
		b.ok(err)
		var writes []int
		for _, r := range b.hub.Log().Mutations() {
			if r.Method != name {
				t.Errorf("%s became %s", name, r.Method)
			}
			writes = append(writes, r.Status)
		}
		if len(writes) != 2 || writes[0] != http.StatusTemporaryRedirect || writes[1] != http.StatusOK {
			t.Errorf("%s: writes were answered %v", name, writes)
		}
		i, err := b.hub.Issue("acme/platform", 1)
		b.ok(err)
		if want := map[string]string{"POST": "issue 0 [old urgent]", "DELETE": "issue 0 []", "PATCH": "New [old]"}[name]; fmt.Sprint(i.Title, " ", i.Labels) != want {
			t.Errorf("%s: %s %q, want %s", name, i.Title, i.Labels, want)
		}
	}
}

// An issue that was transferred, by chance to the same number, is not written to
// because of a redirect.
func TestSimTransferIsNoRename(t *testing.T) {
	t.Parallel()
	for name, known := range map[string]bool{"first of all": false, "after a check": true} {
		b := setup(t, githubsim.Options{})
		b.ok(b.hub.AddRepo(githubsim.Repo{Owner: "acme", Name: "other"}))
		b.issues(1, githubsim.NewIssue{})
		was := b.ref(1)
		c := b.clientOf("t-bot", "parley-bot")
		if known {
			_, err := c.Check(context.Background())
			b.ok(err)
		}
		moved, err := b.hub.Transfer("ana", repo, 1, "acme/other")
		b.ok(err)
		if moved.Number != 1 {
			t.Fatalf("it got the number %d", moved.Number)
		}
		b.hub.Log().Reset()
		_, err = c.Send(context.Background(), connectors.Write{Issue: was, Title: "New"})
		if connectors.KindOf(err) != connectors.Moved {
			t.Errorf("%s: %v, want kind moved", name, err)
		}
		if asked := b.asked(); known && len(asked) != 1 {
			t.Errorf("%s: asked %q", name, asked)
		}
		if i, err := b.hub.Issue("acme/other", 1); err != nil || i.Title != "issue 0" {
			t.Errorf("%s: %+v, %v", name, i, err)
		}
	}
}

// What is not known yet because a look-up failed is no reason to give up a write: it was
// not sent.
func TestSimRenameThatCannotBeLookedUpNow(t *testing.T) {
	t.Parallel()
	b := setup(t, githubsim.Options{})
	b.issues(1, githubsim.NewIssue{})
	w := connectors.Write{Issue: b.ref(1), Title: "New"}
	b.ok(b.hub.RenameRepo(repo, "platform"))
	b.hub.SetFaults(onlyGET(githubsim.Outage(502)))
	c := b.clientOf("t-bot", "parley-bot")
	_, err := c.Send(context.Background(), w)
	if connectors.KindOf(err) != connectors.Transient {
		t.Errorf("%v, want kind transient", err)
	}
	b.hub.SetFaults(nil)
	_, err = c.Send(context.Background(), w)
	b.ok(err)
}

// Both names in the configuration would bring each issue twice: the old one stands still
// and says why.
func TestSimBothNamesAreListed(t *testing.T) {
	t.Parallel()
	b := setup(t, githubsim.Options{})
	b.issues(1, githubsim.NewIssue{})
	b.ok(b.hub.RenameRepo(repo, "platform"))
	c, err := github.New(github.Config{Name: "gh", URL: b.url, Token: "t-bot", Repos: []string{repo, "acme/platform"},
		HTTP: transport.New(transport.Options{Retries: -1}), Now: b.clock.Now})
	b.ok(err)
	_, err = c.Changes(context.Background(), connectors.Cursor{Source: repo})
	if connectors.KindOf(err) != connectors.Moved {
		t.Errorf("%v, want kind moved", err)
	}
	got, _ := b.poll(c, connectors.Cursor{Source: "acme/platform"})
	if len(got) != 1 || got[0].Key != "acme/platform#1" {
		t.Errorf("%+v", got)
	}
	d, err := c.Check(context.Background())
	b.ok(err)
	if old := d.Containers[0]; old.Readable || !strings.Contains(old.Problem, "acme/platform now") || !d.Containers[1].Readable {
		t.Errorf("%+v", d.Containers)
	}
}

// The configuration was changed to the new name; what is stored still has the old one.
func TestSimStoredUnderTheOldName(t *testing.T) {
	t.Parallel()
	b := setup(t, githubsim.Options{})
	b.issues(1, githubsim.NewIssue{})
	was := b.ref(1)
	b.ok(b.hub.RenameRepo(repo, "platform"))
	c, err := github.New(github.Config{Name: "gh", URL: b.url, Token: "t-bot", Repos: []string{"acme/platform"},
		HTTP: transport.New(transport.Options{Retries: -1}), Now: b.clock.Now})
	b.ok(err)
	o, err := c.Read(context.Background(), was)
	if err != nil || o.Issue.Key != "acme/platform#1" || o.Issue.Container != "acme/platform" || o.Issue.ID != was.ID {
		t.Errorf("%+v, %v", o.Issue.Ref, err)
	}
}
