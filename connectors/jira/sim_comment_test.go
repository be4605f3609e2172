package jira_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/connectors"
	"parley/connectors/sim"
	"parley/connectors/sim/jirasim"
	"parley/connectors/sim/official"
)

// hostile is a text in which everything would do something, were it read as markup.
const hostile = "Hello [~ana] @ana [~accountid:bot]\n\n{code}x{code} [here|https://evil.example] !https://evil.example/a.png! *b* _i_ ^s^ ~u~ C:\\dir || a\n# not a list"

func remark(v jirasim.Issue) connectors.CommentDraft {
	return connectors.CommentDraft{Op: "op-1", Issue: ref(v), Body: hostile, Marker: mark, Links: []connectors.Link{{URL: "https://acme.example/browse/OPS-9", Title: "OPS-9 [x]"}, {URL: "https://acme.example/2", Title: "two"}}}
}

// products are both, with an issue and somebody besides.
func products(t *testing.T, with func(t *testing.T, b *bench, v jirasim.Issue)) {
	t.Helper()
	for name, open := range map[string]func(*testing.T, ...func(*jirasim.Options)) *bench{"cloud": newBench, "data center": newServerBench} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := open(t)
			b.site.SetRole("OPS", "Developers", "bot", "ana")
			with(t, b, b.create(1)[0])
		})
	}
}

func only(t *testing.T, cs []connectors.Comment, err error) connectors.Comment {
	t.Helper()
	if err != nil || len(cs) != 1 {
		t.Fatalf("%d comments, %v; want one", len(cs), err)
	}
	return cs[0]
}

