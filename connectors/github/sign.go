package github

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"strconv"
	"strings"
	"sync"
	"time"

	"parley/connectors"
)

// keeper holds the token of an App's installation and lets one caller at a time ask for
// the next.
type keeper struct {
	asking chan struct{} // holds one while somebody asks
	mu     sync.Mutex
	now    granted
	past   string // the token before, which an answer under way may still repeat
}

func newKeeper() *keeper { return &keeper{asking: make(chan struct{}, 1)} }

func (k *keeper) get() granted {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.now
}

func (k *keeper) put(g granted) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.past, k.now = k.now.token, g
}

// drop forgets a token that was refused.
func (k *keeper) drop(token string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.now.token == token {
		k.now.until = time.Time{}
	}
}

// secrets are what no message may repeat.
func (k *keeper) secrets() []string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return []string{k.now.token, k.past}
}

// bearer is what a request is signed with. A token of an App's installation is asked for
// where there is none or its hour is nearly over.
func (c *Client) bearer(ctx context.Context, q call) (string, error) {
	switch {
	case c.app == nil:
		return c.token, nil
	case q.asApp:
		return c.app.assertion(c.now())
	}
	g, err := c.granted(ctx, q)
	return g.token, err
}

// granted is the installation's token as it is good now.
func (c *Client) granted(ctx context.Context, q call) (granted, error) {
	good := func() (granted, bool) {
		g := c.keeper.get()
		return g, c.now().Add(earlier).Before(g.until)
	}
	if g, ok := good(); ok {
		return g, nil
	}
	select {
	case c.keeper.asking <- struct{}{}:
		defer func() { <-c.keeper.asking }()
	case <-ctx.Done():
		return granted{}, c.fail(q, connectors.Transient, "not sent", ctx.Err())
	}
	if g, ok := good(); ok {
		return g, nil
	}
	g, err := c.grant(ctx)
	if err != nil {
		return granted{}, err
	}
	c.keeper.put(g)
	return g, nil
}

// Claims of an assertion: issued a little in the past and short of the ten minutes that
// GitHub allows, so that clocks may differ.
const (
	issuedBefore = time.Minute
	assertedFor  = 8 * time.Minute
)

// assertion is the JSON web token (RS256) by which an App proves to be itself.
func (a *app) assertion(now time.Time) (string, error) {
	claims, err := json.Marshal(map[string]any{
		"iss": strconv.FormatInt(a.id, 10), "iat": now.Add(-issuedBefore).Unix(), "exp": now.Add(assertedFor).Unix(),
	})
	if err != nil {
		return "", errors.New("sign in as the app: the claims cannot be written")
	}
	text := encodePart([]byte(`{"alg":"RS256","typ":"JWT"}`)) + "." + encodePart(claims)
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, a.key, crypto.SHA256, sum[:])
	if err != nil {
		return "", errors.New("sign in as the app: the private key cannot sign")
	}
	return text + "." + encodePart(signature), nil
}

func encodePart(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// newApp reads an App's key. Its errors hold nothing of it.
func newApp(a App) (*app, error) {
	switch {
	case a.ID <= 0:
		return nil, errors.New("app_id: is the number that GitHub shows on the app's page")
	case a.Installation <= 0:
		return nil, errors.New("installation_id: is the number at the end of the installation's address")
	}
	block, _ := pem.Decode([]byte(strings.TrimSpace(a.PrivateKey)))
	if block == nil {
		return nil, errors.New("private_key: is not in PEM; download a key from the app's page and name its file")
	}
	key, err := x509.ParsePKCS1PrivateKey(block.Bytes)
	if err != nil {
		parsed, other := x509.ParsePKCS8PrivateKey(block.Bytes)
		rsaKey, ok := parsed.(*rsa.PrivateKey)
		if other != nil || !ok {
			return nil, errors.New("private_key: is no RSA key; download a key from the app's page and name its file")
		}
		key = rsaKey
	}
	return &app{id: a.ID, installation: a.Installation, key: key}, nil
}
