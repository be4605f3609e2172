package jira

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"parley/connectors"
	"parley/connectors/transport"
)

const page = "text/html;charset=UTF-8"

func TestClassify(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		answer  reply
		read    connectors.ErrorKind
		write   connectors.ErrorKind // "": as read
		scope   string
		field   string
		retryIn time.Duration
		message string // contained
		hint    string // contained
	}{
		"401": {reply{status: 401, header: map[string]string{"Content-Type": "text/plain"}, body: "Client must be authenticated to access this resource."},
			connectors.Auth, "", "", "", 0, "must be authenticated", "API token of bot@acme.test"},
		"captcha": {reply{status: 403, header: map[string]string{"Content-Type": page, "X-Seraph-LoginReason": "AUTHENTICATION_DENIED", "X-Authentication-Denied-Reason": "CAPTCHA_CHALLENGE; login-url=https://x/login.jsp"}, body: "<html><title>Forbidden</title>"},
			connectors.Auth, "", "", "", 0, "CAPTCHA", "browser"},
		"basic disabled": {reply{status: 403, body: `{"message":"Basic Authentication has been disabled on this instance."}`},
			connectors.Auth, "", "", "", 0, "disabled", `auth = "bearer"`},
		"opaque bearer": {reply{status: 403, body: `{"error": "Failed to parse Connect Session Auth Token"}`},
			connectors.Auth, "", "", "", 0, "Connect Session", `auth = "basic"`},
		"permission": {reply{status: 403, body: `{"errorMessages":["No permission to edit."],"errors":{}}`},
			connectors.Forbidden, "", "", "", 0, "No permission", "permission"},
		"403 with a wait": {reply{status: 403, header: map[string]string{"Content-Type": page, "Retry-After": "40"}, body: "<title>Too fast</title>"},
			connectors.RateLimit, "", "", "", 40 * time.Second, "Too fast", ""},
		"permission, with a reset": {reply{status: 403, header: map[string]string{"Retry-After": "0", "X-RateLimit-Reset": "2026-11-02T09:01Z"}, body: `{"errorMessages":["No permission to edit."],"errors":{}}`},
			connectors.Forbidden, "", "", "", 30 * time.Second, "No permission", "permission"},
		"xsrf": {reply{status: 403, body: `{"errorMessages":["XSRF check failed"]}`}, connectors.Forbidden, "", "", "", 0, "XSRF", "User-Agent"},
		"forbidden page": {reply{status: 403, header: map[string]string{"Content-Type": page}, body: "<html><head><title>Blocked by gateway</title>"},
			connectors.Forbidden, "", "", "", 0, "Blocked by gateway", ""},
		"not found": {reply{status: 404, body: `{"errorMessages":["Issue does not exist or you do not have permission to see it."],"errors":{}}`},
			connectors.NotFound, "", "", "", 0, "does not exist", ""},
		"not a jira": {reply{status: 404, header: map[string]string{"Content-Type": page}, body: "<title>404</title>"},
			connectors.Malformed, "", "", "", 0, "404", "context path"},
		"no such endpoint": {reply{status: 404, header: map[string]string{"Content-Type": "application/problem+json"}, body: `{"type":"about:blank","title":"Not Found","status":404,"detail":"No endpoint GET /x."}`},
			connectors.Malformed, "", "", "", 0, "No endpoint", "url"},
		"removed": {reply{status: 410, body: `{"errorMessages":["The requested API has been removed."],"errors":{}}`},
			connectors.Malformed, "", "", "", 0, "removed", "update"},
		"conflict": {reply{status: 409, body: `{"errorMessages":["The issue was changed."]}`}, connectors.Conflict, "", "", "", 0, "changed", ""},
		"field": {reply{status: 400, body: `{"errorMessages":[],"errors":{"resolution":"Resolution is required.","zeta":"no"}}`},
			connectors.Invalid, "", "", "resolution", 0, "resolution: Resolution is required.; zeta: no", ""},
		"limits":          {reply{status: 413, body: `{"errorMessages":["too many links"]}`}, connectors.Invalid, "", "", "", 0, "too many", ""},
		"422":             {reply{status: 422, body: `{"errorMessages":["configuration"]}`}, connectors.Invalid, "", "", "", 0, "configuration", ""},
		"400 by a proxy":  {reply{status: 400, header: map[string]string{"Content-Type": page}, body: "<title>Bad request</title>"}, connectors.Malformed, "", "", "", 0, "Bad request", ""},
		"405":             {reply{status: 405, body: `{"detail":"Method not allowed"}`}, connectors.Malformed, "", "", "", 0, "not allowed", ""},
		"burst":           {reply{status: 429, header: map[string]string{"Retry-After": "3", "RateLimit-Reason": "jira-burst-based"}}, connectors.RateLimit, "", "endpoint", "", 3 * time.Second, "", ""},
		"per issue":       {reply{status: 429, header: map[string]string{"Retry-After": "2", "RateLimit-Reason": "jira-per-issue-on-write"}}, connectors.RateLimit, "", "issue", "", 2 * time.Second, "", ""},
		"quota":           {reply{status: 429, header: map[string]string{"Retry-After": "1847", "RateLimit-Reason": "jira-quota-global-based"}}, connectors.RateLimit, "", "", "", 1847 * time.Second, "", ""},
		"429 with reset":  {reply{status: 429, header: map[string]string{"X-RateLimit-Reset": "2026-11-02T09:01Z"}}, connectors.RateLimit, "", "", "", 30 * time.Second, "", ""},
		"429 bare":        {reply{status: 429, header: map[string]string{"Content-Type": page}, body: "slow down"}, connectors.RateLimit, "", "", "", 0, "slow down", ""},
		"500":             {reply{status: 500, body: `{"errorMessages":["Internal server error"]}`}, connectors.Transient, connectors.Unknown, "", "", 0, "Internal", ""},
		"502 page":        {reply{status: 502, header: map[string]string{"Content-Type": page}, body: "<title>Bad Gateway</title>"}, connectors.Transient, connectors.Unknown, "", "", 0, "Bad Gateway", ""},
		"503 with a time": {reply{status: 503, header: map[string]string{"Retry-After": "60"}}, connectors.Transient, connectors.Unknown, "", "", time.Minute, "", ""},
		"connection cut":  {reply{cut: true}, connectors.Transient, connectors.Unknown, "", "", 0, "", ""},
		"redirect": {reply{status: 302, header: map[string]string{"Location": "https://sso.acme.test/login?state=private"}},
			connectors.Malformed, "", "", "", 0, "https://sso.acme.test/login", "final address"},
		"sign-in page": {reply{header: map[string]string{"Content-Type": page}, body: "<html><title>Log in</title></html>"},
			connectors.Malformed, "", "", "", 0, "text/html", "sign-in"},
		"captcha with a 401":          {reply{status: 401, header: map[string]string{"X-Authentication-Denied-Reason": "CAPTCHA_CHALLENGE; login-url=https://jira.acme.test/login.jsp"}}, connectors.Auth, "", "", "", 0, "CAPTCHA", "restart"},
		"text that calls itself JSON": {reply{status: 401, body: "Client must be authenticated"}, connectors.Auth, "", "", "", 0, "must be authenticated", "token"},
		"message repeats the token":   {reply{status: 400, body: `{"errorMessages":["bad ` + testToken + `\u0000\u202e!"]}`}, connectors.Invalid, "", "", "", 0, "bad [secret] !", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, write := range []bool{false, true} {
				f := newFake(t)
				f.on("GET issue/10012", tc.answer)
				f.on("PUT issue/10012", tc.answer)
				want := tc.read
				var err error
				if write {
					if tc.write != "" {
						want = tc.write
					}
					_, err = f.client.Send(t.Context(), connectors.Write{Issue: ops12, Priority: "2"})
				} else {
					_, err = f.client.Read(t.Context(), ops12)
				}
				kind, e := kindAndHint(t, err)
				if kind != want {
					t.Fatalf("write %v: kind %q, want %q: %v", write, kind, want, err)
				}
				if e.Scope != tc.scope || e.Field != tc.field || e.Tracker != "jira" || e.Status != tc.answer.status && tc.answer.status != 0 {
					t.Errorf("write %v: %+v", write, e)
				}
				if captcha := strings.Contains(e.Message, "CAPTCHA"); e.Locked != captcha {
					t.Errorf("write %v: locked %v", write, e.Locked)
				}
				if tc.retryIn == 0 != e.RetryAt.IsZero() || tc.retryIn != 0 && !e.RetryAt.Equal(f.now.Add(tc.retryIn)) {
					t.Errorf("write %v: RetryAt %v, want now + %v", write, e.RetryAt, tc.retryIn)
				}
				if !strings.Contains(e.Error(), tc.message) || !strings.Contains(e.Hint, tc.hint) {
					t.Errorf("write %v: %q, hint %q; want %q and %q", write, e, e.Hint, tc.message, tc.hint)
				}
				if strings.Contains(e.Error()+e.Location, "private") {
					t.Errorf("the query of the redirect shows in %v", e)
				}
			}
		})
	}
}

