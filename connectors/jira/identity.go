package jira

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"regexp"
	"strings"
	"time"

	"parley/connectors"
	"parley/connectors/transport"
)

// confirmEvery is how long one GET myself vouches for answers that do not say
// whom they are for.
const confirmEvery = time.Minute

// identity is what Parley knows of the site and of itself on it.
type identity struct {
	me      wireUser
	cloud   bool
	product string
	web     string // where people look at issues, without a trailing slash
}

// learn looks up the identity once; later calls cost nothing.
func (c *Client) learn(ctx context.Context) (identity, error) {
	if who, ok := c.known(); ok {
		return who, nil
	}
	c.learning.Lock()
	defer c.learning.Unlock()
	if who, ok := c.known(); ok {
		return who, nil
	}
	return c.relearn(ctx)
}

func (c *Client) known() (identity, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.who == nil {
		return identity{}, false
	}
	return *c.who, true
}

// relearn asks the site for its product and for the account.
func (c *Client) relearn(ctx context.Context) (identity, error) {
	who, err := c.product(ctx)
	if err != nil {
		return who, err
	}
	if who.me, err = c.myself(ctx); err != nil {
		return who, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.who = &who
	return who, nil
}

func (c *Client) product(ctx context.Context) (identity, error) {
	var info struct {
		Version    text `json:"version"`
		Deployment text `json:"deploymentType"`
		Base       text `json:"baseUrl"`
	}
	q := request{doing: "read the server's version", method: http.MethodGet, path: "serverInfo", open: true}
	a, err := c.call(ctx, q)
	if err == nil {
		err = c.decode(q, a, &info)
	}
	if err != nil {
		return identity{}, err
	}
	who := identity{cloud: info.Deployment == "Cloud", product: "Jira Data Center " + string(info.Version), web: c.webOf(string(info.Base))}
	if who.cloud {
		who.product = "Jira Cloud " + string(info.Version)
	}
	return who, nil
}

// gateway is the form of the address that scoped tokens and service accounts are used
// at, as https://api.atlassian.com/ex/jira/CLOUD-ID. Nobody can look at anything there.
var gateway = regexp.MustCompile(`/ex/jira/[^/]+$`)

// webOf is where people look at issues: the configured address, or behind the gateway
// what the site says of itself, which must be as safe.
func (c *Client) webOf(said string) string {
	if !gateway.MatchString(c.base) {
		return c.base
	}
	site, err := checkURL(said)
	if err != nil || strings.HasPrefix(c.base, "https:") && !strings.HasPrefix(site, "https:") {
		return c.base
	}
	return site
}

// browse is the address of an issue for people.
func (c *Client) browse(who identity, key text) string {
	return cmp.Or(who.web, c.base) + "/browse/" + string(key)
}

// myself asks whose credential it is. It is the one request that an anonymous
// caller is refused on every product.
func (c *Client) myself(ctx context.Context) (wireUser, error) {
	var me wireUser
	q := request{doing: "sign in", method: http.MethodGet, path: "myself", open: true}
	a, err := c.call(ctx, q)
	if err == nil {
		err = c.decode(q, a, &me)
	}
	if err != nil {
		return me, err
	}
	if person(&me).ID == "" {
		return me, c.malformed(q, a, errNoAccount)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.confirmed = c.config.Now()
	return me, nil
}

// gate keeps the answers given to nobody from being believed. With a token that
// expired, Jira Cloud does not refuse: it answers as to an anonymous visitor,
// with empty lists and "not found", as though everything had been deleted.
func (c *Client) gate(ctx context.Context, q request, a transport.Answer) error {
	if !c.unproven(q, proof(a.Header)) {
		return nil
	}
	_, err := c.myself(ctx)
	if err == nil {
		c.expectSilence(q)
	}
	if err == nil || connectors.KindOf(err) != connectors.Auth {
		return err
	}
	return &connectors.Error{
		Kind: connectors.Auth, Tracker: c.config.Name, Doing: q.doing, Status: a.Status,
		Message: "Jira answered as to an anonymous visitor", Err: err, Hint: hintOf(err), Locked: locked(err),
	}
}

// unproven reports whether an answer could be meant for nobody. Silence counts for a
// minute after the credential was proven, unless such answers named the account before:
// then something on the way may have taken the credential off. Where asking shows that
// it has not, silence is what is to be expected.
func (c *Client) unproven(q request, p proofKind) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch p {
	case named:
		c.named[q.about()] = true
		return false
	case silent:
		since := c.config.Now().Sub(c.confirmed)
		return c.named[q.about()] || since < 0 || since >= confirmEvery
	}
	return true
}

func (c *Client) expectSilence(q request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.named, q.about())
}

// about is what kind of thing a request is about: the first part of its path.
func (q request) about() string {
	what, _, _ := strings.Cut(q.path, "/")
	return what
}

// proofKind is what the headers of an answer say about whom it is for.
type proofKind int

const (
	silent    proofKind = iota // nothing
	named                      // an account
	anonymous                  // nobody
)

func proof(h http.Header) proofKind {
	if strings.Contains(h.Get("X-Seraph-LoginReason"), "AUTHENTICATED_FAILED") {
		return anonymous
	}
	if h.Get("X-AAccountId") != "" {
		return named
	}
	switch h.Get("X-AUSERNAME") {
	case "":
		return silent
	case "anonymous":
		return anonymous
	}
	return named
}

var errNoAccount = errors.New("the answer names no account")

func locked(err error) bool {
	e, ok := errors.AsType[*connectors.Error](err)
	return ok && e.Locked
}

func hintOf(err error) string {
	if e, ok := errors.AsType[*connectors.Error](err); ok {
		return e.Hint
	}
	return ""
}
