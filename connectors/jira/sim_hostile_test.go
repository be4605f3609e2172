package jira_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"parley/connectors"
	"parley/connectors/jira"
	"parley/connectors/sim"
	"parley/connectors/sim/jirasim"
)

// An own issue whose mark cannot be read is set aside like every other issue that cannot be
// understood: the poll goes on with the others.
func TestSimAMarkThatCannotBeReadStopsNoPoll(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]sim.Fault{
		"forbidden by a proxy": {Status: http.StatusForbidden, Header: map[string]string{"Content-Type": "text/html"}, Body: "<title>Blocked</title>"},
		"a page":               jirasim.LoginPage(),
		"broken for good":      {Status: http.StatusInternalServerError, Header: map[string]string{"Content-Type": "application/json"}, Body: `{"errorMessages":["Internal server error"]}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newServerBench(t)
			b.create(2)
			own := must(b.site.Create("bot", jirasim.NewIssue{Project: "OPS", Type: "Task", Summary: "own"}))
			b.site.SetFaults(func(r *http.Request) sim.Fault {
				if strings.Contains(r.URL.Path, "/properties/") {
					return fault
				}
				return sim.Fault{}
			})
			page, err := b.client.Changes(t.Context(), connectors.Cursor{})
			if err != nil || len(page.Observations) != 2 || len(page.Broken) != 1 || page.Broken[0].Key != own.Key {
				t.Errorf("%d issues, set aside %+v, %v", len(page.Observations), page.Broken, err)
			}
		})
	}
}

// A refused credential or a limit is about all of the page, which is read again.
func TestSimAMarkThatIsRefusedForNowIsReadAgain(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]sim.Fault{
		"limit":   {Status: http.StatusTooManyRequests, Header: map[string]string{"Content-Type": "application/json", "Retry-After": "30"}, Body: `{}`},
		"cut":     {Cut: true},
		"captcha": jirasim.Captcha(),
	} {
		b := newServerBench(t)
		must(b.site.Create("bot", jirasim.NewIssue{Project: "OPS", Type: "Task", Summary: "own"}))
		b.site.SetFaults(func(r *http.Request) sim.Fault {
			if strings.Contains(r.URL.Path, "/properties/") {
				return fault
			}
			return sim.Fault{}
		})
		if page, err := b.client.Changes(t.Context(), connectors.Cursor{}); err == nil {
			t.Errorf("%s: set aside %+v", name, page.Broken)
		}
	}
}

// An internal comment whose issue was moved out of the service desk is not edited: what is
// written there now, everybody reads.
func TestSimAnInternalCommentThatWasMovedIsNotEdited(t *testing.T) {
	t.Parallel()
	products(t, func(t *testing.T, b *bench, _ jirasim.Issue) {
		t.Helper()
		b.site.AddProject(jirasim.Project{Key: "DESK", ServiceDesk: true, Workflows: map[string]string{"": "flow"}, Types: []string{"Task"}})
		v := must(b.site.Create("ana", jirasim.NewIssue{Project: "DESK", Type: "Task", Summary: "x"}))
		d := remark(v)
		d.Audience = connectors.Audience{Internal: true}
		posted, err := b.client.PostComment(t.Context(), d)
		b.must(err)
		_, err = b.site.Move("ana", v.Key, "OPS")
		b.must(err)
		d.Body = "between us"
		if _, err := b.client.EditComment(t.Context(), connectors.CommentEdit{CommentDraft: d, ID: posted.ID}); connectors.KindOf(err) != connectors.Invalid {
			t.Errorf("%v, want invalid", err)
		}
		for _, c := range must(b.client.ListComments(t.Context(), connectors.CommentSearch{Issue: d.Issue})) {
			if strings.Contains(c.Body, "between us") {
				t.Errorf("everybody reads %q", c.Body)
			}
		}
	})
}

// Where an answer comes without properties, an internal comment of somebody else is not
// taken for one that everybody may read.
func TestSimAnInternalCommentOfOthersIsInternalWithoutProperties(t *testing.T) {
	t.Parallel()
	b := newServerBench(t)
	b.site.AddProject(jirasim.Project{Key: "OPS", ServiceDesk: true, Workflows: map[string]string{"": "flow"}, Types: []string{"Task"}})
	v := b.create(1)[0]
	must(b.site.PostComment("ana", v.Key, jirasim.Comment{Body: "agents", Properties: map[string]json.RawMessage{"sd.public.comment": json.RawMessage(`{"internal":true}`)}}))
	must(b.site.PostComment("ana", v.Key, jirasim.Comment{Body: "all"}))
	h := b.site.Handler()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		q.Del("expand")
		r.URL.RawQuery = q.Encode()
		h.ServeHTTP(w, r)
	}))
	t.Cleanup(srv.Close)
	b.url = srv.URL
	c := b.server(func(*jira.Config) {})
	got := must(c.ListComments(t.Context(), connectors.CommentSearch{Issue: ref(v)}))
	if len(got) != 2 || !got[0].Audience.Internal || !got[1].Audience.Public() {
		t.Errorf("%+v", got)
	}
}

// What answers for another issue or comment than the one that was asked for is not taken
// for it.
func TestSimAnAnswerForAnotherIssueIsRefused(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	both := b.create(2)
	v, other := both[0], both[1]
	one := must(b.client.PostComment(t.Context(), remark(v)))
	two := must(b.client.PostComment(t.Context(), remark(v)))
	h := b.site.Handler()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path := r.URL.Path
		path = strings.Replace(path, "/comment/"+one.ID, "/comment/"+two.ID, 1)
		if !strings.Contains(path, "/comment/") {
			path = strings.Replace(path, "/issue/"+v.ID, "/issue/"+other.ID, 1)
		}
		r.URL.Path = path
		h.ServeHTTP(w, r)
	}))
	t.Cleanup(srv.Close)
	b.url = srv.URL
	c := b.open("t0ken")
	if o, err := c.Read(t.Context(), ref(v)); connectors.KindOf(err) != connectors.Malformed {
		t.Errorf("read %s as %s: %v", o.Issue.ID, v.ID, err)
	}
	if m, err := c.ReadComment(t.Context(), ref(v), one.ID); connectors.KindOf(err) != connectors.Malformed {
		t.Errorf("comment %s read as %s: %v", m.ID, one.ID, err)
	}
}
