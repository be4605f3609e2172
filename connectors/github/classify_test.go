package github

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"parley/connectors"
	"parley/connectors/transport"
)

// Of the secondary limits one stops writes alone, and says so; a read cannot meet it.
func TestTheLimitOnContentStopsWritesOnly(t *testing.T) {
	t.Parallel()
	const blocked = "You have exceeded a secondary rate limit and have been temporarily blocked from content creation."
	for name, c := range map[string]struct {
		message, remaining string
		write              bool
		want               string
	}{
		"a write":           {blocked, "4000", true, connectors.ScopeContent},
		"a read":            {blocked, "4000", false, ""},
		"the quota is gone": {blocked, "0", true, ""},
		"another limit":     {"You have exceeded a secondary rate limit.", "4000", true, ""},
	} {
		body, _ := json.Marshal(map[string]string{"message": blocked, "documentation_url": "https://docs.github.com/rest#about-secondary-rate-limits"})
		if c.message != blocked {
			body, _ = json.Marshal(map[string]string{"message": c.message})
		}
		answer := reply{status: 403, header: map[string]string{"X-RateLimit-Remaining": c.remaining}, body: string(body)}
		f := newFake(t, map[string]reply{"GET /repos/Acme/infra/issues/7?": answer, "PATCH /repos/Acme/infra/issues/7?": answer})
		var err error
		if c.write {
			_, err = f.client(t, "").Send(bg(), connectors.Write{Issue: ref(7, ""), State: "closed"})
		} else {
			_, err = f.client(t, "").Read(bg(), ref(7, ""))
		}
		if e := wantError(t, err, connectors.RateLimit); e.Scope != c.want {
			t.Errorf("%s: scope %q, want %q", name, e.Scope, c.want)
		}
	}
}

// GitHub tells the same limit as a fault of what was sent, too: the text is all right, and
// is not given up for it.
func TestContentThatCameTooQuicklyIsNotRefused(t *testing.T) {
	t.Parallel()
	body := `{"message":"Validation Failed","errors":[{"resource":"IssueComment","code":"unprocessable","field":"data","message":"was submitted too quickly"}]}`
	f := newFake(t, map[string]reply{"POST /repos/Acme/infra/issues/7/comments?": {status: 422, body: body}})
	_, err := f.client(t, "").PostComment(bg(), connectors.CommentDraft{Issue: ref(7, ""), Body: "Which week?", Marker: "v1 m=1"})
	if e := wantError(t, err, connectors.RateLimit); e.Scope != connectors.ScopeContent || !e.RetryAt.IsZero() || !strings.Contains(e.Message, "Validation Failed") {
		t.Errorf("%+v", e)
	}
}

// broke is a budget of which somebody else has used all.
func broke(now time.Time) *transport.Budget {
	b, q := transport.NewBudget(transport.GitHubTerms()), transport.Request{Method: "GET", Path: "/repos", Read: true}
	b.Take(now, connectors.ClassCard, q)
	b.Done(now, q, http.Header{"X-Ratelimit-Limit": {"5000"}, "X-Ratelimit-Remaining": {"0"}, "X-Ratelimit-Reset": {strconv.FormatInt(now.Add(time.Hour).Unix(), 10)}})
	return b
}

