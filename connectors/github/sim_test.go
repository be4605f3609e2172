package github_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/connectors"
	"parley/connectors/github"
	"parley/connectors/sim"
	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/official"
	"parley/connectors/transport"
)

// bundle is a simulated GitHub with one repository and the client on it.
type bundle struct {
	*testing.T
	clock *sim.Manual
	hub   *githubsim.Hub
	url   string
}

const repo = "acme/infra"

func setup(t *testing.T, o githubsim.Options) *bundle {
	t.Helper()
	b := &bundle{T: t, clock: sim.NewManual(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))}
	o.Clock = b.clock
	b.hub = githubsim.New(o)
	b.ok(b.hub.AddUser(githubsim.User{Login: "parley-bot", Token: "t-bot", Push: true}))
	b.ok(b.hub.AddUser(githubsim.User{Login: "ana", Token: "t-ana", Push: true}))
	b.ok(b.hub.AddUser(githubsim.User{Login: "reader", Token: "t-reader"}))
	b.ok(b.hub.AddRepo(githubsim.Repo{Owner: "acme", Name: "infra"}))
	kind := official.GitHub
	if o.Enterprise != nil {
		kind = official.GitHubEnterprise
	}
	srv := httptest.NewServer(official.Hear(t, kind, b.hub.Handler()))
	t.Cleanup(srv.Close)
	b.url = srv.URL
	return b
}

func (b *bundle) ok(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

func (b *bundle) client(token string) *github.Client { b.Helper(); return b.clientOf(token, "") }

// clientOf does not have to ask whose token it is.
func (b *bundle) clientOf(token, login string) *github.Client {
	b.Helper()
	c, err := github.New(github.Config{Name: "gh", URL: b.url, Token: token, Login: login, Repos: []string{repo},
		HTTP: transport.New(transport.Options{Retries: -1}), Now: b.clock.Now})
	b.ok(err)
	return c
}

func (b *bundle) issues(n int, in githubsim.NewIssue) {
	b.Helper()
	for i := range n {
		in.Title = fmt.Sprintf("issue %d", i)
		_, err := b.hub.CreateIssue("ana", repo, in)
		b.ok(err)
	}
}

// poll reads from the cursor to the end of what changed.
func (b *bundle) poll(c *github.Client, cur connectors.Cursor) ([]connectors.Issue, connectors.Page) {
	b.Helper()
	return b.pollUpTo(c, cur, 200)
}

// pollUpTo is poll for a read of more pages.
func (b *bundle) pollUpTo(c *github.Client, cur connectors.Cursor, pages int) ([]connectors.Issue, connectors.Page) {
	b.Helper()
	var got []connectors.Issue
	for range pages {
		page, err := c.Changes(context.Background(), cur)
		b.ok(err)
		for _, o := range page.Observations {
			got = append(got, o.Issue)
		}
		if cur = page.Next; !page.More {
			return got, page
		}
	}
	b.Fatal("the read does not end")
	return nil, connectors.Page{}
}

func (b *bundle) ref(number int) connectors.Ref {
	b.Helper()
	i, err := b.hub.Issue(repo, number)
	b.ok(err)
	return connectors.Ref{Tracker: "gh", ID: fmt.Sprint(i.ID), Key: fmt.Sprintf("%s#%d", repo, number), Container: repo, Number: number}
}

func numbers(issues []connectors.Issue) []int {
	var out []int
	for _, i := range issues {
		out = append(out, i.Number)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Everything is created within one second, so pages have to be walked.
func TestImportThenIncrementalThenIdle(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]githubsim.Options{"paged": {}, "late lists": {ListLag: func(string, int) time.Duration { return 20 * time.Second }}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t, o)
			b.issues(130, githubsim.NewIssue{})
			b.issues(60, githubsim.NewIssue{PullRequest: true})
			b.clock.Advance(time.Hour)
			b.issues(50, githubsim.NewIssue{Labels: []string{"bug"}})
			b.clock.Advance(time.Hour)
			c := b.client("t-bot")
			got, page := b.poll(c, connectors.Cursor{Source: repo})
			if n := len(numbers(got)); n != 180 {
				t.Fatalf("imported %d issues, want 180", n)
			}

			b.clock.Advance(30 * time.Second)
			b.ok(b.hub.SetState("ana", repo, 7, "closed", "not_planned"))
			b.ok(b.hub.Edit("ana", repo, 140, githubsim.Edit{Labels: []string{"noise on a pull request"}}))
			b.clock.Advance(30 * time.Second)
			got, page = b.poll(c, page.Next)
			at := slices.IndexFunc(got, func(i connectors.Issue) bool { return i.Number == 7 })
			if at < 0 || got[at].State != "closed" || got[at].Reason != "not_planned" || slices.Contains(numbers(got), 140) {
				t.Fatalf("saw %v", numbers(got))
			}

			// Once the change is older than the overlap, idling is free.
			b.clock.Advance(10 * time.Minute)
			_, page = b.poll(c, page.Next)
			for range 3 {
				b.clock.Advance(30 * time.Second)
				b.hub.Log().Reset()
				got, page = b.poll(c, page.Next)
				asked := b.hub.Log().Requests()
				if !page.Unchanged || len(got) != 0 || len(asked) != 1 || asked[0].Status != http.StatusNotModified {
					t.Fatalf("idle poll: %d issues, requests %+v", len(got), asked)
				}
			}
			if want := b.clock.Now().Add(-time.Second - github.DefaultOverlap); !page.Next.Watermark.Equal(want) {
				t.Errorf("watermark %s, want %s", page.Next.Watermark, want)
			}
		})
	}
}

