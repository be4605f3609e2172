package githubsim_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"parley/connectors/sim"
	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/official"
)

// world is a hub with three people and two repositories behind a server.
type world struct {
	t     testing.TB
	hub   *githubsim.Hub
	clock *sim.Manual
	url   string
}

var start = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)

const pay = "acme/payments"

func newWorld(t testing.TB, o githubsim.Options) *world {
	t.Helper()
	w := newState(t, o)
	kind := official.GitHub
	if o.Enterprise != nil {
		kind = official.GitHubEnterprise
	}
	srv := httptest.NewServer(official.HearAnswers(t, kind, w.hub.Handler()))
	t.Cleanup(srv.Close)
	w.url = srv.URL
	return w
}

// newState is newWorld without the server.
func newState(t testing.TB, o githubsim.Options) *world {
	t.Helper()
	clock := sim.NewManual(start)
	o.Clock = clock
	w := &world{t: t, hub: githubsim.New(o), clock: clock}
	w.must(w.hub.AddUser(githubsim.User{Login: "ana", Token: "t-ana", Push: true}))
	w.must(w.hub.AddUser(githubsim.User{Login: "Bo", Token: "t-bo"}))
	w.must(w.hub.AddUser(githubsim.User{Login: "parley[bot]", Type: "Bot", App: "parley", Token: "t-app", Push: true}))
	w.must(w.hub.AddRepo(githubsim.Repo{Owner: "acme", Name: "payments"}))
	w.must(w.hub.AddRepo(githubsim.Repo{Owner: "acme", Name: "secret", Private: true}))
	return w
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) issue(title string, labels ...string) githubsim.Issue {
	w.t.Helper()
	is, err := w.hub.CreateIssue("ana", pay, githubsim.NewIssue{Title: title, Labels: labels})
	w.must(err)
	return is
}

func (w *world) state(number int) githubsim.Issue {
	w.t.Helper()
	is, err := w.hub.Issue(pay, number)
	w.must(err)
	return is
}

// kinds are the events of an issue as "kind label-or-reason".
func (w *world) kinds(number int) []string {
	w.t.Helper()
	events, err := w.hub.Events(pay, number)
	w.must(err)
	var out []string
	for _, e := range events {
		out = append(out, strings.TrimSpace(e.Kind+" "+e.Label+e.Reason+e.Assignee+e.Milestone+e.To))
	}
	return out
}

// reply is an answer of the server.
type reply struct {
	status int
	header http.Header
	body   string
}

// do sends a request without following redirects. headers are "Name: value".
func (w *world) do(method, path, token, body string, headers ...string) reply {
	w.t.Helper()
	url := path
	if !strings.HasPrefix(path, "http") {
		url = w.url + path
	}
	req, err := http.NewRequest(method, url, strings.NewReader(body))
	w.must(err)
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	for _, h := range headers {
		k, v, _ := strings.Cut(h, ": ")
		req.Header.Set(k, v)
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	w.must(err)
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	w.must(err)
	return reply{resp.StatusCode, resp.Header, string(raw)}
}

func (w *world) get(path string, headers ...string) reply {
	w.t.Helper()
	return w.do("GET", path, "t-ana", "", headers...)
}

// rows are the issue numbers of a list.
func (r reply) rows(t testing.TB) []int {
	t.Helper()
	var list []struct {
		Number int `json:"number"`
	}
	if err := json.Unmarshal([]byte(r.body), &list); err != nil {
		t.Fatalf("list: %v: %.300s", err, r.body)
	}
	out := []int{}
	for _, i := range list {
		out = append(out, i.Number)
	}
	return out
}

// object is the body as an object.
func (r reply) object(t testing.TB) map[string]any {
	t.Helper()
	m := map[string]any{}
	if err := json.Unmarshal([]byte(r.body), &m); err != nil {
		t.Fatalf("object: %v: %.300s", err, r.body)
	}
	return m
}
