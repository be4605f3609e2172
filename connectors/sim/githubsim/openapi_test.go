package githubsim_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"

	"parley/connectors/sim/githubsim"
)

// official is GitHub's own description of its API as a judge of answers.
func official(t *testing.T) routers.Router {
	t.Helper()
	dir := os.Getenv("PARLEY_DATA")
	if dir == "" {
		t.Skip("PARLEY_DATA is not set: GitHub's OpenAPI document is not here")
	}
	raw, err := os.ReadFile(filepath.Join(dir, "openapi", "api.github.com.sync.noexamples.json"))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := openapi3.NewLoader().LoadFromData(raw)
	if err != nil {
		t.Fatal(err)
	}
	doc.Servers = nil
	router, err := legacy.NewRouter(doc, openapi3.DisableExamplesValidation())
	if err != nil {
		t.Fatal(err)
	}
	return router
}

// TestOfficialDescription holds the answers of the main endpoints to GitHub's
// OpenAPI document.
func TestOfficialDescription(t *testing.T) {
	t.Parallel()
	router := official(t)
	w := newWorld(t, githubsim.Options{})
	w.furnish()
	for _, tc := range []struct {
		method, path, body string
		status             int
	}{
		{"GET", "/repos/acme/payments", "", 200},
		{"GET", issuesPath + "?state=all", "", 200},
		{"GET", issuesPath + "?state=all&per_page=1&page=2", "", 200},
		{"POST", issuesPath, `{"title":"New","labels":["a"]}`, 201},
		{"GET", issuesPath + "/1", "", 200},
		{"GET", issuesPath + "/2", "", 200},
		{"GET", issuesPath + "/1/events", "", 200}, // before the closing: the document knows no closed events here
		{"GET", issuesPath + "/99", "", 404},
		{"GET", issuesPath + "/3", "", 410},
		{"PATCH", issuesPath + "/1", `{"state":"closed","state_reason":"not_planned"}`, 200},
		{"PATCH", issuesPath + "/1", `{"title":" "}`, 422},
		{"GET", issuesPath + "/1/labels", "", 200},
		{"POST", issuesPath + "/1/labels", `["x"]`, 200},
		{"POST", issuesPath + "/1/labels", `{"labels":["x"]}`, 200},
		{"PUT", issuesPath + "/1/labels", `{"labels":["y"]}`, 200},
		{"DELETE", issuesPath + "/1/labels/y", "", 200},
		{"DELETE", issuesPath + "/1/labels/y", "", 404},
		{"DELETE", issuesPath + "/1/labels", "", 204},
		{"GET", issuesPath + "/1/comments", "", 200},
		{"POST", issuesPath + "/1/comments", `{"body":"b"}`, 201},
		{"GET", issuesPath + "/comments", "", 200},
		{"GET", issuesPath + "/events", "", 200},
		{"GET", issuesPath + "/1/timeline", "", 200},
		{"PUT", issuesPath + "/1/lock", `{"lock_reason":"spam"}`, 204},
		{"POST", issuesPath + "/1/assignees", `{"assignees":["ana"]}`, 201},
		{"GET", "/repos/acme/payments/labels", "", 200},
		{"POST", "/repos/acme/payments/labels", `{"name":"n","color":"ffffff"}`, 201},
		{"POST", "/repos/acme/payments/labels", `{"name":"n"}`, 422},
		{"PATCH", "/repos/acme/payments/labels/n", `{"new_name":"m"}`, 200},
		{"GET", "/repos/acme/payments/milestones", "", 200},
		{"GET", "/repos/acme/payments/milestones/1", "", 200},
		{"GET", "/repos/acme/payments/assignees", "", 200},
		{"GET", "/user", "", 200},
		{"GET", "/rate_limit", "", 200},
		{"GET", "/meta", "", 200},
		{"GET", "/versions", "", 200},
	} {
		got := w.do(tc.method, tc.path, "t-ana", tc.body)
		if got.status != tc.status {
			t.Errorf("%s %s: %d %s", tc.method, tc.path, got.status, got.body)
			continue
		}
		if err := judge(router, tc.method, tc.path, tc.body, got); err != nil {
			t.Errorf("%s %s: %v", tc.method, tc.path, err)
		}
	}
}

// TestJudgeJudges: the judge refuses an answer that is not GitHub's.
func TestJudgeJudges(t *testing.T) {
	t.Parallel()
	router := official(t)
	bad := reply{200, http.Header{"Content-Type": {"application/json; charset=utf-8"}}, `{"number":1}`}
	if err := judge(router, "GET", issuesPath+"/1", "", bad); err == nil {
		t.Error("an issue that has only a number passes")
	}
}

// furnish gives the first repository something of everything.
func (w *world) furnish() {
	w.t.Helper()
	_, err := w.hub.AddMilestone("ana", pay, githubsim.Milestone{Title: "M1", Due: start})
	w.must(err)
	_, err = w.hub.CreateIssue("parley[bot]", pay, githubsim.NewIssue{Title: "A", Body: "b", Labels: []string{"bug"}, Assignees: []string{"ana"}, Milestone: 1})
	w.must(err)
	_, err = w.hub.CreateIssue("ana", pay, githubsim.NewIssue{Title: "B", PullRequest: true})
	w.must(err)
	w.issue("C")
	w.must(w.hub.SetPermission(pay, "ana", githubsim.Admin))
	w.must(w.hub.DeleteIssue("ana", pay, 3))
	_, err = w.hub.Comment("bo", pay, 1, "hm")
	w.must(err)
	w.must(w.hub.SetState("", pay, 2, "closed", ""))
}

func judge(router routers.Router, method, path, body string, got reply) error {
	path = strings.TrimSuffix(path, "?")
	req, err := http.NewRequest(method, "https://api.github.com"+path, strings.NewReader(body))
	if err != nil {
		return err
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	route, params, err := router.FindRoute(req)
	if err != nil {
		return err
	}
	in := &openapi3filter.RequestValidationInput{Request: req, PathParams: params, Route: route,
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, IncludeResponseStatus: true}}
	if err := openapi3filter.ValidateRequest(context.Background(), in); err != nil {
		return err
	}
	return openapi3filter.ValidateResponse(context.Background(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: in, Status: got.status, Header: got.header,
		Body: io.NopCloser(bytes.NewReader([]byte(got.body))), Options: in.Options})
}
