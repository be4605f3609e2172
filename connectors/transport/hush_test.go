package transport_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"parley/connectors"
	"parley/connectors/transport"
)

// tracker answers in virtual time: every request takes its time, and the first of a method
// and path is refused as wanted.
type tracker struct {
	takes   time.Duration
	refuse  http.Header
	refused string
	mu      sync.Mutex
	seen    []string
	writes  []time.Time
}

func (k *tracker) RoundTrip(r *http.Request) (*http.Response, error) {
	name := r.Method + " " + r.URL.Path
	k.mu.Lock()
	k.seen = append(k.seen, name)
	if r.Method != http.MethodGet {
		k.writes = append(k.writes, time.Now())
	}
	first := k.refused == name
	if first {
		k.refused = ""
	}
	k.mu.Unlock()
	time.Sleep(k.takes)
	resp := &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: http.NoBody, Request: r}
	if first {
		resp.StatusCode, resp.Header = http.StatusTooManyRequests, k.refuse
	}
	return resp, nil
}

func call(c *http.Client, method, path string) error {
	return callIn(context.Background(), c, method, path)
}

func callIn(ctx context.Context, c *http.Client, method, path string) error {
	r, err := http.NewRequestWithContext(ctx, method, "http://tracker.test"+path, http.NoBody)
	if err != nil {
		return err
	}
	resp, err := c.Do(r)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

// Writes stand in a queue, one a second. Those that a refusal finds there are given back,
// for as long and as far as it asks for quiet; what is made after it is not.
func TestWhatWaitsIsNotSentIntoTheQuiet(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		header string // RateLimit-Reason
		after  string // Retry-After
		want   []bool // given back: the same issue again, another one, another endpoint
	}{
		"everything":    {"", "20", []bool{true, true, true}},
		"one endpoint":  {"jira-burst-based", "20", []bool{true, true, false}},
		"one issue":     {"jira-per-issue-on-write", "20", []bool{true, false, false}},
		"soon over":     {"", "1", []bool{true, false, false}},
		"nothing named": {"", "", []bool{false, false, false}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := http.Header{}
				for k, v := range map[string]string{"RateLimit-Reason": c.header, "Retry-After": c.after} {
					if v != "" {
						h.Set(k, v)
					}
				}
				k := &tracker{takes: 500 * time.Millisecond, refuse: h, refused: "PUT /rest/api/2/issue/OPS-1"}
				client := transport.New(transport.Options{Base: k, WriteGap: time.Second})
				var wg sync.WaitGroup
				errs, began := make([]error, 4), time.Now()
				for i, q := range []string{"PUT /rest/api/2/issue/OPS-1", "PUT /rest/api/2/issue/OPS-1", "PUT /rest/api/2/issue/OPS-2", "POST /rest/api/2/issue/OPS-3/transitions"} {
					method, path, _ := strings.Cut(q, " ")
					wg.Go(func() { errs[i] = call(client, method, path) })
					synctest.Wait() // in this order
				}
				wg.Wait()
				if errs[0] != nil {
					t.Fatal(errs[0])
				}
				for i, err := range errs[1:] {
					held, is := errors.AsType[*transport.Held](err)
					if is != c.want[i] || !is && err != nil {
						t.Errorf("request %d: %v, want it given back: %v", i+1, err, c.want[i])
					}
					if is && (!transport.NotSent(err) || held.Scope != connectors.ScopeIssue || held.Until.Sub(began) < time.Second) {
						t.Errorf("request %d: %+v, not sent: %v", i+1, held, transport.NotSent(err))
					}
				}
				if err := call(client, http.MethodPut, "/rest/api/2/issue/OPS-1"); err != nil {
					t.Errorf("a request made after the refusal: %v", err)
				}
			})
		})
	}
}

// Who begins a request in the moment after a refusal may not have heard of it.
func TestARequestJustAfterARefusalIsHeld(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		k := &refusals{next: []http.Header{{"Retry-After": {"20"}}}}
		client := transport.New(transport.Options{Base: k, Grace: time.Second})
		for n, held := range []bool{false, true, true, false} { // refused, at once, half a second later, a second
			if n > 1 {
				time.Sleep(500 * time.Millisecond)
			}
			if _, is := errors.AsType[*transport.Held](call(client, http.MethodPut, "/x")); is != held {
				t.Errorf("request %d: given back %v, want %v", n, is, held)
			}
		}
	})
}

// A write that waits for one of the few connections is not followed at once by the next
// one, whose second is over meanwhile.
func TestWriteGapHoldsBehindSlowRequests(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		k := &tracker{takes: 700 * time.Millisecond}
		client := transport.New(transport.Options{Base: k, WriteGap: time.Second, Concurrency: 1})
		var wg sync.WaitGroup
		for i := range 12 {
			method := http.MethodGet
			if i%3 == 2 {
				method = http.MethodPost
			}
			wg.Go(func() {
				if err := call(client, method, "/repos/o/r/issues"); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		for i := range k.writes[1:] {
			if gap := k.writes[i+1].Sub(k.writes[i]); gap < time.Second {
				t.Errorf("writes %d and %d are %s apart", i, i+1, gap)
			}
		}
		if len(k.writes) != 4 || len(k.seen) != 12 {
			t.Errorf("%d writes of %d requests", len(k.writes), len(k.seen))
		}
	})
}

// Of requests that belong together the later ones are not made into a quiet that another
// request was told of meanwhile.
func TestASeriesEndsWithTheQuiet(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		k := &tracker{refuse: http.Header{"Retry-After": {"20"}}, refused: "GET /user"}
		client := transport.New(transport.Options{Base: k})
		pages := transport.Series(context.Background())
		if err := callIn(pages, client, http.MethodGet, "/page/1"); err != nil {
			t.Fatal(err)
		}
		if err := call(client, http.MethodGet, "/user"); err != nil { // refused
			t.Fatal(err)
		}
		if _, held := errors.AsType[*transport.Held](callIn(pages, client, http.MethodGet, "/page/2")); !held {
			t.Error("the next page was asked for")
		}
		if err := callIn(transport.Series(context.Background()), client, http.MethodGet, "/page/1"); err != nil {
			t.Errorf("a series that is begun after it: %v", err)
		}
		time.Sleep(20 * time.Second)
		if err := callIn(pages, client, http.MethodGet, "/page/2"); err != nil {
			t.Errorf("when it is over: %v", err)
		}
	})
}
