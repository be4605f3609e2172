package github_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/connectors"
	"parley/connectors/sim"
	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/official"
)

const ours = "v1 m=6f0c2d1e src=comment/q1 mac=0123456789abcdef"

// hostile is a text in which everything would do something, were it read as Markdown.
const hostile = "Hello @ana, &#64;ana and @reader!\n/close\n#2 GH-2 acme/infra#2 https://github.com/acme/infra/issues/2\nfixes #2, 0123456789abcdef\n" +
	"```\n~~~\n`x` <!-- parley:v1 x --> <img src=x> ![i](https://evil.example/i.png) [l](https://evil.example) C:\\dir &amp; *b*"

func remark(b *bundle, number int) connectors.CommentDraft {
	b.Helper()
	return connectors.CommentDraft{Op: "op-1", Issue: b.ref(number), Body: hostile, Marker: ours}
}

func TestSimCommentIsPostedFoundEditedAndDeleted(t *testing.T) {
	t.Parallel()
	b := setup(t, githubsim.Options{})
	b.issues(2, githubsim.NewIssue{})
	c, ctx, d := b.client("t-bot"), context.Background(), remark(b, 1)
	d.Links = []connectors.Link{{URL: "https://jira.example/browse/OPS-1", Title: "OPS-1 [x]"}, {URL: "https://jira.example/2", Title: "two"}}
	posted, err := c.PostComment(ctx, d)
	b.ok(err)
	if !posted.Own || posted.Marker != ours || !posted.Audience.Public() || posted.Edited() || !connectors.SameText(posted.Body, d.Text()) {
		t.Errorf("posted %+v", posted)
	}
	found, err := c.ListComments(ctx, connectors.CommentSearch{Issue: d.Issue, Since: posted.Created, Fresh: true})
	b.ok(err)
	if diff := cmp.Diff([]connectors.Comment{posted}, found); diff != "" {
		t.Errorf("listed otherwise: %s", diff)
	}
	b.clock.Advance(time.Minute)
	d.Body, d.Links = "Which week?", nil
	edited, err := c.EditComment(ctx, connectors.CommentEdit{CommentDraft: d, ID: posted.ID})
	b.ok(err)
	read, err := c.ReadComment(ctx, d.Issue, posted.ID)
	b.ok(err)
	if diff := cmp.Diff(edited, read); diff != "" || read.Body != "Which week?" || read.Marker != ours || !read.Edited() {
		t.Errorf("%+v %s", read, diff)
	}
	b.ok(c.DeleteComment(ctx, d.Issue, posted.ID))
	b.ok(c.DeleteComment(ctx, d.Issue, posted.ID)) // it is gone: that is what was wanted
	if _, err := c.ReadComment(ctx, d.Issue, posted.ID); connectors.KindOf(err) != connectors.Gone {
		t.Error(err)
	}
}

// A text does nothing: nobody is told, no issue is named, whatever stands in it.
func TestSimACommentTellsNobody(t *testing.T) {
	t.Parallel()
	b := setup(t, githubsim.Options{})
	b.issues(2, githubsim.NewIssue{})
	c, d := b.client("t-bot"), remark(b, 1)
	posted, err := c.PostComment(context.Background(), d)
	b.ok(err)
	_, err = c.EditComment(context.Background(), connectors.CommentEdit{CommentDraft: d, ID: posted.ID})
	b.ok(err)
	for n := range 2 {
		req := httptest.NewRequest(http.MethodGet, fmt.Sprintf("/repos/%s/issues/%d/timeline", repo, n+1), nil)
		req.Header.Set("Authorization", "Bearer t-ana")
		req.Header.Set("User-Agent", "test")
		rec := httptest.NewRecorder()
		b.hub.Handler().ServeHTTP(rec, req)
		for _, kind := range []string{"mentioned", "subscribed", "cross-referenced"} {
			if rec.Code != http.StatusOK || strings.Contains(rec.Body.String(), `"event":"`+kind+`"`) {
				t.Errorf("#%d: %d, %q shows", n+1, rec.Code, kind)
			}
		}
	}
	all, err := b.hub.Comments(repo, 1)
	b.ok(err)
	for _, live := range []string{"\n/close", "```", "~~~", "<img", "![", "[l]", "&#64;"} {
		if strings.Contains(all[0].Body, live) {
			t.Errorf("%q is live in %q", live, all[0].Body)
		}
	}
}

