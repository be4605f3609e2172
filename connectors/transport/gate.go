package transport

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"sync"
	"sync/atomic"
	"time"

	"parley/connectors"
)

// ErrTooLarge says that the body of an answer is longer than Options.MaxBody.
var ErrTooLarge = errors.New("answer is too large")

// state follows one request through its attempts.
type state struct {
	read      bool
	maybeSent bool // some attempt may have reached the tracker
	repeats   int
	asked     int       // how often the tracker had asked for quiet when it was made
	began     time.Time // when it was made
	turn      time.Time // a mutation's among the others
}

type stateKey struct{}

func stateOf(ctx context.Context) *state {
	if st, ok := ctx.Value(stateKey{}).(*state); ok {
		return st
	}
	return &state{maybeSent: true}
}

func (s *state) again() int {
	s.repeats++
	return s.repeats
}

// front is the outermost layer: it sees each request once, however often it is
// repeated below.
type front struct {
	options Options
	next    http.RoundTripper
	hush    *hush
	mu      sync.Mutex
	written time.Time // start of the newest mutation
}

// RoundTrip paces mutations and tells from an error whether anything was sent.
func (f *front) RoundTrip(r *http.Request) (*http.Response, error) {
	st := &state{read: isRead(r), asked: f.hush.begun(r.Context()), began: f.options.Now()}
	r = r.Clone(context.WithValue(r.Context(), stateKey{}, st))
	if f.options.UserAgent != "" {
		r.Header.Set("User-Agent", f.options.UserAgent)
	}
	if err := f.pace(r.Context(), st); err != nil {
		closeBody(r)
		return nil, &errNotSent{err}
	}
	resp, err := f.next.RoundTrip(r)
	if err == nil {
		return resp, nil
	}
	if resp != nil {
		_ = resp.Body.Close() // net/http wants one or the other
	}
	if !st.maybeSent {
		err = &errNotSent{err}
	}
	return nil, err
}

// CloseIdleConnections lets http.Client reach the transport underneath.
func (f *front) CloseIdleConnections() {
	if c, ok := f.options.Base.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}

// pace reserves the next free moment for a mutation and waits for it.
func (f *front) pace(ctx context.Context, st *state) error {
	if st.read || f.options.WriteGap <= 0 {
		return nil
	}
	f.mu.Lock()
	now := f.options.Now()
	at := now
	if next := f.written.Add(f.options.WriteGap); !f.written.IsZero() && next.After(now) {
		at = next
	}
	f.written, st.turn = at, at
	f.mu.Unlock()
	if at.After(now) {
		return f.options.Wait(ctx, at.Sub(now))
	}
	return ctx.Err()
}

// gate sends single attempts: a slot each, a deadline, a bound on the body.
type gate struct {
	base    http.RoundTripper
	slots   chan struct{}
	timeout time.Duration
	maxBody int64
	options Options
	hush    *hush
	mu      sync.Mutex
	wrote   time.Time // when the newest mutation was sent
}

func newGate(o Options, h *hush) *gate {
	return &gate{base: o.Base, slots: make(chan struct{}, o.Concurrency), timeout: o.Timeout, maxBody: o.MaxBody, options: o, hush: h}
}

// RoundTrip makes one attempt and records whether the tracker may have seen it.
func (g *gate) RoundTrip(r *http.Request) (*http.Response, error) {
	st := stateOf(r.Context())
	done, err := g.admit(r, st)
	if err != nil {
		closeBody(r)
		return nil, err
	}
	// A transport that reports its connections proves by the absence of one
	// that nothing was sent; one that does not report proves nothing.
	var wanted, got atomic.Bool
	ctx, cancel := context.WithTimeout(r.Context(), g.timeout)
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { wanted.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { got.Store(true) },
	})
	resp, err := g.base.RoundTrip(r.WithContext(ctx))
	if err != nil {
		done(nil)
		cancel()
		<-g.slots
		if !beforeConnection(err) && (got.Load() || !wanted.Load()) {
			st.maybeSent = true
		}
		return nil, err
	}
	st.maybeSent = true
	done(resp.Header)
	g.hush.note(g.options.Now(), asked(r, st), resp.StatusCode, resp.Header)
	resp.Body = &body{ReadCloser: resp.Body, left: g.maxBody, done: sync.OnceFunc(func() { cancel(); <-g.slots })}
	return resp, nil
}