func TestSimCommentIsPostedFoundEditedAndDeleted(t *testing.T) {
	t.Parallel()
	products(t, func(t *testing.T, b *bench, v jirasim.Issue) {
		t.Helper()
		ctx, d := t.Context(), remark(v)
		posted, err := b.client.PostComment(ctx, d)
		b.must(err)
		if !posted.Own || posted.Marker != mark || !posted.Audience.Public() || posted.Edited() || !connectors.SameText(posted.Body, d.Text()) {
			t.Errorf("posted %+v", posted)
		}
		found := only(t, must(b.client.ListComments(ctx, connectors.CommentSearch{Issue: d.Issue, Since: posted.Created, Fresh: true})), nil)
		if diff := cmp.Diff(posted, found); diff != "" {
			t.Errorf("listed otherwise: %s", diff)
		}
		b.clock.Advance(time.Minute)
		d.Body, d.Links = "Which week?", nil
		edited, err := b.client.EditComment(ctx, connectors.CommentEdit{CommentDraft: d, ID: posted.ID})
		b.must(err)
		read, err := b.client.ReadComment(ctx, d.Issue, posted.ID)
		b.must(err)
		if diff := cmp.Diff(edited, read); diff != "" || read.Body != "Which week?" || read.Marker != mark || !read.Edited() {
			t.Errorf("%+v %s", read, diff)
		}
		b.must(b.client.DeleteComment(ctx, d.Issue, posted.ID))
		b.must(b.client.DeleteComment(ctx, d.Issue, posted.ID)) // it is gone: that is what was wanted
		if _, err := b.client.ReadComment(ctx, d.Issue, posted.ID); connectors.KindOf(err) != connectors.Gone {
			t.Error(err)
		}
	})
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// Nothing in a text is read as markup: neither mention nor link, image or macro.
func TestSimACommentTellsNobody(t *testing.T) {
	t.Parallel()
	products(t, func(t *testing.T, b *bench, v jirasim.Issue) {
		t.Helper()
		_, err := b.client.PostComment(t.Context(), remark(v))
		b.must(err)
		sent := b.site.Log().Mutations()[0].Body
		if strings.Contains(sent, `"mention"`) || strings.Contains(sent, `"inlineCard"`) {
			t.Errorf("sent %s", sent)
		}
		if cloud := strings.Contains(sent, `"type":"doc"`); cloud {
			if n := strings.Count(sent, `"href"`); n != 2 {
				t.Errorf("%d links, want the two that were meant: %s", n, sent)
			}
			return
		}
		for _, open := range []string{"[~", "{code}", "[here", "!https"} {
			for at := strings.Index(sent, open); at >= 0; at = -1 {
				if at == 0 || sent[at-1] != '\\' {
					t.Errorf("%q opens something in %s", open, sent)
				}
			}
		}
	})
}

func TestSimACommentOfOthersIsReadAsText(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	v := b.create(1)[0]
	_, err := b.site.PostComment("ana", v.Key, jirasim.Comment{Body: "One\n[~bot] two"})
	b.must(err)
	got := only(t, must(b.client.ListComments(t.Context(), connectors.CommentSearch{Issue: ref(v)})), nil)
	if got.Own || got.Author.ID != "ana" || got.Marker != "" || !connectors.SameText(got.Body, "One [~bot] two") {
		t.Errorf("%+v", got)
	}
}

func TestSimCommentsAreReadFromAMomentOn(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	v := b.create(1)[0]
	var ids []int64
	for i := range 250 {
		id, err := b.site.AddComment("ana", v.Key, fmt.Sprint(i))
		b.must(err)
		ids = append(ids, id)
		b.clock.Advance(time.Second)
	}
	since := b.clock.Now()
	b.clock.Advance(time.Second)
	b.must(b.site.At(b.clock.Now()).EditComment("ana", v.Key, ids[3], "changed"))
	_, err := b.site.AddComment("ana", v.Key, "new")
	b.must(err)
	search := connectors.CommentSearch{Issue: ref(v), Since: since}
	got := must(b.client.ListComments(t.Context(), search))
	if len(got) != 2 || got[0].Body != "changed" || got[1].Body != "new" {
		t.Errorf("since a moment: %+v", got)
	}
	b.site.Log().Reset()
	search.Fresh = true
	if got := must(b.client.ListComments(t.Context(), search)); len(got) != 1 || got[0].Body != "new" || b.site.Log().Len() != 1 {
		t.Errorf("fresh: %+v in %d requests", got, b.site.Log().Len())
	}
	if all := must(b.client.ListComments(t.Context(), connectors.CommentSearch{Issue: ref(v)})); len(all) != 251 || all[0].Body != "0" || all[250].Body != "new" {
		t.Errorf("%d comments, from %q to %q", len(all), all[0].Body, all[len(all)-1].Body)
	}
}

// A comment that is deleted between two pages makes the next one slip through; the list
// is read again.
func TestSimACommentThatGoesBetweenPagesHidesNone(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	v := b.create(1)[0]
	var last int64
	for i := range 150 {
		last = must(b.site.AddComment("ana", v.Key, fmt.Sprint(i)))
	}
	gone := false
	b.site.SetFaults(func(r *http.Request) sim.Fault {
		if !gone && r.URL.Query().Get("startAt") == "100" {
			gone = true
			b.must(b.site.At(b.clock.Now()).DeleteComment("ana", v.Key, last))
		}
		return sim.Fault{}
	})
	all := must(b.client.ListComments(t.Context(), connectors.CommentSearch{Issue: ref(v)}))
	for n, c := range all {
		if c.Body != fmt.Sprint(n) {
			t.Fatalf("comment %d is missing, here is %q", n, c.Body)
		}
	}
	if !gone || len(all) != 149 {
		t.Errorf("%d comments, want 149", len(all))
	}
}

// A lost answer leaves a comment that is found by its mark, among those of others who
// have copied it.
func TestSimALostCommentIsFound(t *testing.T) {
	t.Parallel()
	products(t, func(t *testing.T, b *bench, v jirasim.Issue) {
		t.Helper()
		b.site.SetFaults(func(r *http.Request) sim.Fault { return sim.Fault{Lost: r.Method == http.MethodPost} })
		if _, err := b.client.PostComment(t.Context(), remark(v)); connectors.KindOf(err) != connectors.Unknown {
			t.Fatalf("%v, want kind unknown", err)
		}
		b.site.SetFaults(nil)
		for _, c := range must(b.client.ListComments(t.Context(), connectors.CommentSearch{Issue: ref(v)})) {
			if !c.Own || c.Marker != mark {
				t.Errorf("%+v", c)
			}
		}
		now, _ := b.site.Issue(v.Key)
		if len(now.Comments) != 1 {
			t.Errorf("%d comments", len(now.Comments))
		}
	})
}

// An answer without properties does not hide the mark of an own comment.
func TestSimPropertiesThatDoNotComeAlongAreAskedFor(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	v := b.create(1)[0]
	h := b.site.Handler()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		q.Del("expand")
		r.URL.RawQuery = q.Encode()
		h.ServeHTTP(w, r)
	}))
	t.Cleanup(srv.Close)
	b.url = srv.URL
	c := b.open("t0ken")
	d := remark(v)
	d.Audience.Role = "Developers"
	b.site.SetRole("OPS", "Developers", "bot")
	posted, err := c.PostComment(t.Context(), d)
	b.must(err)
	if got := only(t, must(c.ListComments(t.Context(), connectors.CommentSearch{Issue: d.Issue})), nil); got.Marker != mark || posted.Marker != mark || got.Audience.Role != "Developers" {
		t.Errorf("%+v", got)
	}
}