func TestWhatTheBudgetHoldsBackIsALimit(t *testing.T) {
	t.Parallel()
	b, now := transport.NewBudget(transport.JiraTerms()), time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)
	q := transport.Request{Method: "GET", Path: "/x", Read: true}
	b.Take(now, connectors.ClassCard, q)
	b.Done(now, q, http.Header{"Ratelimit": {`"global-app-quota";r=10;t=900`}, "Ratelimit-Policy": {`"global-app-quota";q=65000;w=3600`}})
	f := newFake(t, func(c *Config) {
		c.HTTP = transport.New(transport.Options{Budget: b, Now: func() time.Time { return now }})
	})
	_, rerr := f.client.Read(t.Context(), ops12)
	_, werr := f.client.Send(t.Context(), connectors.Write{Issue: ops12, Priority: "2"})
	for _, err := range []error{rerr, werr} {
		kind, e := kindAndHint(t, err)
		if kind != connectors.RateLimit || e.Scope != connectors.ScopeClass || !e.RetryAt.Equal(now.Add(15*time.Minute)) {
			t.Errorf("%+v", e)
		}
	}
	if n := len(f.log); n > 0 {
		t.Errorf("%d requests were sent", n)
	}
}

func TestMessagesAreCut(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.on("GET issue/10012", reply{status: 400, body: `{"errorMessages":["` + strings.Repeat("é", 5000) + `"]}`})
	_, err := f.client.Read(t.Context(), ops12)
	_, e := kindAndHint(t, err)
	if n := len([]rune(e.Message)); n != maxText+1 {
		t.Errorf("message of %d characters, want %d and an ellipsis", n, maxText)
	}
}

