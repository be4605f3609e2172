package jira_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"parley/connectors"
	"parley/connectors/sim/jirasim"
)

// judge lets every exchange pass and holds it to Atlassian's own description.
type judge struct {
	t        *testing.T
	next     http.Handler
	requests map[string]routers.Router // by the version of the API
	answers  map[string]routers.Router

	mu   sync.Mutex
	seen map[string]int // by method and path of the description
}

func (j *judge) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	rec := httptest.NewRecorder()
	j.next.ServeHTTP(rec, r)
	if err := j.hold(r, body, rec); err != nil {
		j.t.Errorf("%s %s: %v", r.Method, r.URL, err)
	}
	maps.Copy(w.Header(), rec.Header())
	w.WriteHeader(rec.Code)
	_, _ = w.Write(rec.Body.Bytes())
}

func (j *judge) hold(r *http.Request, body []byte, rec *httptest.ResponseRecorder) error {
	in, err := look(j.requests, r, body)
	if err != nil {
		return err
	}
	j.mu.Lock()
	j.seen[r.Method+" "+in.Route.Path]++
	j.mu.Unlock()
	if err := openapi3filter.ValidateRequest(context.Background(), in); err != nil {
		return fmt.Errorf("request: %w", err)
	}
	if rec.Body.Len() == 0 || strings.HasSuffix(r.URL.Path, "/serverInfo") {
		return nil // the documents give even a 204 a type, and call the server's zone an object
	}
	if in, err = look(j.answers, r, body); err != nil {
		return err
	}
	out := &openapi3filter.ResponseValidationInput{RequestValidationInput: in, Status: rec.Code, Header: rec.Header(),
		Body: io.NopCloser(bytes.NewReader(withoutNulls(rec.Body.Bytes()))), Options: in.Options}
	if err := openapi3filter.ValidateResponse(context.Background(), out); err != nil {
		return fmt.Errorf("answer: %w", err)
	}
	return nil
}

func look(versions map[string]routers.Router, r *http.Request, body []byte) (*openapi3filter.RequestValidationInput, error) {
	copied := r.Clone(context.Background())
	copied.Body = io.NopCloser(bytes.NewReader(withoutNulls(body)))
	router := versions[strings.Split(r.URL.Path, "/")[3]]
	route, params, err := router.FindRoute(copied)
	return &openapi3filter.RequestValidationInput{Request: copied, PathParams: params, Route: route,
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, IncludeResponseStatus: true}}, err
}

// withoutNulls drops members that are null: the documents know no null, Jira sends and
// takes it wherever a field is empty.
func withoutNulls(raw []byte) []byte {
	var v any
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	if dec.Decode(&v) != nil {
		return raw
	}
	out, _ := json.Marshal(prune(v))
	return out
}

func prune(v any) any {
	switch x := v.(type) {
	case map[string]any:
		for k, member := range x {
			if member == nil {
				delete(x, k)
				continue
			}
			x[k] = prune(member)
		}
	case []any:
		for i, member := range x {
			x[i] = prune(member)
		}
	}
	return v
}

func newJudge(t *testing.T, next http.Handler) *judge {
	t.Helper()
	dir := os.Getenv("PARLEY_DATA")
	if dir == "" {
		t.Skip("PARLEY_DATA is not set: Atlassian's OpenAPI documents are not here")
	}
	j := &judge{t: t, next: next, seen: map[string]int{}, requests: map[string]routers.Router{}, answers: map[string]routers.Router{}}
	for _, version := range []string{"2", "3"} {
		raw, err := os.ReadFile(filepath.Join(dir, "openapi", "openapi-cloud-v"+version+".json"))
		if err != nil {
			t.Fatal(err)
		}
		// Jira writes zones without a colon, whatever the documents say of its times,
		// and answers with members that they do not name, such as isLast.
		raw = bytes.ReplaceAll(raw, []byte(`"date-time"`), []byte(`"moment"`))
		j.requests[version] = router(t, raw)
		j.answers[version] = router(t, bytes.ReplaceAll(raw, []byte(`"additionalProperties":false`), []byte(`"additionalProperties":true`)))
	}
	return j
}

func router(t *testing.T, raw []byte) routers.Router {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(raw)
	if err != nil {
		t.Fatal(err)
	}
	doc.Servers = nil
	r, err := gorillamux.NewRouter(doc)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// What the client sends and what the simulator answers is what Atlassian describes.
func TestOfficialDescriptionOfWrites(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(o *jirasim.Options) { o.BulkTimes = "text" }) // by its example, and against its schema, a moment there is a number
	j := newJudge(t, b.site.Handler())
	srv := httptest.NewServer(j)
	t.Cleanup(srv.Close)
	b.url = srv.URL
	b.client = b.open("t0ken")
	made, err := b.client.Create(t.Context(), draft())
	b.must(err)
	for _, w := range []connectors.Write{{Title: "New"}, {Due: "2026-12-24"}, {AddLabel: "x"}, {RemoveLabel: "x"}, {Assign: "ana"}, {Unassign: "ana"}, {Priority: "2"}, {Transition: "11"},
		{Link: &connectors.Link{GlobalID: "parley:gh:7", URL: "https://github.com/acme/infra/issues/7", Title: "acme/infra#7"}}} {
		w.Issue, w.Op = made.Ref, "op-1"
		_, err := b.client.Send(t.Context(), w)
		b.must(err)
	}
	_, err = b.client.Send(t.Context(), connectors.Write{Issue: made.Ref, Assign: "stranger"})
	if connectors.KindOf(err) != connectors.Invalid {
		t.Error(err)
	}
	_, err = b.client.Created(t.Context(), connectors.Search{Container: "OPS", Since: b.clock.Now().Add(-time.Hour), After: "OPS-0"})
	b.must(err)
	_, err = b.client.Read(t.Context(), made.Ref)
	b.must(err)
	_, _, err = b.client.History(t.Context(), made.Ref, 0)
	b.must(err)
	_, err = b.client.Changes(t.Context(), connectors.Cursor{})
	b.must(err)
	_, _, err = b.client.Histories(t.Context(), []connectors.Ref{made.Ref}, "")
	b.must(err)
	for _, want := range []string{"POST /rest/api/3/issue", "POST /rest/api/3/changelog/bulkfetch", "PUT /rest/api/2/issue/{issueIdOrKey}", "POST /rest/api/2/issue/bulkfetch", "POST /rest/api/2/search/jql",
		"GET /rest/api/2/issue/createmeta/{projectIdOrKey}/issuetypes", "GET /rest/api/2/issue/createmeta/{projectIdOrKey}/issuetypes/{issueTypeId}"} {
		if j.seen[want] == 0 {
			t.Errorf("%s was not tried: %v", want, j.seen)
		}
	}
}
