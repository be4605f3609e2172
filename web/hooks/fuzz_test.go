package hooks

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"unicode/utf8"
)

// lawful checks what holds for the answer to any webhook that is well signed.
func lawful(t *testing.T, d *desk, r *http.Request, containers []string) {
	t.Helper()
	got := d.send(r)
	switch {
	case got.Code == http.StatusAccepted || got.Code == http.StatusOK:
	case got.Code == http.StatusBadRequest && len(d.hints) == 0:
	default:
		t.Errorf("answered %d %s", got.Code, got.Body)
	}
	if !utf8.Valid(got.Body.Bytes()) || got.Body.Len() > 300 || strings.Contains(got.Body.String(), secret) {
		t.Errorf("answered %q", got.Body)
	}
	if len(d.hints) > 1 {
		t.Errorf("one webhook is %d hints", len(d.hints))
	}
	for _, h := range d.hints {
		known := h.Container == "" && h.Tracker == "jira"
		for _, c := range containers {
			known = known || h.Container == c
		}
		if !known {
			t.Errorf("a hint of what is not configured: %+v", h)
		}
	}
	again := r.Clone(r.Context())
	again.Body, _ = r.GetBody()
	n := len(d.hints)
	if second := d.send(again); len(d.hints) > n {
		t.Errorf("a replay is answered %d %s and is a hint", second.Code, second.Body)
	}
}

func FuzzGitHubHook(f *testing.F) {
	for _, event := range []string{"issues", "issue_comment", "ping", "star", ""} {
		f.Add("72d3162e-cc78-11e3-81ab-4c9367dc0958", event, []byte(issuesBody))
	}
	f.Add("", "issues", []byte(`{"repository":{"full_name":"acme/payments"},"issue":{"number":-1}}`))
	f.Add("1", "issues", []byte(`{"repository":null,"issue":[]}`))
	f.Fuzz(func(t *testing.T, id, event string, body []byte) {
		d := newDesk(t)
		r := httptest.NewRequest(http.MethodPost, "/hooks/github/hub", strings.NewReader(string(body)))
		r.GetBody = bodyOf(body)
		r.Header.Set("Content-Type", "application/json")
		r.Header["X-Github-Delivery"] = []string{id}
		r.Header["X-Github-Event"] = []string{event}
		r.Header.Set("X-Hub-Signature-256", signed(string(body)))
		lawful(t, d, r, []string{"acme/payments"})
	})
}

func FuzzJiraHook(f *testing.F) {
	f.Add("c1", []byte(jiraBody))
	f.Add("c2", []byte(`{"webhookEvent":"comment_created","comment":{"id":"1"}}`))
	f.Add("c3", []byte(`{"webhookEvent":"jira:issue_deleted","issue":{"key":"FIN-1","fields":null}}`))
	f.Add("c4", []byte(`{"webhookEvent":"jira:version_released","issue":{"key":"-"}}`))
	f.Fuzz(func(t *testing.T, id string, body []byte) {
		if len(body) == 0 && id == "" {
			return // nothing tells two of these apart
		}
		d := newDesk(t)
		r := httptest.NewRequest(http.MethodPost, "/hooks/jira/jira", strings.NewReader(string(body)))
		r.GetBody = bodyOf(body)
		r.Header.Set("Content-Type", "application/json")
		r.Header["X-Atlassian-Webhook-Identifier"] = []string{id}
		r.Header.Set("X-Hub-Signature", signed(string(body)))
		lawful(t, d, r, []string{"OPS", "FIN"})
	})
}

func bodyOf(body []byte) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
}