// maxLate is how long after its turn an attempt may be sent: the spans of the budget's
// windows have room for no more.
const maxLate = slack / 2

// admit lets an attempt through when it has its turn and a slot. Whoever is let through
// calls done with the headers of the answer, nil where none came. A turn is worth nothing
// any more to an attempt that waited long for its slot: it would be sent together with
// those whose turn it is now.
func (g *gate) admit(r *http.Request, st *state) (done func(http.Header), err error) {
	at, done, err := g.allow(r, st)
	if err != nil {
		return nil, err
	}
	if err := g.enter(r, st); err != nil {
		done(nil)
		return nil, err
	}
	b := g.options.Budget
	if b == nil || g.options.Now().Sub(at) <= maxLate {
		return done, nil
	}
	b.Return(at, asked(r, st))
	if _, done, err = g.allow(r, st); err == nil {
		if err = g.ready(r, st); err != nil {
			done(nil)
		}
	}
	if err != nil {
		<-g.slots
	}
	return done, err
}

// allow waits for the turn that the budget gives an attempt.
func (g *gate) allow(r *http.Request, st *state) (at time.Time, done func(http.Header), err error) {
	b := g.options.Budget
	if b == nil {
		return at, func(http.Header) {}, nil
	}
	q := asked(r, st)
	now := g.options.Now()
	at, held := b.Take(now, connectors.ClassOf(r.Context()), q)
	if held != nil {
		return at, nil, held
	}
	done = func(h http.Header) { b.Done(g.options.Now(), q, h) }
	if at.After(now) {
		if err := g.options.Wait(r.Context(), at.Sub(now)); err != nil {
			done(nil)
			return at, nil, err
		}
	}
	return at, done, nil
}

// asked is what budgets know of an attempt.
func asked(r *http.Request, st *state) Request {
	return Request{Method: r.Method, Path: r.URL.Path, Read: st.read}
}

// enter takes a slot for an attempt that may still be made when there is one.
func (g *gate) enter(r *http.Request, st *state) error {
	err := g.slot(r.Context())
	if err != nil {
		return err
	}
	if err = g.ready(r, st); err != nil {
		<-g.slots
	}
	return err
}

// ready keeps an attempt that has its slot apart from others, and out of a quiet.
func (g *gate) ready(r *http.Request, st *state) error {
	if err := g.apart(r.Context(), st); err != nil {
		return err
	}
	if held := g.hush.held(g.options.Now(), st, asked(r, st)); held != nil {
		return held
	}
	return nil
}

// slot takes a slot, never one for a context that has ended: select would pick
// either, and the attempt could no longer be told from one that was sent.
func (g *gate) slot(ctx context.Context) error {
	select {
	case g.slots <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	if err := ctx.Err(); err != nil {
		<-g.slots
		return err
	}
	return nil
}

// apart keeps WriteGap also after a mutation that was held up behind its turn.
func (g *gate) apart(ctx context.Context, st *state) error {
	if st.read || g.options.WriteGap <= 0 {
		return nil
	}
	g.mu.Lock()
	now := g.options.Now()
	if st.turn.After(now) { // a clock that stands
		now = st.turn
	}
	at := now
	if next := g.wrote.Add(g.options.WriteGap); !g.wrote.IsZero() && next.After(now) {
		at = next
	}
	g.wrote = at
	g.mu.Unlock()
	if at.After(now) {
		return g.options.Wait(ctx, at.Sub(now))
	}
	return nil
}

func closeBody(r *http.Request) {
	if r.Body != nil {
		_ = r.Body.Close()
	}
}

// body gives its slot back when it was read to the end or closed.
type body struct {
	io.ReadCloser
	left int64
	done func()
}

func (b *body) Read(p []byte) (int, error) {
	if b.left < 0 {
		return 0, ErrTooLarge
	}
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.ReadCloser.Read(p)
	b.left -= int64(n)
	if b.left < 0 {
		n, err = n-1, ErrTooLarge
	}
	if err != nil {
		b.done()
	}
	return n, err
}

func (b *body) Close() error {
	err := b.ReadCloser.Close()
	b.done()
	return err
}
