package github_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"parley/connectors"
	"parley/connectors/sim"
	"parley/connectors/sim/githubsim"
)

func inJSON(status int, body string) sim.Fault {
	return sim.Fault{Status: status, Body: body, Header: map[string]string{"Content-Type": "application/json"}}
}

// A success that GitHub has not sent deletes nothing: the page of a proxy is none, and
// neither is an answer from a copy.
func TestSimADeletionTakesGitHubsOwnYes(t *testing.T) {
	t.Parallel()
	for name, wrong := range map[string]sim.Fault{
		"a sign-in page": {Status: http.StatusOK, Body: "<html>sign in</html>", Header: map[string]string{"Content-Type": "text/html"}},
		"an empty 200":   inJSON(http.StatusOK, ""),
		"304":            {Status: http.StatusNotModified},
	} {
		b := withBoard(t, githubsim.Options{})
		c := b.holder("t-bot", "")
		posted, err := c.PostComment(context.Background(), remark(b, 1))
		b.ok(err)
		_, err = b.choose(c, 1, "status", "Done")
		b.ok(err)
		b.hub.SetFaults(func(r *http.Request) sim.Fault {
			if r.Method == http.MethodDelete {
				return wrong
			}
			return sim.Fault{}
		})
		if err := c.DeleteComment(context.Background(), b.ref(1), posted.ID); connectors.KindOf(err) != connectors.Unknown || err == nil {
			t.Errorf("%s: a comment: %v, want kind unknown", name, err)
		}
		if _, err := b.choose(c, 1, "status", ""); connectors.KindOf(err) != connectors.Unknown || err == nil {
			t.Errorf("%s: a field: %v, want kind unknown", name, err)
		}
	}
}

// GitHub answers 404 also where a token may read and not write: what it shows is not gone.
func TestSimACommentThatMayNotBeChangedIsNotGone(t *testing.T) {
	t.Parallel()
	b := setup(t, githubsim.Options{})
	b.issues(1, githubsim.NewIssue{})
	c, d := b.client("t-bot"), remark(b, 1)
	posted, err := c.PostComment(context.Background(), d)
	b.ok(err)
	b.hub.SetFaults(func(r *http.Request) sim.Fault {
		if r.Method != http.MethodGet {
			return inJSON(http.StatusNotFound, `{"message":"Not Found"}`)
		}
		return sim.Fault{}
	})
	if err := c.DeleteComment(context.Background(), d.Issue, posted.ID); connectors.KindOf(err) != connectors.Forbidden || err == nil {
		t.Errorf("deleted: %v", err)
	}
	if _, err := c.EditComment(context.Background(), connectors.CommentEdit{CommentDraft: d, ID: posted.ID}); connectors.KindOf(err) != connectors.Forbidden {
		t.Errorf("edited: %v", err)
	}
	b.hub.SetFaults(nil)
	b.ok(b.hub.SetPermission(repo, "ana", githubsim.Admin))
	b.ok(b.hub.DeleteIssue("ana", repo, 1))
	if _, err := c.ReadComment(context.Background(), d.Issue, posted.ID); connectors.KindOf(err) != connectors.Gone {
		t.Errorf("on an issue that was deleted: %v", err)
	}
}

// Under the name of a repository that was renamed there can be another one, whose issue of
// the same number is somebody else's.
func TestSimACommentIsForItsOwnIssueOnly(t *testing.T) {
	t.Parallel()
	b := setup(t, githubsim.Options{})
	b.issues(1, githubsim.NewIssue{})
	d := remark(b, 1)
	b.ok(b.hub.RenameRepo(repo, "acme/platform"))
	b.ok(b.hub.AddRepo(githubsim.Repo{Owner: "acme", Name: "infra"}))
	b.issues(1, githubsim.NewIssue{})
	if _, err := b.client("t-bot").PostComment(context.Background(), d); connectors.KindOf(err) != connectors.NotFound {
		t.Errorf("%v, want kind not-found", err)
	}
	if all, err := b.hub.Comments(repo, 1); err != nil || len(all) != 0 {
		t.Errorf("%+v, %v", all, err)
	}
	// A proxy that cannot tell has posted nothing.
	b.hub.SetFaults(func(r *http.Request) sim.Fault {
		if r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "/issues/1") {
			return sim.Fault{Status: http.StatusOK, Body: "<html>", Header: map[string]string{"Content-Type": "text/html"}}
		}
		return sim.Fault{}
	})
	if _, err := b.client("t-bot").PostComment(context.Background(), d); connectors.KindOf(err) != connectors.Transient {
		t.Errorf("%v, want kind transient", err)
	}
}
