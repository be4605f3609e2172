package jira

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/connectors"
	"parley/connectors/transport"
)

const (
	testToken = "s3cret-token"
	testDate  = "Mon, 02 Nov 2026 09:00:30 GMT"
)

// reply is one scripted answer.
type reply struct {
	status int // 0: 200
	header map[string]string
	body   string
	cut    bool // drop the connection instead
}

func jsonReply(body string) reply { return reply{body: body} }

// asked is one request that the fake got.
type asked struct {
	line string // "GET /rest/api/2/myself"
	url  string // with the query
	body string
	head http.Header
}

// fake is a Jira that answers by script. A path's replies are given in order,
// the last one for ever.
type fake struct {
	t      *testing.T
	client *Client
	url    string
	now    time.Time

	mu      sync.Mutex
	replies map[string][]reply
	log     []asked
}

func newFake(t *testing.T, configure ...func(*Config)) *fake {
	t.Helper()
	f := &fake{t: t, now: at("12:00:00"), replies: map[string][]reply{}}
	srv := httptest.NewServer(f)
	t.Cleanup(srv.Close)
	f.url = srv.URL
	f.on("GET serverInfo", jsonReply(`{"version":"1001.0.0","deploymentType":"Cloud"}`))
	f.on("NOBODY project/OPS", reply{status: 404, body: `{"errorMessages":["No project could be found with key 'OPS'."]}`})
	f.on("NOBODY project/FIN", reply{status: 404, body: `{"errorMessages":["No project could be found with key 'FIN'."]}`})
	f.on("GET priority/search", jsonReply(`{"values":[],"isLast":true}`))
	f.on("GET myself", jsonReply(`{"accountId":"me","displayName":"Parley"}`))
	c := Config{
		Name: "jira", URL: srv.URL + "/", Auth: "basic", User: "bot@acme.test", Token: testToken, Projects: []string{"OPS"},
		HTTP: transport.New(transport.Options{Timeout: 5 * time.Second, Retries: -1}),
		Now:  func() time.Time { f.mu.Lock(); defer f.mu.Unlock(); return f.now },
	}
	t.Cleanup(c.HTTP.CloseIdleConnections)
	for _, change := range configure {
		change(&c)
	}
	client, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	f.client = client
	return f
}

func (f *fake) on(line string, replies ...reply) {
	f.mu.Lock()
	defer f.mu.Unlock()
	method, path, _ := strings.Cut(line, " ")
	f.replies[method+" /rest/api/2/"+path] = replies
}

// onAny is on for a path outside of version 2 of the API.
func (f *fake) onAny(method, path string, replies ...reply) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.replies[method+" "+path] = replies
}

// clear forgets the requests so far.
func (f *fake) clear() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.log = nil
}

func (f *fake) pass(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now = f.now.Add(d)
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	f.mu.Lock()
	line := r.Method + " " + r.URL.Path
	if r.Header.Get("Authorization") == "" {
		line = "NOBODY " + r.URL.Path
	}
	f.log = append(f.log, asked{line, r.URL.String(), string(body), r.Header.Clone()})
	queue := f.replies[line]
	var a reply
	switch {
	case len(queue) == 0:
		f.mu.Unlock()
		f.t.Errorf("unexpected request %s", line)
		w.WriteHeader(http.StatusTeapot)
		return
	case len(queue) > 1:
		f.replies[line] = queue[1:]
	}
	a = queue[0]
	f.mu.Unlock()
	if a.cut {
		panic(http.ErrAbortHandler)
	}
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	w.Header().Set("Date", testDate)
	w.Header().Set("X-AAccountId", "me")
	for k, v := range a.header {
		if v == "" {
			w.Header()[http.CanonicalHeaderKey(k)] = nil // keeps net/http from adding a Date
			continue
		}
		w.Header().Set(k, v)
	}
	if a.status != 0 {
		w.WriteHeader(a.status)
	}
	_, _ = io.WriteString(w, a.body)
}

// lines are the requests so far, without those for the identity.
func (f *fake) lines() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []string
	for _, a := range f.log {
		if !strings.HasSuffix(a.line, "/serverInfo") && !strings.HasSuffix(a.line, "/myself") {
			out = append(out, strings.Replace(a.line, "/rest/api/2/", "", 1))
		}
	}
	return out
}

func (f *fake) count(line string) (n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	method, path, _ := strings.Cut(line, " ")
	for _, a := range f.log {
		if a.line == method+" /rest/api/2/"+path {
			n++
		}
	}
	return n
}

// last is the newest request.
func (f *fake) last() asked {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.log[len(f.log)-1]
}

// lastBody decodes the body of the newest request.
func (f *fake) lastBody() map[string]any {
	f.t.Helper()
	var m map[string]any
	if err := json.Unmarshal([]byte(f.last().body), &m); err != nil {
		f.t.Fatalf("body %q: %v", f.last().body, err)
	}
	return m
}

var ops12 = connectors.Ref{Tracker: "jira", ID: "10012", Key: "OPS-12", Container: "OPS"}

// issueJSON is a small issue; fields and more are spliced in.
func issueJSON(id int, more string) string {
	return fmt.Sprintf(`{"id":"%d","key":"OPS-%d","fields":{"summary":"Issue %d","project":{"key":"OPS"},
		"status":{"id":"3","name":"In Progress","statusCategory":{"key":"indeterminate"}},"priority":{"id":"2","name":"High"},
		"created":"2026-11-01T10:00:00.000+0100","updated":"2026-11-02T09:30:00.123+0100"}%s}`, id, id-10000, id, more)
}

func kindAndHint(t *testing.T, err error) (connectors.ErrorKind, *connectors.Error) {
	t.Helper()
	if err == nil {
		return "", nil
	}
	e, ok := errors.AsType[*connectors.Error](err)
	if !ok {
		t.Fatalf("%T is not an *connectors.Error: %v", err, err)
	}
	if strings.Contains(fmt.Sprintf("%v %+v", err, *e), testToken) {
		t.Errorf("the token shows in %v", err)
	}
	return e.Kind, e
}
