package hooks

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const secret = "a very secret text"

// desk is a receiver with what it was heard to say.
type desk struct {
	*Receiver

	mu    sync.Mutex
	hints []Hint
	log   bytes.Buffer
	at    time.Time
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{at: time.Date(2026, 11, 16, 22, 59, 0, 0, time.UTC)}
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	d.Receiver = New(Options{
		Targets: []Target{
			{Kind: Jira, Name: "jira", Secret: secret, Containers: []string{"OPS", "FIN"}},
			{Kind: GitHub, Name: "hub", Secret: secret, Containers: []string{"acme/payments"}},
			{Kind: GitHub, Name: "off"},
		},
		Hint: func(h Hint) { d.mu.Lock(); defer d.mu.Unlock(); d.hints = append(d.hints, h) },
		Now:  func() time.Time { return d.at }, Zone: paris,
		Log: slog.New(slog.NewTextHandler(&d.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	return d
}

// send gives what is answered to a request after change has had its way with it.
func (d *desk) send(r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	return w
}

const (
	issuesBody = `{"action":"labeled","issue":{"number":7},"repository":{"full_name":"Acme/Payments"}}`
	jiraBody   = `{"timestamp":1763300000000,"webhookEvent":"jira:issue_updated","issue":{"id":"10001","key":"OPS-12"}}`
)

func signed(body string) string { return "sha256=" + hex.EncodeToString(sign(secret, []byte(body))) }

func ofGitHub(id, event, body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/hooks/github/hub", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-GitHub-Delivery", id)
	r.Header.Set("X-GitHub-Event", event)
	r.Header.Set("X-Hub-Signature-256", signed(body))
	return r
}

func ofJira(id, body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/hooks/jira/jira", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json; charset=UTF-8")
	r.Header.Set("X-Atlassian-Webhook-Identifier", id)
	r.Header.Set("X-Hub-Signature", signed(body))
	return r
}

func TestWebhooks(t *testing.T) {
	t.Parallel()
	bare := httptest.NewRequest(http.MethodPost, "/hooks/jira/jira", http.NoBody)
	bare.Header.Set("X-Hub-Signature", signed(""))
	inURL := ofJira("1", jiraBody)
	inURL.URL.RawQuery = "secret=" + strings.ReplaceAll(secret, " ", "%20")
	inURL.Header.Del("X-Hub-Signature")
	for name, c := range map[string]struct {
		request *http.Request
		status  int
		state   string
		hint    *Hint
	}{
		"an issue at GitHub":             {ofGitHub("1", "issues", issuesBody), 202, "accepted", &Hint{"hub", "acme/payments", "Acme/Payments#7"}},
		"a comment at GitHub":            {ofGitHub("1", "issue_comment", issuesBody), 202, "accepted", &Hint{"hub", "acme/payments", "Acme/Payments#7"}},
		"an event of no interest":        {ofGitHub("1", "star", issuesBody), 202, "ignored", nil},
		"no pull request":                {ofGitHub("1", "issues", `{"issue":{"number":7,"pull_request":null},"repository":{"full_name":"acme/payments"}}`), 202, "accepted", &Hint{"hub", "acme/payments", "acme/payments#7"}},
		"a comment on a pull request":    {ofGitHub("1", "issue_comment", `{"issue":{"number":8,"pull_request":{"url":"x"}},"repository":{"full_name":"acme/payments"}}`), 202, "ignored", nil},
		"another repository":             {ofGitHub("1", "issues", `{"repository":{"full_name":"acme/other"}}`), 202, "ignored", nil},
		"no repository":                  {ofGitHub("1", "issues", `{}`), 202, "ignored", nil},
		"a ping":                         {ofGitHub("1", "ping", `{"zen":"Design for failure.","repository":{"full_name":"acme/payments"}}`), 200, "pong", nil},
		"a ping of an organization":      {ofGitHub("1", "ping", `{"zen":"Design for failure."}`), 200, "pong", nil},
		"a ping of the wrong repository": {ofGitHub("1", "ping", `{"repository":{"full_name":"acme/other"}}`), 202, "ignored", nil},
		"an issue at Jira":               {ofJira("1", jiraBody), 202, "accepted", &Hint{"jira", "OPS", "OPS-12"}},
		"a deleted issue":                {ofJira("1", `{"webhookEvent":"jira:issue_deleted","issue":{"key":"FIN-1"}}`), 202, "accepted", &Hint{"jira", "FIN", "FIN-1"}},
		"a comment without its issue":    {ofJira("1", `{"webhookEvent":"comment_created","comment":{"self":"https://jira/rest/api/2/issue/10001/comment/1"}}`), 202, "accepted", &Hint{"jira", "", ""}},
		"another project":                {ofJira("1", `{"webhookEvent":"jira:issue_updated","issue":{"key":"HR-1"}}`), 202, "ignored", nil},
		"a version":                      {ofJira("1", `{"webhookEvent":"jira:version_released","version":{}}`), 202, "ignored", nil},
		"Jira without a body":            {bare, 202, "accepted", &Hint{"jira", "", ""}},
		"Jira that cannot sign":          {inURL, 202, "accepted", &Hint{"jira", "OPS", "OPS-12"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			got := d.send(c.request)
			var answer struct{ State, Reason string }
			if err := json.Unmarshal(got.Body.Bytes(), &answer); err != nil || got.Code != c.status || answer.State != c.state {
				t.Errorf("answered %d %s, want %d %s", got.Code, got.Body, c.status, c.state)
			}
			var want []Hint
			if c.hint != nil {
				want = append(want, *c.hint)
			}
			if diff := cmp.Diff(want, d.hints); diff != "" {
				t.Error(diff)
			}
			if strings.Contains(d.log.String(), "very") || strings.Contains(got.Body.String(), "very") {
				t.Errorf("the secret is told: %s %s", got.Body, d.log.String())
			}
			if (answer.State == "ignored") != (answer.Reason != "") {
				t.Errorf("the reason is %q", answer.Reason)
			}
		})
	}
}

func TestWhatIsRejected(t *testing.T) {
	t.Parallel()
	type change func(*http.Request)
	header := func(key, value string) change { return func(r *http.Request) { r.Header.Set(key, value) } }
	for name, c := range map[string]struct {
		change change
		jira   bool
		status int
		word   string // of what is to be mended
	}{
		"another secret": {change: header("X-Hub-Signature-256", "sha256="+hex.EncodeToString(sign("guess", []byte(issuesBody)))), status: 401, word: "webhook_secret"},
		"no secret":      {change: header("X-Hub-Signature-256", "sha256="+hex.EncodeToString(sign("", []byte(issuesBody)))), status: 401, word: "webhook_secret"},
		"not signed":     {change: func(r *http.Request) { r.Header.Del("X-Hub-Signature-256") }, status: 401, word: "not signed"},
		"signed with SHA-1 only": {change: func(r *http.Request) {
			r.Header.Del("X-Hub-Signature-256")
			r.Header.Set("X-Hub-Signature", signed(issuesBody))
		}, status: 401, word: "not signed"},
		"an empty signature":   {change: header("X-Hub-Signature-256", ""), status: 401, word: "sha256="},
		"another method of it": {change: header("X-Hub-Signature-256", "sha1="+strings.Repeat("0", 40)), status: 401, word: "sha256="},
		"half a signature":     {change: header("X-Hub-Signature-256", signed(issuesBody)[:40]), status: 401, word: "sha256="},
		"no digits":            {change: header("X-Hub-Signature-256", "sha256="+strings.Repeat("g", 64)), status: 401, word: "sha256="},
		"two signatures":       {change: func(r *http.Request) { r.Header.Add("X-Hub-Signature-256", signed(issuesBody)) }, status: 401, word: "sha256="},
		"the secret in an address": {change: func(r *http.Request) {
			r.Header.Del("X-Hub-Signature-256")
			r.URL.RawQuery = "secret=" + strings.ReplaceAll(secret, " ", "+")
		}, status: 401, word: "not signed"},
		"a changed body":         {change: func(r *http.Request) { r.Body = io.NopCloser(strings.NewReader(issuesBody + " ")) }, status: 401, word: "proxy"},
		"a body that breaks off": {change: func(r *http.Request) { r.Body = io.NopCloser(io.MultiReader(strings.NewReader("{"), broken{})) }, status: 400, word: "whole"},
		"a form":                 {change: header("Content-Type", "application/x-www-form-urlencoded"), status: 415, word: "application/json"},
		"plain text":             {change: header("Content-Type", "text/plain"), status: 415, word: "application/json"},
		"no type":                {change: func(r *http.Request) { r.Header.Del("Content-Type") }, status: 415, word: "application/json"},
		"compressed":             {change: header("Content-Encoding", "gzip"), status: 415, word: "compressed"},
		"too long, and told":     {change: func(r *http.Request) { r.ContentLength = most + 1 }, status: 413, word: "25 MB"},
		"too long":               {change: func(r *http.Request) { r.Body = io.NopCloser(io.LimitReader(zeros{}, most+1)); r.ContentLength = -1 }, status: 413, word: "25 MB"},
		"no event":               {change: func(r *http.Request) { r.Header.Del("X-GitHub-Event") }, status: 400, word: "X-GitHub-Event"},
		"no JSON":                {change: body("hello"), status: 400, word: "JSON"},
		"JSON of another kind":   {change: body(`{"repository":"acme/payments"}`), status: 400, word: "JSON"},
		"nothing at all":         {change: body(""), status: 400, word: "JSON"},
		"two documents":          {change: body(issuesBody + issuesBody), status: 400, word: "JSON"},
		"a GET":                  {change: func(r *http.Request) { r.Method = http.MethodGet }, status: 405, word: "POST"},
		"a DELETE":               {change: func(r *http.Request) { r.Method = http.MethodDelete }, status: 405, word: "POST"},
		"no such tracker":        {change: path("/hooks/github/jira"), status: 404, word: "parley check"},
		"hooks are off":          {change: path("/hooks/github/off"), status: 404, word: "parley check"},
		"no tracker":             {change: path("/hooks/github/"), status: 404, word: "parley check"},
		"more of an address":     {change: path("/hooks/github/hub/"), status: 404, word: "parley check"},
		"Jira, another secret":   {jira: true, change: header("X-Hub-Signature", "sha256="+hex.EncodeToString(sign("guess", []byte(jiraBody)))), status: 401, word: "webhook_secret"},
		"Jira, not signed":       {jira: true, change: func(r *http.Request) { r.Header.Del("X-Hub-Signature") }, status: 401, word: "not signed"},
		"Jira, a wrong address":  {jira: true, change: func(r *http.Request) { r.Header.Del("X-Hub-Signature"); r.URL.RawQuery = "secret=guess" }, status: 401, word: "address"},
		"Jira, an empty address": {jira: true, change: func(r *http.Request) { r.Header.Del("X-Hub-Signature"); r.URL.RawQuery = "secret" }, status: 401, word: "address"},
		"Jira, badly signed, with a right address": {jira: true, change: func(r *http.Request) {
			r.Header.Set("X-Hub-Signature", "sha256="+strings.Repeat("0", 64))
			r.URL.RawQuery = "secret=" + strings.ReplaceAll(secret, " ", "+")
		}, status: 401, word: "does not fit"},
		"Jira, no event": {jira: true, change: body(`{"issue":{"key":"OPS-1"}}`), status: 400, word: "JSON"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			r := ofGitHub("1", "issues", issuesBody)
			if c.jira {
				r = ofJira("1", jiraBody)
			}
			c.change(r)
			got := d.send(r)
			var answer struct{ Error string }
			if err := json.Unmarshal(got.Body.Bytes(), &answer); err != nil || got.Code != c.status || !strings.Contains(answer.Error, c.word) {
				t.Errorf("answered %d %q, want %d with %q", got.Code, got.Body, c.status, c.word)
			}
			if got.Code == 405 && got.Header().Get("Allow") != "POST" {
				t.Errorf("Allow is %q", got.Header().Get("Allow"))
			}
			if len(d.hints) > 0 {
				t.Errorf("hints: %+v", d.hints)
			}
			for _, text := range []string{got.Body.String(), d.log.String()} {
				for _, word := range []string{secret, "a+very", "guess", signed(issuesBody), signed(jiraBody)} {
					if strings.Contains(text, word) {
						t.Errorf("%q tells %q", text, word)
					}
				}
			}
			// What was rejected is not remembered: sent well, it counts.
			if again := d.send(ofGitHub("1", "issues", issuesBody)); again.Code != 202 || len(d.hints) != 1 {
				t.Errorf("then answered %d, %d hints", again.Code, len(d.hints))
			}
		})
	}
}

// broken fails in the middle of a body.
type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("gone") }

