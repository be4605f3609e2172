package github

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"parley/connectors"
	"parley/connectors/hostile"
	"parley/connectors/transport"
)

const (
	fuzzRoot = "https://github.test/api/v3"
	fuzzUser = `{"login":"parley-bot","id":9,"type":"User"}`
)

var fuzzIssue = issueRow(7, hostile.Now().Add(-time.Hour), `,"user":`+fuzzUser+`,"assignees":[`+fuzzUser+`],"state_reason":null,"body":"text\n\n<!-- parley:m1 -->"`)

// ordinary answers what a case does not fuzz.
func ordinary(r *http.Request) hostile.Answer {
	switch path := r.URL.Path; {
	case strings.HasSuffix(path, "/user"):
		return hostile.JSON(fuzzUser)
	case strings.HasSuffix(path, "/issues"), strings.HasSuffix(path, "/labels"), strings.HasSuffix(path, "/events"):
		return hostile.JSON("[]")
	case strings.Contains(path, "/issues/"):
		return hostile.JSON(fuzzIssue)
	}
	return hostile.JSON(`{"id":1,"full_name":"Acme/infra","has_issues":true,"permissions":{"push":true,"pull":true}}`)
}

// asking is a case of a client's call.
func asking(hit func(*http.Request) bool, call func(ctx context.Context, c *Client) (any, error), seeds ...string) hostile.Case {
	return hostile.Case{Hit: hit, Else: ordinary, Seeds: seeds, Call: func(ctx context.Context, rt http.RoundTripper) (any, error) {
		c, err := New(Config{
			Name: "gh", URL: fuzzRoot, Token: hostile.Secret, Repos: []string{"Acme/infra"},
			HTTP: transport.New(transport.Options{Base: rt, Retries: -1}), Now: hostile.Now,
		})
		if err != nil {
			return nil, fmt.Errorf("make the client: %w", err)
		}
		return call(ctx, c)
	}}
}

func askRead(ctx context.Context, c *Client) (any, error)  { return c.Read(ctx, ref(7, "5000000007")) }
func askCheck(ctx context.Context, c *Client) (any, error) { return c.Check(ctx) }

func FuzzIssue(f *testing.F) {
	hostile.Fuzz(f, asking(hostile.Path("GET", "/issues/7"), askRead, fuzzIssue, strings.Replace(fuzzIssue, `"id":`, `"pull_request":{},"id":`, 1)))
}

func FuzzList(f *testing.F) {
	hostile.Fuzz(f, asking(hostile.Path("GET", "/issues"), func(ctx context.Context, c *Client) (any, error) {
		return c.Changes(ctx, connectors.Cursor{Source: "Acme/infra", Watermark: hostile.Now().Add(-time.Hour)})
	}, `[`+fuzzIssue+`]`, `[{"id":1,"number":2},null,7]`))
}

func FuzzFeed(f *testing.F) {
	hostile.Fuzz(f, asking(hostile.Path("GET", "/issues/events"), func(ctx context.Context, c *Client) (any, error) {
		return c.Feed(ctx, "Acme/infra", "")
	}, `[`+event(2, "closed", `,"state_reason":"duplicate","issue":{"id":5,"number":7}`)+`,`+event(1, "labeled", `,"label":{"name":"x"},"issue":{"id":5}`)+`]`))
}

func FuzzHistory(f *testing.F) {
	hostile.Fuzz(f, asking(hostile.Path("GET", "/issues/7/events"), func(ctx context.Context, c *Client) (any, error) {
		entries, _, err := c.History(ctx, ref(7, "5000000007"), 1)
		return entries, err
	}, `[`+event(1, "renamed", `,"rename":{"from":"a","to":"b"}`)+`,`+event(2, "assigned", `,"assignee":null`)+`]`))
}

// FuzzLink reads lists with a header that says where the next page is.
func FuzzLink(f *testing.F) {
	for _, link := range []string{
		`<` + fuzzRoot + `/repositories/1/issues?page=2>; rel="next", <` + fuzzRoot + `/repositories/1/issues?page=9>; rel="last"`,
		`<https://elsewhere.example/x>; rel=next`, `<` + fuzzRoot + `/repos/Acme/infra/issues?after=a>; rel="next"`, `<>;`, `<%zz>; rel="next"`,
	} {
		f.Add(link)
	}
	f.Fuzz(func(t *testing.T, link string) {
		lists := asking(hostile.Path("GET", "/issues"), func(ctx context.Context, c *Client) (any, error) {
			return c.Created(ctx, connectors.Search{Container: "Acme/infra", Since: hostile.Now().Add(-time.Hour)})
		})
		hit := lists.Hit
		lists.Hit = func(r *http.Request) bool {
			if !strings.EqualFold(r.URL.Host, "github.test") || !strings.HasPrefix(r.URL.Path, "/api/v3/") {
				t.Fatalf("asked %s for the next page", r.URL)
			}
			return hit(r)
		}
		hostile.Meet(t, lists, hostile.Answer{Header: http.Header{"Link": {link}}, Body: `[` + fuzzIssue + `]`})
	})
}

func FuzzLabels(f *testing.F) {
	hostile.Fuzz(f, asking(hostile.Path("GET", "/labels"), askCheck, `[{"id":1,"name":"bug","color":"ffffff"}]`))
}

func FuzzRepo(f *testing.F) {
	hostile.Fuzz(f, asking(hostile.Path("GET", "/repos/Acme/infra"), askCheck,
		`{"id":1,"full_name":"Acme/infra","private":true,"has_issues":true,"archived":false,"permissions":{"push":true}}`))
}

func FuzzUser(f *testing.F) {
	hostile.Fuzz(f, asking(hostile.Path("GET", "/user"), askCheck, fuzzUser))
}

func FuzzCount(f *testing.F) {
	hostile.Fuzz(f, asking(hostile.Path("GET", "/issues"), func(ctx context.Context, c *Client) (any, error) { return c.Count(ctx, "Acme/infra") }, `[`+fuzzIssue+`]`))
}

// FuzzMarker reads bodies of issues: a mark is found only where it is the last line, and
// what Parley marks, it finds.
func FuzzMarker(f *testing.F) {
	for _, body := range []string{"text\n\n<!-- parley:m1 -->", "<!-- parley:a -->\n<!-- parley:b -->", "<!-- parley:\" -->", "<!-- parley: --> ", "x"} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		if m := marker(body); m != "" && (!connectors.IsMarker(m) || !strings.Contains(body, markOpen+m+markClose)) {
			t.Fatalf("mark %q", m)
		}
		if got := marker(marked(body, "m1")); got != "m1" {
			t.Fatalf("marked, the body has %q", got)
		}
	})
}
