package transport_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"parley/connectors"
	"parley/connectors/transport"
)

// refusals answers each request with the next header, refused.
type refusals struct {
	mu   sync.Mutex
	next []http.Header
	seen int
}

func (k *refusals) RoundTrip(r *http.Request) (*http.Response, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	resp := &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: http.NoBody, Request: r}
	if k.seen < len(k.next) {
		resp.StatusCode, resp.Header = http.StatusTooManyRequests, k.next[k.seen]
	}
	k.seen++
	return resp, nil
}

// An hour of quiet is not cut short by a refusal that names a second: each of several
// endpoints of a tracker has limits of its own.
func TestALaterRefusalDoesNotShortenTheQuiet(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		k := &refusals{next: []http.Header{{"Retry-After": {"3600"}}, {"Retry-After": {"1"}}}}
		client := transport.New(transport.Options{Base: k})
		pages := transport.Series(context.Background())
		if err := callIn(pages, client, http.MethodPut, "/x"); err != nil {
			t.Fatal(err)
		}
		if err := call(client, http.MethodPut, "/x"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Second)
		if _, held := errors.AsType[*transport.Held](callIn(transport.Series(context.Background()), client, http.MethodGet, "/y")); held {
			t.Error("what is begun after the refusals is for the schedule to hold")
		}
		_, held := errors.AsType[*transport.Held](callIn(pages, client, http.MethodGet, "/y"))
		if !held {
			t.Error("sent into the quiet that the first refusal asked for")
		}
	})
}

// Many issues that are refused one by one do not make the quiet of the whole tracker
// forgotten.
func TestManyRefusalsForgetNoQuiet(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		k := &refusals{next: []http.Header{{"Retry-After": {"3600"}}}}
		for range 600 {
			k.next = append(k.next, http.Header{"Retry-After": {"2"}, "Ratelimit-Reason": {"jira-per-issue-on-write"}})
		}
		client := transport.New(transport.Options{Base: k})
		pages := transport.Series(context.Background())
		if err := callIn(pages, client, http.MethodPut, "/x"); err != nil {
			t.Fatal(err)
		}
		for i := range 600 {
			if err := call(client, http.MethodPut, fmt.Sprintf("/rest/api/2/issue/%d", i)); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Second)
		}
		if _, held := errors.AsType[*transport.Held](callIn(pages, client, http.MethodGet, "/y")); !held {
			t.Error("sent into the quiet of an hour after ten minutes")
		}
	})
}

// What a refusal says of one issue or endpoint is no quota of everything.
func TestARefusalOfOneIssueIsNoQuota(t *testing.T) {
	t.Parallel()
	for reason, want := range map[string]bool{"jira-per-issue-on-write": false, "jira-burst-based": false, "jira-quota-tenant-based": true} {
		b, now := transport.NewBudget(transport.JiraTerms()), noon()
		q := transport.Request{Method: http.MethodPut, Path: "/rest/api/2/issue/10001"}
		h := http.Header{}
		for k, v := range map[string]string{"RateLimit-Reason": reason, "Retry-After": "30", "X-RateLimit-Limit": "20", "X-RateLimit-Remaining": "0",
			"X-RateLimit-Reset": now.Add(30 * time.Second).Format(time.RFC3339)} {
			h.Set(k, v)
		}
		if _, held := b.Take(now, connectors.ClassWrite, q); held != nil {
			t.Fatal(held)
		}
		b.Done(now, q, h)
		_, held := b.Take(now, connectors.ClassPoll, transport.Request{Method: http.MethodGet, Path: "/rest/api/2/myself", Read: true})
		if (held != nil) != want {
			t.Errorf("%s: a poll is held back: %v, want %v", reason, held, want)
		}
	}
}

// A budget knows the endpoints of comments, not each comment: else after some hundreds of
// edits nothing more would be learned of any limit, and none would be known by the next.
func TestCommentsAreOneEndpoint(t *testing.T) {
	t.Parallel()
	b, now := transport.NewBudget(transport.JiraTerms()), noon()
	told := func(name string, left, quota, span int) http.Header {
		h := http.Header{}
		h.Set("RateLimit", fmt.Sprintf(`"%s";r=%d;t=%d`, name, left, span))
		h.Set("RateLimit-Policy", fmt.Sprintf(`"%s";q=%d;w=%d`, name, quota, span))
		return h
	}
	ask := func(q transport.Request, h http.Header) {
		if _, held := b.Take(now, connectors.ClassWrite, q); held != nil {
			t.Fatal(held)
		}
		b.Done(now, q, h)
		now = now.Add(time.Minute)
	}
	for i := range 600 {
		ask(transport.Request{Method: http.MethodPut, Path: fmt.Sprintf("/rest/api/3/issue/%d/comment/%d", i, 10_000+i)}, told("jira-burst-based", 40, 50, 1))
		ask(transport.Request{Method: http.MethodGet, Path: fmt.Sprintf("/rest/api/2/comment/%d/properties/parley.comment", 10_000+i), Read: true}, told("jira-burst-based", 40, 50, 1))
	}
	ask(transport.Request{Method: http.MethodPost, Path: "/rest/api/2/search/jql", Read: true}, told("global-app-quota", 0, 65_000, 3600))
	if _, held := b.Take(now, connectors.ClassPoll, transport.Request{Method: http.MethodPost, Path: "/rest/api/2/search/jql", Read: true}); held == nil {
		t.Error("a quota that is used up was not learned")
	}
}

// A list header may come in several lines.
func TestQuotasInSeveralLines(t *testing.T) {
	t.Parallel()
	b, now := transport.NewBudget(transport.JiraTerms()), noon()
	q := transport.Request{Method: http.MethodPost, Path: "/rest/api/2/search/jql", Read: true}
	if _, held := b.Take(now, connectors.ClassPoll, q); held != nil {
		t.Fatal(held)
	}
	h := http.Header{}
	h.Add("RateLimit", `"jira-burst-based";r=349;t=1`)
	h.Add("RateLimit", `"global-app-quota";r=0;t=1800`)
	h.Add("RateLimit-Policy", `"jira-burst-based";q=100;w=1`)
	h.Add("RateLimit-Policy", `"global-app-quota";q=65000;w=3600`)
	b.Done(now, q, h)
	if _, held := b.Take(now, connectors.ClassPoll, q); held == nil {
		t.Error("the quota of the second line was not read")
	}
}
