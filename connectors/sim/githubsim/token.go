package githubsim

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// token is a credential that was given out.
type token struct {
	owner   *user
	expires time.Time     // zero: never
	of      *installation // nil: a person's

	noProjects bool
}

// AddToken gives a user one more token. It fails when the user is unknown.
func (h *Hub) AddToken(login, value string) error {
	h.w.mu.Lock()
	defer h.w.mu.Unlock()
	u := h.w.users[strings.ToLower(login)]
	if u == nil {
		return fmt.Errorf("add token: no user %s", login)
	}
	h.w.tokens[value] = &token{owner: u}
	return nil
}

// ExpireToken sets when a token becomes worthless. Until then every answer to it says so
// in GitHub-Authentication-Token-Expiration. It fails when nobody has the token.
func (h *Hub) ExpireToken(value string, at time.Time) error {
	h.w.mu.Lock()
	defer h.w.mu.Unlock()
	t := h.w.tokens[value]
	if t == nil {
		return fmt.Errorf("expire token: nobody has it")
	}
	t.expires = at.UTC()
	return nil
}

// DenyProjects makes a token one that was not given the scope for projects. It fails when
// nobody has the token.
func (h *Hub) DenyProjects(value string) error {
	h.w.mu.Lock()
	defer h.w.mu.Unlock()
	t := h.w.tokens[value]
	if t == nil {
		return fmt.Errorf("deny projects: nobody has the token")
	}
	t.noProjects = true
	return nil
}

// RevokeToken makes a token worthless: requests with it get 401.
func (h *Hub) RevokeToken(value string) {
	h.w.mu.Lock()
	defer h.w.mu.Unlock()
	delete(h.w.tokens, value)
}

// signIn finds out who calls. No token is fine, a wrong one is not.
func (c *call) signIn() error {
	scheme, value, _ := strings.Cut(c.r.Header.Get("Authorization"), " ")
	switch strings.ToLower(scheme) {
	case "":
		return nil
	case "bearer", "token":
		c.token = strings.TrimSpace(value)
	case "basic":
		_, c.token, _ = c.r.BasicAuth()
	}
	if strings.Count(c.token, ".") == 2 {
		return c.signInAsApp()
	}
	t := c.w.tokens[c.token]
	if t == nil || c.token == "" || !t.expires.IsZero() && !c.now.Before(t.expires) {
		return badCredentials()
	}
	if t.of != nil && t.of.suspended {
		return refuse(http.StatusForbidden, "This installation has been suspended")
	}
	c.user, c.who, c.with = t.owner, t.owner, t
	return nil
}

func badCredentials() error {
	return &Refusal{Status: 401, Message: "Bad credentials", DocumentationURL: docRoot}
}

// expiry is the header of an answer to a personal token that ends.
func (c *call) expiry(h http.Header) {
	if c.with != nil && c.with.of == nil && !c.with.expires.IsZero() {
		h.Set("GitHub-Authentication-Token-Expiration", c.with.expires.Format("2006-01-02 15:04:05 MST"))
	}
}