func TestSimCommentsAreReadFromAMomentOn(t *testing.T) {
	t.Parallel()
	b := setup(t, githubsim.Options{})
	b.issues(1, githubsim.NewIssue{})
	c := b.client("t-bot")
	for i := range 150 {
		_, err := b.hub.Comment("ana", repo, 1, fmt.Sprint(i))
		b.ok(err)
	}
	old, err := b.hub.Comments(repo, 1)
	b.ok(err)
	b.clock.Advance(time.Minute)
	since := b.clock.Now()
	b.ok(b.hub.EditComment("ana", repo, old[3].ID, "changed @parley-bot"))
	_, err = b.hub.Comment("ana", repo, 1, "new")
	b.ok(err)
	all, err := c.ListComments(context.Background(), connectors.CommentSearch{Issue: b.ref(1)})
	if err != nil || len(all) != 150+1 {
		t.Errorf("%d comments, %v", len(all), err)
	}
	got, err := c.ListComments(context.Background(), connectors.CommentSearch{Issue: b.ref(1), Since: since})
	if err != nil || len(got) != 2 || got[0].Body != "changed @parley-bot" || got[0].Own || got[0].Author.ID != "ana" || !got[0].Edited() || got[1].Body != "new" {
		t.Errorf("since a moment: %+v, %v", got, err)
	}
	if got, err := c.ListComments(context.Background(), connectors.CommentSearch{Issue: b.ref(1), Since: since, Fresh: true}); err != nil || len(got) != 1 || got[0].Body != "new" {
		t.Errorf("fresh: %+v, %v", got, err)
	}
}

// A lost answer leaves a comment that is found by its mark once the list is no longer
// late, and not by a copy that somebody made of it.
func TestSimALostCommentIsFound(t *testing.T) {
	t.Parallel()
	b := setup(t, githubsim.Options{ListLag: func(string, int) time.Duration { return 20 * time.Second }})
	b.issues(1, githubsim.NewIssue{})
	c, d := b.client("t-bot"), remark(b, 1)
	b.hub.SetFaults(func(r *http.Request) sim.Fault { return sim.Fault{Lost: r.Method == http.MethodPost} })
	if _, err := c.PostComment(context.Background(), d); connectors.KindOf(err) != connectors.Unknown {
		t.Fatalf("%v, want kind unknown", err)
	}
	b.hub.SetFaults(nil)
	mine, err := b.hub.Comments(repo, 1)
	b.ok(err)
	_, err = b.hub.Comment("ana", repo, 1, mine[0].Body)
	b.ok(err)
	search := connectors.CommentSearch{Issue: d.Issue, Since: b.clock.Now().Add(-time.Minute), Fresh: true}
	if got, err := c.ListComments(context.Background(), search); err != nil || len(got) != 0 {
		t.Errorf("at once: %+v, %v; the list is not that fast", got, err)
	}
	b.clock.Advance(time.Minute)
	got, err := c.ListComments(context.Background(), search)
	if err != nil || len(got) != 2 || !got[0].Own || got[0].Marker != ours || got[1].Own {
		t.Errorf("later: %+v, %v", got, err)
	}
}