func TestSimAnEditKeepsTheAudience(t *testing.T) {
	t.Parallel()
	products(t, func(t *testing.T, b *bench, v jirasim.Issue) {
		t.Helper()
		b.site.AddProject(jirasim.Project{Key: "OPS", ServiceDesk: true, Workflows: map[string]string{"": "flow"}, Types: []string{"Task"}})
		for _, a := range []connectors.Audience{{Role: "Developers"}, {Internal: true}} {
			d := remark(v)
			d.Audience = a
			posted, err := b.client.PostComment(t.Context(), d)
			b.must(err)
			d.Body, d.Links, d.Audience = "changed", nil, posted.Audience
			edited, err := b.client.EditComment(t.Context(), connectors.CommentEdit{CommentDraft: d, ID: posted.ID})
			b.must(err)
			if posted.Audience.Public() || edited.Audience != posted.Audience || edited.Body != "changed" {
				t.Errorf("%s: posted for %+v, edited for %+v", a, posted.Audience, edited.Audience)
			}
		}
	})
}

// An internal comment is for a service desk alone: elsewhere everybody would read it.
func TestSimAnInternalCommentIsNeverPublic(t *testing.T) {
	t.Parallel()
	products(t, func(t *testing.T, b *bench, v jirasim.Issue) {
		t.Helper()
		d := remark(v)
		d.Audience.Internal = true
		_, err := b.client.PostComment(t.Context(), d)
		var e *connectors.Error
		if !errors.As(err, &e) || e.Kind != connectors.Invalid || e.Hint == "" {
			t.Errorf("%v", err)
		}
		if now, _ := b.site.Issue(v.Key); len(now.Comments) != 0 {
			t.Errorf("posted %+v", now.Comments)
		}
		d.Audience = connectors.Audience{Role: "Nobody"}
		if _, err := b.client.PostComment(t.Context(), d); connectors.KindOf(err) != connectors.Invalid {
			t.Errorf("a role that the account is not of: %v", err)
		}
	})
}

func TestSimWhoseAudienceACommentHas(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.site.AddProject(jirasim.Project{Key: "DESK", ServiceDesk: true, Workflows: map[string]string{"": "flow"}, Types: []string{"Task"}})
	b.site.AddUser(jirasim.User{AccountID: "bot", DisplayName: "Parley", Email: "bot@acme.test", Token: "t0ken", Groups: []string{"staff"}})
	v := must(b.site.Create("ana", jirasim.NewIssue{Project: "DESK", Type: "Task", Summary: "x"}))
	for _, c := range []jirasim.Comment{{Body: "all"}, {Body: "agents", Internal: true}, {Body: "staff", Visibility: &jirasim.Visibility{Type: "group", Value: "staff"}}} {
		must(b.site.PostComment("", v.Key, c))
	}
	var got []connectors.Audience
	for _, c := range must(b.client.ListComments(t.Context(), connectors.CommentSearch{Issue: ref(v)})) {
		got = append(got, c.Audience)
	}
	want := []connectors.Audience{{}, {Internal: true}, {Group: "staff", ID: "staff"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestSimACommentWhoseIssueIsHiddenIsNotGone(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	v := b.create(1)[0]
	posted, err := b.client.PostComment(t.Context(), remark(v))
	b.must(err)
	b.site.Revoke("bot", "OPS", jirasim.Browse)
	if _, err := b.client.ReadComment(t.Context(), ref(v), posted.ID); connectors.KindOf(err) != connectors.NotFound {
		t.Error(err)
	}
	if err := b.client.DeleteComment(t.Context(), ref(v), posted.ID); connectors.KindOf(err) != connectors.NotFound {
		t.Error(err)
	}
}

// What the client sends for comments and what the simulator answers is what Atlassian
// describes.
func TestOfficialDescriptionOfComments(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	v := b.create(1)[0]
	j := official.Need(t, official.JiraCloud)
	srv := httptest.NewServer(j.Wrap(b.site.Handler(), func(objection error) { t.Error(objection) }))
	t.Cleanup(srv.Close)
	b.url = srv.URL
	c := b.open("t0ken")
	d := remark(v)
	posted, err := c.PostComment(t.Context(), d)
	b.must(err)
	_, err = c.EditComment(t.Context(), connectors.CommentEdit{CommentDraft: d, ID: posted.ID})
	b.must(err)
	_, err = c.ListComments(t.Context(), connectors.CommentSearch{Issue: d.Issue})
	b.must(err)
	_, err = c.ReadComment(t.Context(), d.Issue, posted.ID)
	b.must(err)
	b.must(c.DeleteComment(t.Context(), d.Issue, posted.ID))
	seen := j.Seen()
	for _, want := range []string{"POST /rest/api/3/issue/{issueIdOrKey}/comment", "PUT /rest/api/3/issue/{issueIdOrKey}/comment/{id}",
		"GET /rest/api/3/issue/{issueIdOrKey}/comment", "GET /rest/api/3/issue/{issueIdOrKey}/comment/{id}", "DELETE /rest/api/3/issue/{issueIdOrKey}/comment/{id}"} {
		if seen[want] == 0 {
			t.Errorf("%s was not tried: %v", want, seen)
		}
	}
}
