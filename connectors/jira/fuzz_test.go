package jira

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

// ordinary answers what a case does not fuzz.
func ordinary(server bool) func(*http.Request) hostile.Answer {
	own := strings.Replace(issueJSON(10012, ""), `"summary"`, `"creator":{"name":"parley","key":"JIRAUSER1"},"summary"`, 1)
	info, me := `{"version":"1001.0.0","deploymentType":"Cloud"}`, `{"accountId":"me","displayName":"Parley"}`
	if server {
		info, me = `{"version":"10.3.0","deploymentType":"Server"}`, `{"name":"parley","key":"JIRAUSER1","displayName":"Parley"}`
	}
	answers := []struct{ end, body string }{
		{"/serverInfo", info},
		{"/myself", me},
		{"/field", `[{"id":"customfield_1","name":"Team"}]`},
		{"/status", `[{"id":"3","name":"In Progress","statusCategory":{"key":"indeterminate"}}]`},
		{"/priority", `[{"id":"2","name":"High"}]`},
		{"/statuses", `[{"id":"1","statuses":[{"id":"3","name":"In Progress","statusCategory":{"key":"indeterminate"}}]}]`},
		{"/project/OPS", `{"id":"10000","key":"OPS"}`},
		{"/mypermissions", `{"permissions":{"BROWSE_PROJECTS":{"havePermission":true}}}`},
		{"/issuetypes", `{"issueTypes":[{"id":"1","name":"Task"}],"total":1}`},
		{"/issuetypes/1", `{"fields":[{"fieldId":"summary","key":"summary","name":"Summary","required":true}],"total":1}`},
		{"/transitions", `{"transitions":[{"id":"11","name":"Start","to":{"id":"3","name":"In Progress","statusCategory":{"key":"indeterminate"}}}]}`},
		{"/issue", `{"id":"10012","key":"OPS-12"}`},
		{"/search/jql", `{"issues":[],"isLast":true}`},
		{"/search", `{"issues":[` + own + `],"total":1}`},
	}
	return func(r *http.Request) hostile.Answer {
		if r.Header.Get("Authorization") == "" {
			return hostile.Answer{Status: http.StatusNotFound, Body: `{"errorMessages":["not here"]}`}
		}
		for _, a := range answers {
			if strings.HasSuffix(r.URL.Path, a.end) {
				return hostile.JSON(a.body)
			}
		}
		if _, key, ok := strings.Cut(r.URL.Path, "/issue/OPS-"); ok && key != "1" {
			return hostile.Answer{Status: http.StatusNotFound, Body: `{"errorMessages":["Issue Does Not Exist"]}`}
		}
		return hostile.JSON(own)
	}
}

// asking is a case of a client's call, on Cloud or on Data Center.
func asking(server bool, hit func(*http.Request) bool, call func(ctx context.Context, c *Client) (any, error), seeds ...string) hostile.Case {
	return hostile.Case{Hit: hit, Else: ordinary(server), Seeds: seeds, Call: func(ctx context.Context, rt http.RoundTripper) (any, error) {
		c, err := New(Config{
			Name: "jira", URL: "https://jira.test", Auth: "bearer", Token: hostile.Secret, Projects: []string{"OPS"}, FieldNames: []string{"Team"},
			TransitionDefaults: map[string]string{"resolution": "Done"}, HTTP: transport.New(transport.Options{Base: rt, Retries: -1}), Now: hostile.Now,
		})
		if err != nil {
			return nil, fmt.Errorf("make the client: %w", err)
		}
		return call(ctx, c)
	}}
}

func FuzzIssue(f *testing.F) {
	hostile.Fuzz(f, asking(false, hostile.Path("GET", "/issue/10012"), func(ctx context.Context, c *Client) (any, error) { return c.Read(ctx, ops12) },
		issueJSON(10012, `,"changelog":{"startAt":0,"total":2,"histories":[`+histories(2, 1)+`]},"properties":{"parley.link":{"mark":"m"}}`)))
}

func FuzzSearchPage(f *testing.F) {
	hostile.Fuzz(f, asking(false, hostile.Path("POST", "/search/jql"), askChanges,
		`{"issues":[`+issueJSON(10012, "")+`],"nextPageToken":"t","isLast":false}`, `{"issues":[{"id":7}],"isLast":true}`))
}

