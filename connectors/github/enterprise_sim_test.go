package github_test

import (
	"context"
	"errors"
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

// server is an Enterprise Server of old with one repository.
func server(t *testing.T, o githubsim.Enterprise) *bundle {
	t.Helper()
	b := setup(t, githubsim.Options{Enterprise: &o, HTMLURL: "https://ghes.example"})
	b.url += "/api/v3"
	return b
}

func TestSimEnterpriseServer(t *testing.T) {
	t.Parallel()
	b := server(t, githubsim.Enterprise{Version: "3.4.1", NoReasons: true})
	b.issues(230, githubsim.NewIssue{}) // links lead to pages below /api/v3
	b.clock.Advance(time.Hour)
	c, ctx := b.client("t-bot"), context.Background()
	d, err := c.Check(ctx)
	b.ok(err)
	if d.Product != "GitHub Enterprise 3.4.1" || !d.Containers[0].Writable {
		t.Errorf("%+v", d)
	}
	got, page := b.poll(c, connectors.Cursor{Source: repo})
	if n := len(numbers(got)); n != 230 || got[0].URL != "https://ghes.example/acme/infra/issues/1" || got[0].Reason != "" {
		t.Errorf("%d issues, the first %+v", n, got[0])
	}
	b.ok(b.hub.SetState("ana", repo, 3, "closed", "not_planned"))
	got, page = b.poll(c, page.Next)
	at := slices.IndexFunc(got, func(i connectors.Issue) bool { return i.Number == 3 })
	if at < 0 || got[at].State != "closed" || got[at].Reason != "" {
		t.Errorf("%+v", got)
	}
	b.clock.Advance(10 * time.Minute)
	_, page = b.poll(c, page.Next)
	if _, page = b.poll(c, page.Next); !page.Unchanged {
		t.Error("an idle poll is not answered by 304")
	}
	for _, w := range []connectors.Write{{AddLabel: "x"}, {State: "closed"}, {State: "open"}, {State: "closed", Reason: "completed"}} {
		w.Issue = b.ref(1)
		_, err := c.Send(ctx, w)
		b.ok(err)
	}
	entries, _, err := c.History(ctx, b.ref(1), 0)
	b.ok(err)
	if last := entries[len(entries)-1].Changes[0]; last.To != "closed:completed" {
		t.Errorf("%+v", last)
	}
	b.ok(b.hub.RenameRepo(repo, "platform"))
	if _, page = b.poll(c, page.Next); page.More {
		t.Errorf("after a rename: %+v", page)
	}
}

// A server without reasons would close the issue for another one than asked for: it is
// not asked.
func TestSimNoReasonsNoWrite(t *testing.T) {
	t.Parallel()
	for _, reason := range []string{"not_planned", "duplicate"} {
		for _, reasonless := range []bool{true, false} {
			b := server(t, githubsim.Enterprise{NoReasons: reasonless})
			b.issues(1, githubsim.NewIssue{})
			c := b.client("t-bot")
			_, err := c.Read(context.Background(), b.ref(1))
			b.ok(err)
			_, err = c.Send(context.Background(), connectors.Write{Issue: b.ref(1), State: "closed", Reason: reason})
			i, _ := b.hub.Issue(repo, 1)
			var e *connectors.Error
			if refused := errors.As(err, &e) && e.Kind == connectors.Invalid && e.Field == "state_reason" && e.Hint != ""; refused != reasonless || (i.State == "open") != reasonless {
				t.Errorf("without reasons %v, %s: %v, the issue is %s %s", reasonless, reason, err, i.State, i.StateReason)
			}
		}
	}
}

// The address of the server itself is not its REST root: what answers there is a page to
// sign in on, and no repository that was renamed.
func TestSimEnterpriseServerWithoutItsRoot(t *testing.T) {
	t.Parallel()
	b := server(t, githubsim.Enterprise{})
	c, err := github.New(github.Config{Name: "gh", URL: strings.TrimSuffix(b.url, "/api/v3"), Token: "t-bot", Repos: []string{repo},
		HTTP: transport.New(transport.Options{Retries: -1}), Now: b.clock.Now})
	b.ok(err)
	_, err = c.Check(context.Background())
	var e *connectors.Error
	if !errors.As(err, &e) || e.Kind != connectors.Malformed || !strings.Contains(e.Hint, "/api/v3") {
		t.Errorf("%v, %+v", err, e)
	}
	if n := len(b.hub.Log().Requests()); n != 1 || b.hub.Log().Requests()[0].Status != http.StatusFound {
		t.Errorf("asked %q", b.asked())
	}
}
