package github

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/connectors"
)

const issues = "GET /repos/Acme/infra/issues?"

func TestChangesSkipsPullRequestsButCountsThem(t *testing.T) {
	t.Parallel()
	u := testStart().Add(-time.Hour)
	var rows []string
	for i := range 100 {
		extra := ""
		if i >= 40 {
			extra = `,"pull_request":{"url":"x"}`
		}
		rows = append(rows, issueRow(i+1, u.Add(time.Duration(i)*time.Second), extra))
	}
	f := newFake(t, map[string]reply{
		issues: {header: map[string]string{"ETag": `"a"`, "Link": `<{root}/repositories/9/issues?page=2>; rel="next"`}, body: "[" + strings.Join(rows, ",") + "]"}})
	page, err := f.client(t, "").Changes(bg(), connectors.Cursor{Source: "Acme/infra"})
	if err != nil {
		t.Fatal(err)
	}
	if len(page.Observations) != 40 || !page.More || page.Unchanged || !page.ServerTime.Equal(testStart()) {
		t.Errorf("%d issues, more %v, server time %s", len(page.Observations), page.More, page.ServerTime)
	}
	if o := page.Observations[0]; o.Since != connectors.NoHistory || o.Issue.Key != "Acme/infra#1" {
		t.Errorf("first %+v", o)
	}
	if got, want := begin(page.Next).Since, u.Add(98*time.Second); !got.Equal(want) {
		t.Errorf("goes on at %s, want %s, a second before the last pull request", got, want)
	}
	if want := "GET /repos/Acme/infra/issues?direction=asc&per_page=100&sort=updated&state=all"; f.asked()[0] != want {
		t.Errorf("asked %s, want %s", f.asked()[0], want)
	}
}

func TestIdlePollIsOneConditionalRequest(t *testing.T) {
	t.Parallel()
	f := newFake(t, map[string]reply{issues: {status: http.StatusNotModified}})
	c := f.client(t, "")
	cur := connectors.Cursor{Source: "Acme/infra", Watermark: testStart().Add(-time.Hour), Since: testStart().Add(-2 * time.Hour), ETag: `W/"abc"`}
	page, err := c.Changes(bg(), cur)
	if err != nil {
		t.Fatal(err)
	}
	want := cur
	want.Watermark = testStart().Add(-time.Second - DefaultOverlap)
	if diff := cmp.Diff(want, page.Next); diff != "" || !page.Unchanged || page.More {
		t.Errorf("unchanged %v more %v, cursor: %s", page.Unchanged, page.More, diff)
	}
	if len(f.asks) != 1 || f.head[0].Get("If-None-Match") != `W/"abc"` || !strings.Contains(f.asks[0], "since=2026-03-01T10%3A00%3A00Z") {
		t.Errorf("asked %v with %v", f.asks, f.head[0])
	}
	_, err = c.Changes(bg(), connectors.Cursor{Source: "Acme/infra"})
	wantError(t, err, connectors.Malformed) // a 304 that nobody asked for proves nothing
}

func TestChangesRefusesWhatItCannotTrust(t *testing.T) {
	t.Parallel()
	ok := issueRow(1, testStart(), "")
	for name, re := range map[string]reply{
		"no list":        {body: `{"a":1}`},
		"null":           {body: `null`},
		"other host":     {body: `[` + ok + `]`, header: map[string]string{"Link": `<https://evil.example/issues?page=2>; rel="next"`}},
		"html":           {body: `<html>`, header: map[string]string{"Content-Type": "text/html"}},
		"list as a page": {body: `[]`, header: map[string]string{"Content-Type": "text/html"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t, map[string]reply{issues: re})
			_, err := f.client(t, "").Changes(bg(), connectors.Cursor{Source: "Acme/infra"})
			wantError(t, err, connectors.Malformed)
		})
	}
	f := newFake(t, nil)
	_, err := f.client(t, "").Changes(bg(), connectors.Cursor{Source: "Acme/../user"})
	wantError(t, err, connectors.Invalid)
}