func TestWhatTheBudgetHoldsBackIsALimit(t *testing.T) {
	t.Parallel()
	now := testStart()
	c, err := New(Config{Name: "gh", URL: "https://api.github.example", Token: secret, Repos: []string{"Acme/infra"}, Now: testStart,
		HTTP: transport.New(transport.Options{Budget: broke(now), Now: testStart, Base: http.NewFileTransport(http.Dir("/nowhere"))})})
	if err != nil {
		t.Fatal(err)
	}
	_, rerr := c.Read(bg(), ref(7, ""))
	_, werr := c.Send(bg(), connectors.Write{Issue: ref(7, ""), State: "closed"})
	for _, err := range []error{rerr, werr} {
		e := wantError(t, err, connectors.RateLimit)
		if e.Scope != connectors.ScopeClass || !e.RetryAt.Equal(now.Add(time.Hour)) || !strings.Contains(e.Message, "0 of 5000") {
			t.Errorf("%+v", e)
		}
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	reset := map[string]string{"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": strconv.FormatInt(testStart().Add(20*time.Minute).Unix(), 10)}
	hourAway := map[string]string{"X-RateLimit-Remaining": "4000", "X-RateLimit-Reset": strconv.FormatInt(testStart().Add(time.Hour).Unix(), 10)}
	secondary := `{"message":"You have exceeded a secondary rate limit.","documentation_url":"https://docs.github.com/rest#about-secondary-rate-limits"}`
	html := map[string]string{"Content-Type": "text/html"}
	for name, tc := range map[string]struct {
		reply reply
		read  connectors.ErrorKind
		write connectors.ErrorKind // "" as read
		after time.Duration        // RetryAt minus now, 0 for none
		field string
		words string // in message or hint
	}{
		"401":                        {reply: reply{status: 401, body: `{"message":"Bad credentials"}`}, read: connectors.Auth, words: "Bad credentials"},
		"401 that echoes the token":  {reply: reply{status: 401, body: `{"message":"bad token ` + secret + `"}`}, read: connectors.Auth, words: "[token]"},
		"403":                        {reply: reply{status: 403, header: hourAway, body: `{"message":"Resource not accessible by personal access token"}`}, read: connectors.Forbidden, words: "write access"},
		"403 sso":                    {reply: reply{status: 403, header: map[string]string{"X-GitHub-SSO": "required; url=https://x"}, body: `{"message":"Resource protected by organization SAML enforcement."}`}, read: connectors.Forbidden, words: "single sign-on"},
		"403 primary":                {reply: reply{status: 403, header: reset, body: `{"message":"API rate limit exceeded"}`}, read: connectors.RateLimit, after: 20 * time.Minute},
		"429 primary":                {reply: reply{status: 429, header: reset, body: `{"message":"API rate limit exceeded"}`}, read: connectors.RateLimit, after: 20 * time.Minute},
		"403 retry-after":            {reply: reply{status: 403, header: map[string]string{"Retry-After": "30"}, body: secondary}, read: connectors.RateLimit, after: 30 * time.Second},
		"429 retry-after":            {reply: reply{status: 429, header: map[string]string{"Retry-After": "30"}}, read: connectors.RateLimit, after: 30 * time.Second},
		"403 secondary, reset later": {reply: reply{status: 403, header: hourAway, body: secondary}, read: connectors.RateLimit},
		"429 secondary, reset later": {reply: reply{status: 429, header: hourAway, body: secondary}, read: connectors.RateLimit},
		"404":                        {reply: reply{status: 404, body: `{"message":"Not Found"}`}, read: connectors.NotFound, words: "private"},
		"404 page":                   {reply: reply{status: 404, header: html, body: `<html>nope`}, read: connectors.Malformed, words: "REST root"},
		"410":                        {reply: reply{status: 410, body: `{"message":"This issue was deleted"}`}, read: connectors.Gone},
		"410 issues off":             {reply: reply{status: 410, body: `{"message":"Issues are disabled for this repo"}`}, read: connectors.NotFound, words: "switch issues on"},
		"409":                        {reply: reply{status: 409, body: `{"message":"Conflict"}`}, read: connectors.Conflict},
		"422 objects":                {reply: reply{status: 422, body: `{"message":"Validation Failed","errors":[{"resource":"Label","code":"invalid","field":"color"}]}`}, read: connectors.Invalid, field: "color", words: "color invalid"},
		"422 strings":                {reply: reply{status: 422, body: `{"message":"Validation Failed","errors":["name is too long",7],"status":"422"}`}, read: connectors.Invalid, words: "name is too long"},
		"400":                        {reply: reply{status: 400, body: `{"message":"Problems parsing JSON"}`}, read: connectors.Invalid},
		"451":                        {reply: reply{status: 451, body: `{"message":"Repository access blocked"}`}, read: connectors.Forbidden},
		"502 page":                   {reply: reply{status: 502, header: html, body: `<html>Unicorn`}, read: connectors.Transient, write: connectors.Unknown},
		"503 retry-after":            {reply: reply{status: 503, header: map[string]string{"Retry-After": "7"}}, read: connectors.Transient, write: connectors.Unknown, after: 7 * time.Second},
		"503 reset header":           {reply: reply{status: 503, header: hourAway}, read: connectors.Transient, write: connectors.Unknown},
		"sign-in page":               {reply: reply{status: 200, header: html, body: `<html>Sign in`}, read: connectors.Malformed, write: connectors.Unknown, words: "sign-in"},
		"cut JSON":                   {reply: reply{status: 200, body: `{"id":5000000007,"num`}, read: connectors.Malformed, write: connectors.Unknown},
		"other JSON":                 {reply: reply{status: 200, body: `{"hello":1}`}, read: connectors.Malformed, write: connectors.Unknown},
		"redirect to a login":        {reply: reply{status: 302, header: map[string]string{"Location": "https://sso.example/login?ticket=s3cr3t"}}, read: connectors.Malformed, words: "sso.example"},
		"redirect to nowhere":        {reply: reply{status: 301}, read: connectors.Malformed},
		"long message":               {reply: reply{status: 403, body: `{"message":"` + strings.Repeat("é\\n", 900) + `"}`}, read: connectors.Forbidden},
		"empty 403":                  {reply: reply{status: 403}, read: connectors.Forbidden, words: "Forbidden"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t, map[string]reply{"GET /repos/Acme/infra/issues/7?": tc.reply, "PATCH /repos/Acme/infra/issues/7?": tc.reply})
			c := f.client(t, "")
			_, rerr := c.Read(bg(), ref(7, ""))
			_, werr := c.Send(bg(), connectors.Write{Issue: ref(7, ""), State: "closed", Reason: "completed"})
			if tc.write == "" {
				tc.write = tc.read
			}
			for _, e := range []*connectors.Error{wantError(t, rerr, tc.read), wantError(t, werr, tc.write)} {
				if e.Status != max(tc.reply.status, 200) || e.Field != tc.field {
					t.Errorf("status %d field %q, want %d %q", e.Status, e.Field, tc.reply.status, tc.field)
				}
				var after time.Duration
				if !e.RetryAt.IsZero() {
					after = e.RetryAt.Sub(testStart())
				}
				if after != tc.after {
					t.Errorf("retry after %s, want %s", after, tc.after)
				}
				if !strings.Contains(e.Message+" "+e.Hint, tc.words) || strings.Contains(e.Message, "s3cr3t") || strings.Contains(e.Message, "\n") {
					t.Errorf("message %q hint %q, want %q in them", e.Message, e.Hint, tc.words)
				}
			}
			if n := len(f.asked()); n != 2 {
				t.Errorf("%d requests for two calls", n)
			}
		})
	}
}

