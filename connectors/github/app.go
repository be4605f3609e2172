package github

import (
	"context"
	"crypto/rsa"
	"net/http"
	"strconv"
	"time"

	"parley/connectors"
	"parley/connectors/transport"
)

// App signs in as an installation of a GitHub App instead of with a personal token.
type App struct {
	ID           int64
	Installation int64
	// PrivateKey is the App's key as GitHub gives it out: PEM, RSA.
	PrivateKey string
}

// app is an App whose key was read.
type app struct {
	id, installation int64
	key              *rsa.PrivateKey
}

// Settings of the configuration that a refused App can be mended at.
const (
	fieldAppID        = "app_id"
	fieldInstallation = "installation_id"
	fieldPrivateKey   = "private_key"
)

// granted is the token of an installation.
type granted struct {
	token  string
	issues string // the permission for issues: write, read or ""
	until  time.Time
}

// earlier is how long before its end a token is replaced: a request that is under way
// must not outlive it.
const earlier = 5 * time.Minute

// grant asks for a token of the installation. It is good for an hour. A refusal is of
// kind Auth and names the setting in Field; nothing of it is tried again.
func (c *Client) grant(ctx context.Context) (granted, error) {
	q := call{doing: "sign in as the app", method: http.MethodPost, asApp: true,
		path: "app/installations/" + strconv.FormatInt(c.app.installation, 10) + "/access_tokens"}
	a, err := c.do(transport.Reading(ctx), q)
	if err != nil {
		return granted{}, err
	}
	var got struct {
		Token       string            `json:"token"`
		Expires     time.Time         `json:"expires_at"`
		Permissions map[string]string `json:"permissions"`
	}
	if err := c.decode(q, a, &got); err != nil {
		return granted{}, err
	}
	if got.Token == "" || got.Expires.IsZero() {
		return granted{}, c.unreadable(q, a.Status, "the answer is no token", nil)
	}
	server := serverTime(a.Header)
	if server.IsZero() {
		server = c.now()
	}
	// Counted from the answer's own Date, so that the two clocks need not agree.
	return granted{token: got.Token, issues: got.Permissions["issues"], until: c.now().Add(got.Expires.Sub(server))}, nil
}

// slug asks what the App is called; its account is "slug[bot]".
func (c *Client) slug(ctx context.Context) (connectors.Person, error) {
	q := call{doing: "read the app", method: http.MethodGet, path: "app", asApp: true}
	a, err := c.do(ctx, q)
	if err != nil {
		return connectors.Person{}, err
	}
	var got struct {
		ID   int64  `json:"id"`
		Slug string `json:"slug"`
		Name string `json:"name"`
	}
	if err := c.decode(q, a, &got); err != nil {
		return connectors.Person{}, err
	}
	if got.ID != c.app.id || got.Slug == "" {
		return connectors.Person{}, c.unreadable(q, a.Status, "the answer is not the app that app_id names", nil)
	}
	p := connectors.Person{ID: got.Slug + "[bot]", Name: got.Name}
	if p.Name == "" {
		p.Name = p.ID
	}
	return p, nil
}

// refusedApp turns the refusal of a request that an App signed itself into one of the
// credential, which no repetition mends.
func (c *Client) refusedApp(e *connectors.Error, q call, h http.Header) {
	switch {
	case e.Kind == connectors.RateLimit || e.Status < 400 || e.Status >= 500:
		return
	case e.Status == http.StatusUnauthorized:
		e.Field, e.Hint = fieldPrivateKey, "check that private_key is a key of the app that app_id names and that it was not deleted there"
		if doubt := serverTime(h).Sub(c.now()).Abs(); !serverTime(h).IsZero() && doubt > time.Minute {
			e.Hint = "set this machine's clock: it and GitHub's are " + doubt.Round(time.Second).String() + " apart"
		}
	case e.Status == http.StatusNotFound && q.path == "app", e.Message == "Integration not found":
		e.Field, e.Hint = fieldAppID, "check app_id: this GitHub knows no such app"
	default:
		e.Field, e.Hint = fieldInstallation, "check installation_id, and that the app is still installed there and not suspended"
	}
	e.Kind = connectors.Auth
}
