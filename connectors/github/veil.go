package github

import (
	"errors"
	"strings"
)

// withoutTokens takes out of a text whatever the client signs in with.
func (c *Client) withoutTokens(s string) string {
	for _, secret := range append(c.keeper.secrets(), c.token) {
		if secret != "" {
			s = strings.ReplaceAll(s, secret, "[token]")
		}
	}
	return assertions.ReplaceAllString(s, "[token]")
}

// veil keeps the identity of a cause whose words show a token.
type veil struct {
	message string
	cause   error
}

// Error has the words without the token.
func (v *veil) Error() string { return v.message }

// Is lets errors.Is look through without showing the cause's text.
func (v *veil) Is(target error) bool { return errors.Is(v.cause, target) }

// veiled gives a cause as it is, unless its words show a token: what was sent can come
// back in a header, which net/http repeats where it cannot be read.
func (c *Client) veiled(cause error) error {
	if cause == nil {
		return nil
	}
	if words := cause.Error(); c.withoutTokens(words) != words {
		return &veil{c.withoutTokens(words), cause}
	}
	return cause
}