func TestTokenOfAnotherHostIsNotFollowed(t *testing.T) {
	t.Parallel()
	f := newFake(t, map[string]reply{issues: {body: `[]`}})
	cur := connectors.Cursor{Source: "Acme/infra", Scan: connectors.Scan{Started: testStart(), Pages: 3,
		Token: `{"since":"2026-02-01T00:00:00Z","url":"https://old.example/repositories/1/issues?page=2"}`}}
	page, err := f.client(t, "").Changes(bg(), cur)
	if err != nil || page.More {
		t.Fatalf("more %v, %v", page.More, err)
	}
	if got := f.asked()[0]; !strings.Contains(got, "since=2026-02-01T00%3A00%3A00Z") {
		t.Errorf("asked %s, want the same second from its first page on", got)
	}
}

func TestIssueInTheConnectorsTerms(t *testing.T) {
	t.Parallel()
	body := `[{"id":5166525651,"number":7,"title":"T","body":"a\r\nb","html_url":"https://github.com/acme/infra/issues/7",
	"state":"closed","state_reason":"not_planned","created_at":"2026-01-01T01:00:00+01:00","updated_at":"2026-01-02T00:00:00Z","closed_at":"2026-01-02T00:00:00Z",
	"labels":[{"name":"Prio: 🔥/1"},{"name":"bug"}],"assignee":{"login":"old"},"assignees":[{"login":"ana"},null,{"login":"bo","name":"Bo B"}],
	"user":null,"milestone":{"title":"M1","due_on":"2026-02-01T08:00:00Z"},"type":{"name":"Bug"},"parent_issue_url":"https://api.github.com/repos/acme/epics/issues/3","later":{"unknown":true}},
	{"id":2,"number":8,"title":null,"body":null,"state":"open","updated_at":"2026-01-02T00:00:00Z","labels":null,"milestone":{"title":"M2","due_on":"0001-01-01T00:00:00Z"},"type":null,"user":{"login":"ana"},"pull_request":null}]`
	// Another spelling of the repository finds it too; the configured one is shown.
	f := newFake(t, map[string]reply{"GET /repos/acme/INFRA/issues?": {body: body}})
	page, err := f.client(t, "").Changes(bg(), connectors.Cursor{Source: "acme/INFRA"})
	if err != nil {
		t.Fatal(err)
	}
	day := time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)
	want := connectors.Issue{
		Ref:  connectors.Ref{Tracker: "gh", ID: "5166525651", Key: "Acme/infra#7", Container: "Acme/infra", Number: 7},
		Kind: connectors.GitHub, URL: "https://github.com/acme/infra/issues/7", Title: "T", Body: "a\r\nb", Type: "Bug",
		Created: day.Add(-24 * time.Hour), Updated: day, Closed: day, State: "closed", Reason: "not_planned",
		Labels:    []string{"Prio: 🔥/1", "bug"},
		Assignees: []connectors.Person{{ID: "ana", Name: "ana"}, {ID: "bo", Name: "Bo B"}},
		Milestone: "M1", ReleaseDay: "2026-02-01", Parent: "acme/epics#3",
	}
	if diff := cmp.Diff(want, page.Observations[0].Issue); diff != "" {
		t.Error(diff)
	}
	if i := page.Observations[1].Issue; i.Reporter.ID != "ana" || i.ReleaseDay != "" || i.Body != "" || !i.Closed.IsZero() || i.Type != "" {
		t.Errorf("%+v", i)
	}
}

func BenchmarkDecodePage(b *testing.B) {
	var rows []string
	for i := range 100 {
		rows = append(rows, issueRow(i+1, testStart(), fmt.Sprintf(`,"body":%q,"user":{"login":"ana","id":7,"avatar_url":"https://avatars.example/u/7"},"assignees":[{"login":"bo"}],
		"labels":[{"id":1,"name":"status:doing","color":"ededed","default":false},{"id":2,"name":"priority:high","color":"ededed"}],
		"reactions":{"total_count":0,"+1":0},"milestone":{"title":"M1","number":1}`, strings.Repeat("words and more words. ", 60))))
	}
	body := []byte("[" + strings.Join(rows, ",") + "]")
	c, err := New(Config{Name: "gh", URL: "https://api.github.com"})
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		rows, err := decodeRows(body)
		if err != nil || len(rows) != 100 {
			b.Fatal(len(rows), err)
		}
		for _, raw := range rows {
			i, err := decodeIssue(raw, testStart())
			if err != nil {
				b.Fatal(err)
			}
			_ = c.issue("acme/infra", i)
		}
	}
}