// zeros never end.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

// body puts another body into a request, well signed.
func body(text string) func(*http.Request) {
	return func(r *http.Request) {
		r.Body, r.ContentLength = io.NopCloser(strings.NewReader(text)), int64(len(text))
		for _, h := range []string{"X-Hub-Signature", "X-Hub-Signature-256"} {
			r.Header.Set(h, signed(text))
		}
	}
}

func path(p string) func(*http.Request) { return func(r *http.Request) { r.URL.Path = p } }

func TestAReplayDoesNothing(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for i, r := range []*http.Request{
		ofGitHub("1", "issues", issuesBody),
		ofGitHub("1", "issues", issuesBody),        // sent again
		ofGitHub("2", "issues", issuesBody),        // overheard, and sent under another name
		ofGitHub("1", "issues", issuesBody+"\n"),   // the same name for another text
		ofGitHub("3", "issues", issuesBody+"\n\n"), // another one
		ofJira("1", jiraBody),
		ofJira("1", jiraBody),
	} {
		got, want := d.send(r), `{"state":"duplicate"}`
		if i == 0 || i == 4 || i == 5 {
			want = `{"state":"accepted"}`
		}
		if got.Code != http.StatusAccepted || strings.TrimSpace(got.Body.String()) != want {
			t.Errorf("%d: answered %d %s", i, got.Code, got.Body)
		}
	}
	if len(d.hints) != 3 {
		t.Errorf("hints: %+v", d.hints)
	}
	got, _ := d.Tally(GitHub, "hub")
	if got.Accepted != 2 || got.Duplicate != 3 || got.Today != 5 {
		t.Errorf("tally: %+v", got)
	}
}