// One refusal must not keep the next request from being sent.
func TestNoLocalBlockAfterALimit(t *testing.T) {
	t.Parallel()
	f := newFake(t, map[string]reply{"GET /repos/Acme/infra/issues/7?": {
		header: map[string]string{"X-RateLimit-Remaining": "0", "X-RateLimit-Limit": "60", "X-RateLimit-Reset": "99999999999"},
		body:   issueRow(7, testStart(), "")}})
	c := f.client(t, "")
	for range 2 {
		if _, err := c.Read(bg(), ref(7, "")); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(f.asked()); n != 2 {
		t.Errorf("%d requests reached GitHub, want 2", n)
	}
}

func TestMovedSaysWhere(t *testing.T) {
	t.Parallel()
	for _, status := range []int{301, 302, 307} {
		re := reply{status: status, header: map[string]string{"Location": "/repositories/9/issues/3"}, body: `{"message":"Moved Permanently"}`}
		f := newFake(t, map[string]reply{"GET /repos/Acme/infra/issues/7/events?": re, "PATCH /repos/Acme/infra/issues/7?": re})
		c := f.client(t, "")
		_, _, rerr := c.History(bg(), ref(7, ""), 0)
		_, werr := c.Send(bg(), connectors.Write{Issue: ref(7, ""), State: "open"})
		for _, err := range []error{rerr, werr} {
			if e := wantError(t, err, connectors.Moved); e.Location != f.URL+"/repositories/9/issues/3" {
				t.Errorf("%d: location %q", status, e.Location)
			}
		}
		if asks := strings.Join(f.asked(), " "); strings.Contains(asks, "/repositories/") {
			t.Errorf("%d: a redirect was followed: %v", status, asks)
		}
	}
}

// A client that follows redirects by itself must not make a write vanish.
func TestRedirectPolicyOfTheGivenClientIsNotUsed(t *testing.T) {
	t.Parallel()
	f := newFake(t, map[string]reply{
		"PATCH /repos/Acme/infra/issues/7?": {status: 301, header: map[string]string{"Location": "/repositories/9/elsewhere"}},
		"GET /repositories/9/elsewhere?":    {body: issueRow(7, testStart(), "")}})
	c, err := New(Config{Name: "gh", URL: f.URL, Login: "parley-bot", HTTP: &http.Client{}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Send(bg(), connectors.Write{Issue: ref(7, ""), State: "open"})
	wantError(t, err, connectors.Moved)
}

func TestLostAnswers(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
	defer srv.Close()
	hc := transport.New(transport.Options{Retries: -1})
	c, err := New(Config{Name: "gh", URL: srv.URL, Token: secret, Login: "parley-bot", HTTP: hc})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Read(bg(), ref(7, ""))
	wantError(t, err, connectors.Transient)
	_, err = c.Send(bg(), connectors.Write{Issue: ref(7, ""), AddLabel: "x"})
	wantError(t, err, connectors.Unknown)

	ctx, cancel := context.WithCancel(bg())
	cancel()
	_, err = c.Send(ctx, connectors.Write{Issue: ref(7, ""), AddLabel: "x"})
	if wantError(t, err, connectors.Transient); !errors.Is(err, context.Canceled) {
		t.Errorf("%v does not lead to the context's error", err)
	}
}

func TestNobodyListens(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(http.NotFoundHandler())
	root := srv.URL
	srv.Close()
	for name, hc := range map[string]*http.Client{"plain": {}, "transport": transport.New(transport.Options{Retries: -1})} {
		c, err := New(Config{Name: "gh", URL: root, HTTP: hc})
		if err != nil {
			t.Fatal(err)
		}
		_, err = c.Send(bg(), connectors.Write{Issue: ref(7, ""), AddLabel: "x"})
		e := wantError(t, err, connectors.Transient)
		var u *url.Error
		if !errors.As(err, &u) || e.Status != 0 {
			t.Errorf("%s: %+v", name, e)
		}
	}
}
