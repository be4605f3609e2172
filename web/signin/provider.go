package signin

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
)

const (
	patience   = 10 * time.Second // for one answer of the provider
	longest    = 1 << 20          // bytes of one
	askAgain   = 5 * time.Second  // after a provider could not be reached
	mostHops   = 3                // redirects that are followed
	mostReason = 160              // letters of somebody else's words in ours
)

// Client asks a provider: not for ever, not without end, and never in the clear beyond
// this machine. Base sends; nil is the network.
func Client(base http.RoundTripper) *http.Client {
	if base == nil {
		base = http.DefaultTransport
	}
	return &http.Client{Timeout: patience, Transport: bounded{base}, CheckRedirect: func(r *http.Request, via []*http.Request) error {
		if len(via) > mostHops || via[0].Method != http.MethodGet || !safe(r.URL.String()) {
			return http.ErrUseLastResponse // a secret is not carried on to elsewhere
		}
		return nil
	}}
}

// bounded cuts off answers that do not end.
type bounded struct{ base http.RoundTripper }

// RoundTrip sends a request.
func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := b.base.RoundTrip(r)
	if err == nil {
		res.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(res.Body, longest), res.Body}
	}
	return res, err
}

// safe reports whether an address is encrypted, or this machine.
func safe(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Scheme == "https" || u.Scheme == "http" && (u.Hostname() == "localhost" || ip != nil && ip.IsLoopback())
}

// Discover reads the discovery document of an issuer. Its error is in words for whoever
// configures it.
func Discover(ctx context.Context, client *http.Client, issuer string) (*oidc.Provider, error) {
	p, err := oidc.NewProvider(oidc.ClientContext(ctx, client), issuer)
	if mismatch, ok := errors.AsType[*oidc.IssuerMismatchError](err); ok {
		return nil, fmt.Errorf("the provider calls itself %.160q; write it exactly so", mismatch.Discovered)
	}
	if _, ok := errors.AsType[*url.Error](err); ok {
		return nil, fmt.Errorf("%s cannot be reached: %w", hostOf(issuer), unwrapped(err))
	}
	if err != nil {
		return nil, fmt.Errorf("%s has no discovery document at /.well-known/openid-configuration: %s", hostOf(issuer), brief(err.Error()))
	}
	var more struct {
		Keys string `json:"jwks_uri"`
	}
	if err := p.Claims(&more); err != nil {
		return nil, fmt.Errorf("%s has an odd discovery document: %s", hostOf(issuer), brief(err.Error()))
	}
	for name, address := range map[string]string{"authorization_endpoint": p.Endpoint().AuthURL, "token_endpoint": p.Endpoint().TokenURL, "jwks_uri": more.Keys} {
		if !safe(address) {
			return nil, fmt.Errorf("the discovery document of %s has no %s with https", hostOf(issuer), name)
		}
	}
	return p, nil
}

// unwrapped is the cause of a failed request without its address.
func unwrapped(err error) error {
	if failed, ok := errors.AsType[*url.Error](err); ok {
		return failed.Err
	}
	return err
}

func hostOf(issuer string) string {
	if u, err := url.Parse(issuer); err == nil && u.Host != "" {
		return u.Host
	}
	return "the provider"
}

// brief is the beginning of somebody else's words, in one line.
func brief(words string) string {
	letters := []rune(strings.Join(strings.Fields(words), " "))
	if len(letters) > mostReason {
		return string(letters[:mostReason]) + "…"
	}
	return string(letters)
}

// issuer is a provider that is found when it is first needed, and looked for again while
// it cannot be reached.
type issuer struct {
	url    string
	client *http.Client
	now    func() time.Time

	mu     sync.Mutex
	found  *oidc.Provider
	failed error
	asked  time.Time
}

// provider gives the provider. While it does not answer, one asks for all, also where
// whoever made it ask has gone.
func (i *issuer) provider(ctx context.Context) (*oidc.Provider, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.found != nil {
		return i.found, nil
	}
	if i.failed != nil && i.now().Sub(i.asked) < askAgain {
		return nil, i.failed
	}
	i.found, i.failed = Discover(context.WithoutCancel(ctx), i.client, i.url)
	i.asked = i.now()
	return i.found, i.failed
}
