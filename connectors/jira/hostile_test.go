package jira

import (
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/iotest"

	"parley/connectors"
)

// An answer without the list that was asked for is not an empty list: read so, a poll
// would pass over what changed, and a comment or an issue would be made twice.
func TestAnAnswerWithoutTheListIsNotEmpty(t *testing.T) {
	t.Parallel()
	search := connectors.Search{Container: "OPS"}
	for name, c := range map[string]struct {
		method, path string
		ask          func(*testing.T, *Client) error
	}{
		"poll": {"POST", "/rest/api/2/search/jql", func(t *testing.T, c *Client) error {
			t.Helper()
			_, err := c.Changes(t.Context(), connectors.Cursor{})
			return err
		}},
		"own issues": {"POST", "/rest/api/2/search/jql", func(t *testing.T, c *Client) error {
			t.Helper()
			_, err := c.Created(t.Context(), search)
			return err
		}},
		"comments": {"GET", "/rest/api/3/issue/10012/comment", func(t *testing.T, c *Client) error {
			t.Helper()
			_, err := c.ListComments(t.Context(), connectors.CommentSearch{Issue: ops12})
			return err
		}},
		"history": {"GET", "/rest/api/2/issue/10012/changelog", func(t *testing.T, c *Client) error {
			t.Helper()
			_, _, err := c.History(t.Context(), ops12, -1)
			return err
		}},
		"keys": {"POST", "/rest/api/2/issue/bulkfetch", func(t *testing.T, c *Client) error {
			t.Helper()
			_, err := c.Created(t.Context(), connectors.Search{Container: "OPS", After: "OPS-1"})
			return err
		}},
		"transitions": {"GET", "/rest/api/2/issue/10012/transitions", func(t *testing.T, c *Client) error {
			t.Helper()
			_, err := c.Transitions(t.Context(), ops12)
			return err
		}},
	} {
		for _, body := range []string{`{}`, `{"status":"ok"}`, `{"issues":null,"comments":null,"values":null,"issueErrors":null,"transitions":null}`} {
			f := newFake(t)
			if name == "keys" {
				f.on("POST search/jql", jsonReply(`{"issues":[],"isLast":true}`))
			}
			f.onAny(c.method, c.path, jsonReply(body))
			if kind, _ := kindAndHint(t, c.ask(t, f.client)); kind != connectors.Malformed {
				t.Errorf("%s: %s gave %q, want malformed", name, body, kind)
			}
		}
	}
}

// The name of the field that a refusal complains about is the tracker's text like any other.
func TestTheFieldOfARefusalIsCleaned(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.on("PUT issue/10012", reply{status: 400, body: `{"errorMessages":[],"errors":{"a\u001b[31m\n` + testToken + strings.Repeat("x", 5000) + `":"no"}}`})
	_, err := f.client.Send(t.Context(), connectors.Write{Issue: ops12, Priority: "2"})
	_, e := kindAndHint(t, err)
	if e == nil || e.Field == "" || len(e.Field) > 2*maxText || strings.ContainsAny(e.Field, "\x1b\n") {
		t.Errorf("%+v", e)
	}
}

// A security level in a shape that is not known is a level all the same: read as none, the
// text of the issue would be shown to everybody.
func TestAnOddSecurityLevelIsStillOne(t *testing.T) {
	t.Parallel()
	for security, want := range map[string]bool{
		`null`: false, `{"id":"1","name":"Board"}`: true, `{"id":"1"}`: true, `{"name":""}`: true, `"Board"`: true, `[{"name":"Board"}]`: true, `7`: true,
	} {
		f := newFake(t)
		f.on("GET issue/10012", jsonReply(strings.Replace(issueJSON(10012, ""), `"summary"`, `"security":`+security+`,"summary"`, 1)))
		o, err := f.client.Read(t.Context(), ops12)
		if err != nil || (o.Issue.Security != "") != want {
			t.Errorf("%s: level %q, %v", security, o.Issue.Security, err)
		}
	}
}

// One label in another shape does not take the others with it: they may be what keeps an
// issue among few.
func TestAnOddLabelHidesNoOther(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.on("GET issue/10012", jsonReply(strings.Replace(issueJSON(10012, ""), `"summary"`, `"labels":["confidential",7,{"name":"x"},null,"b"],"summary"`, 1)))
	o, err := f.client.Read(t.Context(), ops12)
	if got := strings.Join(o.Issue.Labels, " "); err != nil || got != "confidential 7 b" {
		t.Errorf("labels %q, %v", got, err)
	}
}

// Issues that are written to are not remembered for ever, whichever the product.
func TestWritesAreForgotten(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	for i := range 5000 {
		f.pass(reconciledAfter / 100)
		f.client.wrote(connectors.Ref{ID: strconv.Itoa(20_000 + i)}, nil)
	}
	if n := len(f.client.written); n > 200 {
		t.Errorf("%d issues are remembered", n)
	}
}

