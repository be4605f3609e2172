package transport

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
)

type readingKey struct{}

// Reading marks the requests made with the context as reads whatever their
// method, such as a search sent by POST: they may be repeated.
func Reading(ctx context.Context) context.Context {
	return context.WithValue(ctx, readingKey{}, true)
}

// isRead reports whether repeating the request can change nothing.
func isRead(r *http.Request) bool {
	switch r.Method {
	case "", http.MethodGet, http.MethodHead, http.MethodOptions:
		return true
	}
	marked, _ := r.Context().Value(readingKey{}).(bool)
	return marked
}

// errNotSent marks a failure from before the first byte of the request.
type errNotSent struct{ err error }

func (e *errNotSent) Error() string { return e.err.Error() }
func (e *errNotSent) Unwrap() error { return e.err }

// NotSent reports whether err proves that the tracker never saw the request:
// its name did not resolve, the connection or the TLS handshake failed, or the
// context ended before a connection was there. Repeating is then harmless.
func NotSent(err error) bool {
	var marked *errNotSent
	return errors.As(err, &marked) || beforeConnection(err)
}

// beforeConnection recognises failures that end before a request is written,
// by their types alone.
func beforeConnection(err error) bool {
	if _, ok := errors.AsType[*net.DNSError](err); ok {
		return true
	}
	var op *net.OpError
	if errors.As(err, &op) && (op.Op == "dial" || op.Op == "proxyconnect" || op.Op == "socks connect") {
		return true
	}
	return badCertificate(err)
}

// badCertificate is the failure that no repetition mends.
func badCertificate(err error) bool {
	var verification *tls.CertificateVerificationError
	var authority x509.UnknownAuthorityError
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	var record tls.RecordHeaderError
	return errors.As(err, &verification) || errors.As(err, &authority) || errors.As(err, &host) ||
		errors.As(err, &invalid) || errors.As(err, &record)
}

// checkRetry is the policy of New. It never returns an error of its own, so the
// cause of a failure reaches the caller unchanged.
func checkRetry(ctx context.Context, resp *http.Response, err error) (bool, error) {
	return ctx.Err() == nil && worthRepeating(stateOf(ctx), resp, err), nil
}

// worthRepeating judges an attempt: a write that may have arrived is never sent
// twice, and what no repetition mends is not tried.
func worthRepeating(st *state, resp *http.Response, err error) bool {
	if _, held := errors.AsType[*Held](err); held {
		return false
	}
	if err != nil {
		return (st.read || !st.maybeSent) && !badCertificate(err) && !timedOut(err)
	}
	return st.read && passing(resp)
}

// passing recognises answers of a server or proxy that is unwell for a moment.
// One that says when to come back is believed instead.
func passing(resp *http.Response) bool {
	switch resp.StatusCode {
	case http.StatusInternalServerError, http.StatusBadGateway, http.StatusGatewayTimeout:
		return true
	case http.StatusServiceUnavailable:
		return resp.Header.Get("Retry-After") == ""
	}
	return false
}

// timedOut recognises an attempt that used up its whole time: another one would
// make the caller wait as long again.
func timedOut(err error) bool {
	var n net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &n) && n.Timeout()
}