// A Jira that leaves bodies out tells its webhooks apart by their ids alone.
func TestWebhooksWithoutABodyAreNotOne(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for _, id := range []string{"1", "2", "2", "", ""} {
		r := ofJira(id, "")
		if id == "" {
			r.Header.Del("X-Atlassian-Webhook-Identifier")
		}
		d.send(r)
	}
	if len(d.hints) != 4 {
		t.Errorf("hints: %+v", d.hints)
	}
}

func TestMemoryOfDeliveriesIsBounded(t *testing.T) {
	t.Parallel()
	s := newSeen()
	name := func(i int) string { return fmt.Sprintf("id %d", i) }
	for i := range 20 * generation {
		if s.before(name(i)) {
			t.Fatalf("%d was never met", i)
		}
		if n := len(s.now) + len(s.old); n > 4*generation {
			t.Fatalf("%d names are remembered", n)
		}
		if i >= generation && !s.before(name(i-generation+1)) {
			t.Fatalf("%d is forgotten after %d", i-generation+1, generation)
		}
	}
}

func TestTally(t *testing.T) {
	t.Parallel()
	d := newDesk(t) // 23:59 in Paris
	d.send(ofGitHub("1", "issues", issuesBody))
	first := d.at
	d.at = d.at.Add(2 * time.Minute)
	d.send(ofGitHub("2", "star", `{"repository":{"full_name":"acme/payments"}}`))
	second := d.at
	d.at = d.at.Add(time.Second)
	wrong := ofGitHub("3", "issues", issuesBody)
	wrong.Header.Set("X-Hub-Signature-256", "sha256=00")
	d.send(wrong)
	got, ok := d.Tally(GitHub, "hub")
	want := Tally{Accepted: 1, Ignored: 1, Rejected: 1, Today: 1, Last: second, Refused: d.at, Reason: "X-Hub-Signature-256 is not sha256= and 64 hexadecimal digits"}
	if diff := cmp.Diff(want, got); !ok || diff != "" {
		t.Errorf("first at %s: %s", first, diff)
	}
	d.at = d.at.Add(24 * time.Hour)
	if got, _ = d.Tally(GitHub, "hub"); got.Today != 0 || !got.Last.Equal(second) {
		t.Errorf("the day after: %+v", got)
	}
	if _, ok := d.Tally(GitHub, "off"); ok {
		t.Error("webhooks that are off are counted")
	}
}

