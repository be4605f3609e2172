// Package webhook sends one document to an address by HTTP, signed so that its receiver can
// tell who sent it, and named so that they can tell one that comes twice.
package webhook

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"parley/connectors"
)

// Headers of a request. The signature is made as GitHub makes those of its webhooks:
// "sha256=" and the HMAC-SHA256 of the body by the shared secret, in hexadecimal.
const (
	HeaderSignature = "X-Hub-Signature-256"
	HeaderKey       = "Idempotency-Key" // the same for each repetition of one document
	HeaderEvent     = "X-Parley-Event"
)

// Hook is where documents go.
type Hook struct {
	URL    string // may hold what is nobody's business: it is never repeated
	Secret string
	Agent  string // who sends, "parley/1.2"
	Base   http.RoundTripper
	Now    func() time.Time
}

// patience is how long an answer is waited for.
const patience = 30 * time.Second

// Send posts a JSON document under a key that is its own for ever. Every failure is a
// *connectors.Error: Invalid where the receiver wants no such documents any more, Unknown
// where it may have taken this one, else Transient or RateLimit.
func (h Hook) Send(ctx context.Context, event, key, document string) error {
	ctx, done := context.WithTimeout(ctx, patience)
	defer done()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, h.URL, bytes.NewReader([]byte(document)))
	if err != nil {
		return h.failure(connectors.Invalid, 0, "its address is none")
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", h.Agent)
	r.Header.Set(HeaderEvent, event)
	r.Header.Set(HeaderKey, key)
	r.Header.Set(HeaderSignature, Sign(h.Secret, document))
	answer, err := h.client().Do(r)
	if err != nil {
		return h.unanswered(err)
	}
	defer func() { _ = answer.Body.Close() }()
	_, _ = io.CopyN(io.Discard, answer.Body, 64<<10) // so that the connection can be used again
	return h.judged(answer)
}

// Sign is the signature of a document.
func Sign(secret, document string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(document))
	return "sha256=" + hex.EncodeToString(mac.Sum(nil))
}

// Check connects to the receiver and sends no document: a request by HEAD, to which any
// answer will do.
func (h Hook) Check(ctx context.Context) error {
	ctx, done := context.WithTimeout(ctx, patience)
	defer done()
	u, err := url.Parse(h.URL)
	if err != nil {
		return h.failure(connectors.Invalid, 0, "its address is none")
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodHead, (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/"}).String(), nil)
	if err != nil {
		return h.failure(connectors.Invalid, 0, "its address is none")
	}
	r.Header.Set("User-Agent", h.Agent)
	answer, err := h.client().Do(r)
	if err != nil {
		return h.unanswered(err)
	}
	return answer.Body.Close()
}

// client follows no redirects: what is signed for one receiver is for no other.
func (h Hook) client() *http.Client {
	return &http.Client{Transport: h.Base, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// judged says what an answer means for the document.
func (h Hook) judged(answer *http.Response) error {
	status := answer.StatusCode
	switch {
	case status/100 == 2:
		return nil
	case status == http.StatusGone:
		return h.failure(connectors.Invalid, status, "it wants no digests any more")
	case status/100 == 3:
		return h.failure(connectors.Transient, status, "it sends to another address, which is not followed; write that one")
	case status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable:
		return &connectors.Error{Kind: connectors.RateLimit, Tracker: h.host(), Doing: "send a digest", Status: status, RetryAt: h.retryAt(answer.Header.Get("Retry-After"))}
	}
	return h.failure(connectors.Transient, status, "it did not take it")
}

// retryAt reads when to come again, zero where that is not said.
func (h Hook) retryAt(text string) time.Time {
	if seconds, err := strconv.Atoi(text); err == nil && seconds >= 0 && seconds < int(24*time.Hour/time.Second) {
		return h.Now().Add(time.Duration(seconds) * time.Second)
	}
	if at, err := http.ParseTime(text); err == nil {
		return at
	}
	return time.Time{}
}

// unanswered says what is known without an answer. Before there was a connection nothing
// can have arrived.
func (h Hook) unanswered(err error) error {
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		err = wrapped.Err // it begins with the address
	}
	words, ok := connectors.Unanswered("the receiver", "", err)
	if !ok {
		words = strings.ReplaceAll(err.Error(), h.URL, "its address")
	}
	kind := connectors.Unknown
	if at, ok := errors.AsType[*net.OpError](err); ok && at.Op == "dial" {
		kind = connectors.Transient
	}
	return h.failure(kind, 0, words)
}

func (h Hook) failure(kind connectors.ErrorKind, status int, words string) error {
	return &connectors.Error{Kind: kind, Tracker: h.host(), Doing: "send a digest", Status: status, Message: words}
}

// host is all of the address that is told.
func (h Hook) host() string {
	if u, err := url.Parse(h.URL); err == nil && u.Host != "" {
		return u.Host
	}
	return "webhook"
}

// String is the host alone.
func (h Hook) String() string { return h.host() }
