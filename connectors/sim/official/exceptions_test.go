package official

import (
	"cmp"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
)

// example is an exchange that passes with an exception only.
type example struct {
	product      Product
	method, path string
	sent         string
	header       http.Header // of the request
	status       int         // 0 is 200
	contentType  string      // empty is JSON
	answered     string
	document     string // whose text the exception is about
}

const (
	event  = `{"id":1,"node_id":"n","url":"https://x.example","event":"closed","commit_id":null,"commit_url":null,"created_at":"2026-11-02T09:00:00Z","performed_via_github_app":null,"actor":null}`
	scheme = `{"values":[{"id":"1","name":"n","isDefault":true}]}`
)

var examples = map[string]example{
	"jira-times":         {product: JiraCloud, method: "GET", path: "/rest/api/2/issue/A-1/comment/1", answered: `{"created":"2026-11-02T09:00:00.000+0000"}`, document: "openapi-cloud-v2.json"},
	"jira-members":       {product: JiraCloud, method: "GET", path: "/rest/api/2/issue/A-1/transitions", answered: `{"transitions":[],"isLast":true}`, document: "openapi-cloud-v2.json"},
	"jira-nulls":         {product: JiraCloud, method: "GET", path: "/rest/api/2/issue/A-1/changelog", answered: `{"values":[{"items":[{"field":"status","from":null}]}]}`},
	"jira-empty":         {product: JiraCloud, method: "PUT", path: "/rest/api/2/issue/A-1", sent: `{"fields":{}}`, status: 204, contentType: "-"},
	"jira-serverinfo":    {product: JiraDataCenter, method: "GET", path: "/rest/api/2/serverInfo", answered: `{"serverTimeZone":"Europe/Berlin"}`},
	"jira-remotelink":    {product: JiraCloud, method: "GET", path: "/rest/api/2/issue/A-1/remotelink", answered: `[]`},
	"jira-front-door":    {product: JiraCloud, method: "POST", path: "/rest/api/2/issue", sent: `{"fields":{}}`, status: 401, contentType: "text/html", answered: `<html>`},
	"jira-bulk-times":    {product: JiraCloud, method: "POST", path: "/rest/api/3/changelog/bulkfetch", sent: `{"issueIdsOrKeys":["1"]}`, answered: `{"issueChangeLogs":[{"issueId":"1","changeHistories":[{"id":"2","created":1793610000000}]}]}`},
	"jira-write-only":    {product: JiraCloud, method: "GET", path: "/rest/api/3/priorityscheme", answered: scheme, document: "openapi-cloud-v3.json"},
	"jira-tenant":        {product: JiraCloud, method: "GET", path: "/_edge/tenant_info", answered: `{"cloudId":"c"}`},
	"dc-own-paths":       {product: JiraDataCenter, method: "GET", path: "/rest/api/2/project/A/priorityscheme", answered: `{}`},
	"refusals":           {product: GitHub, method: "GET", path: "/repos/a/b/issues", status: 429, answered: `{"message":"slow down"}`},
	"github-app":         {product: GitHub, method: "GET", path: "/app", answered: `{}`},
	"github-graphql":     {product: GitHub, method: "POST", path: "/graphql", sent: `{"query":"{viewer{login}}"}`, answered: `{"data":{}}`},
	"github-extract":     {product: GitHubEnterprise, method: "GET", path: "/api/v3/users/ana", answered: `{}`},
	"github-search-body": {product: GitHub, method: "GET", path: "/search/issues?q=x", answered: found()},
	"github-ghosts":      {product: GitHub, method: "GET", path: "/repos/a/b/issues/1/events", answered: `[` + event + `]`},
	"github-newer":       {product: GitHub, method: "GET", path: "/repos/a/b", header: http.Header{"X-Github-Api-Version": {"2026-03-10"}}, answered: `{}`},
	"ghes-login":         {product: GitHubEnterprise, method: "GET", path: "/user", status: 302, contentType: "text/html"},
}

// found is what a search answers with one issue without a body.
func found() string {
	user := `{"login":"a","id":1,"node_id":"n","type":"User","site_admin":false` + urls("avatar_url", "gravatar_id", "url", "html_url", "followers_url", "following_url", "gists_url", "starred_url",
		"subscriptions_url", "organizations_url", "repos_url", "events_url", "received_events_url") + `}`
	return `{"total_count":1,"incomplete_results":false,"search_type":"lexical","items":[{"body":null,"id":1,"node_id":"n","number":1,"title":"t","user":` + user +
		`,"labels":[],"state":"open","assignee":null,"milestone":null,"comments":0,"locked":false,"score":1,"author_association":"NONE","closed_at":null,"created_at":"2026-11-02T09:00:00Z","updated_at":"2026-11-02T09:00:00Z"` +
		urls("url", "repository_url", "labels_url", "comments_url", "events_url", "html_url") + `}]}`
}

func urls(names ...string) string {
	var b strings.Builder
	for _, n := range names {
		b.WriteString(`,"` + n + `":"https://x.example"`)
	}
	return b.String()
}

// judgement is what a judge says to an example.
func (e example) judgement(t *testing.T, without string) error {
	t.Helper()
	j := Need(t, e.product)
	j.without = without
	if without != "" && e.document != "" {
		docs, err := read(without, e.document)
		if err != nil {
			t.Fatal(err)
		}
		j.docs = docs
	}
	r := httptest.NewRequest(e.method, e.path, strings.NewReader(e.sent))
	r.Header.Set("Content-Type", "application/json")
	maps.Copy(r.Header, e.header)
	header := http.Header{"Content-Type": {cmp.Or(e.contentType, "application/json")}}
	return j.object(exchange{method: e.method, request: r, sent: []byte(e.sent), status: cmp.Or(e.status, 200), header: header, answered: []byte(e.answered)})
}

// TestEveryExceptionIsNeeded: an exchange passes with its exception, and does not without.
func TestEveryExceptionIsNeeded(t *testing.T) {
	t.Parallel()
	for _, x := range exceptions {
		t.Run(x.ID, func(t *testing.T) {
			t.Parallel()
			e, ok := examples[x.ID]
			if !ok {
				t.Fatal("it has no example")
			}
			if err := e.judgement(t, ""); err != nil {
				t.Errorf("with the exception: %v", err)
			}
			if err := e.judgement(t, x.ID); err == nil {
				t.Error("its example passes without it")
			}
		})
	}
}

// TestTheTableOfExceptions holds docs/CONFORMANCE.md to the code, row by row.
func TestTheTableOfExceptions(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../../docs/CONFORMANCE.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]string{}
	for _, m := range regexp.MustCompile(`(?m)^\| ([a-z][a-z-]+) \| .*$`).FindAllStringSubmatch(string(page), -1) {
		rows[m[1]] = m[0]
	}
	for _, e := range exceptions {
		var products []string
		for _, p := range e.Products {
			products = append(products, string(p))
		}
		if want := "| " + strings.Join([]string{e.ID, strings.Join(products, ", "), e.What, e.Why}, " | ") + " |"; rows[e.ID] != want {
			t.Errorf("docs/CONFORMANCE.md has\n%s\nwant\n%s", rows[e.ID], want)
		}
		delete(rows, e.ID)
	}
	for id := range rows {
		if id != "id" && id != "tests" {
			t.Errorf("docs/CONFORMANCE.md tells of %s, which is no exception", id)
		}
	}
}