func TestWritesAndWhatHistorySaysOfThem(t *testing.T) {
	t.Parallel()
	b := setup(t, githubsim.Options{})
	b.issues(1, githubsim.NewIssue{Labels: []string{"bug"}})
	b.issues(1, githubsim.NewIssue{PullRequest: true, Labels: []string{"bug"}})
	c, ctx := b.client("t-bot"), context.Background()
	send := func(w connectors.Write) connectors.Receipt {
		t.Helper()
		b.clock.Advance(time.Second)
		w.Issue = b.ref(1)
		r, err := c.Send(ctx, w)
		b.ok(err)
		return r
	}
	if r := send(connectors.Write{AddLabel: "status: a/b 100%"}); !slices.Contains(r.Labels, "status: a/b 100%") || !slices.Contains(r.Labels, "bug") {
		t.Errorf("labels %q", r.Labels)
	}
	if r := send(connectors.Write{RemoveLabel: "status: a/b 100%"}); len(r.Labels) != 1 {
		t.Errorf("labels %q", r.Labels)
	}
	if r := send(connectors.Write{RemoveLabel: "status: a/b 100%"}); r.Labels != nil {
		t.Errorf("labels %q of a label that was not there", r.Labels)
	}
	if r := send(connectors.Write{State: "closed", Reason: "not_planned"}); r.Issue.State != "closed" || r.Issue.Reason != "not_planned" || r.Issue.Closed.IsZero() {
		t.Errorf("%+v", r.Issue)
	}
	if r := send(connectors.Write{State: "open"}); r.Issue.State != "open" || !r.Issue.Closed.IsZero() {
		t.Errorf("%+v", r.Issue)
	}
	b.ok(b.hub.SetState("ana", repo, 1, "closed", "completed"))

	entries, more, err := c.History(ctx, b.ref(1), -1)
	b.ok(err)
	var got []string
	for _, e := range entries {
		got = append(got, fmt.Sprintf("%v %s %s>%s", e.Own, e.Changes[0].Field, e.Changes[0].From, e.Changes[0].To))
	}
	want := []string{"false label >bug", "true label >status: a/b 100%", "true label status: a/b 100%>", "true state open>closed:not_planned",
		"true state closed>open", "false state open>closed:completed"}
	if diff := cmp.Diff(want, got); diff != "" || more {
		t.Error(diff, more)
	}
	feed, err := c.Feed(ctx, repo, "")
	b.ok(err)
	slices.Reverse(feed.Entries)
	if diff := cmp.Diff(entries, feed.Entries); diff != "" {
		t.Errorf("the feed tells another history: %s", diff)
	}
	tail, _, err := c.History(ctx, b.ref(1), entries[3].Seq)
	b.ok(err)
	if diff := cmp.Diff(entries[4:], tail); diff != "" {
		t.Error(diff)
	}
}

func TestCheckOnTheSimulator(t *testing.T) {
	t.Parallel()
	b := setup(t, githubsim.Options{})
	d, err := b.client("t-bot").Check(context.Background())
	b.ok(err)
	if box := d.Containers[0]; d.Me.ID != "parley-bot" || !box.Readable || !box.Writable || box.Problem != "" || !slices.Contains(d.Labels[repo], "bug") {
		t.Errorf("%+v", d)
	}
	d, err = b.client("t-reader").Check(context.Background())
	b.ok(err)
	if box := d.Containers[0]; !box.Readable || box.Writable || box.Problem == "" {
		t.Errorf("%+v", box)
	}
	b.ok(b.hub.RenameRepo(repo, "platform"))
	d, err = b.client("t-bot").Check(context.Background())
	b.ok(err)
	if box := d.Containers[0]; !box.Readable || !box.Writable || box.Called != "acme/platform" {
		t.Errorf("%+v", box)
	}
}

