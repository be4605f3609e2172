package github_test

import (
	"bytes"
	"context"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers/legacy"

	"parley/connectors"
	"parley/connectors/sim/githubsim"
)

// judge lets every exchange pass and holds it to GitHub's own description.
type judge struct {
	t    *testing.T
	next http.Handler
	find func(*http.Request) (*openapi3filter.RequestValidationInput, error)

	mu   sync.Mutex
	seen map[string]int // by method and path of the description
}

func (j *judge) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	rec := httptest.NewRecorder()
	j.next.ServeHTTP(rec, r)
	j.hold(r, body, rec)
	maps.Copy(w.Header(), rec.Header())
	w.WriteHeader(rec.Code)
	_, _ = w.Write(rec.Body.Bytes())
}

func (j *judge) hold(r *http.Request, body []byte, rec *httptest.ResponseRecorder) {
	copied := r.Clone(context.Background())
	copied.Body = io.NopCloser(bytes.NewReader(body))
	in, err := j.find(copied)
	if err != nil {
		j.t.Errorf("%s %s: %v", r.Method, r.URL, err)
		return
	}
	j.mu.Lock()
	j.seen[r.Method+" "+in.Route.Path]++
	j.mu.Unlock()
	if err := openapi3filter.ValidateRequest(context.Background(), in); err != nil {
		j.t.Errorf("request %s %s: %v", r.Method, r.URL, err)
	}
	out := &openapi3filter.ResponseValidationInput{RequestValidationInput: in, Status: rec.Code, Header: rec.Header(),
		Body: io.NopCloser(bytes.NewReader(rec.Body.Bytes())), Options: in.Options}
	if err := openapi3filter.ValidateResponse(context.Background(), out); err != nil {
		j.t.Errorf("answer to %s %s: %v", r.Method, r.URL, err)
	}
}

func newJudge(t *testing.T, next http.Handler) *judge {
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
	options := &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, IncludeResponseStatus: true}
	return &judge{t: t, next: next, seen: map[string]int{}, find: func(r *http.Request) (*openapi3filter.RequestValidationInput, error) {
		route, params, err := router.FindRoute(r)
		return &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: route, Options: options}, err
	}}
}

// TestOfficialDescriptionOfFields: the same for Issue Fields.
func TestOfficialDescriptionOfFields(t *testing.T) {
	t.Parallel()
	b := withBoard(t, githubsim.Options{})
	j := newJudge(t, b.hub.Handler())
	srv := httptest.NewServer(j)
	t.Cleanup(srv.Close)
	b.url = srv.URL
	c := b.holder("t-bot", "")
	for _, option := range []string{"Done", "Todo", ""} {
		_, err := b.choose(c, 1, "status", option)
		b.ok(err)
	}
	_, err := c.Read(context.Background(), b.ref(1))
	b.ok(err)
	const values = "/repos/{owner}/{repo}/issues/{issue_number}/issue-field-values"
	for want, n := range map[string]int{"GET /orgs/{org}/issue-fields": 1, "POST " + values: 2, "DELETE " + values + "/{issue_field_id}": 1} {
		if j.seen[want] != n {
			t.Errorf("%s was tried %d times: %v", want, j.seen[want], j.seen)
		}
	}
}

// What the client sends and what the simulator answers is what GitHub describes.
func TestOfficialDescriptionOfWrites(t *testing.T) {
	t.Parallel()
	b := setup(t, githubsim.Options{})
	j := newJudge(t, b.hub.Handler())
	srv := httptest.NewServer(j)
	t.Cleanup(srv.Close)
	b.url = srv.URL
	c := b.client("t-bot")
	made, err := c.Create(context.Background(), draft())
	b.ok(err)
	for _, w := range []connectors.Write{{Title: "New"}, {Assign: "ana"}, {Unassign: "ana"}, {AddLabel: "x"}, {RemoveLabel: "x"}} {
		w.Issue = made.Ref
		_, err := c.Send(context.Background(), w)
		b.ok(err)
	}
	_, err = c.Send(context.Background(), connectors.Write{Issue: made.Ref, Assign: "stranger"})
	if connectors.KindOf(err) != connectors.Invalid {
		t.Error(err)
	}
	_, err = c.Created(context.Background(), connectors.Search{Container: repo, Since: b.clock.Now().Add(-time.Minute)})
	b.ok(err)
	_, err = c.Read(context.Background(), made.Ref)
	b.ok(err)
	_, err = c.Feed(context.Background(), repo, "")
	b.ok(err)
	_, _, err = c.History(context.Background(), made.Ref, 0)
	b.ok(err)
	_, err = c.Check(context.Background())
	b.ok(err)
	for _, want := range []string{"POST /repos/{owner}/{repo}/issues", "PATCH /repos/{owner}/{repo}/issues/{issue_number}",
		"POST /repos/{owner}/{repo}/issues/{issue_number}/assignees", "DELETE /repos/{owner}/{repo}/issues/{issue_number}/assignees",
		"GET /repos/{owner}/{repo}/issues", "GET /repos/{owner}/{repo}/issues/{issue_number}/events"} {
		if j.seen[want] == 0 {
			t.Errorf("%s was not tried: %v", want, j.seen)
		}
	}
}