func TestNothingWasSent(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	if _, err := f.client.learn(t.Context()); err != nil {
		t.Fatal(err)
	}
	dead, err := New(Config{Name: "jira", URL: "http://127.0.0.1:1", Auth: "basic", User: "u", Token: testToken, Projects: []string{"OPS"}, HTTP: f.client.config.HTTP})
	if err != nil {
		t.Fatal(err)
	}
	dead.who = f.client.who
	_, err = dead.Send(t.Context(), connectors.Write{Issue: ops12, Priority: "2"})
	if kind, _ := kindAndHint(t, err); kind != connectors.Transient {
		t.Errorf("refused connection: %v, want transient: nothing can have happened", err)
	}
	_, err = dead.Read(t.Context(), ops12)
	if _, e := kindAndHint(t, err); !strings.Contains(e.Message, "connection refused") {
		t.Errorf("message %q does not say what went wrong", e.Message)
	}
}

func TestBearer(t *testing.T) {
	t.Parallel()
	f := newFake(t, func(c *Config) { c.Auth, c.User = "bearer", "" })
	f.on("GET issue/10012", reply{status: 401})
	_, err := f.client.Read(t.Context(), ops12)
	if _, e := kindAndHint(t, err); e == nil || !strings.Contains(e.Hint, "personal access token") {
		t.Errorf("%v", err)
	}
	if got := f.last().head.Get("Authorization"); got != "Bearer "+testToken {
		t.Errorf("Authorization = %q", got)
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	good := Config{Name: "jira", URL: "https://acme.atlassian.net", Auth: "basic", User: "u@acme.test", Token: testToken, Projects: []string{"OPS"}}
	if _, err := New(good); err != nil {
		t.Fatal(err)
	}
	for want, change := range map[string]func(*Config){
		"url: ":         func(c *Config) { c.URL = "acme.atlassian.net" },
		"url: \"ftp":    func(c *Config) { c.URL = "ftp://acme" },
		"url: cred":     func(c *Config) { c.URL = "https://u:" + testToken + "@acme" },
		"url: it is":    func(c *Config) { c.URL = "https://u:" + testToken + "@acme:port" },
		"url: \"https":  func(c *Config) { c.URL = "https://acme/?x=1" },
		"auth: ":        func(c *Config) { c.Auth = "cookie" },
		"user: ":        func(c *Config) { c.User = "" },
		"token: it is":  func(c *Config) { c.Token = "" },
		"token: it con": func(c *Config) { c.Token += "\n" },
		"projects: n":   func(c *Config) { c.Projects = nil },
		"projects: \"O": func(c *Config) { c.Projects = []string{`OPS") OR project = ("X`} },
		"field \"team":  func(c *Config) { c.Fields = map[string]string{"team": "customfield_1,*all"} },
	} {
		c := good
		change(&c)
		_, err := New(c)
		if err == nil || !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), testToken) {
			t.Errorf("error %v, want one that begins with %q and keeps the token to itself", err, want)
		}
	}
}

func TestAWriteWhoseAnswerBreaksOffHasHappened(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	broken := reply{header: map[string]string{"Content-Length": "5000"}, body: `{"id":"10012",`}
	f.on("PUT issue/10012", broken)
	f.on("GET issue/10012", broken)
	got, err := f.client.Send(t.Context(), connectors.Write{Issue: ops12, Priority: "2"})
	if err != nil || got.Issue != nil {
		t.Errorf("write: %+v, %v", got, err)
	}
	_, err = f.client.Read(t.Context(), ops12)
	if kind, _ := kindAndHint(t, err); kind != connectors.Transient {
		t.Errorf("read: %v", err)
	}
}

func TestASearchIsRepeatedAlthoughItIsAPost(t *testing.T) {
	t.Parallel()
	f := newFake(t, func(c *Config) {
		c.HTTP = transport.New(transport.Options{Retries: 1, Wait: func(context.Context, time.Duration) error { return nil }})
	})
	f.on("POST search/jql", reply{status: 503}, jsonReply(`{"issues":[],"isLast":true}`))
	if _, err := f.client.Changes(t.Context(), connectors.Cursor{}); err != nil || len(f.lines()) != 2 {
		t.Errorf("%v after %v", err, f.lines())
	}
	f.on("PUT issue/10012", reply{status: 503}, reply{status: 204})
	_, err := f.client.Send(t.Context(), connectors.Write{Issue: ops12, Priority: "2"})
	if kind, _ := kindAndHint(t, err); kind != connectors.Unknown {
		t.Errorf("a write was repeated or taken for undone: %v", err)
	}
}