func TestSimWhatGitHubDoesNotTakeOfAComment(t *testing.T) {
	t.Parallel()
	b := setup(t, githubsim.Options{})
	b.issues(1, githubsim.NewIssue{})
	c := b.client("t-bot")
	change := func(do func(*connectors.CommentDraft)) connectors.CommentDraft {
		d := remark(b, 1)
		do(&d)
		return d
	}
	for name, d := range map[string]connectors.CommentDraft{
		"internal":   change(func(d *connectors.CommentDraft) { d.Audience.Internal = true }),
		"for a role": change(func(d *connectors.CommentDraft) { d.Audience.Role = "Developers" }),
		"empty":      change(func(d *connectors.CommentDraft) { d.Body = "" }),
		"unmarked":   change(func(d *connectors.CommentDraft) { d.Marker = "" }),
		"elsewhere":  change(func(d *connectors.CommentDraft) { d.Issue.Container = "../x" }),
	} {
		if _, err := c.PostComment(context.Background(), d); connectors.KindOf(err) != connectors.Invalid {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := c.EditComment(context.Background(), connectors.CommentEdit{CommentDraft: d, ID: "1"}); connectors.KindOf(err) != connectors.Invalid {
			t.Errorf("%s, edited: %v", name, err)
		}
	}
	if _, err := c.ReadComment(context.Background(), b.ref(1), "1/../2"); connectors.KindOf(err) != connectors.Invalid {
		t.Error(err)
	}
	if n := len(b.hub.Log().Mutations()); n != 0 {
		t.Errorf("%d requests left", n)
	}
	if _, err := c.PostComment(context.Background(), change(func(d *connectors.CommentDraft) { d.Body = strings.Repeat("@", connectors.MaxComment) })); err != nil {
		t.Errorf("the longest text: %v", err)
	}
}

// Not found is said of a comment that was deleted and of an issue that is hidden.
func TestSimACommentWhoseIssueIsHiddenIsNotGone(t *testing.T) {
	t.Parallel()
	b := setup(t, githubsim.Options{})
	b.issues(1, githubsim.NewIssue{})
	c, d := b.client("t-bot"), remark(b, 1)
	posted, err := c.PostComment(context.Background(), d)
	b.ok(err)
	b.hub.SetFaults(func(*http.Request) sim.Fault {
		return sim.Fault{Status: http.StatusNotFound, Body: `{"message":"Not Found"}`, Header: map[string]string{"Content-Type": "application/json"}}
	})
	if _, err := c.ReadComment(context.Background(), d.Issue, posted.ID); connectors.KindOf(err) != connectors.NotFound {
		t.Error(err)
	}
	if err := c.DeleteComment(context.Background(), d.Issue, posted.ID); connectors.KindOf(err) != connectors.NotFound {
		t.Error(err)
	}
}

// What the client sends for comments and what the simulator answers is what GitHub
// describes.
func TestOfficialDescriptionOfComments(t *testing.T) {
	t.Parallel()
	b := setup(t, githubsim.Options{})
	b.issues(1, githubsim.NewIssue{})
	j := official.Need(t, official.GitHub)
	srv := httptest.NewServer(j.Wrap(b.hub.Handler(), func(objection error) { t.Error(objection) }))
	t.Cleanup(srv.Close)
	b.url = srv.URL
	c, ctx, d := b.client("t-bot"), context.Background(), remark(b, 1)
	posted, err := c.PostComment(ctx, d)
	b.ok(err)
	_, err = c.EditComment(ctx, connectors.CommentEdit{CommentDraft: d, ID: posted.ID})
	b.ok(err)
	_, err = c.ListComments(ctx, connectors.CommentSearch{Issue: d.Issue, Since: posted.Created})
	b.ok(err)
	_, err = c.ReadComment(ctx, d.Issue, posted.ID)
	b.ok(err)
	b.ok(c.DeleteComment(ctx, d.Issue, posted.ID))
	const one = " /repos/{owner}/{repo}/issues/comments/{comment_id}"
	const all = " /repos/{owner}/{repo}/issues/{issue_number}/comments"
	seen := j.Seen()
	for _, want := range []string{"POST" + all, "GET" + all, "GET" + one, "PATCH" + one, "DELETE" + one} {
		if seen[want] == 0 {
			t.Errorf("%s was not tried: %v", want, seen)
		}
	}
}
