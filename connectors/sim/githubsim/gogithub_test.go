package githubsim_test

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-github/v60/github"

	"parley/connectors/sim/githubsim"
)

// client is go-github on the simulator, as on GitHub Enterprise Server.
func (w *world) client(token string) *github.Client {
	w.t.Helper()
	c, err := github.NewClient(nil).WithAuthToken(token).WithEnterpriseURLs(w.url, w.url)
	w.must(err)
	return c
}

func TestGoGitHubReads(t *testing.T) {
	t.Parallel()
	w := newWorld(t, githubsim.Options{})
	for range 7 {
		w.issue("A", "bug")
	}
	c, ctx := w.client("t-ana"), context.Background()
	var seen []int
	opts := &github.IssueListByRepoOptions{State: "all", ListOptions: github.ListOptions{PerPage: 3}}
	for {
		issues, resp, err := c.Issues.ListByRepo(ctx, "acme", "payments", opts)
		w.must(err)
		for _, is := range issues {
			seen = append(seen, is.GetNumber())
		}
		if resp.NextPage == 0 {
			break
		}
		opts.Page = resp.NextPage
	}
	if diff := cmp.Diff([]int{7, 6, 5, 4, 3, 2, 1}, seen); diff != "" {
		t.Error(diff)
	}
	events, _, err := c.Issues.ListIssueEvents(ctx, "acme", "payments", 2, nil)
	w.must(err)
	if len(events) != 1 || events[0].GetEvent() != "labeled" || events[0].GetLabel().GetName() != "bug" || events[0].GetActor().GetLogin() != "ana" {
		t.Errorf("events %v", events)
	}
	feed, _, err := c.Issues.ListRepositoryEvents(ctx, "acme", "payments", &github.ListOptions{PerPage: 2})
	w.must(err)
	if len(feed) != 2 || feed[0].GetIssue().GetNumber() != 7 || feed[0].GetID() < feed[1].GetID() {
		t.Errorf("feed %v", feed)
	}
	user, _, err := c.Users.Get(ctx, "")
	w.must(err)
	repo, _, err := c.Repositories.Get(ctx, "acme", "payments")
	w.must(err)
	if user.GetLogin() != "ana" || !repo.GetPermissions()["push"] || repo.GetOpenIssuesCount() != 7 {
		t.Errorf("user %v, repository %v", user.GetLogin(), repo)
	}
}

func TestGoGitHubWrites(t *testing.T) {
	t.Parallel()
	w := newWorld(t, githubsim.Options{})
	w.issue("A", "bug")
	c, ctx := w.client("t-app"), context.Background()
	is, _, err := c.Issues.Edit(ctx, "acme", "payments", 1, &github.IssueRequest{State: new("closed"), StateReason: new("duplicate")})
	w.must(err)
	if is.GetState() != "closed" || is.GetStateReason() != "duplicate" || is.GetClosedBy().GetLogin() != "parley[bot]" {
		t.Errorf("edited %v", is)
	}
	labels, _, err := c.Issues.AddLabelsToIssue(ctx, "acme", "payments", 1, []string{"status/doing", "50%"})
	w.must(err)
	if len(labels) != 3 || labels[1].GetName() != "status/doing" {
		t.Errorf("labels %v", labels)
	}
	for _, name := range []string{"Status/Doing", "50%"} {
		_, err = c.Issues.RemoveLabelForIssue(ctx, "acme", "payments", 1, url.PathEscape(name))
		w.must(err)
	}
	_, err = c.Issues.RemoveLabelForIssue(ctx, "acme", "payments", 1, "wontfix")
	var refused *github.ErrorResponse
	if !errors.As(err, &refused) || refused.Response.StatusCode != 404 || refused.Message != "Label does not exist" {
		t.Errorf("removing what is not there: %v", err)
	}
	if got := w.state(1).Labels; !slices.Equal(got, []string{"bug"}) {
		t.Errorf("labels %v", got)
	}
	comment, _, err := c.Issues.CreateComment(ctx, "acme", "payments", 1, &github.IssueComment{Body: new("hm")})
	w.must(err)
	if comment.GetUser().GetType() != "Bot" {
		t.Errorf("comment %v", comment)
	}
	_, _, err = c.Issues.EditLabel(ctx, "acme", "payments", "bug", &github.Label{Name: new("defect")})
	w.must(err)
	if got := w.state(1).Labels; !slices.Equal(got, []string{"defect"}) {
		t.Errorf("labels after the rename %v", got)
	}
}

// TestGoGitHubTraps documents what a client of v60 falls into on the real thing.
func TestGoGitHubTraps(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	t.Run("a raw label name removes another label", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, githubsim.Options{})
		w.issue("A", "a", "a#b", "keep")
		_, err := w.client("t-ana").Issues.RemoveLabelForIssue(ctx, "acme", "payments", 1, "a#b")
		w.must(err)
		if got := w.state(1).Labels; !slices.Equal(got, []string{"a#b", "keep"}) {
			t.Errorf("labels %v", got)
		}
	})
	t.Run("a dot removes all labels", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, githubsim.Options{})
		w.issue("A", "a", "keep")
		_, err := w.client("t-ana").Issues.RemoveLabelForIssue(ctx, "acme", "payments", 1, ".")
		w.must(err)
		if got := w.state(1).Labels; len(got) != 0 {
			t.Errorf("labels %v", got)
		}
	})
	t.Run("bare cursors end the usual loop after one page", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, githubsim.Options{Links: githubsim.BareCursorLinks})
		for range 3 {
			w.issue("A")
		}
		_, resp, err := w.client("t-ana").Issues.ListByRepo(ctx, "acme", "payments", &github.IssueListByRepoOptions{ListOptions: github.ListOptions{PerPage: 2}})
		w.must(err)
		if resp.NextPage != 0 || resp.After == "" {
			t.Errorf("NextPage %d, After %q", resp.NextPage, resp.After)
		}
	})
	t.Run("a 429 is no rate limit error", func(t *testing.T) {
		t.Parallel()
		for status, typed := range map[int]bool{403: true, 429: false} {
			w := newWorld(t, githubsim.Options{Limits: githubsim.Limits{Points: 1, Status: status}})
			w.get("/meta")
			_, _, err := w.client("t-ana").Repositories.Get(ctx, "acme", "payments")
			var abuse *github.AbuseRateLimitError
			if err == nil || errors.As(err, &abuse) != typed {
				t.Errorf("%d: %T %v", status, err, err)
			}
		}
	})
}