// Whoever knows the address can have them rejected as often as they like. The log does
// not grow with it, and neither does what is told of trackers that nobody has.
func TestTheLogIsNotFlooded(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for range 1000 {
		r := ofGitHub("1", "issues", issuesBody)
		r.Header.Del("X-Hub-Signature-256")
		d.send(r)
		r.URL.Path = "/hooks/github/none"
		d.send(r)
	}
	if n := strings.Count(d.log.String(), "\n"); n != 1 {
		t.Errorf("the log has %d lines: %.300s", n, d.log.String())
	}
	d.at = d.at.Add(quietly)
	r := ofGitHub("1", "issues", issuesBody)
	r.Header.Del("X-Hub-Signature-256")
	d.send(r)
	if n := strings.Count(d.log.String(), "\n"); n != 2 {
		t.Errorf("the log has %d lines a minute later", n)
	}
}

// Bodies are held in memory before anybody knows whose they are: a few at once.
func TestFewBodiesAtOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	var writers []*io.PipeWriter
	var done sync.WaitGroup
	for range bodiesAtOnce {
		in, out := io.Pipe()
		writers = append(writers, out)
		r := ofGitHub("1", "issues", issuesBody)
		r.Body, r.ContentLength = in, -1
		done.Go(func() { d.send(r) })
		if _, err := out.Write([]byte("{")); err != nil { // it is being read
			t.Fatal(err)
		}
	}
	got := d.send(ofGitHub("1", "issues", issuesBody))
	if got.Code != http.StatusServiceUnavailable || got.Header().Get("Retry-After") == "" {
		t.Errorf("answered %d %s", got.Code, got.Body)
	}
	for _, w := range writers {
		_ = w.Close()
	}
	done.Wait()
	if got := d.send(ofGitHub("1", "issues", issuesBody)); got.Code != http.StatusAccepted {
		t.Errorf("then answered %d %s", got.Code, got.Body)
	}
}