func TestRefusalsOfTheSimulator(t *testing.T) {
	t.Parallel()
	read := func(c *github.Client, r connectors.Ref) error { _, err := c.Read(context.Background(), r); return err }
	add := func(c *github.Client, r connectors.Ref) error {
		_, err := c.Send(context.Background(), connectors.Write{Issue: r, AddLabel: "bug"})
		return err
	}
	for name, tc := range map[string]struct {
		options githubsim.Options
		token   string
		change  func(*bundle)
		call    func(*github.Client, connectors.Ref) error
		want    connectors.ErrorKind
		wait    time.Duration
		bare    bool // no moment is named
	}{
		"wrong token": {token: "t-none", call: read, want: connectors.Auth},
		"transferred, add": {token: "t-bot", call: add, want: connectors.Moved, change: func(b *bundle) {
			b.ok(b.hub.AddRepo(githubsim.Repo{Owner: "acme", Name: "other"}))
			_, err := b.hub.Transfer("ana", repo, 1, "acme/other")
			b.ok(err)
		}},
		"deleted": {token: "t-bot", call: read, want: connectors.Gone, change: func(b *bundle) {
			b.ok(b.hub.SetPermission(repo, "ana", githubsim.Admin))
			b.ok(b.hub.DeleteIssue("ana", repo, 1))
		}},
		"reader":       {token: "t-reader", call: add, want: connectors.Forbidden},
		"quiet reader": {token: "t-reader", call: add, want: connectors.Forbidden, options: githubsim.Options{QuietLabels: true}},
		"primary 403":  {token: "t-bot", call: add, want: connectors.RateLimit, wait: 10 * time.Minute, change: fault(githubsim.PrimaryLimit(403, time.Date(2026, 3, 1, 12, 10, 0, 0, time.UTC)))},
		"primary 429":  {token: "t-bot", call: read, want: connectors.RateLimit, wait: 10 * time.Minute, change: fault(githubsim.PrimaryLimit(429, time.Date(2026, 3, 1, 12, 10, 0, 0, time.UTC)))},
		"secondary":    {token: "t-bot", call: read, want: connectors.RateLimit, wait: 30 * time.Second, change: fault(githubsim.SecondaryLimit(429, 30*time.Second))},
		"secondary, no Retry-After": {token: "t-bot", call: add, want: connectors.RateLimit, bare: true,
			change: fault(githubsim.SecondaryLimit(403, 0))},
		"outage":      {token: "t-bot", call: read, want: connectors.Transient, change: fault(githubsim.Outage(502))},
		"outage, add": {token: "t-bot", call: add, want: connectors.Unknown, change: fault(githubsim.Outage(502))},
		"lost answer": {token: "t-bot", call: add, want: connectors.Unknown, change: fault(sim.Fault{Name: "lost", Lost: true})},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t, tc.options)
			b.issues(1, githubsim.NewIssue{})
			ref := b.ref(1)
			if tc.change != nil {
				tc.change(b)
			}
			err := tc.call(b.clientOf(tc.token, "somebody"), ref)
			var e *connectors.Error
			if !errors.As(err, &e) || e.Kind != tc.want || e.Message == "" {
				t.Fatalf("%v, want kind %s", err, tc.want)
			}
			if wait := e.RetryAt.Sub(b.clock.Now()); tc.wait != 0 && (wait < tc.wait || wait > tc.wait+time.Second) || tc.bare && !e.RetryAt.IsZero() {
				t.Errorf("retry after %s, want %s", wait, tc.wait)
			}
			if tc.want == connectors.Moved && e.Location == "" {
				t.Error("a move without the new address")
			}
		})
	}
}

// fault makes every request go wrong. Its answer gets the held clock's date: the
// server's own would be the machine's.
func fault(f sim.Fault) func(*bundle) {
	return func(b *bundle) {
		if f.Header != nil {
			f.Header["Date"] = b.clock.Now().Format(http.TimeFormat)
		}
		b.hub.SetFaults(func(*http.Request) sim.Fault { return f })
	}
}

func TestCountIsTheHighestNumber(t *testing.T) {
	t.Parallel()
	clock := sim.NewManual(time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC))
	hub := githubsim.New(githubsim.Options{Clock: clock})
	if err := errors.Join(
		hub.AddUser(githubsim.User{Login: "bot", Token: "t"}),
		hub.AddRepo(githubsim.Repo{Owner: "acme", Name: "infra"}),
	); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if _, err := hub.CreateIssue("bot", "acme/infra", githubsim.NewIssue{Title: "x"}); err != nil {
			t.Fatal(err)
		}
	}
	server := httptest.NewServer(official.Hear(t, official.GitHub, hub.Handler()))
	defer server.Close()
	c, err := github.New(github.Config{Name: "github", URL: server.URL, Token: "t", Repos: []string{"acme/infra"}})
	if err != nil {
		t.Fatal(err)
	}
	if n, err := c.Count(t.Context(), "acme/infra"); n != 3 || err != nil {
		t.Errorf("counted %d, %v; want 3", n, err)
	}
}

// onlyGET makes every read go wrong.
func onlyGET(f sim.Fault) sim.Faults {
	return func(r *http.Request) sim.Fault {
		if r.Method == http.MethodGet {
			return f
		}
		return sim.Fault{}
	}
}