func FuzzServerSearchPage(f *testing.F) {
	hostile.Fuzz(f, asking(true, hostile.Path("POST", "/search"), askChanges,
		`{"issues":[`+issueJSON(10012, "")+`],"startAt":0,"maxResults":50,"total":51}`))
}

func askChanges(ctx context.Context, c *Client) (any, error) {
	return c.Changes(ctx, connectors.Cursor{Watermark: hostile.Now().Add(-time.Hour)})
}

func FuzzChangelog(f *testing.F) {
	hostile.Fuzz(f, asking(false, hostile.Path("GET", "/changelog"), func(ctx context.Context, c *Client) (any, error) {
		entries, _, err := c.History(ctx, ops12, 1)
		return entries, err
	}, `{"values":[`+histories(1, 2, 3)+`],"isLast":true}`, `{"values":[`+histories(1)+`],"isLast":false}`))
}

func FuzzServerChangelog(f *testing.F) {
	hostile.Fuzz(f, asking(true, hostile.Path("GET", "/issue/10012"), func(ctx context.Context, c *Client) (any, error) {
		entries, _, err := c.History(ctx, ops12, 1)
		return entries, err
	}, issueJSON(10012, `,"changelog":{"histories":[`+histories(1, 2, 3)+`]}`)))
}

func FuzzTransitions(f *testing.F) {
	hostile.Fuzz(f, asking(false, hostile.Path("GET", "/transitions"), func(ctx context.Context, c *Client) (any, error) { return c.Transitions(ctx, ops12) },
		`{"transitions":[{"id":"11","name":"Finish","to":{"id":"9","name":"Done","statusCategory":{"key":"done"}},"hasScreen":true,"isAvailable":true,
			"fields":{"resolution":{"required":true,"schema":{"type":"resolution"},"allowedValues":[{"id":"1","name":"Done"}]}}}]}`))
}

func FuzzRemoteLinks(f *testing.F) {
	hostile.Fuzz(f, asking(false, hostile.Path("GET", "/remotelink"), func(ctx context.Context, c *Client) (any, error) { return c.Links(ctx, ops12) },
		`[{"id":1,"globalId":"g","object":{"url":"https://x.example","title":"t"}}]`))
}

func FuzzServerInfo(f *testing.F) {
	hostile.Fuzz(f, asking(false, hostile.Path("GET", "/serverInfo"), askCheck, `{"version":"9.4","deploymentType":"Server","baseUrl":"https://x.example"}`))
}

func FuzzUser(f *testing.F) {
	hostile.Fuzz(f, asking(false, hostile.Path("GET", "/myself"), askCheck, `{"accountId":"me","displayName":"Parley"}`, `{"name":"p","key":"k"}`))
}

func askCheck(ctx context.Context, c *Client) (any, error) { return c.Check(ctx) }

func FuzzStatuses(f *testing.F) {
	hostile.Fuzz(f, asking(false, hostile.Path("GET", "/status"), askCheck,
		`[{"id":"3","name":"En cours","untranslatedName":"In Progress","statusCategory":{"key":"indeterminate"},"scope":{"project":{"id":"10000"}}}]`))
}

func FuzzPriorities(f *testing.F) {
	hostile.Fuzz(f, asking(false, hostile.Path("GET", "/priority"), askCheck, `[{"id":"1","name":"Highest"},{"id":"2","name":"High"}]`))
}

func FuzzProject(f *testing.F) {
	hostile.Fuzz(f, asking(false, hostile.Path("GET", "/project/OPS"), askCheck, `{"id":"10000","key":"OPS","archived":true}`))
}

func FuzzProjectStatuses(f *testing.F) {
	hostile.Fuzz(f, asking(false, hostile.Path("GET", "/statuses"), askCheck, `[{"id":"1","name":"Task","statuses":[{"id":"3","name":"In Progress"}]}]`))
}

func FuzzPermissions(f *testing.F) {
	hostile.Fuzz(f, asking(false, hostile.Path("GET", "/mypermissions"), askCheck, `{"permissions":{"EDIT_ISSUES":{"havePermission":false}}}`))
}

func FuzzFields(f *testing.F) {
	hostile.Fuzz(f, asking(false, hostile.Path("GET", "/field"), func(ctx context.Context, c *Client) (any, error) { return c.Read(ctx, ops12) },
		`[{"id":"customfield_7","name":"Team","untranslatedName":"Team"}]`))
}