// Data Center gives a history with its issue: an answer without it, or of another issue, is
// no history that is empty.
func TestServerHistoryMustBeThere(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{}`, issueJSON(10012, ""), issueJSON(10012, `,"changelog":{}`), issueJSON(10013, `,"changelog":{"histories":[`+history(7)+`],"total":1}`)} {
		f := newFake(t)
		f.on("GET serverInfo", jsonReply(`{"version":"10.3.24","deploymentType":"Server"}`))
		f.on("GET issue/10012", jsonReply(body))
		entries, _, err := f.client.History(t.Context(), ops12, -1)
		if kind, _ := kindAndHint(t, err); kind != connectors.Malformed || entries != nil {
			t.Errorf("%.60s: %v, %v", body, entries, err)
		}
	}
}

// A search that is refused together with the issues to be looked up past the index is asked
// without them: one that is gone would else stop all polls until it is forgotten.
func TestASearchIsNotStoppedByWhatItReconciles(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.client.wrote(ops12, nil)
	f.on("POST search/jql", reply{status: 400, body: `{"errorMessages":["An issue id to reconcile is not valid."],"errors":{}}`}, jsonReply(`{"issues":[`+issueJSON(10013, "")+`],"isLast":true}`))
	page, err := f.client.Changes(t.Context(), connectors.Cursor{})
	if kind, _ := kindAndHint(t, err); kind != connectors.Transient || len(page.Observations) != 0 {
		t.Fatalf("%+v, %v", page, err)
	}
	if page, err = f.client.Changes(t.Context(), connectors.Cursor{}); err != nil || len(page.Observations) != 1 {
		t.Errorf("%+v, %v", page, err)
	}
	if body := f.last().body; strings.Contains(body, "reconcileIssues") {
		t.Errorf("asked again with %s", body)
	}
}

// counted is a body that tells whether it was closed.
type counted struct {
	io.Reader
	open *atomic.Int32
}

func (b *counted) Close() error {
	b.open.Add(-1)
	return nil
}

// bodies answers everything with one answer, whose bodies it counts.
type bodies struct {
	open   atomic.Int32
	status int
	kind   string
	body   func() io.Reader
}

func (k *bodies) RoundTrip(r *http.Request) (*http.Response, error) {
	h := http.Header{"Content-Type": {k.kind}, "Date": {testDate}, "X-Aaccountid": {"me"}}
	status, body := k.status, k.body
	if strings.HasSuffix(r.URL.Path, "/serverInfo") {
		status, body = http.StatusOK, func() io.Reader { return strings.NewReader(`{"deploymentType":"Cloud"}`) }
		h.Set("Content-Type", "application/json")
	}
	if strings.HasSuffix(r.URL.Path, "/myself") {
		status, body = http.StatusOK, func() io.Reader { return strings.NewReader(`{"accountId":"me"}`) }
		h.Set("Content-Type", "application/json")
	}
	k.open.Add(1)
	return &http.Response{StatusCode: status, Header: h, Body: &counted{body(), &k.open}, Request: r}, nil
}

// Every body is closed, of a success, a refusal, and one that breaks off; else connections
// are lost one by one.
func TestEveryBodyIsClosed(t *testing.T) {
	t.Parallel()
	text := func(s string) func() io.Reader { return func() io.Reader { return strings.NewReader(s) } }
	broken := func() io.Reader {
		return io.MultiReader(strings.NewReader(`{"id":`), iotest.ErrReader(io.ErrUnexpectedEOF))
	}
	for _, k := range []*bodies{
		{status: 200, kind: "application/json", body: text(issueJSON(10012, ""))}, {status: 204, body: text("")}, {status: 200, kind: page, body: text("<html>")},
		{status: 200, kind: "application/json", body: broken}, {status: 400, kind: "application/json", body: text(`{"errors":{}}`)}, {status: 400, kind: "application/json", body: broken},
		{status: 302, body: text("")}, {status: 429, body: text("")}, {status: 500, kind: page, body: broken},
	} {
		c, err := New(Config{Name: "jira", URL: "https://jira.test", Auth: "basic", User: "bot@acme.test", Token: testToken, Projects: []string{"OPS"}, HTTP: &http.Client{Transport: k}})
		if err != nil {
			t.Fatal(err)
		}
		_, _ = c.Read(t.Context(), ops12)
		_, _ = c.Send(t.Context(), connectors.Write{Issue: ops12, Priority: "2"})
		_, _ = c.public(t.Context(), identity{web: "https://jira.test"}, "OPS")
		if n := k.open.Load(); n != 0 {
			t.Errorf("%d %s: %d bodies are left open", k.status, k.kind, n)
		}
	}
}

// A default goes into a field that a screen requires and nowhere else: what may stay as it
// is, somebody may have chosen.
func TestDefaultsAreForWhatIsRequired(t *testing.T) {
	t.Parallel()
	for field, want := range map[string]bool{`{"required":true}`: true, `{"required":false}`: false, `{"required":true,"hasDefaultValue":true}`: false} {
		f := newFake(t, func(c *Config) { c.TransitionDefaults = map[string]string{"customfield_7": "x"} })
		f.on("GET issue/10012/transitions", jsonReply(`{"transitions":[{"id":"21","to":{"id":"3"},"fields":{"customfield_7":`+field+`}}]}`))
		f.on("POST issue/10012/transitions", reply{status: 204})
		if _, err := f.client.Send(t.Context(), connectors.Write{Issue: ops12, Transition: "21"}); err != nil {
			t.Fatal(err)
		}
		if sent := strings.Contains(f.last().body, "customfield_7"); sent != want {
			t.Errorf("%s: sent %s", field, f.last().body)
		}
	}
}
