// Package transport is the HTTP layer under both connectors. It repeats what is
// safe to repeat, keeps requests apart where a tracker asks for it, follows no
// redirect, and hands every refusal to the caller: waiting for a rate limit is
// a matter for the schedule, not for a sleeping request.
package transport

import (
	"context"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// Defaults of Options.
const (
	DefaultTimeout     = 60 * time.Second
	DefaultConcurrency = 5
	DefaultRetries     = 2
	DefaultMaxBody     = 64 << 20
)

// Options set up a client. The zero value is usable.
type Options struct {
	// Timeout limits one attempt from its first byte to the end of the answer's
	// body; waiting for a free slot does not count. Zero means DefaultTimeout.
	Timeout time.Duration
	// Concurrency is how many requests are under way at most, a request ending
	// when its body was read or closed. Zero means DefaultConcurrency.
	Concurrency int
	// Base sends the requests; nil means net/http's transport with the proxies
	// of the environment.
	Base http.RoundTripper
	// UserAgent replaces the header of that name when it is not empty.
	UserAgent string
	// Retries is how often a safe request is repeated after its first attempt.
	// Zero means DefaultRetries, a negative number none.
	Retries int
	// MaxBody is the largest body read from an answer, in bytes after
	// decompression; longer ones fail with ErrTooLarge. Zero means DefaultMaxBody.
	MaxBody int64
	// Budget says when a request may be sent; nil: at any time. Every attempt counts. A
	// request that it holds back fails with a *Held, and was not sent.
	Budget *Budget
	// Now is the clock that WriteGap and Budget are measured with; nil means time.Now.
	Now func() time.Time
	// WriteGap is the least time between the starts of two mutations.
	WriteGap time.Duration
	// Grace is for how long after the tracker asked for quiet requests count as begun before
	// it: who begins one just then has not heard of it. 0 is none.
	Grace time.Duration
	// Wait pauses until the duration has passed or the context ends, with the
	// context's error; nil means a timer.
	Wait func(context.Context, time.Duration) error
}

func (o Options) withDefaults() Options {
	if o.Timeout <= 0 {
		o.Timeout = DefaultTimeout
	}
	if o.Concurrency <= 0 {
		o.Concurrency = DefaultConcurrency
	}
	if o.Base == nil {
		o.Base = Base()
	}
	if o.Retries == 0 {
		o.Retries = DefaultRetries
	}
	if o.MaxBody <= 0 {
		o.MaxBody = DefaultMaxBody
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Wait == nil {
		o.Wait = Sleep
	}
	return o
}

// Base is net/http's own transport with bounds on what a silent or
// hostile server can cost. The pings notice a connection that died unseen,
// which otherwise costs every request on it a full timeout.
func Base() http.RoundTripper {
	t, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		t = &http.Transport{Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true}
	}
	t = t.Clone()
	t.MaxResponseHeaderBytes = 1 << 20
	t.HTTP2 = &http.HTTP2Config{SendPingTimeout: 30 * time.Second, PingTimeout: 15 * time.Second}
	return t
}

// New makes a client. Its behaviour by kind of request:
//
//   - GET, HEAD and requests marked by Reading are repeated a few times within
//     seconds after a broken connection, 500, 502, 504 or a 503 without
//     Retry-After;
//   - other requests are repeated only when no byte of them was sent;
//   - none is sent, or repeated, that the budget holds back: its class is that of
//     connectors.ClassOf;
//   - one that waits while the tracker asks for quiet is not sent at its turn but given
//     back with a *Held;
//   - 429, 403 and 503 with Retry-After, and every redirect, are given to the
//     caller as they came.
//
// It keeps no cookies. An error for which NotSent is false, from a request that
// is not a read, means that the tracker may have acted on it.
func New(o Options) *http.Client {
	o = o.withDefaults()
	quiet := &hush{grace: o.Grace}
	rc := retryablehttp.NewClient()
	rc.Logger = nil
	rc.RetryMax = max(o.Retries, 0)
	rc.ErrorHandler = retryablehttp.PassthroughErrorHandler
	rc.CheckRetry = checkRetry
	// The pause is made by PrepareRetry, which knows the request and can be
	// driven by an injected clock; the library's own timer can not.
	rc.Backoff = func(time.Duration, time.Duration, int, *http.Response) time.Duration { return 0 }
	rc.PrepareRetry = func(r *http.Request) error { return o.Wait(r.Context(), backoff(stateOf(r.Context()).again())) }
	rc.HTTPClient = &http.Client{Transport: newGate(o, quiet), CheckRedirect: noRedirect}
	return &http.Client{
		Transport:     &front{options: o, hush: quiet, next: &retryablehttp.RoundTripper{Client: rc}},
		CheckRedirect: noRedirect,
	}
}

// noRedirect hands redirects to the caller: followed, a redirected POST would
// become a GET whose success hides that nothing was written, and credentials
// would be shown to whatever host the answer names.
func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// backoff is the pause before the n-th repetition, n from 1: 250 ms doubling up
// to 2 s, with jitter so that requests which failed together return apart.
func backoff(n int) time.Duration {
	d := min(250*time.Millisecond<<min(n-1, 8), 2*time.Second)
	return time.Duration(float64(d) * (0.7 + 0.6*rand.Float64()))
}

// Sleep pauses until d has passed or ctx ends, with its error.
func Sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
